# SPDX-License-Identifier: Apache-2.0
"""Writers of the API that another writer disturbs: a deleted Lease, two classes of daemons."""
import contextlib
import time

from cluster import objects
from cluster.arplet import PROGRAM
from cluster.base import served_pool
from cluster.objects import NAMESPACE
from cluster.run import wait_for

from lan import allocator, frozen, metric, wait_holder

LEASE_S = 3
OPTIONS = ("--lease-duration", f"{LEASE_S}s")
NODES = 2
FIGHT_S = 4
WRITES_MAX = 20


def test_the_successor_of_a_frozen_leader_waits_although_the_lease_is_deleted(cluster):
    """A daemon that has just started does not know how long the former holder may still write."""
    leader = allocator(cluster)
    other = next(n for n in cluster.nodes if n != leader)
    cluster.arplets.stop(other)
    with frozen(cluster, leader):
        cluster.api.delete("Lease", "arplet", NAMESPACE)
        began = time.monotonic()
        cluster.arplets.start(other)
        wait_for("the other daemon allocates",
                 lambda: metric(cluster, other, "arplet_is_allocator"), 5 * LEASE_S)
        waited = time.monotonic() - began
    print(f"the successor waited {waited:.2f} s of {LEASE_S} s")
    assert waited >= LEASE_S


@contextlib.contextmanager
def second_daemon(cluster, node, *options):
    """Runs another daemon on a node, beside the node's first daemon, until the block ends."""
    name = "arplet-second"
    cluster.procs.start(name, [
        PROGRAM, "--kubeconfig", cluster.arplets.config, "--node-name", node.name,
        "--namespace", NAMESPACE, "--http", "127.0.0.1:7476", *options], node.netns)
    try:
        yield
    finally:
        cluster.procs.stop(name)


def versions(cluster, seconds, delete=False):
    """
    The versions of all ServiceL2Statuses that exist within this time; `delete`: deletes each at
    once, as another program does that believes that its Service is not announced.
    """
    seen = set()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for status in cluster.api.list("ServiceL2Status", NAMESPACE):
            meta = status["metadata"]
            seen.add((meta["uid"], meta["resourceVersion"]))
            if delete:
                cluster.api.delete("ServiceL2Status", meta["name"], NAMESPACE)
        time.sleep(0.01)
    return seen


def serve(cluster, name):
    """Makes a Service that daemons announce."""
    a = cluster.addresses
    cluster.apply(*served_pool("lan", f"{a[0]}-{a[9]}"),
                  objects.endpoint_slice(name, [("10.244.1.200", cluster.nodes[0].name, True)],
                                         8080), objects.service(name))
    return wait_holder(cluster, cluster.clients[0], cluster.wait_address(name))


def event_count(cluster):
    return sum(e.get("count") or 1 for e in cluster.api.list("Event", "default"))


def test_a_holder_whose_servicel2status_is_deleted_creates_it_a_few_times(cluster):
    serve(cluster, "web")
    seen = versions(cluster, FIGHT_S, delete=True)
    print(f"{len(seen)} ServiceL2Statuses in {FIGHT_S} s, {event_count(cluster)} Events")
    assert 1 <= len(seen) <= WRITES_MAX
    assert event_count(cluster) <= WRITES_MAX


def test_a_write_that_another_writer_reverts_is_repeated_a_few_times_a_second(cluster):
    """A controller clears the status of a Service as often as arplet writes it."""
    serve(cluster, "web")
    cleared = 0
    end = time.monotonic() + FIGHT_S
    while time.monotonic() < end:
        if cluster.address_of("web"):
            cluster.api.patch("Service", "web", {"status": {"loadBalancer": None}}, sub="status")
            cleared += 1
        time.sleep(0.01)
    print(f"{cleared} writes of the address in {FIGHT_S} s, {event_count(cluster)} Events")
    assert cleared <= WRITES_MAX
    assert event_count(cluster) <= WRITES_MAX


def test_daemons_of_two_classes_do_not_fight_over_servicel2statuses(cluster):
    """On one node, a daemon of each class runs; each serves no Service of the other class."""
    holder = serve(cluster, "web")
    with second_daemon(cluster, holder, "--lb-class", "example.com/other", "--lease-name", "other"):
        time.sleep(1)
        seen = versions(cluster, FIGHT_S)
    print(f"{len(seen)} versions in {FIGHT_S} s, {event_count(cluster)} Events")
    assert len(seen) <= WRITES_MAX
    assert event_count(cluster) <= WRITES_MAX
