# SPDX-License-Identifier: Apache-2.0
"""
The policy of deploy/admission-policy.yaml lets the daemons do all that they do, and refuses what a
stolen token of a daemon could do otherwise.
"""
import base64
import signal
import time

import pytest

from cluster import objects
from cluster.api import Api, ApiError, path_of
from cluster.arplet import TOP
from cluster.base import served_pool
from cluster.run import wait_for

from lan import allocator, metric, wait_holder

NS = objects.NAMESPACE
POLICY = f"{TOP}/deploy/admission-policy.yaml"
POOL_NOTE = "metallb.io/ip-allocated-from-pool"
REFUSALS = "arplet_api_write_errors_total"


@pytest.fixture(scope="module", autouse=True)
def policy(_module_cluster):
    """Applies the policy; restarts all daemons with tokens that name their nodes."""
    cluster = _module_cluster
    cluster.arplets.stop_all()
    cluster.kubectl("apply", "-f", POLICY)
    cluster.arplets.bind_tokens()
    cluster.arplets.start_all()
    wait_for("the policy is in force", lambda: policy_in_force(cluster), 30)
    yield


def policy_in_force(cluster):
    """True if each part of the policy refuses a request; the API server loads the parts one by one."""
    api = node_api(cluster, cluster.nodes[0])
    return all(refused(lambda: step(api), "ValidatingAdmissionPolicy")
               for step in (post_foreign_event, take_lease_for_another, replace_key))


@pytest.fixture
def pool(cluster):
    a = cluster.addresses
    cluster.apply(*served_pool("lan", f"{a[0]}-{a[9]}"))


def node_api(cluster, node):
    """An Api with the token of a node's daemon."""
    return Api(cluster.arplets.node_configs[node.name], cluster.lan.gateway.netns)


def refused(call, why):
    """True if the API server refuses the request of call(), and its message contains `why`."""
    try:
        call()
    except ApiError as e:
        return e.status == 403 and why in str(e)
    return False


def post_foreign_event(api):
    api.request("POST", path_of("Event", NS), {
        "apiVersion": "v1", "kind": "Event", "metadata": {"name": "forged", "namespace": NS},
        "involvedObject": {"kind": "Secret", "name": "x", "namespace": NS}, "reason": "Forged",
        "message": "", "type": "Normal", "source": {"component": "kubelet", "host": "x"}})


def take_lease_for_another(api):
    lease = api.get("Lease", "arplet", NS)
    lease["spec"]["holderIdentity"] = "another-node_00000000"
    api.request("PUT", path_of("Lease", NS, "arplet"), lease)


def replace_key(api):
    key = base64.b64encode(b"0123456789abcdef").decode()
    api.patch("Secret", "arplet-hello", {"data": {"key": key}}, NS)


def test_daemons_do_everything_with_the_policy(cluster, client, pool):
    for name in ("one", "two"):
        cluster.backend(name, *cluster.nodes[:2])
        cluster.apply(objects.service(name))
    address = cluster.wait_address("one")
    holder = wait_holder(cluster, client, address)
    cluster.wait_event("one", "nodeAssigned")
    wait_for("a ServiceL2Status for each Service", lambda: {
        s["status"].get("serviceName") for s in cluster.api.list("ServiceL2Status", NS)
        if "status" in s} == {"one", "two"})
    cluster.apply(objects.service("refused", annotations={"metallb.io/loadBalancerIPs": "9.9.9.9"}))
    cluster.wait_event("refused", "AllocationFailed")
    cluster.apply(objects.pool("invalid", "10.9.9.0-10.9.9.9"),
                  objects.pool("overlap", "10.9.9.0-10.9.9.9"))
    wait_for("the counts of a pool", lambda: cluster.api.get("IPAddressPool", "lan", NS).get(
        "status", {}).get("assignedIPv4") == 2)
    for sig in (signal.SIGKILL, signal.SIGTERM):  # a new holder deletes the old ServiceL2Status
        cluster.arplets.stop(holder, sig)
        others = [n for n in cluster.nodes if n is not holder]
        wait_for("another holder", lambda: wait_holder(cluster, client, address) in others)
        wait_for("the ServiceL2Status of the new holder", lambda: [
            s["status"]["node"] for s in cluster.api.list("ServiceL2Status", NS)
            if s.get("status", {}).get("serviceName") == "one"] != [holder.name])
        cluster.arplets.start(holder)
        holder = wait_holder(cluster, client, address)
    cluster.apply(objects.service("one", kind="ClusterIP"))
    wait_for("no address", lambda: not cluster.address_of("one"))
    assert_no_refusals(cluster)


def assert_no_refusals(cluster):
    for node in cluster.nodes:
        assert "denied" not in cluster.arplets.log(node)
        assert not metric(cluster, node, REFUSALS)


def test_no_write_is_refused_when_the_allocator_changes(cluster, client, pool):
    """The API server sees a new holder of the Lease later than this holder itself."""
    took_ms = []
    for n in range(6):
        old = allocator(cluster)
        cluster.arplets.stop(old, signal.SIGTERM)
        began = time.monotonic()
        cluster.apply(objects.service(f"next-{n}"))
        wait_for("an address", lambda: cluster.address_of(f"next-{n}"), 15, 0.01)
        took_ms.append(round(1000 * (time.monotonic() - began)))
        assert_no_refusals_of(cluster, allocator(cluster))
        cluster.arplets.start(old)
    print("ms until the new allocator allocated:", took_ms)


