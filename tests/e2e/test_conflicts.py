# SPDX-License-Identifier: Apache-2.0
"""Another host on the LAN has an address that is a Service's."""
import contextlib
import time

import pytest

from cluster import objects
from cluster.base import served_pool
from cluster.objects import NAMESPACE
from cluster.run import wait_for

from lan import allocator, holders, wait_holder

CLIENTS = 2


@contextlib.contextmanager
def configured(host, address):
    """As an administrator would do it, by hand: the kernel of the host answers for the address."""
    host.run("ip", "addr", "add", f"{address}/32", "dev", host.ifname)
    try:
        yield
    finally:
        host.run("ip", "addr", "del", f"{address}/32", "dev", host.ifname)


def wait_announced(cluster, name, reason):
    """The condition Announced of a Service, once it gives this reason."""
    def announced():
        status = cluster.api.get("Service", name)["status"]
        return next((c for c in status.get("conditions", [])
                     if c["type"] == "arplet.io/Announced" and c["reason"] == reason), None)

    wait_for(f"{name} to say {reason}", announced)
    return announced()


@pytest.fixture
def squatter(cluster):
    return cluster.clients[1]


def test_a_host_that_takes_a_held_address_is_told_in_an_event(cluster, client, squatter):
    a = cluster.addresses
    cluster.apply(*served_pool("lan", f"{a[0]}-{a[9]}"))
    cluster.backend("web", *cluster.nodes)
    cluster.apply(objects.service("web"))
    address = cluster.wait_address("web")
    holder = wait_holder(cluster, client, address)
    with configured(squatter, address):
        squatter.run("arping", "-U", "-c", "1", "-I", squatter.ifname, address, check=False)
        event, = cluster.wait_event("web", "AddressConflict")
        assert event["type"] == "Warning"
        assert f"{address} is claimed on {holder.ifname} by {squatter.mac()}" in event["message"]
        condition = wait_announced(cluster, "web", "AddressConflict")
        assert condition["status"] == "True" and squatter.mac() in condition["message"]
        metrics = cluster.arplets.http(holder, "metrics")
        assert (f'arplet_address_conflicts_total{{ip="{address}",interface="{holder.ifname}",'
                f'mac="{squatter.mac()}"}}') in metrics
        assert (f'arplet_address_in_conflict{{ip="{address}",interface="{holder.ifname}",'
                'state="defended"} 1') in metrics
        assert holders_and(squatter, cluster, client, address) == sorted([holder.name, squatter.name])
    event, = cluster.wait_event("web", "AddressConflictOver", timeout=30)
    assert event["type"] == "Normal"
    wait_announced(cluster, "web", "NodeAssigned")
    assert holders(cluster, client, address) == [holder.name]
    assert len(cluster.events_of("web", "AddressConflict")) == 1


def holders_and(squatter, cluster, client, address):
    """Who answers, that host included."""
    by_mac = {h.mac(): h.name for h in [*cluster.nodes, squatter]}
    return sorted(by_mac[m] for m in client.arping(address, count=2, wait=2))


def test_an_address_of_a_pool_that_says_so_is_left_to_the_host_that_takes_it(
        cluster, client, squatter):
    a = cluster.addresses
    pool, advertisement = served_pool("lan", f"{a[0]}-{a[9]}")
    pool["metadata"]["annotations"] = {"arplet.io/conflict": "yield"}
    cluster.apply(pool, advertisement)
    cluster.backend("web", *cluster.nodes)
    cluster.apply(objects.service("web"))
    address = cluster.wait_address("web")
    holder = wait_holder(cluster, client, address)
    with configured(squatter, address):
        # defended once, and yielded to who goes on
        wait_for("the rival alone answers", lambda: squatter.run(
            "arping", "-U", "-c", "1", "-I", squatter.ifname, address, check=False) and
            holders_and(squatter, cluster, client, address) == [squatter.name], 30)
        condition = wait_announced(cluster, "web", "AddressConflict")
        assert condition["status"] == "False" and squatter.mac() in condition["message"]
        assert (f'arplet_address_in_conflict{{ip="{address}",interface="{holder.ifname}",'
                'state="yielded"} 1') in cluster.arplets.http(holder, "metrics")


