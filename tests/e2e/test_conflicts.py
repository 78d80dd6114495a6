# SPDX-License-Identifier: Apache-2.0
"""Tests in which another host on the LAN uses the address of a Service."""
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
def address_configured(host, address):
    """Configures address on a host, whose kernel answers ARP requests until the block ends."""
    host.run("ip", "addr", "add", f"{address}/32", "dev", host.ifname)
    try:
        yield
    finally:
        host.run("ip", "addr", "del", f"{address}/32", "dev", host.ifname)


def wait_announced(cluster, name, reason):
    """Waits until a Service's condition Announced has this reason; returns the condition."""
    def announced():
        status = cluster.api.get("Service", name)["status"]
        return next((c for c in status.get("conditions", [])
                     if c["type"] == "arplet.io/Announced" and c["reason"] == reason), None)

    wait_for(f"{name} has Announced with {reason}", announced)
    return announced()


@pytest.fixture
def other_host(cluster):
    return cluster.clients[1]


def test_an_event_names_a_conflicting_host_and_the_holder_defends_the_vip(
        cluster, client, other_host):
    a = cluster.addresses
    cluster.apply(*served_pool("lan", f"{a[0]}-{a[9]}"))
    cluster.backend("web", *cluster.nodes)
    cluster.apply(objects.service("web"))
    address = cluster.wait_address("web")
    holder = wait_holder(cluster, client, address)
    with address_configured(other_host, address):
        other_host.run("arping", "-U", "-c", "1", "-I", other_host.ifname, address, check=False)
        event, = cluster.wait_event("web", "AddressConflict")
        assert event["type"] == "Warning"
        assert f"{address} is claimed on {holder.ifname} by {other_host.mac()}" in event["message"]
        condition = wait_announced(cluster, "web", "AddressConflict")
        assert condition["status"] == "True" and other_host.mac() in condition["message"]
        metrics = cluster.arplets.http(holder, "metrics")
        assert (f'arplet_address_conflicts_total{{ip="{address}",interface="{holder.ifname}",'
                f'mac="{other_host.mac()}"}}') in metrics
        assert (f'arplet_address_in_conflict{{ip="{address}",interface="{holder.ifname}",'
                'state="defended"} 1') in metrics
        assert answering_hosts(other_host, cluster, client, address) == sorted(
            [holder.name, other_host.name])
    event, = cluster.wait_event("web", "AddressConflictOver", timeout=30)
    assert event["type"] == "Normal"
    wait_announced(cluster, "web", "NodeAssigned")
    assert holders(cluster, client, address) == [holder.name]
    assert len(cluster.events_of("web", "AddressConflict")) == 1


def answering_hosts(other_host, cluster, client, address):
    """The names of the hosts (nodes and other_host) that answer ARP requests for address."""
    by_mac = {h.mac(): h.name for h in [*cluster.nodes, other_host]}
    return sorted(by_mac[m] for m in client.arping(address, count=2, wait=2))


def test_the_holder_yields_to_a_conflicting_host_if_the_annotation_conflict_is_yield(
        cluster, client, other_host):
    a = cluster.addresses
    pool, advertisement = served_pool("lan", f"{a[0]}-{a[9]}")
    pool["metadata"]["annotations"] = {"arplet.io/conflict": "yield"}
    cluster.apply(pool, advertisement)
    cluster.backend("web", *cluster.nodes)
    cluster.apply(objects.service("web"))
    address = cluster.wait_address("web")
    holder = wait_holder(cluster, client, address)
    with address_configured(other_host, address):
        # RFC 5227 2.4 (b): the holder defends the VIP once, and yields at the next conflict
        wait_for("only the conflicting host answers", lambda: other_host.run(
            "arping", "-U", "-c", "1", "-I", other_host.ifname, address, check=False) and
            answering_hosts(other_host, cluster, client, address) == [other_host.name], 30)
        condition = wait_announced(cluster, "web", "AddressConflict")
        assert condition["status"] == "False" and other_host.mac() in condition["message"]
        assert (f'arplet_address_in_conflict{{ip="{address}",interface="{holder.ifname}",'
                'state="yielded"} 1') in cluster.arplets.http(holder, "metrics")


