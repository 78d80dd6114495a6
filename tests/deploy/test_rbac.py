# SPDX-License-Identifier: Apache-2.0
"""Tests that arplet's ServiceAccount has the permissions that arplet needs, and no others."""
import pytest

from cluster import objects
from cluster.api import Api
from cluster.run import CommandError

ACCOUNT = "system:serviceaccount:metallb-system:arplet"

# each line: verb, resource, namespace (*: all), and expected answer of `kubectl auth can-i`
PERMISSIONS = """
get     services                               *               no
list    services                               *               yes
watch   services                               *               yes
patch   services/status                        *               yes
update  services/status                        *               no
patch   services                               *               no
create  services                               *               no
delete  services                               *               no
list    nodes                                  *               yes
watch   nodes                                  *               yes
patch   nodes                                  *               no
patch   nodes/status                           *               no
list    namespaces                             *               yes
watch   namespaces                             *               yes
create  namespaces                             *               no
list    endpointslices.discovery.k8s.io        *               yes
watch   endpointslices.discovery.k8s.io        *               yes
update  endpointslices.discovery.k8s.io        *               no
create  events                                 *               yes
patch   events                                 *               yes
update  events                                 *               no
list    events                                 *               no
delete  events                                 *               no
list    ipaddresspools.metallb.io              metallb-system  yes
watch   ipaddresspools.metallb.io              metallb-system  yes
list    ipaddresspools.metallb.io              default         no
patch   ipaddresspools.metallb.io              metallb-system  no
patch   ipaddresspools.metallb.io/status       metallb-system  yes
list    l2advertisements.metallb.io            metallb-system  yes
watch   l2advertisements.metallb.io            metallb-system  yes
patch   l2advertisements.metallb.io/status     metallb-system  yes
patch   l2advertisements.metallb.io            metallb-system  no
list    servicel2statuses.metallb.io           metallb-system  yes
watch   servicel2statuses.metallb.io           metallb-system  yes
create  servicel2statuses.metallb.io           metallb-system  yes
delete  servicel2statuses.metallb.io           metallb-system  yes
patch   servicel2statuses.metallb.io/status    metallb-system  yes
create  servicel2statuses.metallb.io           default         no
create  leases.coordination.k8s.io             metallb-system  yes
create  leases.coordination.k8s.io             kube-system     no
get     leases.coordination.k8s.io/arplet      metallb-system  yes
update  leases.coordination.k8s.io/arplet      metallb-system  yes
patch   leases.coordination.k8s.io/arplet      metallb-system  no
get     leases.coordination.k8s.io/other       metallb-system  no
update  leases.coordination.k8s.io/other       metallb-system  no
delete  leases.coordination.k8s.io/arplet      metallb-system  no
get     secrets                                metallb-system  no
get     secrets/arplet-hello                   metallb-system  yes
watch   secrets/arplet-hello                   metallb-system  yes
get     secrets/other                          metallb-system  no
create  secrets                                metallb-system  no
update  secrets/arplet-hello                   metallb-system  no
patch   secrets/arplet-hello                   metallb-system  yes
patch   secrets/other                          metallb-system  no
delete  secrets/arplet-hello                   metallb-system  no
create  secrets                                kube-system     no
get     configmaps                             metallb-system  no
list    pods                                   *               no
list    pods                                   metallb-system  yes
get     pods                                   metallb-system  no
get     leases.coordination.k8s.io/node1       kube-node-lease yes
list    leases.coordination.k8s.io             kube-node-lease no
update  leases.coordination.k8s.io/node1       kube-node-lease no
create  pods/exec                              metallb-system  no
impersonate users                              *               no
"""


@pytest.mark.parametrize("row", PERMISSIONS.split("\n")[1:-1],
                         ids=lambda row: " ".join(row.split()))
def test_the_account_has_the_permissions_that_it_needs_and_no_other(cluster, row):
    verb, what, namespace, answer = row.split()
    resource, _, rest = what.partition("/")
    scope = ["--all-namespaces"] if namespace == "*" else ["--namespace", namespace]
    if rest in ("status", "exec"):
        scope += ["--subresource", rest]
    elif rest:
        resource = what
    output = cluster.kubectl("auth", "can-i", f"--as={ACCOUNT}", verb, resource, *scope,
                             check=False)
    assert output.split() == [answer]


def leases(cluster, *argv):
    return cluster.kubectl("get", "leases", "-n", "metallb-system", f"--as={ACCOUNT}", *argv)


def test_the_account_lists_and_watches_only_the_lease_of_its_name(cluster):
    leases(cluster, "--field-selector=metadata.name=arplet")
    with pytest.raises(CommandError, match="forbidden"):
        leases(cluster)
    with pytest.raises(CommandError, match="forbidden"):
        leases(cluster, "--field-selector=metadata.name=other")


def test_the_account_writes_the_annotation_of_a_service_together_with_its_status(cluster):
    """The permission to patch services/status suffices to change the annotations of a Service."""
    cluster.apply(objects.service("written", loadBalancerClass="example.com/not-arplets"))
    account = Api(cluster.control.kubeconfig("account", ACCOUNT), cluster.lan.gateway.netns)
    account.patch("Service", "written", {
        "metadata": {"annotations": {"metallb.io/ip-allocated-from-pool": "a"}},
        "status": {"loadBalancer": {"ingress": [{"ip": "192.0.2.1", "ipMode": "VIP"}]}},
    }, sub="status")
    obj = cluster.api.get("Service", "written")
    assert obj["metadata"]["annotations"]["metallb.io/ip-allocated-from-pool"] == "a"
    assert cluster.address_of("written") == "192.0.2.1"
    cluster.api.delete("Service", "written")