def assert_no_refusals_of(cluster, node):
    assert "denied" not in cluster.arplets.log(node)
    assert not metric(cluster, node, REFUSALS)


@pytest.fixture
def thief(cluster, client, pool):
    """The token of a node's daemon that neither allocates nor holds the address of Service one."""
    cluster.backend("one", *cluster.nodes[:2])
    cluster.apply(objects.service("one"))
    holder = wait_holder(cluster, client, cluster.wait_address("one"))
    wait_for("a ServiceL2Status", lambda: [s for s in cluster.api.list("ServiceL2Status", NS)
                                           if s.get("status", {}).get("node")])
    node = next(n for n in cluster.nodes if n not in (holder, allocator(cluster)))
    return node, node_api(cluster, node)


def patch_service(api, **change):
    api.patch("Service", "one", change, sub="status")


def foreign_status(api):
    return api.list("ServiceL2Status", NS)[0]["metadata"]["name"]


FORBIDDEN = {
    "write the address of a Service": lambda api: patch_service(
        api, status={"loadBalancer": {"ingress": [{"ip": "192.0.2.9"}]}}),
    "remove the address of a Service": lambda api: patch_service(
        api, status={"loadBalancer": {"ingress": None}}),
    "write a condition of a Service": lambda api: patch_service(
        api, status={"conditions": [{"type": "arplet.io/Allocated", "status": "False",
                                     "reason": "x", "message": "",
                                     "lastTransitionTime": "2026-01-01T00:00:00Z"}]}),
    "write the status of a pool": lambda api: api.patch(
        "IPAddressPool", "lan", {"status": {"assignedIPv4": 7}}, NS, "status"),
    "write a condition of an advertisement": lambda api: api.patch(
        "L2Advertisement", "lan", {"status": {"conditions": []}}, NS, "status"),
    "change the status of another node": lambda api: api.patch(
        "ServiceL2Status", foreign_status(api), {"status": {"interfaces": []}}, NS, "status"),
    "create a status in the name of another node": lambda api: api.request(
        "POST", path_of("ServiceL2Status", NS), {
            "apiVersion": objects.METALLB, "kind": "ServiceL2Status",
            "metadata": {"generateName": "l2-", "labels": {"metallb.io/node": "another"}}}),
    "post an Event as the kubelet": post_foreign_event,
    "take the Lease for another node": take_lease_for_another,
    "replace the key": replace_key,
}


@pytest.mark.parametrize("request_", FORBIDDEN.values(), ids=FORBIDDEN.keys())
def test_a_stolen_token_of_a_daemon_may_not(thief, request_):
    node, api = thief
    assert refused(lambda: request_(api), "ValidatingAdmissionPolicy"), f"as {node}"


BY_THE_ALLOCATOR = {
    "change a label of a Service": {"metadata": {"labels": {"app": "x"}}},
    "add a finalizer to a Service": {"metadata": {"finalizers": ["example.com/x"]}},
    "change another annotation of a Service": {"metadata": {"annotations": {"x": "y"}}},
    "write a host name into a Service": {
        "status": {"loadBalancer": {"ingress": [{"hostname": "example.com"}]}}},
    "write a condition of another controller": {
        "status": {"conditions": [{"type": "Ready", "status": "True", "reason": "x",
                                   "message": "", "lastTransitionTime": "2026-01-01T00:00:00Z"}]}},
}


@pytest.mark.parametrize("change", BY_THE_ALLOCATOR.values(), ids=BY_THE_ALLOCATOR.keys())
def test_not_even_the_allocator_may(cluster, thief, change):
    api = node_api(cluster, allocator(cluster))
    assert refused(lambda: patch_service(api, **change), "ValidatingAdmissionPolicy")


def test_a_write_to_the_status_of_a_service_does_not_change_its_spec(cluster, thief):
    before = cluster.api.get("Service", "one")["spec"]
    api = node_api(cluster, allocator(cluster))
    api.patch("Service", "one", {"spec": {"externalIPs": ["192.0.2.1"]}}, sub="status")
    assert cluster.api.get("Service", "one")["spec"] == before


def test_only_services_of_type_load_balancer_get_an_address(cluster, thief):
    cluster.apply(objects.service("cluster-ip", kind="ClusterIP"))
    api = node_api(cluster, allocator(cluster))
    with pytest.raises(ApiError):
        api.patch("Service", "cluster-ip",
                  {"status": {"loadBalancer": {"ingress": [{"ip": "192.0.2.9"}]}}}, sub="status")
    assert not cluster.address_of("cluster-ip")


def test_other_accounts_are_not_limited(cluster, thief):
    cluster.api.patch("Service", "one", {"metadata": {"annotations": {"x": "y"}}}, sub="status")
    assert cluster.api.get("Service", "one")["metadata"]["annotations"]["x"] == "y"