def test_an_event_names_the_node_whose_kernel_has_the_address(cluster, client):
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
    wait_for("only the holder answers", lambda: holders(cluster, client, address) ==
             [holder.name])


def test_a_node_whose_hellos_never_arrived_is_not_reported_as_another_host(cluster, client):
    *with_daemon, silent = cluster.nodes
    cluster.arplets.stop_all()
    for node in with_daemon:
        cluster.arplets.start(node)
    a = cluster.addresses
    cluster.apply(*served_pool("lan", f"{a[0]}-{a[9]}"))
    cluster.backend("web", *cluster.nodes)
    cluster.apply(objects.service("web"))
    address = cluster.wait_address("web")
    wait_holder(cluster, client, address)
    with address_configured(silent, address):
        silent.run("arping", "-U", "-c", "3", "-I", silent.ifname, address, check=False)
        event, = cluster.wait_event("web", "AddressOnNode", timeout=20)
        assert silent.mac() in event["message"]
    assert not cluster.events_of("web", "AddressConflict")


def test_an_address_that_another_host_uses_is_not_allocated(cluster, client, other_host):
    a = cluster.addresses[20:]  # daemons can still have probe results of the first 20 addresses
    with address_configured(other_host, a[0]):
        cluster.apply(*served_pool("lan", f"{a[0]}-{a[3]}"))
        cluster.backend("web", *cluster.nodes)
        cluster.apply(objects.service("web"))
        assert cluster.wait_address("web") == a[1]
        event, = cluster.wait_event("web", "AddressInUse")
        assert f"{a[0]} is used by another host on its LAN, {other_host.mac()}" in event["message"]
        event, = cluster.wait_event("lan", "AddressInUse", NAMESPACE)
        assert other_host.mac() in event["message"]
        shown = 'arplet_addresses_in_use_by_others{pool="lan"} 1'
        assert any(shown in cluster.arplets.http(n, "metrics") for n in cluster.nodes)

        cluster.apply(objects.service("named", annotations={"metallb.io/loadBalancerIPs": a[0]}))
        event, = cluster.wait_event("named", "AllocationFailed")
        assert other_host.mac() in event["message"]
        assert cluster.address_of("named") is None


def test_an_ipv6_address_that_another_host_uses_is_not_allocated(cluster, other_host):
    a = cluster.addresses6[20:]
    if not a:
        pytest.skip("the cluster has no IPv6")
    other_host.run("ip", "addr", "add", f"{a[0]}/128", "dev", other_host.ifname, "nodad")
    try:
        time.sleep(2)  # meanwhile, the switch learns the multicast group of the address
        cluster.apply(*served_pool("six", f"{a[0]}-{a[3]}"))
        cluster.apply(objects.service("six", ipFamilies=["IPv6"]))
        assert cluster.wait_address("six") == a[1]
    finally:
        other_host.run("ip", "addr", "del", f"{a[0]}/128", "dev", other_host.ifname)


@contextlib.contextmanager
def another_subnet(nodes):
    """Adds addresses of a second subnet to these nodes until the block ends."""
    for i, node in enumerate(nodes):
        node.run("ip", "addr", "add", f"10.77.0.{i + 1}/24", "dev", node.ifname)
    try:
        yield
    finally:
        for i, node in enumerate(nodes):
            node.run("ip", "addr", "del", f"10.77.0.{i + 1}/24", "dev", node.ifname)


def test_an_address_that_was_not_probed_is_replaced_when_its_holder_finds_a_conflict(
        cluster, other_host):
    others = [n for n in cluster.nodes if n != allocator(cluster)]
    taken, free = "10.77.0.100", "10.77.0.101"
    with another_subnet(others), address_configured(other_host, taken):
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
        assert f"{taken} is used by another host on its LAN, {other_host.mac()}" in event["message"]
        time.sleep(6)  # a holder announces a new VIP for 5 s
        assert cluster.address_of("web") == free
