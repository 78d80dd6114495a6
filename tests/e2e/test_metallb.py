# SPDX-License-Identifier: Apache-2.0
"""
The real MetalLB is swapped for arplet, and back: every address, every holder and every connection
stays. All on MetalLB's own definitions; the cluster never sees those of deploy/crds.
"""
import concurrent.futures
import re
import time

import pytest

from cluster import image, objects
from cluster.arplet import RIGHTS
from cluster.metallb import MetalLB
from cluster.objects import NAMESPACE
from cluster.run import wait_for

from lan import holders

NEW, OLD = "metallb.io", "metallb.universe.tf"
WAITING = ("pending", "elsewhere", "buggy")  # nobody can serve them as they ask
SILENT = ("idle",)                           # an address, and no pod
LOST = 0.25  # seconds that a client may be without an answer: nothing but scheduling is meant


@pytest.fixture(scope="module")
def world(bare_cluster):
    """A cluster that MetalLB serves."""
    cluster = bare_cluster
    if not hasattr(cluster, "lan"):
        pytest.skip("MetalLB's processes run in namespaces alone")
    image.build(cluster.room, "dial")  # those who ask at the same time find it there
    cluster.metallb = MetalLB(cluster)
    cluster.metallb.install()
    cluster.arplets.install([RIGHTS])
    cluster.apply(*pools(cluster), *advertisements(cluster))
    cluster.metallb.start()
    for service in services(cluster.addresses):
        cluster.apply(service)
        name = service["metadata"]["name"]
        if name not in WAITING + SILENT:
            cluster.backend(name, *(cluster.nodes[2:] if name == "local" else cluster.nodes))
        if name not in WAITING:
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
    def asking(name, port=80, **annotations):
        return objects.service(name, port=port, annotations={
            f"{NEW if key[0] == 'n' else OLD}/{key[2:].replace('_', '-')}": value
            for key, value in annotations.items()})

    def gold(name):
        made = objects.service(name)
        made["metadata"]["labels"] = {"tier": "gold"}
        return made

    return [objects.service("plain"), objects.service("other"), objects.service("idle"),
            asking("address-new", n_loadBalancerIPs=a[11]),
            asking("address-old", o_loadBalancerIPs=a[12]),
            objects.service("address-spec", loadBalancerIP=a[13]),
            asking("pool-new", n_address_pool="named"), asking("pool-old", o_address_pool="edge"),
            asking("shared-one", n_allow_shared_ip="key", n_loadBalancerIPs=a[22]),
            asking("shared-two", 81, o_allow_shared_ip="key", o_loadBalancerIPs=a[22]),
            gold("gold-one"), gold("gold-two"), gold("gold-three"),
            objects.service("local", externalTrafficPolicy="Local"),
            objects.service("both", ipFamilyPolicy="RequireDualStack"),
            objects.service("prefers", ipFamilyPolicy="PreferDualStack"),
            objects.service("six", ipFamilyPolicy="SingleStack", ipFamilies=["IPv6"]),
            asking("pending", n_address_pool="nowhere"),
            asking("elsewhere", n_loadBalancerIPs="192.0.2.1"),
            asking("buggy", n_loadBalancerIPs="10.89.0.255")]


def all_services(cluster):
    return {s["metadata"]["name"]: s for s in cluster.api.list("Service", "default")
            if s["spec"]["type"] == "LoadBalancer"}


def ingress(service):
    return [i["ip"] for i in service["status"].get("loadBalancer", {}).get("ingress", [])]


def addresses(cluster):
    return {name: ingress(s) for name, s in all_services(cluster).items()}


def who_answers(cluster):
    """{address: the names of the nodes that answer for it}, of both families."""
    client = cluster.clients[0]
    found = sorted({a for had in addresses(cluster).values() for a in had})
    by_mac = {n.mac(): n.name for n in cluster.nodes}

    def ask(address):
        if ":" not in address:
            return holders(cluster, client, address)
        return [by_mac[m] for m in [client.resolve(address)] if m]

    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        return dict(zip(found, pool.map(ask, found)))


