# SPDX-License-Identifier: Apache-2.0
"""Tests of Services with an IPv6 address, alone or beside an IPv4 address (dual stack)."""
import pytest

from cluster import objects
from cluster.base import served_pool
from cluster.run import wait_for

from lan import disconnected, holders, wait_holder

STALE_MAC = "02:00:00:00:00:99"


@pytest.fixture
def pool(cluster):
    if not cluster.addresses6:
        pytest.skip("this cluster has no IPv6")
    cluster.apply(*served_pool("lan", f"{cluster.addresses[0]}-{cluster.addresses[9]}",
                               f"{cluster.addresses6[0]}-{cluster.addresses6[9]}"))


def ingress(cluster, name):
    status = cluster.api.get("Service", name)["status"]
    return [i["ip"] for i in status.get("loadBalancer", {}).get("ingress", [])]


def test_one_node_announces_both_addresses_of_a_dual_stack_service(cluster, client, pool):
    cluster.backend("web", *cluster.nodes)
    client.set_neighbour(cluster.addresses6[0], STALE_MAC)
    with client.capture_ndp() as capture:
        cluster.apply(objects.service("web", ipFamilyPolicy="RequireDualStack"))
        cluster.wait_address("web")
        ipv4, ipv6 = ingress(cluster, "web")
        assert (ipv4, ipv6) == (cluster.addresses[0], cluster.addresses6[0])
        capture.wait(lambda f: f.unsolicited_for(ipv6))
    holder = wait_holder(cluster, client, ipv4)
    assert {f.mac for f in capture.matching(lambda f: f.unsolicited_for(ipv6))} == {holder.mac()}
    assert client.neighbour(ipv6) == holder.mac()
    assert client.resolve(ipv6) == holder.mac()


def test_another_node_takes_over_an_ipv6_address_when_its_holder_fails(cluster, client, pool):
    cluster.backend("web", *cluster.nodes)
    cluster.apply(objects.service("web", ipFamilyPolicy="SingleStack", ipFamilies=["IPv6"]))
    address = cluster.wait_address("web")
    assert ingress(cluster, "web") == [address] == [cluster.addresses6[0]]
    mac = wait_for("an answer", lambda: client.resolve(address))
    first = next(n for n in cluster.nodes if n.mac() == mac)
    others = [n.mac() for n in cluster.nodes if n is not first]
    with disconnected(first.set_forwarded):
        wait_for("another node answers", lambda: client.resolve(address) in others)


def test_no_node_answers_for_the_addresses_of_a_deleted_service(cluster, client, pool):
    cluster.backend("web", *cluster.nodes)
    cluster.apply(objects.service("web", ipFamilyPolicy="RequireDualStack"))
    cluster.wait_address("web")
    ipv4, ipv6 = ingress(cluster, "web")
    wait_for("an answer", lambda: client.resolve(ipv6))
    cluster.api.delete("Service", "web")
    wait_for("no answer", lambda: not client.resolve(ipv6) and not holders(cluster, client, ipv4))
