# SPDX-License-Identifier: Apache-2.0
"""
Only one daemon at a time allocates addresses, even if daemons die, hang or lose the API server.
Services are created and deleted during each test.  An AllocationChecker checks that no two Services
have the same address, and that no address of a Service changes or is removed.
"""
import signal
import time

import pytest

from cluster import objects
from cluster.base import served_pool
from cluster.objects import NAMESPACE
from cluster.run import wait_for

from lan import allocator, set_api_reachable
from allocation_checker import AllocationChecker, ServiceChurn

LEASE_S = 3


@pytest.fixture(scope="module")
def short_leases(bare_cluster):
    """The cluster of the test module; its daemons use a Lease of LEASE_S seconds."""
    bare_cluster.arplets.install()
    bare_cluster.apply(*served_pool("lan", "10.201.0.0/22"))
    bare_cluster.arplets.start_all("--lease-duration", f"{LEASE_S}s")
    yield bare_cluster
    bare_cluster.arplets.stop_all()


@pytest.fixture
def churned(short_leases):
    """Yields (cluster, checker, churn); then asserts that the checker has found no violation."""
    cluster = short_leases
    checker, churn = AllocationChecker(cluster), ServiceChurn(cluster, count=40)
    wait_for("addresses are assigned", lambda: checker.n_assigned > 50, 20)
    yield cluster, checker, churn
    time.sleep(1)
    churn.close()
    for name in churn.created:
        cluster.api.delete("Service", name)
    checker.close()
    assert checker.violations == []
    cluster.arplets.start_all("--lease-duration", f"{LEASE_S}s")


def seconds_until_allocation(churned, since, timeout):
    """Seconds from `since` to the first allocation for a Service created after `since`."""
    _, checker, churn = churned

    def assigned():
        return [checker.first_assigned[name] for name, created in list(churn.created.items())
                if created > since and name in checker.first_assigned]

    return min(wait_for("a new Service has an address", assigned, timeout)) - since


def wait_new_allocator(cluster, old):
    wait_for("another daemon holds the Lease", lambda: allocator(cluster) != old, 3 * LEASE_S)


def test_after_sigkill_another_daemon_allocates_within_the_lease_duration(churned):
    old = allocator(churned[0])
    killed = time.monotonic()
    churned[0].arplets.stop(old, signal.SIGKILL)
    # worst case: the Lease was renewed just before SIGKILL; the new allocator's lists take 1 s
    assert seconds_until_allocation(churned, killed, 3 * LEASE_S) < LEASE_S + 1


def test_after_sigterm_another_daemon_allocates_within_three_seconds(churned):
    old = allocator(churned[0])
    stopped = time.monotonic()
    assert churned[0].arplets.stop(old) == 0
    assert seconds_until_allocation(churned, stopped, 10) < 3


def freeze_in_the_middle_of_writes(cluster, node, prefix, count=300):
    """Creates Services, and freezes the node's daemon when some of them have an address."""
    names = [f"{prefix}-{n}" for n in range(count)]
    cluster.arplets.freeze(node, True)
    for name in names:
        cluster.api.apply(objects.service(name, allocateLoadBalancerNodePorts=False))
    cluster.arplets.freeze(node, False)
    wait_for("some Services have an address",
             lambda: any(map(cluster.address_of, names[:20])), 5, 0.005)
    cluster.arplets.freeze(node, True)
    return names


def test_an_allocator_frozen_for_longer_than_its_lease_allocates_no_more(churned):
    """When the frozen allocator continues, it first does not know that it has lost the Lease."""
    cluster = churned[0]
    for turn in range(2):
        old = allocator(cluster)
        names = freeze_in_the_middle_of_writes(cluster, old, f"burst{turn}")
        try:
            wait_new_allocator(cluster, old)
            wait_for("the new allocator serves the other Services",
                     lambda: all(map(cluster.address_of, names)), 20, 0.5)
        finally:
            cluster.arplets.freeze(old, False)
        thawed = time.monotonic()
        seconds_until_allocation(churned, thawed, 2 * LEASE_S)
        time.sleep(1)
        assert allocator(cluster) != old
        for name in names:
            cluster.api.delete("Service", name)


def test_a_daemon_that_starts_after_the_lease_was_deleted_waits_for_the_old_holder(churned):
    """The old holder is frozen, does not know of the deletion, and continues after a while."""
    cluster = churned[0]
    old = allocator(cluster)
    successor, *others = [node for node in cluster.nodes if node != old]
    for node in (successor, *others):
        cluster.arplets.stop(node)
    cluster.arplets.freeze(old, True)
    try:
        cluster.api.delete("Lease", "arplet", NAMESPACE)
        deleted = time.monotonic()
        cluster.arplets.start(successor, "--lease-duration", f"{LEASE_S}s")
        assert LEASE_S < seconds_until_allocation(churned, deleted, 4 * LEASE_S) < LEASE_S + 3
    finally:
        cluster.arplets.freeze(old, False)
    time.sleep(1)
    assert allocator(cluster) == successor


def test_an_allocator_without_the_api_allocates_no_more(churned):
    cluster = churned[0]
    old = allocator(cluster)
    set_api_reachable(old, False)
    try:
        disconnected = time.monotonic()
        seconds_until_allocation(churned, disconnected, 3 * LEASE_S + 2)
        assert allocator(cluster) != old
        time.sleep(LEASE_S)
    finally:
        set_api_reachable(old, True)
    time.sleep(2)
    assert allocator(cluster) != old
