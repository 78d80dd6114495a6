# SPDX-License-Identifier: Apache-2.0
"""Daemons and API servers come and go; addresses stay."""
import signal

import pytest

from cluster import objects
from cluster.base import served_pool
from cluster.objects import NAMESPACE
from cluster.run import wait_for

from lan import holders, wait_holder, wait_http

LEASE = "arplet"
NAMES = ("one", "two", "three")


@pytest.fixture
def addresses(cluster):
    """Three Services that are served; the addresses that they have."""
    a = cluster.addresses
    cluster.apply(*served_pool("lan", f"{a[0]}-{a[9]}"))
    for name in NAMES:
        cluster.backend(name, *cluster.nodes[:2])
        cluster.apply(objects.service(name))
    return {n: cluster.wait_address(n) for n in NAMES}


def current(cluster):
    return {n: cluster.address_of(n) for n in NAMES}


def allocator(cluster):
    """The node whose daemon holds the Lease."""
    def holder():
        leases = cluster.api.list("Lease", NAMESPACE, fieldSelector=f"metadata.name={LEASE}")
        identity = leases[0]["spec"].get("holderIdentity") if leases else None
        return next((n for n in cluster.nodes if (identity or "").startswith(n.name)), None)

    return wait_for("a holder of the Lease", holder)


def test_addresses_stay_when_every_daemon_is_restarted(cluster, client, addresses):
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


def test_a_new_allocator_takes_over_from_one_that_was_killed(cluster, client, addresses):
    old = allocator(cluster)
    cluster.arplets.stop(old, signal.SIGKILL)
    cluster.backend("four", cluster.nodes[0])
    cluster.apply(objects.service("four"))
    fourth = cluster.wait_address("four", timeout=30)
    assert fourth not in addresses.values()
    assert allocator(cluster) != old
    assert current(cluster) == addresses


def test_an_allocator_that_leaves_hands_over_at_once(cluster, addresses):
    old = allocator(cluster)
    assert cluster.arplets.stop(old) == 0
    cluster.apply(objects.service("four"))
    cluster.wait_address("four", timeout=5)
    assert allocator(cluster) != old
    assert current(cluster) == addresses


def test_addresses_are_served_while_the_api_server_is_away(cluster, client, addresses):
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


def test_a_service_deleted_while_no_daemon_ran_is_not_announced_again(cluster, client, addresses):
    for node in cluster.nodes:
        cluster.arplets.stop(node)
    cluster.api.delete("Service", "two")
    for node in cluster.nodes:
        cluster.arplets.start(node)
    wait_http(client, addresses["one"])
    assert client.arping(addresses["two"], count=2, wait=2) == []
