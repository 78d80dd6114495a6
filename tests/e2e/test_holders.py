# SPDX-License-Identifier: Apache-2.0
"""Tests of the ServiceL2Status that holders write, and of announcements after link changes."""
import time

import pytest

from cluster import objects
from cluster.base import served_pool
from cluster.objects import NAMESPACE
from cluster.run import wait_for

from lan import disconnected, holders, wait_holder, wait_http

# When the carrier of a port is back, the bridge begins to forward frames within 1 s.  At a cold
# start, a daemon waits up to 5 s for hellos of Ready nodes before it claims VIPs.
ANNOUNCE_TIMEOUT_S = 10


@pytest.fixture
def address(cluster, client):
    """The address of a Service with a pod on every node; the client's ARP table contains it."""
    a = cluster.addresses
    cluster.apply(*served_pool("lan", f"{a[0]}-{a[9]}"))
    cluster.backend("web", *cluster.nodes)
    cluster.apply(objects.service("web"))
    address = cluster.wait_address("web")
    wait_http(client, address)
    return address


def test_a_holder_that_is_not_ready_keeps_the_vip_while_its_hellos_arrive(
        cluster, client, address):
    holder = wait_holder(cluster, client, address)
    cluster.set_ready(holder, False)
    time.sleep(1)
    assert wait_holder(cluster, client, address) == holder
    wait_http(client, address)


def test_the_holder_of_a_local_service_follows_its_pods(cluster, client):
    a = cluster.addresses
    cluster.apply(*served_pool("lan", f"{a[0]}-{a[9]}"))
    cluster.backend("local", cluster.nodes[0])
    cluster.apply(objects.service("local", externalTrafficPolicy="Local"))
    address = cluster.wait_address("local")
    assert wait_holder(cluster, client, address) == cluster.nodes[0]
    cluster.remove_backend("local")
    cluster.backend("local", cluster.nodes[2])
    wait_for("the node of the pod is the holder", lambda: holders(cluster, client, address) ==
             [cluster.nodes[2].name])
    wait_http(client, address)


def test_a_service_l2_status_names_the_holder(cluster, client, address):
    def status_nodes():
        return [s["status"].get("node") for s in cluster.api.list("ServiceL2Status", NAMESPACE)
                if s.get("status", {}).get("serviceName") == "web"]

    holder = wait_holder(cluster, client, address)
    wait_for("one status that names the holder", lambda: status_nodes() == [holder.name])
    with disconnected(holder.set_forwarded):
        successor = wait_holder(cluster, client, address)
        assert successor != holder
        wait_for("one status that names the successor", lambda: status_nodes() == [successor.name])
    wait_for("one status that names the successor", lambda: status_nodes() == [successor.name])


@pytest.fixture
def alone(cluster, client, address):
    """Stops the daemons of all nodes except the holder; returns the holder."""
    holder = wait_holder(cluster, client, address)
    for node in cluster.nodes:
        if node is not holder:
            cluster.arplets.stop(node)
    return wait_holder(cluster, client, address)


def test_a_holder_announces_its_vip_again_every_refresh_interval(cluster, client, address, alone):
    """The capture begins 7 s after the claim, when the claim's announcements (5 s) are over."""
    cluster.arplets.stop(alone)
    cluster.arplets.start(alone, "--refresh-interval", "10s")
    try:
        wait_holder(cluster, client, address)
        time.sleep(7)
        with client.capture() as capture:
            capture.wait(lambda f: f.gratuitous_for(address) and f.eth_src == alone.mac(),
                         timeout=12)
    finally:
        cluster.arplets.stop(alone)


def test_a_holder_announces_its_vip_as_soon_as_its_carrier_is_back(cluster, client, address, alone):
    holder = alone
    holder.set_cable(False)
    try:
        assert client.arping(address) == []
    finally:
        with client.capture() as capture:
            holder.set_cable(True)
            capture.wait(lambda f: f.gratuitous_for(address) and f.eth_src == holder.mac(),
                      timeout=ANNOUNCE_TIMEOUT_S)
    assert wait_holder(cluster, client, address) == holder
    wait_http(client, address)


def test_a_holder_announces_its_vip_as_soon_as_its_interface_is_up(cluster, client, address, alone):
    holder = alone
    holder.set_link(False)
    assert client.arping(address) == []
    with client.capture() as capture:
        holder.set_link(True)
        capture.wait(lambda f: f.gratuitous_for(address) and f.eth_src == holder.mac(),
                     timeout=ANNOUNCE_TIMEOUT_S)
    assert wait_holder(cluster, client, address) == holder
    wait_http(client, address)


def test_a_holder_announces_its_vip_with_the_new_mac_of_its_interface(
        cluster, client, address, alone):
    holder = alone
    old_mac, new_mac = holder.mac(), "02:00:00:00:aa:01"
    try:
        with client.capture() as capture:
            holder.run("ip", "link", "set", holder.ifname, "address", new_mac)
            capture.wait(lambda f: f.gratuitous_for(address) and f.sender_mac == new_mac,
                         timeout=ANNOUNCE_TIMEOUT_S)
        assert client.arping(address) == [new_mac]
    finally:
        holder.run("ip", "link", "set", holder.ifname, "address", old_mac)
    wait_for("the holder answers with the old MAC", lambda: client.arping(address) == [old_mac])
