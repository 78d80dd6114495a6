# SPDX-License-Identifier: Apache-2.0
"""Arplet's main function: a Service gets an address, and clients on the LAN reach its pods."""
import time

import pytest

from cluster import netns, objects
from cluster.base import served_pool
from cluster.capture import REPLY, REQUEST
from cluster.host import Host
from cluster.run import wait_for

from lan import holders, no_node_answers, wait_holder, wait_http

STALE_MAC = "02:00:00:00:00:99"


@pytest.fixture
def pool(cluster):
    """Creates a pool of ten addresses, which an L2Advertisement lets every node announce."""
    first, last = cluster.addresses[0], cluster.addresses[9]
    cluster.apply(*served_pool("lan", f"{first}-{last}"))
    return cluster.addresses[:10]


def test_clients_reach_the_ready_pods_of_a_service_at_its_address(cluster, client, pool):
    cluster.backend("web", *cluster.nodes[:2])
    cluster.apply(objects.service("web"))
    address = cluster.wait_address("web")
    assert address == pool[0]
    wait_http(client, address, start="web-node")
    ingress = cluster.api.get("Service", "web")["status"]["loadBalancer"]["ingress"]
    assert ingress == [{"ip": address, "ipMode": "VIP"}]
    assert pool[0] in cluster.wait_event("web", "IPAllocated")[0]["message"]


def test_clients_reach_both_pods_of_a_service(cluster, client, pool):
    cluster.backend("web", *cluster.nodes[:2])
    cluster.apply(objects.service("web"))
    address = cluster.wait_address("web")
    pods = set()

    def both_pods_have_answered():
        pods.add(wait_http(client, address).split()[0])
        return len(pods) == 2

    wait_for("answers from both pods", both_pods_have_answered, 15)


def test_gratuitous_arp_writes_the_holders_mac_into_a_clients_arp_table(cluster, client, pool):
    cluster.backend("web", *cluster.nodes[:2])
    client.set_neighbour(pool[0], STALE_MAC)
    with client.capture() as capture:
        cluster.apply(objects.service("web"))
        address = cluster.wait_address("web")
        assert address == pool[0]
        request = capture.wait(lambda f: f.op == REQUEST and f.gratuitous_for(address))[0]
        reply = capture.wait(lambda f: f.op == REPLY and f.gratuitous_for(address))[0]
    holder = wait_holder(cluster, client, address)
    for frame in (request, reply):
        assert frame.eth_src == frame.sender_mac == holder.mac()
        assert frame.length >= 60
    assert client.neighbour(address) == holder.mac()


def test_only_the_holder_announces_an_address(cluster, client, pool):
    cluster.backend("web", *cluster.nodes)
    with client.capture() as capture:
        cluster.apply(objects.service("web"))
        address = cluster.wait_address("web")
        capture.wait(lambda f: f.gratuitous_for(address), count=4, timeout=10)
    senders = {f.eth_src for f in capture.matching(lambda f: f.gratuitous_for(address))}
    assert senders == {wait_holder(cluster, client, address).mac()}


def test_two_services_have_two_addresses(cluster, client, pool):
    for name in ("one", "two"):
        cluster.backend(name, cluster.nodes[0])
        cluster.apply(objects.service(name))
    addresses = {n: cluster.wait_address(n) for n in ("one", "two")}
    assert len(set(addresses.values())) == 2
    for name, address in addresses.items():
        wait_http(client, address, start=f"{name}-")


def test_a_service_that_changes_its_type_releases_its_address(cluster, client, pool):
    cluster.backend("web", *cluster.nodes[:2])
    cluster.apply(objects.service("web"))
    address = cluster.wait_address("web")
    wait_http(client, address)

    cluster.api.patch("Service", "web", {"spec": {"type": "ClusterIP"}})
    wait_for("the status has no address", lambda: cluster.address_of("web") is None)
    wait_for("no node answers", lambda: no_node_answers(client, address))
    cluster.backend("next", cluster.nodes[0])
    cluster.apply(objects.service("next"))
    assert cluster.wait_address("next") == address

    cluster.api.patch("Service", "web", {"spec": {"type": "LoadBalancer"}})
    new_address = cluster.wait_address("web")
    assert new_address == pool[1]
    wait_http(client, new_address, start="web-")