def test_a_node_whose_kernel_has_the_address_is_explained(cluster, client):
    a = cluster.addresses
    cluster.apply(*served_pool("lan", f"{a[0]}-{a[9]}"))
    cluster.backend("web", *cluster.nodes)
    cluster.apply(objects.service("web"))
    address = cluster.wait_address("web")
    holder = wait_holder(cluster, client, address)
    other = next(n for n in cluster.nodes if n != holder)
    other.run("ip", "addr", "add", f"{address}/32", "dev", "lo")
    try:
        event, = cluster.wait_event("web", "AddressOnNode")
        assert f'{address} is configured on interface lo of node "{other.name}"' in event["message"]
    finally:
        other.run("ip", "addr", "del", f"{address}/32", "dev", "lo")
    wait_for("the holder alone answers", lambda: holders(cluster, client, address) ==
             [holder.name])


def test_an_address_that_a_host_has_is_not_given(cluster, client, squatter):
    a = cluster.addresses[20:]  # of which none was asked for, and found free, a moment ago
    with configured(squatter, a[0]):
        cluster.apply(*served_pool("lan", f"{a[0]}-{a[3]}"))
        cluster.backend("web", *cluster.nodes)
        cluster.apply(objects.service("web"))
        assert cluster.wait_address("web") == a[1]
        event, = cluster.wait_event("web", "AddressInUse")
        assert f"{a[0]} is used by another host on its LAN, {squatter.mac()}" in event["message"]
        event, = cluster.wait_event("lan", "AddressInUse", NAMESPACE)
        assert squatter.mac() in event["message"]
        shown = 'arplet_addresses_in_use_by_others{pool="lan"} 1'
        assert any(shown in cluster.arplets.http(n, "metrics") for n in cluster.nodes)

        cluster.apply(objects.service("named", annotations={"metallb.io/loadBalancerIPs": a[0]}))
        event, = cluster.wait_event("named", "AllocationFailed")
        assert squatter.mac() in event["message"]
        assert cluster.address_of("named") is None


def test_an_ipv6_address_that_a_host_has_is_not_given(cluster, squatter):
    a = cluster.addresses6[20:]
    if not a:
        pytest.skip("the cluster has no IPv6")
    squatter.run("ip", "addr", "add", f"{a[0]}/128", "dev", squatter.ifname, "nodad")
    try:
        time.sleep(2)  # the switch learns of its group
        cluster.apply(*served_pool("six", f"{a[0]}-{a[3]}"))
        cluster.apply(objects.service("six", ipFamilies=["IPv6"]))
        assert cluster.wait_address("six") == a[1]
    finally:
        squatter.run("ip", "addr", "del", f"{a[0]}/128", "dev", squatter.ifname)


@contextlib.contextmanager
def another_lan(nodes):
    """The nodes are on a second subnet, which the others know nothing of."""
    for i, node in enumerate(nodes):
        node.run("ip", "addr", "add", f"10.77.0.{i + 1}/24", "dev", node.ifname)
    try:
        yield
    finally:
        for i, node in enumerate(nodes):
            node.run("ip", "addr", "del", f"10.77.0.{i + 1}/24", "dev", node.ifname)


def test_an_address_given_where_the_allocator_cannot_ask_is_changed_for_the_next(cluster, squatter):
    others = [n for n in cluster.nodes if n != allocator(cluster)]
    taken, free = "10.77.0.100", "10.77.0.101"
    with another_lan(others), configured(squatter, taken):
        cluster.apply(objects.pool("far", f"{taken}-10.77.0.109"),
                      objects.advertisement("far", ipAddressPools=["far"], nodeSelectors=[{
                          "matchExpressions": [{"key": "kubernetes.io/hostname", "operator": "In",
                                                "values": [n.name for n in others]}]}]))
        cluster.backend("web", *cluster.nodes)
        cluster.apply(objects.service("web"))
        wait_for("the Service has the next address",
                 lambda: cluster.address_of("web") == free, timeout=20)
        assert cluster.events_of("web", "AddressConflict")
        event, = cluster.wait_event("web", "AddressInUse")
        assert f"{taken} is used by another host on its LAN, {squatter.mac()}" in event["message"]
        time.sleep(6)  # a claim is over
        assert cluster.address_of("web") == free
