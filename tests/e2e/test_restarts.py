# SPDX-License-Identifier: Apache-2.0
"""Services keep their addresses while daemons and the API server restart."""
import signal

import pytest

from cluster import objects
from cluster.base import served_pool

from lan import allocator, holders, wait_holder, wait_http

NAMES = ("one", "two", "three")


@pytest.fixture
def addresses(cluster):
    """The addresses of three Services with pods."""
    a = cluster.addresses
    cluster.apply(*served_pool("lan", f"{a[0]}-{a[9]}"))
    for name in NAMES:
        cluster.backend(name, *cluster.nodes[:2])
        cluster.apply(objects.service(name))
    return {n: cluster.wait_address(n) for n in NAMES}


def current(cluster):
    return {n: cluster.address_of(n) for n in NAMES}


def test_services_keep_their_addresses_when_every_daemon_restarts(cluster, client, addresses):
    before = {n: cluster.api.get("Service", n)["status"] for n in NAMES}
    for node in cluster.nodes:
        cluster.arplets.stop(node)
    assert current(cluster) == addresses
    assert client.arping(addresses["one"]) == []
    for node in cluster.nodes:
        cluster.arplets.start(node)
    for address in addresses.values():
        wait_http(client, address)
    assert {n: cluster.api.get("Service", n)["status"] for n in NAMES} == before


def test_another_daemon_allocates_after_the_allocator_was_killed(cluster, client, addresses):
    old = allocator(cluster)
    cluster.arplets.stop(old, signal.SIGKILL)
    cluster.backend("four", cluster.nodes[0])
    cluster.apply(objects.service("four"))
    fourth = cluster.wait_address("four", timeout=30)
    assert fourth not in addresses.values()
    assert allocator(cluster) != old
    assert current(cluster) == addresses


def test_another_daemon_allocates_at_once_after_the_allocator_has_terminated(cluster, addresses):
    old = allocator(cluster)
    assert cluster.arplets.stop(old) == 0
    cluster.apply(objects.service("four"))
    cluster.wait_address("four", timeout=5)
    assert allocator(cluster) != old
    assert current(cluster) == addresses


def test_holders_keep_their_vips_while_the_api_server_is_down(cluster, client, addresses):
    held_by = {a: wait_holder(cluster, client, a).name for a in addresses.values()}
    cluster.stop_api()
    try:
        for address in addresses.values():
            wait_http(client, address)
            assert holders(cluster, client, address) == [held_by[address]]
    finally:
        cluster.start_api()
    cluster.backend("four", cluster.nodes[0])
    cluster.apply(objects.service("four"))
    fourth = cluster.wait_address("four", timeout=30)
    wait_http(client, fourth, start="four-")
    assert current(cluster) == addresses


def test_no_node_announces_a_service_that_was_deleted_while_no_daemon_ran(
        cluster, client, addresses):
    for node in cluster.nodes:
        cluster.arplets.stop(node)
    cluster.api.delete("Service", "two")
    for node in cluster.nodes:
        cluster.arplets.start(node)
    wait_http(client, addresses["one"])
    assert client.arping(addresses["two"], count=2, wait=2) == []
