# SPDX-License-Identifier: Apache-2.0
"""
Things go wrong side by side, as a seed has it, while Services come and go.  Through all of it no
address is given twice, changed or taken away; and whenever the trouble is over, each address is
answered by one node soon, and its Service, too.

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

from lan import EXCLUDE, holders, set_api, wait_holder, wait_http
from witness import Tenants, Witness

LEASE_S = 3
OPTIONS = ("--lease-duration", f"{LEASE_S}s", "--leave-cordoned")
REST_S = 20  # a Lease that has to run out, an API server that starts, a machine that is busy


@dataclasses.dataclass(frozen=True)
class Trouble:
    name: str
    begin: Callable
    end: Callable = lambda: None


def of_a_node(cluster, node):
    """What can befall one node."""
    arplets, others = cluster.arplets, [n for n in cluster.nodes if n is not node]
    switch = cluster.switch

    def there_or_not(name, set_there):
        return Trouble(f"{node}: {name}", lambda: set_there(False), lambda: set_there(True))

    def daemon_ends(name, sig):
        return Trouble(f"{node}: {name}", lambda: arplets.stop(node, sig),
                       lambda: arplets.launch(node))

    def patched(name, change, back):
        return Trouble(f"{node}: {name}", lambda: cluster.api.patch("Node", node.name, change),
                       lambda: cluster.api.patch("Node", node.name, back))

    def labelled(value):
        return {"metadata": {"labels": {EXCLUDE: value}}}

    return [
        daemon_ends("killed", signal.SIGKILL),
        daemon_ends("told to end", signal.SIGTERM),
        there_or_not("frozen", lambda there: arplets.freeze(node, not there)),
        there_or_not("cut off by the switch", node.set_forwarded),
        there_or_not("cable out", node.set_cable),
        there_or_not("interface down", node.set_link),
        Trouble(f"{node}: deaf", lambda: switch.lose(others, [node]), switch.heal),
        Trouble(f"{node}: mute", lambda: switch.lose([node], others), switch.heal),
        Trouble(f"{node}: parted from the others", lambda: switch.part([node], others),
                switch.heal),
        there_or_not("without the API", lambda there: set_api(node, there)),
        patched("excluded by label", labelled(""), labelled(None)),
        patched("cordoned", {"spec": {"unschedulable": True}}, {"spec": {"unschedulable": None}}),
        there_or_not("not Ready", lambda there: cluster.set_ready(node, there)),
    ]


def of_the_cluster(cluster):
    """What can befall what the nodes share."""
    return [
        Trouble("the API server is killed", cluster.stop_api, cluster.start_api),
        Trouble("the API server hangs", lambda: cluster.freeze_api(True),
                lambda: cluster.freeze_api(False)),
        Trouble("the Lease is deleted", lambda: cluster.api.delete("Lease", "arplet", NAMESPACE)),
    ]


def timeline(cluster, dice):
    """[(seconds, what to say, what to do)], in order: one or two nodes, and at times all."""
    nodes = dice.sample(cluster.nodes, dice.choice((1, 1, 2)))
    troubles = [dice.choice(of_a_node(cluster, node)) for node in nodes]
    if dice.random() < 0.5:
        troubles.append(dice.choice(of_the_cluster(cluster)))
    steps = []
    for trouble in troubles:
        begin = dice.uniform(0, 2)
        end = begin + dice.choice((0.1, 0.5, 2, 5)) * dice.uniform(0.5, 1)
        steps += [(begin, trouble.name, trouble.begin), (end, f"over: {trouble.name}", trouble.end)]
    return sorted(steps, key=lambda s: s[0])


def happen(steps, said):
    """An API server that is away takes no change: that comes when it is there again."""
    start, late = time.monotonic(), []
    for at, name, act in steps:
        time.sleep(max(0.0, start + at - time.monotonic()))
        said.append(f"{time.monotonic() - start:.2f} s {name}")
        try:
            act()
        except (OSError, http.client.HTTPException):
            late.append((name, act))
    for name, act in late:
        said.append(f"{time.monotonic() - start:.2f} s {name} (again)")
        act()


@pytest.fixture
def addresses(cluster, client):
    a = cluster.addresses
    cluster.apply(*served_pool("lan", f"{a[0]}-{a[9]}"),
                  *served_pool("crowd", "10.201.0.0/22", autoAssign=True))
    cluster.backend("web", *cluster.nodes)
    cluster.apply(objects.service("web", annotations={"metallb.io/address-pool": "lan"}))
    cluster.backend("local", *cluster.nodes[:2])
    cluster.apply(objects.service("local", externalTrafficPolicy="Local",
                                  annotations={"metallb.io/address-pool": "lan"}))
    found = [cluster.wait_address(name) for name in ("web", "local")]
    for address in found:
        wait_holder(cluster, client, address)
    return found


@pytest.fixture
def witness(cluster, addresses):
    seen, tenants = Witness(cluster), Tenants(cluster, alive=40)
    yield seen
    tenants.close()
    for name in tenants.made:
        with contextlib.suppress(ApiError):
            cluster.api.delete("Service", name)
    seen.close()


def comes_to_rest(cluster, client, addresses):
    for node in cluster.nodes:
        wait_for(f"arplet on {node} is ready", lambda n=node: cluster.arplets.is_ready(n), REST_S)
    for address in addresses:
        holder = wait_holder(cluster, client, address, REST_S)
        wait_http(client, address, timeout=REST_S)
        time.sleep(0.5)
        assert holders(cluster, client, address) == [holder.name], address


def test_whatever_happens_nothing_is_lost_or_given_twice(
        cluster, client, addresses, witness, pytestconfig):
    seed = pytestconfig.option.chaos_seed
    for number in range(pytestconfig.option.chaos_rounds):
        dice, said = random.Random(f"{seed}.{number}"), [f"seed {seed}, round {number}"]
        try:
            happen(timeline(cluster, dice), said)
            comes_to_rest(cluster, client, addresses)
            late = f"late-{number}"
            cluster.apply(objects.service(late))
            cluster.wait_address(late, REST_S)
            cluster.api.delete("Service", late)
            assert witness.faults == []
        finally:
            print("\n  ".join(said), flush=True)
    assert witness.seen > 0
