# SPDX-License-Identifier: Apache-2.0
"""The main job: a Service gets an address, and clients on the LAN reach its pods through it."""
import time

import pytest

from cluster import objects
from cluster.base import served_pool
from cluster.capture import REPLY, REQUEST
from cluster.run import wait_for

from lan import holders, nobody_answers, wait_holder, wait_http

STALE_MAC = "02:00:00:00:00:99"


@pytest.fixture
def pool(cluster):
    """Ten addresses, announced by every node."""
    first, last = cluster.addresses[0], cluster.addresses[9]
    cluster.apply(*served_pool("lan", f"{first}-{last}"))
    return cluster.addresses[:10]


def test_a_service_with_ready_pods_answers_on_its_address(cluster, client, pool):
    cluster.backend("web", *cluster.nodes[:2])
    cluster.apply(objects.service("web"))
    address = cluster.wait_address("web")
    assert address == pool[0]
    wait_http(client, address, start="web-node")
    ingress = cluster.api.get("Service", "web")["status"]["loadBalancer"]["ingress"]
    assert ingress == [{"ip": address, "ipMode": "VIP"}]
    assert pool[0] in cluster.wait_event("web", "IPAllocated")[0]["message"]


def test_both_pods_of_a_service_are_reached(cluster, client, pool):
    cluster.backend("web", *cluster.nodes[:2])
    cluster.apply(objects.service("web"))
    address = cluster.wait_address("web")
    seen = set()

    def both():
        seen.add(wait_http(client, address).split()[0])
        return len(seen) == 2

    wait_for("answers from both pods", both, 15)


def test_gratuitous_arp_puts_the_holders_mac_into_a_clients_table(cluster, client, pool):
    cluster.backend("web", *cluster.nodes[:2])
    client.set_neighbour(pool[0], STALE_MAC)
    with client.capture() as wire:
        cluster.apply(objects.service("web"))
        address = cluster.wait_address("web")
        assert address == pool[0]
        request = wire.wait(lambda f: f.op == REQUEST and f.gratuitous_for(address))[0]
        reply = wire.wait(lambda f: f.op == REPLY and f.gratuitous_for(address))[0]
    holder = wait_holder(cluster, client, address)
    for frame in (request, reply):
        assert frame.eth_src == frame.sender_mac == holder.mac()
        assert frame.length >= 60
    assert client.neighbour(address) == holder.mac()


def test_only_the_holder_announces(cluster, client, pool):
    cluster.backend("web", *cluster.nodes)
    with client.capture() as wire:
        cluster.apply(objects.service("web"))
        address = cluster.wait_address("web")
        wire.wait(lambda f: f.gratuitous_for(address), count=4, timeout=10)
    senders = {f.eth_src for f in wire.matching(lambda f: f.gratuitous_for(address))}
    assert senders == {wait_holder(cluster, client, address).mac()}


def test_two_services_have_two_addresses(cluster, client, pool):
    for name in ("one", "two"):
        cluster.backend(name, cluster.nodes[0])
        cluster.apply(objects.service(name))
    addresses = {n: cluster.wait_address(n) for n in ("one", "two")}
    assert len(set(addresses.values())) == 2
    for name, address in addresses.items():
        wait_http(client, address, start=f"{name}-")


def test_a_service_that_changes_its_type_gives_its_address_back(cluster, client, pool):
    cluster.backend("web", *cluster.nodes[:2])
    cluster.apply(objects.service("web"))
    address = cluster.wait_address("web")
    wait_http(client, address)

    cluster.api.patch("Service", "web", {"spec": {"type": "ClusterIP"}})
    wait_for("no address in the status", lambda: cluster.address_of("web") is None)
    wait_for("nobody answers", lambda: nobody_answers(client, address))
    cluster.backend("next", cluster.nodes[0])
    cluster.apply(objects.service("next"))
    assert cluster.wait_address("next") == address

    cluster.api.patch("Service", "web", {"spec": {"type": "LoadBalancer"}})
    again = cluster.wait_address("web")
    assert again == pool[1]
    wait_http(client, again, start="web-")


def test_nobody_answers_for_a_service_that_was_deleted(cluster, client, pool):
    cluster.backend("web", *cluster.nodes[:2])
    cluster.apply(objects.service("web"))
    address = cluster.wait_address("web")
    wait_holder(cluster, client, address)
    cluster.api.delete("Service", "web")
    wait_for("nobody answers", lambda: nobody_answers(client, address))
    with client.capture() as wire:
        time.sleep(2)
    assert wire.matching(lambda f: f.sender_ip == address) == []


def test_a_service_without_ready_pods_has_an_address_that_nobody_answers(cluster, client, pool):
    # a name of its own: slices that this cluster's tests write have no owner, so one of an earlier
    # Service of the same name would count until its end has reached the daemons
    cluster.apply(objects.service("idle"))
    address = cluster.wait_address("idle")
    time.sleep(1)
    assert nobody_answers(client, address)
    cluster.backend("idle", cluster.nodes[2])
    wait_holder(cluster, client, address)
    wait_http(client, address, start="idle-")


@pytest.mark.parametrize("how", ["annotation", "field"])
def test_a_service_gets_the_address_that_it_asks_for(cluster, client, pool, how):
    wanted = pool[7]
    if how == "annotation":
        service = objects.service("web", annotations={"metallb.io/loadBalancerIPs": wanted})
    else:
        service = objects.service("web", loadBalancerIP=wanted)
    cluster.backend("web", cluster.nodes[0])
    cluster.apply(service)
    assert cluster.wait_address("web") == wanted
    wait_http(client, wanted)


def test_a_local_service_is_announced_where_its_pod_is(cluster, client, pool):
    cluster.backend("web", cluster.nodes[1])
    cluster.apply(objects.service("web", externalTrafficPolicy="Local"))
    address = cluster.wait_address("web")
    wait_http(client, address)
    assert holders(cluster, client, address) == [cluster.nodes[1].name]
    assert client.address in wait_http(client, address)
