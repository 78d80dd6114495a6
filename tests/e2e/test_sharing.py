# SPDX-License-Identifier: Apache-2.0
"""Services that share one address by the annotation metallb.io/allow-shared-ip."""
import time

import pytest

from cluster import objects
from cluster.base import served_pool
from cluster.run import wait_for

from lan import wait_holder, wait_http


@pytest.fixture
def address(cluster):
    address = cluster.addresses[0]
    cluster.apply(*served_pool("small", f"{address}/32"))
    return address


def make(cluster, name, port, *nodes, key="web", **spec):
    """Creates a Service with the sharing key `key` and the port `port`, and its pods on `nodes`."""
    if nodes:
        cluster.backend(name, *nodes)
    cluster.apply(objects.service(name, port=port, annotations={"metallb.io/allow-shared-ip": key},
                                  **spec))


def wait_refused(cluster, name, *words):
    """Waits for an Event AllocationFailed with these words; asserts that `name` has no address."""
    wait_for(f"an Event AllocationFailed of {name}", lambda: any(
        all(w in e["message"] for w in words)
        for e in cluster.events_of(name, "AllocationFailed")))
    assert cluster.address_of(name) is None


def test_services_with_the_same_key_share_an_address_on_different_ports(cluster, client, address):
    make(cluster, "one", 80, cluster.nodes[0])
    make(cluster, "two", 81, cluster.nodes[1])
    assert cluster.wait_address("one") == cluster.wait_address("two") == address
    wait_http(client, address, 80, start="one-")
    wait_http(client, address, 81, start="two-")
    wait_holder(cluster, client, address)


def test_a_service_that_may_not_share_gets_the_address_when_it_is_free(cluster, address):
    make(cluster, "one", 80, cluster.nodes[0])
    assert cluster.wait_address("one") == address
    make(cluster, "clash", 80)
    wait_refused(cluster, "clash")
    make(cluster, "other-key", 81, key="other")
    wait_refused(cluster, "other-key")
    cluster.api.delete("Service", "one")
    assert cluster.wait_address("clash") == address  # the oldest waiting Service gets the address
    assert cluster.address_of("other-key") is None


def test_an_event_names_the_service_that_has_the_requested_address(cluster, address):
    make(cluster, "one", 80, cluster.nodes[0])
    assert cluster.wait_address("one") == address
    cluster.apply(objects.service("named", port=80, annotations={
        "metallb.io/loadBalancerIPs": address, "metallb.io/allow-shared-ip": "web"}))
    wait_refused(cluster, "named", address, "default/one")


def test_the_holder_of_an_address_shared_by_local_services_has_pods_of_each(
        cluster, client, address):
    """As in MetalLB, "Local" Services can share an address only if they select the same pods."""
    local = {"externalTrafficPolicy": "Local", "app": "both"}
    cluster.backend("both", cluster.nodes[1])
    make(cluster, "one", 80, **local)
    make(cluster, "two", 81, **local)
    for name in ("one", "two"):
        slices = objects.endpoint_slice(name, [("10.244.2.200", cluster.nodes[1].name, True)], 8080)
        cluster.apply(slices)
    assert cluster.wait_address("one") == cluster.wait_address("two") == address
    assert wait_holder(cluster, client, address) == cluster.nodes[1]


def test_a_local_service_does_not_share_with_a_service_of_other_pods(cluster, address):
    make(cluster, "one", 80, cluster.nodes[0])
    assert cluster.wait_address("one") == address
    make(cluster, "two", 81, cluster.nodes[1], externalTrafficPolicy="Local")
    wait_refused(cluster, "two")


def test_the_service_that_had_a_shared_address_first_keeps_it_announced(cluster, client, address):
    """No node serves both Services.  The second one gets an Event, and cannot darken the first."""
    local = {"externalTrafficPolicy": "Local", "app": "both"}
    slices = {name: objects.endpoint_slice(name, [("10.244.1.200", node.name, True)], 8080)
              for name, node in (("one", cluster.nodes[0]), ("two", cluster.nodes[1]))}
    make(cluster, "one", 80, **local)
    cluster.apply(slices["one"])
    assert cluster.wait_address("one") == address
    assert wait_holder(cluster, client, address) == cluster.nodes[0]
    time.sleep(1.1)  # the times of conditions have a resolution of a second
    make(cluster, "two", 81, **local)
    cluster.apply(slices["two"])
    assert cluster.wait_address("two") == address
    events = cluster.wait_event("two", "announceFailed")
    assert any("default/one, which had the address first" in e["message"] for e in events)
    assert not cluster.events_of("one", "announceFailed")
    assert wait_holder(cluster, client, address) == cluster.nodes[0]


def test_a_tenant_gets_no_address_of_another_namespace(cluster, client, address):
    make(cluster, "one", 80, cluster.nodes[0])
    assert cluster.wait_address("one") == address
    cluster.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "other"}})
    try:
        guest = objects.service("guest", port=81, externalTrafficPolicy="Local", annotations={
            "metallb.io/loadBalancerIPs": address, "metallb.io/allow-shared-ip": "web"})
        guest["metadata"]["namespace"] = "other"
        cluster.apply(guest)
        events = cluster.wait_event("guest", "AllocationFailed", "other")
        assert any("arplet.io/share-across-namespaces" in e["message"] for e in events)
        assert cluster.address_of("guest", "other") is None
        guest["spec"]["externalTrafficPolicy"] = "Cluster"
        cluster.apply(guest)
        pool = served_pool("small", f"{address}/32")[0]
        pool["metadata"]["annotations"] = {"arplet.io/share-across-namespaces": "true"}
        cluster.apply(pool)
        wait_for("an address of the guest",
                 lambda: cluster.address_of("guest", "other") == address)
        wait_http(client, address, 80, start="one-")
    finally:
        cluster.api.delete("Namespace", "other")
