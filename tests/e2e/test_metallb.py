# SPDX-License-Identifier: Apache-2.0
"""
Arplet replaces the real MetalLB, and then MetalLB replaces arplet: no address and no holder
changes, and clients can connect all the time. The cluster has MetalLB's own CRDs instead of those
of deploy/crds.
"""
import concurrent.futures
import re
import time

import pytest

from cluster import image, objects
from cluster.arplet import RBAC
from cluster.metallb import MetalLB
from cluster.objects import NAMESPACE
from cluster.run import wait_for

from lan import holders

NEW, OLD = "metallb.io", "metallb.universe.tf"
UNSERVED = ("pending", "elsewhere", "buggy")  # Services whose request no pool can satisfy
WITHOUT_PODS = ("idle",)
GAP_MAX_S = 0.25  # limit for the time between two successful connections, on a busy machine


@pytest.fixture(scope="module")
def served_cluster(bare_cluster):
    """A cluster with Services whose addresses MetalLB allocates and announces."""
    cluster = bare_cluster
    if not hasattr(cluster, "lan"):
        pytest.skip("MetalLB runs only on a cluster of network namespaces")
    image.build(cluster.work_dir, "dial")  # compiles "dial" before several threads use it
    cluster.metallb = MetalLB(cluster)
    cluster.metallb.install()
    cluster.arplets.install([RBAC])
    cluster.apply(*pools(cluster), *advertisements(cluster))
    cluster.metallb.start()
    for service in services(cluster.addresses):
        cluster.apply(service)
        name = service["metadata"]["name"]
        if name not in UNSERVED + WITHOUT_PODS:
            cluster.backend(name, *(cluster.nodes[2:] if name == "local" else cluster.nodes))
        if name not in UNSERVED:
            cluster.wait_address(name, 20)
    yield cluster
    cluster.arplets.stop_all()
    cluster.metallb.stop()


def pools(cluster):
    a, six = cluster.addresses, cluster.addresses6
    gold = [{"matchLabels": {"tier": "gold"}}]
    named = objects.pool("named", f"{a[20]}-{a[24]}", autoAssign=False)
    named["metadata"]["labels"] = {"zone": "two"}
    return [objects.pool("lan", f"{a[0]}-{a[14]}", f"{six[0]}-{six[9]}"), named,
            objects.pool("late", f"{a[32]}-{a[34]}",
                         serviceAllocation={"priority": 50, "serviceSelectors": gold}),
            objects.pool("early", f"{a[30]}-{a[31]}",
                         serviceAllocation={"priority": 20, "serviceSelectors": gold}),
            objects.pool("edge", "10.89.0.252-10.89.0.255", autoAssign=False, avoidBuggyIPs=True)]


def advertisements(cluster):
    two = {"matchLabels": {"kubernetes.io/hostname": cluster.nodes[1].name}}
    return [objects.advertisement("all", ipAddressPools=["lan", "early", "late", "edge"]),
            objects.advertisement("two", nodeSelectors=[two], ipAddressPoolSelectors=[
                {"matchLabels": {"zone": "two"}}])]


def services(a):
    def requesting(name, port=80, **annotations):
        return objects.service(name, port=port, annotations={
            f"{NEW if key[0] == 'n' else OLD}/{key[2:].replace('_', '-')}": value
            for key, value in annotations.items()})

    def gold(name):
        obj = objects.service(name)
        obj["metadata"]["labels"] = {"tier": "gold"}
        return obj

    return [objects.service("plain"), objects.service("other"), objects.service("idle"),
            requesting("address-new", n_loadBalancerIPs=a[11]),
            requesting("address-old", o_loadBalancerIPs=a[12]),
            objects.service("address-spec", loadBalancerIP=a[13]),
            requesting("pool-new", n_address_pool="named"),
            requesting("pool-old", o_address_pool="edge"),
            requesting("shared-one", n_allow_shared_ip="key", n_loadBalancerIPs=a[22]),
            requesting("shared-two", 81, o_allow_shared_ip="key", o_loadBalancerIPs=a[22]),
            gold("gold-one"), gold("gold-two"), gold("gold-three"),
            objects.service("local", externalTrafficPolicy="Local"),
            objects.service("both", ipFamilyPolicy="RequireDualStack"),
            objects.service("prefers", ipFamilyPolicy="PreferDualStack"),
            objects.service("six", ipFamilyPolicy="SingleStack", ipFamilies=["IPv6"]),
            requesting("pending", n_address_pool="nowhere"),
            requesting("elsewhere", n_loadBalancerIPs="192.0.2.1"),
            requesting("buggy", n_loadBalancerIPs="10.89.0.255")]


def all_services(cluster):
    return {s["metadata"]["name"]: s for s in cluster.api.list("Service", "default")
            if s["spec"]["type"] == "LoadBalancer"}


def ingress(service):
    return [i["ip"] for i in service["status"].get("loadBalancer", {}).get("ingress", [])]


def addresses(cluster):
    return {name: ingress(s) for name, s in all_services(cluster).items()}


def holders_by_address(cluster):
    """Maps each address (IPv4 or IPv6) to the names of the nodes that answer for the address."""
    client = cluster.clients[0]
    assigned = sorted({a for ips in addresses(cluster).values() for a in ips})
    by_mac = {n.mac(): n.name for n in cluster.nodes}

    def find_holders(address):
        if ":" not in address:
            return holders(cluster, client, address)
        return [by_mac[m] for m in [client.resolve(address)] if m]

    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        return dict(zip(assigned, pool.map(find_holders, assigned)))


