# SPDX-License-Identifier: Apache-2.0
"""A tenant takes part in another tenant's address, or changes its own Service without a pause."""
import statistics
import threading
import time

import pytest

from cluster import objects
from cluster.api import Api, path_of
from cluster.base import served_pool
from cluster.run import wait_for

import tenant
from lan import holders, wait_holder

SHARED = {"metallb.io/allow-shared-ip": "key"}
FLIPS, PER_S = 200, 50
EVENTS_MAX = 20  # of one Service, in FLIPS / PER_S seconds
DELAY_MS = 50


@pytest.fixture
def pool(cluster):
    a = cluster.addresses
    cluster.apply(*served_pool("lan", f"{a[0]}-{a[-1]}"))


def of_tenant(name, **kwargs):
    obj = objects.service(name, **kwargs)
    obj["metadata"]["namespace"] = tenant.TENANT
    return obj


@pytest.mark.parametrize("joins_with", ["no endpoint", "an endpoint on another node"])
def test_a_tenant_cannot_darken_the_address_of_another(cluster, client, pool, joins_with):
    """The tenant copies the sharing key and the selector of a Service with one pod."""
    first, second, *_ = cluster.nodes
    cluster.backend("web", first)
    cluster.apply(objects.service("web", annotations=SHARED, externalTrafficPolicy="Local"))
    address = cluster.wait_address("web")
    assert wait_holder(cluster, client, address) == first
    slices = objects.endpoint_slice("joins", [
        ("10.244.2.200", second.name, joins_with != "no endpoint")], 8080)
    slices["metadata"]["namespace"] = tenant.TENANT
    cluster.apply(slices, of_tenant(
        "joins", app="web", port=81, externalTrafficPolicy="Local",
        annotations={**SHARED, "metallb.io/loadBalancerIPs": address}))
    seen = []
    end = time.monotonic() + 2
    while time.monotonic() < end:
        seen.append(holders(cluster, client, address))
    cluster.api.delete("EndpointSlice", slices["metadata"]["name"], tenant.TENANT)
    dark = [names for names in seen if names != [first.name]]
    print(f"{joins_with}: {len(dark)} of {len(seen)} observations show no or another holder")
    assert not dark
    assert cluster.address_of("joins", tenant.TENANT) is None
    assert cluster.address_of("web") == address


def allocation_ms(cluster, name):
    """The time from the creation of a Service to its address."""
    began = time.monotonic()
    cluster.apply(objects.service(name))
    wait_for(f"an address for {name}", lambda: cluster.address_of(name), 30, 0.002)
    return 1000 * (time.monotonic() - began)


class Flipper(threading.Thread):
    """Changes an annotation of a Service PER_S times a second."""

    def __init__(self, cluster, name):
        super().__init__(daemon=True)
        self.api = Api(cluster.admin_kubeconfig, cluster.lan.gateway.netns)
        self.path = path_of("Service", tenant.TENANT, name)
        self.sent = 0

    def run(self):
        begin = time.monotonic()
        for self.sent in range(1, FLIPS + 1):
            wanted = f"192.0.2.{self.sent % 250}" if self.sent % 2 else None  # in no pool
            self.api.request("PATCH", self.path, {"metadata": {"annotations": {
                "metallb.io/loadBalancerIPs": wanted}}}, "application/merge-patch+json")
            time.sleep(max(0, begin + self.sent / PER_S - time.monotonic()))


def allocations_beside(cluster, flips):
    """The times of allocations while the Service `flips` changes, in ms."""
    times = []
    flipper = Flipper(cluster, flips)
    flipper.start()
    time.sleep(0.5)
    while flipper.is_alive():
        times.append(allocation_ms(cluster, f"beside-{flips}-{len(times)}"))
        time.sleep(0.1)
    assert flipper.sent == FLIPS
    return times


def test_a_service_that_changes_50_times_a_second_delays_no_other(cluster, pool):
    """The API server has the same work if a Service changes that is not for arplet."""
    cluster.apply(of_tenant("flips"), of_tenant("other", kind="ClusterIP"))
    without = statistics.median(allocations_beside(cluster, "other"))
    beside = statistics.median(allocations_beside(cluster, "flips"))
    time.sleep(1)
    events = [e for e in cluster.api.list("Event", tenant.TENANT)
              if e["involvedObject"]["name"] == "flips"]
    print(f"{len(events)} Events; allocation {without:.0f} ms, {beside:.0f} ms beside")
    assert len(events) <= EVENTS_MAX
    assert beside - without < DELAY_MS
