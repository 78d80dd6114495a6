# SPDX-License-Identifier: Apache-2.0
"""
One allocator at a time, whatever becomes of it.  Services come and go all the while, and a witness
looks at every version of each: no address is on two of them, none changes and none is taken away.
"""
import signal
import time

import pytest

from cluster import objects
from cluster.base import served_pool
from cluster.run import wait_for

from lan import allocator, set_api
from witness import Tenants, Witness

LEASE_S = 3


@pytest.fixture(scope="module")
def short_leases(bare_cluster):
    """The module's cluster with daemons whose Lease is short."""
    bare_cluster.arplets.install()
    bare_cluster.apply(*served_pool("lan", "10.201.0.0/22"))
    bare_cluster.arplets.start_all("--lease-duration", f"{LEASE_S}s")
    yield bare_cluster
    bare_cluster.arplets.stop_all()


@pytest.fixture
def watched(short_leases):
    """Services come and go from before the test until after it; the witness must be content."""
    cluster = short_leases
    witness, tenants = Witness(cluster), Tenants(cluster, alive=40)
    wait_for("addresses are given", lambda: witness.seen > 50, 20)
    yield cluster, witness, tenants
    time.sleep(1)
    tenants.close()
    for name in tenants.made:
        cluster.api.delete("Service", name)
    witness.close()
    assert witness.faults == []
    cluster.arplets.start_all("--lease-duration", f"{LEASE_S}s")


def at_work_again(watched, since, timeout):
    """Seconds from `since` until a Service that was made after it has an address."""
    _, witness, tenants = watched

    def served():
        return [witness.first[name] for name, made in list(tenants.made.items())
                if made > since and name in witness.first]

    return min(wait_for("a new Service has an address", served, timeout)) - since


def wait_other(cluster, old):
    wait_for("another daemon holds the Lease", lambda: allocator(cluster) != old, 3 * LEASE_S)


def test_after_sigkill_another_is_at_work_within_the_lease(watched):
    old = allocator(watched[0])
    killed = time.monotonic()
    watched[0].arplets.stop(old, signal.SIGKILL)
    # the Lease may have been renewed as it was killed; a new one reads all before it gives
    assert at_work_again(watched, killed, 3 * LEASE_S) < LEASE_S + 1


def test_after_sigterm_another_is_at_work_within_three_seconds(watched):
    old = allocator(watched[0])
    told = time.monotonic()
    assert watched[0].arplets.stop(old) == 0
    assert at_work_again(watched, told, 10) < 3


def freeze_in_the_middle_of_writes(cluster, node, prefix, count=300):
    """It finds that many Services waiting, and is stopped again as soon as it has served some."""
    names = [f"{prefix}-{n}" for n in range(count)]
    cluster.arplets.freeze(node, True)
    for name in names:
        cluster.api.apply(objects.service(name, allocateLoadBalancerNodePorts=False))
    cluster.arplets.freeze(node, False)
    wait_for("some are served", lambda: any(map(cluster.address_of, names[:20])), 5, 0.005)
    cluster.arplets.freeze(node, True)
    return names


def test_one_that_was_frozen_for_longer_than_its_lease_gives_nothing_more(watched):
    """For a while two believe, and the one that comes back has decided on much that is not so."""
    cluster = watched[0]
    for turn in range(2):
        old = allocator(cluster)
        names = freeze_in_the_middle_of_writes(cluster, old, f"burst{turn}")
        try:
            wait_other(cluster, old)
            wait_for("the other serves the rest",
                     lambda: all(map(cluster.address_of, names)), 20, 0.5)
        finally:
            cluster.arplets.freeze(old, False)
        thawed = time.monotonic()
        at_work_again(watched, thawed, 2 * LEASE_S)
        time.sleep(1)
        assert allocator(cluster) != old
        for name in names:
            cluster.api.delete("Service", name)


def test_one_that_is_cut_from_the_api_gives_nothing_more(watched):
    cluster = watched[0]
    old = allocator(cluster)
    set_api(old, False)
    try:
        cut = time.monotonic()
        at_work_again(watched, cut, 3 * LEASE_S + 2)
        assert allocator(cluster) != old
        time.sleep(LEASE_S)
    finally:
        set_api(old, True)
    time.sleep(2)
    assert allocator(cluster) != old
