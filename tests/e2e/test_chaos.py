# SPDX-License-Identifier: Apache-2.0
"""
Up to three random faults occur at the same time, while Services are created and deleted.  A seed
determines the faults.  No address is ever assigned to two Services, and no Service's address
changes or is removed.  Soon after each round of faults, exactly one node answers for each address,
and clients reach the Service by HTTP.

    pytest tests/e2e/test_chaos.py --chaos-seed=7 --chaos-rounds=100
"""
import contextlib
import dataclasses
import http.client
import random
import signal
import time
from collections.abc import Callable

import pytest

from cluster import objects
from cluster.api import ApiError
from cluster.base import served_pool
from cluster.objects import NAMESPACE
from cluster.run import wait_for

from lan import EXCLUDE, holders, set_api_reachable, wait_holder, wait_http
from allocation_checker import AllocationChecker, ServiceChurn

LEASE_S = 3
OPTIONS = ("--lease-duration", f"{LEASE_S}s", "--leave-cordoned")
RECOVERY_S = 20  # time for a Lease to expire and an API server to start, on a busy machine


@dataclasses.dataclass(frozen=True)
class Fault:
    name: str
    begin: Callable
    end: Callable = lambda: None


def node_faults(cluster, node):
    """The list of faults that a test can inject into this node."""
    arplets, others = cluster.arplets, [n for n in cluster.nodes if n is not node]
    switch = cluster.switch

    def disconnection(name, set_connected):
        return Fault(f"{node}: {name}", lambda: set_connected(False), lambda: set_connected(True))

    def daemon_exit(name, sig):
        return Fault(f"{node}: {name}", lambda: arplets.stop(node, sig),
                       lambda: arplets.launch(node))

    def node_patch(name, change, undo):
        return Fault(f"{node}: {name}", lambda: cluster.api.patch("Node", node.name, change),
                       lambda: cluster.api.patch("Node", node.name, undo))

    def label(value):
        return {"metadata": {"labels": {EXCLUDE: value}}}

    return [
        daemon_exit("killed", signal.SIGKILL),
        daemon_exit("terminated", signal.SIGTERM),
        disconnection("frozen", lambda runs: arplets.freeze(node, not runs)),
        disconnection("not forwarded by the switch", node.set_forwarded),
        disconnection("without carrier", node.set_cable),
        disconnection("interface down", node.set_link),
        Fault(f"{node}: receives nothing from the others", lambda: switch.drop(others, [node]),
              switch.heal),
        Fault(f"{node}: sends nothing to the others", lambda: switch.drop([node], others),
              switch.heal),
        Fault(f"{node}: partitioned from the others", lambda: switch.partition([node], others),
                switch.heal),
        disconnection("without the API", lambda reachable: set_api_reachable(node, reachable)),
        node_patch("excluded by label", label(""), label(None)),
        node_patch("cordoned", {"spec": {"unschedulable": True}},
                   {"spec": {"unschedulable": None}}),
        disconnection("not Ready", lambda ready: cluster.set_ready(node, ready)),
    ]


def cluster_faults(cluster):
    """The list of faults that affect all nodes."""
    return [
        Fault("the API server is killed", cluster.stop_api, cluster.start_api),
        Fault("the API server hangs", lambda: cluster.freeze_api(True),
                lambda: cluster.freeze_api(False)),
        Fault("the Lease is deleted", lambda: cluster.api.delete("Lease", "arplet", NAMESPACE)),
    ]


def timeline(cluster, rng):
    """Chooses random faults; returns the steps [(time, name, function)], sorted by time."""
    nodes = rng.sample(cluster.nodes, rng.choice((1, 1, 2)))
    faults = [rng.choice(node_faults(cluster, node)) for node in nodes]
    if rng.random() < 0.5:
        faults.append(rng.choice(cluster_faults(cluster)))
    steps = []
    for fault in faults:
        begin = rng.uniform(0, 2)
        end = begin + rng.choice((0.1, 0.5, 2, 5)) * rng.uniform(0.5, 1)
        steps += [(begin, fault.name, fault.begin), (end, f"over: {fault.name}", fault.end)]
    return sorted(steps, key=lambda s: s[0])


def run_timeline(steps, log):
    """Runs all steps; then repeats each step that failed because the API server was down."""
    start, failed = time.monotonic(), []
    for at, name, act in steps:
        time.sleep(max(0.0, start + at - time.monotonic()))
        log.append(f"{time.monotonic() - start:.2f} s {name}")
        try:
            act()
        except (OSError, http.client.HTTPException):
            failed.append((name, act))
    for name, act in failed:
        log.append(f"{time.monotonic() - start:.2f} s {name} (repeated)")
        act()


@pytest.fixture
def addresses(cluster, client):
    a = cluster.addresses
    cluster.apply(*served_pool("lan", f"{a[0]}-{a[9]}"),
                  *served_pool("churn", "10.201.0.0/22", autoAssign=True))
    cluster.backend("web", *cluster.nodes)
    cluster.apply(objects.service("web", annotations={"metallb.io/address-pool": "lan"}))
    cluster.backend("local", *cluster.nodes[:2])
    cluster.apply(objects.service("local", externalTrafficPolicy="Local",
                                  annotations={"metallb.io/address-pool": "lan"}))
    assigned = [cluster.wait_address(name) for name in ("web", "local")]
    for address in assigned:
        wait_holder(cluster, client, address)
    return assigned


@pytest.fixture
def checker(cluster, addresses):
    allocations, churn = AllocationChecker(cluster), ServiceChurn(cluster, count=40)
    yield allocations
    churn.close()
    for name in churn.created:
        with contextlib.suppress(ApiError):
            cluster.api.delete("Service", name)
    allocations.close()


def assert_recovery(cluster, client, addresses):
    for node in cluster.nodes:
        wait_for(f"arplet on {node} is ready",
                 lambda n=node: cluster.arplets.is_ready(n), RECOVERY_S)
    for address in addresses:
        holder = wait_holder(cluster, client, address, RECOVERY_S)
        wait_http(client, address, timeout=RECOVERY_S)
        time.sleep(0.5)
        assert holders(cluster, client, address) == [holder.name], address


def test_no_random_fault_loses_an_address_or_assigns_it_twice(
        cluster, client, addresses, checker, pytestconfig):
    seed = pytestconfig.option.chaos_seed
    for number in range(pytestconfig.option.chaos_rounds):
        rng, log = random.Random(f"{seed}.{number}"), [f"seed {seed}, round {number}"]
        try:
            run_timeline(timeline(cluster, rng), log)
            assert_recovery(cluster, client, addresses)
            late = f"late-{number}"
            cluster.apply(objects.service(late))
            cluster.wait_address(late, RECOVERY_S)
            cluster.api.delete("Service", late)
            assert checker.violations == []
        finally:
            print("\n  ".join(log), flush=True)
    assert checker.n_assigned > 0
