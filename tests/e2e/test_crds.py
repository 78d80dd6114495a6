# SPDX-License-Identifier: Apache-2.0
"""A Service keeps its address while CRDs are missing, and loses it if its pool is deleted."""
import glob
import time

import pytest

from cluster import objects
from cluster.api import ApiError
from cluster.arplet import TOP
from cluster.base import served_pool
from cluster.objects import NAMESPACE
from cluster.run import wait_for

from lan import holders, wait_holder, wait_http

NODES = 2
NAMES = ("one", "two", "three")
CRDS = ("ipaddresspools.metallb.io", "l2advertisements.metallb.io", "servicel2statuses.metallb.io")


def served(cluster, kind):
    try:
        return cluster.api.list(kind, NAMESPACE) is not None
    except ApiError:
        return False


def install(cluster):
    for manifest in sorted(glob.glob(f"{TOP}/deploy/crds/*.yaml")):
        cluster.kubectl("apply", "--server-side", "-f", manifest)
    cluster.kubectl("wait", "--for=condition=Established", "crd", *CRDS, "--timeout=30s")
    for kind in ("IPAddressPool", "L2Advertisement", "ServiceL2Status"):
        wait_for(f"{kind} is served", lambda k=kind: served(cluster, k))


def configure(cluster):
    """Creates a pool of one address for each Service."""
    for name, address in zip(NAMES, cluster.addresses):
        cluster.apply(*served_pool(name, f"{address}/32"))


@pytest.fixture
def addresses(cluster):
    configure(cluster)
    for name in NAMES:
        cluster.backend(name, *cluster.nodes)
        cluster.apply(objects.service(name, annotations={"metallb.io/address-pool": name}))
    return {n: cluster.wait_address(n) for n in NAMES}


def status(cluster):
    return {n: cluster.api.get("Service", n)["status"]["loadBalancer"] for n in NAMES}


def in_sync(cluster, node, resource="ipaddresspools"):
    page = cluster.arplets.http(node, "metrics") or ""
    return f'arplet_in_sync{{resource="{resource}"}} 1' in page


def wait_in_sync(cluster, synced=True):
    for node in cluster.nodes:
        for resource in ("ipaddresspools", "l2advertisements"):
            wait_for(f"{node}: {resource} in sync: {synced}",
                     lambda n=node, r=resource: in_sync(cluster, n, r) == synced, 20)


def test_services_keep_addresses_while_crds_are_deleted_and_installed_again(
        cluster, client, addresses):
    held_by = {a: wait_holder(cluster, client, a).name for a in addresses.values()}
    before = status(cluster)
    cluster.kubectl("delete", "crd", *CRDS)
    wait_in_sync(cluster, False)
    time.sleep(9)  # an allocator needs less than 9 s to confirm the deletion of all pools
    assert status(cluster) == before
    for node in cluster.nodes:
        assert "CRD ipaddresspools.metallb.io is not installed; known objects stay in force" in \
            cluster.arplets.log(node)
    install(cluster)
    time.sleep(8)  # the CRDs are installed again, but no pool exists
    assert status(cluster) == before
    for address, holder in held_by.items():
        assert holders(cluster, client, address) == [holder]
        wait_http(client, address)
    configure(cluster)
    wait_in_sync(cluster, False)
    assert status(cluster) == before
    wait_for("each holder has written its ServiceL2Status again",
             lambda: len(cluster.api.list("ServiceL2Status", NAMESPACE)) == len(NAMES), 40)
    for node in cluster.nodes:
        wait_for(f"{node}: in sync", lambda n=node: in_sync(cluster, n), 75)
    assert status(cluster) == before
    assert {a: holders(cluster, client, a) for a in held_by} == {a: [h] for a, h in held_by.items()}
    for name in NAMES:
        assert not cluster.events_of(name, "ClearAssignment")


def test_a_service_loses_its_address_within_10_s_after_the_last_pool_is_deleted(
        cluster, addresses):
    for name in NAMES[:2]:
        cluster.api.delete("IPAddressPool", name, NAMESPACE)
    wait_for("two Services lose their addresses",
             lambda: not any(map(cluster.address_of, NAMES[:2])), 5)
    assert cluster.address_of("three") == addresses["three"]
    cluster.api.delete("IPAddressPool", "three", NAMESPACE)
    time.sleep(4)
    assert cluster.address_of("three") == addresses["three"]
    wait_for("the third Service loses its address", lambda: not cluster.address_of("three"), 6)


def test_a_daemon_that_starts_without_crds_logs_this_and_is_not_ready(cluster, client, addresses):
    before = status(cluster)
    for node in cluster.nodes:
        cluster.arplets.stop(node)
    cluster.kubectl("delete", "crd", *CRDS)
    for node in cluster.nodes:
        cluster.arplets.launch(node)
    try:
        for node in cluster.nodes:
            wait_for("the daemon logs the missing CRDs", lambda n=node: "not installed" in
                     cluster.arplets.log(n).rsplit("started", 1)[-1], 15)
            assert cluster.arplets.http(node, "readyz") is None
        time.sleep(2)
        assert status(cluster) == before
    finally:
        install(cluster)
    configure(cluster)
    for address in addresses.values():
        wait_http(client, address, timeout=20)
    assert status(cluster) == before
    for node in cluster.nodes:
        wait_for(f"{node} is ready", lambda n=node: cluster.arplets.is_ready(n))


def test_services_keep_their_addresses_when_daemons_start_before_any_pool_exists(
        cluster, client, addresses):
    """If MetalLB's manifest and pools were deleted, arplet can start before new pools exist."""
    before = status(cluster)
    for node in cluster.nodes:
        cluster.arplets.stop(node)
    for name in NAMES:
        cluster.api.delete("IPAddressPool", name, NAMESPACE)
    cluster.arplets.start_all()
    cluster.apply(objects.service("new"))
    cluster.wait_event("new", "AllocationFailed", timeout=20)
    time.sleep(2)
    assert status(cluster) == before
    configure(cluster)
    for address in addresses.values():
        wait_http(client, address)
    time.sleep(6)
    assert status(cluster) == before
    cluster.api.delete("IPAddressPool", "one", NAMESPACE)
    wait_for("the Service of a deleted pool loses its address",
             lambda: not cluster.address_of("one"), 5)
