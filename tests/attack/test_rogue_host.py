# SPDX-License-Identifier: Apache-2.0
"""A host on the LAN answers every ARP probe, or claims the addresses of Services."""
import contextlib
import time

import pytest

from cluster import objects
from cluster.base import served_pool
from cluster.objects import NAMESPACE
from cluster.run import wait_for

from announced import endpoint
from lan import metric
from rogue import Rogue

CLIENTS = 2
SERVICES = 12
MAC = "02:66:00:00:00:01"
RANDOM = "00:00:00:00:00:00"  # the MAC by which arplet names hosts whose MACs change
ATTACK_S = 10
EVENTS_MAX = 10  # for one minute
IGNORE = "arplet.io/ignore-proxy-arp"


@pytest.fixture
def vips(cluster):
    """The addresses of SERVICES Services that nodes announce."""
    wait_for("no proxy host is known", lambda: not any(
        "arplet_proxy_arp_host{" in cluster.arplets.http(n, "metrics") for n in cluster.nodes), 30)
    a = cluster.addresses
    cluster.apply(*served_pool("lan", f"{a[0]}-{a[90]}"), *served_pool("far", "10.99.0.0/16"))
    for n in range(SERVICES):
        cluster.apply(endpoint(cluster, f"web-{n}"), objects.service(f"web-{n}"))
    addresses = [cluster.wait_address(f"web-{n}") for n in range(SERVICES)]
    wait_for("a node announces each Service", lambda: len(
        cluster.api.list("ServiceL2Status", NAMESPACE)) == SERVICES)
    time.sleep(3)
    return addresses


def n_events(cluster, reasons=None):
    """The number of Events, with repetitions; `reasons`: only Events with these reasons."""
    return sum(e.get("count") or 1 for e in cluster.api.list("Event")
               if not reasons or e["reason"] in reasons)


@contextlib.contextmanager
def answered_by_nodes(cluster, client, addresses, every_ms=10):
    """
    Yields a function that returns, after the block, the longest time in seconds for which no node
    answered probes for one of the addresses.
    """
    nodes = {n.mac() for n in cluster.nodes}
    probers = []

    def longest_gap():
        gaps = []
        for prober in probers:
            times = [f.at for f in prober.frames
                     if f.mac in nodes and f.sender == prober.address]
            times = [prober.begin, *times, prober.end]
            gaps += [b - a for a, b in zip(times, times[1:])]
        return max(gaps)

    with contextlib.ExitStack() as stack:
        for address in addresses:
            prober = stack.enter_context(cluster.probing(client, address, every_ms=every_ms))
            prober.begin = time.monotonic()
            probers.append(prober)
        yield longest_gap
        for prober in probers:
            prober.end = time.monotonic()


def annotate(cluster, pool, annotation):
    cluster.kubectl("-n", NAMESPACE, "annotate", "ipaddresspool", pool, annotation)


def waiting_reason(cluster, name):
    """Why a Service waits for an address, or None."""
    events = cluster.events_of(name, "AllocationFailed")
    return events[-1]["message"] if events else None


CASES = {
    "answers": (MAC, 0, "yield"),
    "claims": (MAC, 50, "defend"),
    "spoofs": ("random", 0, "yield"),
}


@pytest.mark.parametrize("mac, claim_ms, policy", CASES.values(), ids=CASES)
def test_a_host_that_answers_every_probe_stops_no_service(cluster, client, attacker, vips, mac,
                                                          claim_ms, policy):
    for pool in ("lan", "far"):
        annotate(cluster, pool, f"arplet.io/conflict={policy}")
    before = n_events(cluster)
    with answered_by_nodes(cluster, client, vips[:3]) as longest_gap, \
            Rogue(attacker, mac, claim_ms, vips):
        cluster.apply(endpoint(cluster, "early"), objects.service("early"))
        time.sleep(2)
        cluster.apply(endpoint(cluster, "late"), objects.service("late"))
        time.sleep(ATTACK_S - 2)
        named = RANDOM if mac == "random" else mac
        shown = [metric(cluster, n, f'arplet_proxy_arp_host{{mac="{named}",interface="'
                        f'{n.ifname}",family="ipv4"}}') for n in cluster.nodes]
        events = n_events(cluster) - before
        address, reason = cluster.address_of("late"), waiting_reason(cluster, "late")
        annotate(cluster, "far", f"{IGNORE}=true")
        late = wait_for("late has an address in spite of the host",
                        lambda: cluster.address_of("late"), 5) if reason else None
    print(f"{mac} {claim_ms} {policy}: {events} Events, longest gap {longest_gap():.3f} s, "
          f"metrics {shown}, late: {address} {late} {reason}")
    assert longest_gap() < 0.2
    assert events <= EVENTS_MAX
    assert 1 in shown
    assert address is None
    assert "for every IPv4 address of the LAN" in reason
    assert late.startswith("10.99.")
