# SPDX-License-Identifier: Apache-2.0
"""Who holds an address, how that is shown, and what becomes of it when links change."""
import time

import pytest

from cluster import objects
from cluster.base import served_pool
from cluster.objects import NAMESPACE
from cluster.run import wait_for

from lan import cut_off, holders, wait_holder, wait_http

LEARN_S = 10  # the bridge takes a second to use a port again; nodes that are not heard are waited for


@pytest.fixture
def address(cluster, client):
    """The address of a Service with a pod on every node, known to the client."""
    a = cluster.addresses
    cluster.apply(*served_pool("lan", f"{a[0]}-{a[9]}"))
    cluster.backend("web", *cluster.nodes)
    cluster.apply(objects.service("web"))
    address = cluster.wait_address("web")
    wait_http(client, address)
    return address


def test_a_node_that_is_not_ready_keeps_what_it_holds(cluster, client, address):
    """What counts is whether it is heard on the LAN."""
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
    wait_for("the holder follows", lambda: holders(cluster, client, address) ==
             [cluster.nodes[2].name])
    wait_http(client, address)


def test_the_holder_is_shown_in_a_status_object(cluster, client, address):
    def shown():
        return [s["status"].get("node") for s in cluster.api.list("ServiceL2Status", NAMESPACE)
                if s.get("status", {}).get("serviceName") == "web"]

    holder = wait_holder(cluster, client, address)
    wait_for("one status that names the holder", lambda: shown() == [holder.name])
    with cut_off(holder.set_forwarded):
        heir = wait_holder(cluster, client, address)
        assert heir != holder
        wait_for("one status that names the heir", lambda: shown() == [heir.name])
    wait_for("one status that names the heir", lambda: shown() == [heir.name])


@pytest.fixture
def alone(cluster, client, address):
    """The holder, when no other node's daemon runs."""
    holder = wait_holder(cluster, client, address)
    for node in cluster.nodes:
        if node is not holder:
            cluster.arplets.stop(node)
    return wait_holder(cluster, client, address)


def test_an_address_is_announced_again_as_often_as_an_option_says(cluster, client, address, alone):
    """Long after its claim, which takes five seconds, and though nothing has happened."""
    cluster.arplets.stop(alone)
    cluster.arplets.start(alone, "--refresh-interval", "10s")
    try:
        wait_holder(cluster, client, address)
        time.sleep(7)
        with client.capture() as wire:
            wire.wait(lambda f: f.gratuitous_for(address) and f.eth_src == alone.mac(), timeout=12)
    finally:
        cluster.arplets.stop(alone)


def test_a_cable_that_was_out_is_announced_on_at_once(cluster, client, address, alone):
    holder = alone
    holder.set_cable(False)
    try:
        assert client.arping(address) == []
    finally:
        with client.capture() as wire:
            holder.set_cable(True)
            wire.wait(lambda f: f.gratuitous_for(address) and f.eth_src == holder.mac(),
                      timeout=LEARN_S)
    assert wait_holder(cluster, client, address) == holder
    wait_http(client, address)


def test_an_interface_that_was_down_is_announced_on_at_once(cluster, client, address, alone):
    holder = alone
    holder.set_link(False)
    assert client.arping(address) == []
    with client.capture() as wire:
        holder.set_link(True)
        wire.wait(lambda f: f.gratuitous_for(address) and f.eth_src == holder.mac(), timeout=LEARN_S)
    assert wait_holder(cluster, client, address) == holder
    wait_http(client, address)


def test_an_interface_with_a_new_mac_is_announced_with_it(cluster, client, address, alone):
    holder = alone
    old_mac, new_mac = holder.mac(), "02:00:00:00:aa:01"
    try:
        with client.capture() as wire:
            holder.run("ip", "link", "set", holder.ifname, "address", new_mac)
            wire.wait(lambda f: f.gratuitous_for(address) and f.sender_mac == new_mac, timeout=LEARN_S)
        assert client.arping(address) == [new_mac]
    finally:
        holder.run("ip", "link", "set", holder.ifname, "address", old_mac)
    wait_for("the old MAC again", lambda: client.arping(address) == [old_mac])