def settled_answers(cluster):
    """Once every address with a pod has one node that answers, and the objects say the same."""
    seen = {}

    def settled():
        said, had = who_answers(cluster), addresses(cluster)
        expected = {name: said[a[0]] for name, a in had.items() if a and name not in SILENT}
        written = {}
        for obj in cluster.api.list("ServiceL2Status", NAMESPACE):
            status = obj.get("status", {})
            written.setdefault(status.get("serviceName"), []).append(status.get("node"))
        seen.update(expected=expected, written=written)
        return said if expected == written and all(map(len, expected.values())) else None

    try:
        return wait_for("one holder of every address, and a ServiceL2Status for each", settled, 60)
    finally:
        print("answers, objects that differ:",
              [(n, seen["expected"].get(n), seen["written"].get(n))
               for n in {*seen["expected"], *seen["written"]}
               if seen["expected"].get(n) != seen["written"].get(n)])


def pool_counts(cluster):
    return {p["metadata"]["name"]: p.get("status") for p in cluster.api.list(
        "IPAddressPool", NAMESPACE)}


def versions(cluster):
    return {(kind, o["metadata"]["name"]): o["metadata"]["resourceVersion"]
            for kind, namespace in (("Service", "default"), ("IPAddressPool", NAMESPACE),
                                    ("L2Advertisement", NAMESPACE), ("ServiceL2Status", NAMESPACE))
            for o in cluster.api.list(kind, namespace)}


def writes(cluster):
    """How often the daemons have written to the API; also what changed nothing."""
    pages = [cluster.arplets.http(n, "metrics") for n in cluster.nodes]
    return sum(int(float(v)) for page in pages
               for v in re.findall(r"^metallb_k8s_client_updates_total\S* (\S+)", page, re.M))


def reachable(cluster):
    client = cluster.clients[0]
    for name, had in addresses(cluster).items():
        if had and name not in SILENT and ":" not in had[0]:
            port = 81 if name == "shared-two" else 80
            wait_for(f"{name} answers on {had[0]}",
                     lambda a=had[0], n=name, p=port: (client.http(a, p) or "").startswith(n))


def change_over(cluster, stop, start, before):
    """What a client of a Service with a pod on each node notices, until the same nodes answer."""
    with cluster.dial(cluster.clients[0], cluster.address_of("plain")) as dialer:
        time.sleep(0.5)
        stop()
        time.sleep(1)
        start()
        wait_for("the nodes that answered before", lambda: who_answers(cluster) == before, 20)
    print(f"{len(dialer.attempts)} connections, {len(dialer.failed())} failed, "
          f"longest gap {dialer.gap().seconds * 1000:.0f} ms")
    assert dialer.gap().seconds < LOST


def test_arplet_takes_over_from_metallb_and_gives_back(world):
    cluster = world
    before = settled_answers(cluster)
    had, counts = all_services(cluster), pool_counts(cluster)
    had_addresses = addresses(cluster)
    assert {n for n, a in had_addresses.items() if not a} == set(WAITING)
    print(had_addresses, before, counts, sep="\n")

    change_over(cluster, cluster.metallb.stop, cluster.arplets.start_all, before)
    assert settled_answers(cluster) == before
    assert addresses(cluster) == had_addresses
    reachable(cluster)
    assert pool_counts(cluster) == counts
    for name, service in all_services(cluster).items():
        assert service["metadata"].get("annotations") == had[name]["metadata"].get("annotations")
        if name not in WAITING + SILENT:
            assert service == had[name], "a start has written a Service that was served"

    # MetalLB's own ServiceL2Status may name another node than the one that answers after a start
    change_over(cluster, cluster.arplets.stop_all, cluster.metallb.start, before)
    assert addresses(cluster) == had_addresses
    reachable(cluster)
    assert pool_counts(cluster) == counts


def test_what_metallbs_definitions_drop_is_not_written_again_and_again(world):
    cluster = world
    cluster.metallb.stop()
    cluster.arplets.start_all()
    settled_answers(cluster)
    wrong = objects.pool("wrong", f"{cluster.addresses[0]}-{cluster.addresses[3]}")
    cluster.apply(wrong, objects.advertisement("odd", ipAddressPools=["lan", "lan"]),
                  objects.service("late-comer"))
    cluster.wait_address("late-comer")
    cluster.backend("late-comer", *cluster.nodes)
    settled_answers(cluster)
    wait_for("an Event on the pool", lambda: cluster.api.list(
        "Event", NAMESPACE, fieldSelector="involvedObject.name=wrong"))
    assert pool_counts(cluster)["lan"]["assignedIPv4"] == 10
    time.sleep(2)
    wrote, were = writes(cluster), versions(cluster)
    time.sleep(3)
    assert versions(cluster) == were
    assert wrote > 0 and writes(cluster) == wrote
    for node in cluster.nodes:
        assert "did not accept a write" not in cluster.arplets.log(node)
