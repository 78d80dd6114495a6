# SPDX-License-Identifier: Apache-2.0
"""Tests with pools that have no free address, are edited, or are invalid."""
import time

from cluster import objects
from cluster.base import served_pool
from cluster.objects import NAMESPACE
from cluster.run import wait_for

from lan import wait_http


def single(address):
    return f"{address}/32"


def set_addresses(cluster, pool, *addresses):
    cluster.api.patch("IPAddressPool", pool, {"spec": {"addresses": list(addresses)}}, NAMESPACE)


def test_a_service_without_an_address_gets_one_as_soon_as_it_is_free(cluster, client):
    only = cluster.addresses[0]
    cluster.apply(*served_pool("small", single(only)))
    for name in ("first", "second"):
        cluster.backend(name, cluster.nodes[0])
        cluster.apply(objects.service(name))
        wait_for(f"a decision on {name}", lambda n=name: cluster.address_of(n) or
                 cluster.events_of(n, "AllocationFailed"))
    assert cluster.address_of("first") == only
    assert cluster.address_of("second") is None
    event = cluster.wait_event("second", "AllocationFailed")[0]
    assert event["type"] == "Warning"
    assert event["involvedObject"]["kind"] == "Service"

    cluster.api.delete("Service", "first")
    assert cluster.wait_address("second") == only
    wait_http(client, only, start="second-")


def test_a_waiting_service_gets_an_address_when_its_pool_grows(cluster, client):
    one, two = cluster.addresses[:2]
    cluster.apply(*served_pool("small", single(one)))
    for name in ("first", "second"):
        cluster.backend(name, cluster.nodes[0])
        cluster.apply(objects.service(name))
    cluster.wait_event("second", "AllocationFailed")
    assert cluster.address_of("first") == one
    set_addresses(cluster, "small", single(one), single(two))
    assert cluster.wait_address("second") == two
    assert cluster.address_of("first") == one


def test_a_waiting_service_has_one_event(cluster):
    cluster.apply(*served_pool("small", single(cluster.addresses[0])))
    cluster.apply(objects.service("first"))
    cluster.wait_address("first")
    cluster.apply(objects.service("second"))
    cluster.wait_event("second", "AllocationFailed")
    for node in cluster.nodes:  # changes of "first" must not cause a second Event for "second"
        cluster.backend("first", node)
    time.sleep(2)
    events = cluster.events_of("second", "AllocationFailed")
    assert sum(e.get("count") or 1 for e in events) == 1


def test_the_last_valid_version_of_a_pool_stays_in_force_and_an_event_names_the_error(
        cluster, client):
    """The API server accepts a pool with overlapping ranges, but arplet rejects the pool."""
    a = cluster.addresses
    cluster.apply(*served_pool("lan", f"{a[0]}-{a[4]}"))
    cluster.backend("web", *cluster.nodes[:2])
    cluster.apply(objects.service("web"))
    assert cluster.wait_address("web") == a[0]

    set_addresses(cluster, "lan", f"{a[0]}-{a[4]}", f"{a[4]}-{a[9]}")
    events = wait_for("an Event on the pool", lambda: cluster.api.list(
        "Event", NAMESPACE, fieldSelector="involvedObject.name=lan,type=Warning"))
    assert any("spec.addresses[1]" in e["message"] for e in events)
    assert any("spec.addresses[1]" in line and "lan" in line
               for n in cluster.nodes for line in cluster.arplets.log(n).splitlines())
    assert cluster.address_of("web") == a[0]
    wait_http(client, a[0])
    cluster.backend("more", cluster.nodes[0])
    cluster.apply(objects.service("more"))
    assert cluster.wait_address("more") == a[1]

    set_addresses(cluster, "lan", f"{a[5]}-{a[9]}")
    wait_for("web has an address of the new range", lambda: cluster.address_of("web") in a[5:10])


def test_the_status_of_a_pool_counts_its_addresses(cluster):
    a = cluster.addresses
    cluster.apply(*served_pool("lan", f"{a[0]}-{a[9]}"))

    def status_is(assigned, available):
        status = cluster.api.get("IPAddressPool", "lan", NAMESPACE).get("status", {})
        return (status.get("assignedIPv4"), status.get("availableIPv4")) == (assigned, available)

    wait_for("all addresses are available", lambda: status_is(0, 10))
    cluster.apply(objects.service("web"))
    wait_for("one address is assigned", lambda: status_is(1, 9))
    cluster.api.delete("Service", "web")
    wait_for("all addresses are available again", lambda: status_is(0, 10))