def test_no_node_answers_for_the_address_of_a_deleted_service(cluster, client, pool):
    cluster.backend("web", *cluster.nodes[:2])
    cluster.apply(objects.service("web"))
    address = cluster.wait_address("web")
    wait_holder(cluster, client, address)
    cluster.api.delete("Service", "web")
    wait_for("no node answers", lambda: no_node_answers(client, address))
    with client.capture() as capture:
        time.sleep(2)
    assert capture.matching(lambda f: f.sender_ip == address) == []


def test_no_node_answers_for_the_address_of_a_service_without_ready_pods(cluster, client, pool):
    # Only this test uses the name "idle", because daemons can still know the EndpointSlice of a
    # deleted Service that had the same name.
    cluster.apply(objects.service("idle"))
    address = cluster.wait_address("idle")
    time.sleep(1)
    assert no_node_answers(client, address)
    cluster.backend("idle", cluster.nodes[2])
    wait_holder(cluster, client, address)
    wait_http(client, address, start="idle-")


@pytest.fixture
def second_lan(cluster):
    """The other end of eth1 of the first node, as a Host; eth1 is on a LAN without other hosts."""
    node = cluster.nodes[0]
    node.run("ip", "link", "add", "eth1", "type", "veth", "peer", "name", "veth1")
    for ifname in ("eth1", "veth1"):
        node.run("ip", "link", "set", ifname, "up")
    yield Host("second LAN", node.netns, None, "veth1")
    node.run("ip", "link", "del", "eth1")


def test_all_of_the_thousand_addresses_of_an_interface_count(cluster, client, pool, second_lan):
    node = cluster.nodes[0]
    many = [f"10.{n // 250}.{n % 250}.1/24" for n in range(1000)]
    routes = node.run("ip", "route", "show", "dev", "eth0").splitlines()
    netns.ip(netns.name_of(node.netns),
             f"addr del {node.address}/24 dev eth0",
             *(f"addr add {a} dev eth0" for a in many),
             f"addr add {node.address}/24 dev eth0",  # the subnet of the LAN comes last
             *(f"route replace {r} dev eth0" for r in routes))
    cluster.backend("web", node)
    with second_lan.capture() as elsewhere:
        cluster.apply(objects.service("web", externalTrafficPolicy="Local"))
        address = cluster.wait_address("web")
        assert wait_holder(cluster, client, address) is node
        time.sleep(1)
    assert elsewhere.matching(lambda f: f.sender_ip == address) == []
    netns.ip(netns.name_of(node.netns), *(f"addr del {a} dev eth0" for a in many))
    wait_http(client, address)


@pytest.mark.parametrize("how", ["annotation", "field"])
def test_a_service_gets_the_address_that_it_requests(cluster, client, pool, how):
    requested = pool[7]
    if how == "annotation":
        service = objects.service("web", annotations={"metallb.io/loadBalancerIPs": requested})
    else:
        service = objects.service("web", loadBalancerIP=requested)
    cluster.backend("web", cluster.nodes[0])
    cluster.apply(service)
    assert cluster.wait_address("web") == requested
    wait_http(client, requested)


def test_the_node_with_the_pod_announces_the_address_of_a_local_service(cluster, client, pool):
    cluster.backend("web", cluster.nodes[1])
    cluster.apply(objects.service("web", externalTrafficPolicy="Local"))
    address = cluster.wait_address("web")
    wait_http(client, address)
    assert holders(cluster, client, address) == [cluster.nodes[1].name]
    assert client.address in wait_http(client, address)