def wait_holders(cluster):
    """Waits until each Service with pods has one holder, and its ServiceL2Status names this holder;
    returns holders_by_address()."""
    last = {}

    def consistent():
        found, assigned = holders_by_address(cluster), addresses(cluster)
        expected = {name: found[a[0]] for name, a in assigned.items()
                    if a and name not in WITHOUT_PODS}
        written = {}
        for obj in cluster.api.list("ServiceL2Status", NAMESPACE):
            status = obj.get("status", {})
            written.setdefault(status.get("serviceName"), []).append(status.get("node"))
        last.update(expected=expected, written=written)
        return found if expected == written and all(map(len, expected.values())) else None

    try:
        return wait_for("one holder of every address, and its ServiceL2Status", consistent, 60)
    finally:
        print("Services whose holder and ServiceL2Status differ:",
              [(n, last["expected"].get(n), last["written"].get(n))
               for n in {*last["expected"], *last["written"]}
               if last["expected"].get(n) != last["written"].get(n)])


def pool_counts(cluster):
    return {p["metadata"]["name"]: p.get("status") for p in cluster.api.list(
        "IPAddressPool", NAMESPACE)}


def versions(cluster):
    return {(kind, o["metadata"]["name"]): o["metadata"]["resourceVersion"]
            for kind, namespace in (("Service", "default"), ("IPAddressPool", NAMESPACE),
                                    ("L2Advertisement", NAMESPACE), ("ServiceL2Status", NAMESPACE))
            for o in cluster.api.list(kind, namespace)}


def writes(cluster):
    """The number of API writes of all daemons, including writes that changed nothing."""
    pages = [cluster.arplets.http(n, "metrics") for n in cluster.nodes]
    return sum(int(float(v)) for page in pages
               for v in re.findall(r"^metallb_k8s_client_updates_total\S* (\S+)", page, re.M))


def assert_reachable(cluster):
    client = cluster.clients[0]
    for name, ips in addresses(cluster).items():
        if ips and name not in WITHOUT_PODS and ":" not in ips[0]:
            port = 81 if name == "shared-two" else 80
            wait_for(f"{name} answers on {ips[0]}",
                     lambda a=ips[0], n=name, p=port: (client.http(a, p) or "").startswith(n))


def change_over(cluster, stop, start, before):
    """Stops MetalLB or arplet, starts the other, and waits until the same nodes answer as before.
    Asserts that a client can connect at least once in every GAP_MAX_S seconds."""
    with cluster.dial(cluster.clients[0], cluster.address_of("plain")) as dialer:
        time.sleep(0.5)
        stop()
        time.sleep(1)
        start()
        wait_for("the same nodes answer as before",
                 lambda: holders_by_address(cluster) == before, 20)
    print(f"{len(dialer.attempts)} connections, {len(dialer.failed())} failed, "
          f"longest gap {dialer.gap().seconds * 1000:.0f} ms")
    assert dialer.gap().seconds < GAP_MAX_S


def test_addresses_and_holders_stay_when_arplet_replaces_metallb_and_back(served_cluster):
    cluster = served_cluster
    before = wait_holders(cluster)
    services_before, counts = all_services(cluster), pool_counts(cluster)
    addresses_before = addresses(cluster)
    assert {n for n, a in addresses_before.items() if not a} == set(UNSERVED)
    print(addresses_before, before, counts, sep="\n")

    change_over(cluster, cluster.metallb.stop, cluster.arplets.start_all, before)
    assert wait_holders(cluster) == before
    assert addresses(cluster) == addresses_before
    assert_reachable(cluster)
    assert pool_counts(cluster) == counts
    for name, service in all_services(cluster).items():
        old = services_before[name]
        assert service["metadata"].get("annotations") == old["metadata"].get("annotations")
        if name not in UNSERVED + WITHOUT_PODS:
            assert service == old, "the start has written a Service that had an address"

    # after MetalLB has started, a ServiceL2Status can name a node that does not answer
    change_over(cluster, cluster.arplets.stop_all, cluster.metallb.start, before)
    assert addresses(cluster) == addresses_before
    assert_reachable(cluster)
    assert pool_counts(cluster) == counts


def test_arplet_does_not_write_again_the_fields_that_metallbs_crds_drop(served_cluster):
    cluster = served_cluster
    cluster.metallb.stop()
    cluster.arplets.start_all()
    wait_holders(cluster)
    wrong = objects.pool("wrong", f"{cluster.addresses[0]}-{cluster.addresses[3]}")
    cluster.apply(wrong, objects.advertisement("odd", ipAddressPools=["lan", "lan"]),
                  objects.service("late-comer"))
    cluster.wait_address("late-comer")
    cluster.backend("late-comer", *cluster.nodes)
    wait_holders(cluster)
    wait_for("an Event on the pool", lambda: cluster.api.list(
        "Event", NAMESPACE, fieldSelector="involvedObject.name=wrong"))
    assert pool_counts(cluster)["lan"]["assignedIPv4"] == 10
    time.sleep(2)
    writes_before, versions_before = writes(cluster), versions(cluster)
    time.sleep(3)
    assert versions(cluster) == versions_before
    assert writes_before > 0 and writes(cluster) == writes_before
    for node in cluster.nodes:
        assert "did not accept a write" not in cluster.arplets.log(node)
