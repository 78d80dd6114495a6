# SPDX-License-Identifier: Apache-2.0
"""Several Services on one address: metallb.io/allow-shared-ip."""
import pytest

from cluster import objects
from cluster.base import served_pool
from cluster.run import wait_for

from lan import nobody_answers, wait_holder, wait_http


@pytest.fixture
def address(cluster):
    address = cluster.addresses[0]
    cluster.apply(*served_pool("small", f"{address}/32"))
    return address


def make(cluster, name, port, *nodes, key="web", **spec):
    """A Service on a port of the only address there is, and its pods on nodes."""
    if nodes:
        cluster.backend(name, *nodes)
    cluster.apply(objects.service(name, port=port, annotations={"metallb.io/allow-shared-ip": key},
                                  **spec))


def waits(cluster, name, *words):
    wait_for(f"{name} is told why it waits", lambda: any(
        all(w in e["message"] for w in words)
        for e in cluster.events_of(name, "AllocationFailed")))
    assert cluster.address_of(name) is None


def test_services_with_one_key_share_an_address_port_by_port(cluster, client, address):
    make(cluster, "one", 80, cluster.nodes[0])
    make(cluster, "two", 81, cluster.nodes[1])
    assert cluster.wait_address("one") == cluster.wait_address("two") == address
    wait_http(client, address, 80, start="one-")
    wait_http(client, address, 81, start="two-")
    wait_holder(cluster, client, address)


def test_who_may_not_share_waits_until_the_address_is_free(cluster, address):
    make(cluster, "one", 80, cluster.nodes[0])
    assert cluster.wait_address("one") == address
    make(cluster, "clash", 80)
    waits(cluster, "clash")
    make(cluster, "stranger", 81, key="other")
    waits(cluster, "stranger")
    cluster.api.delete("Service", "one")
    assert cluster.wait_address("clash") == address  # the older of the two
    assert cluster.address_of("stranger") is None


def test_who_asks_for_the_address_of_another_is_told_whose_it_is(cluster, address):
    make(cluster, "one", 80, cluster.nodes[0])
    assert cluster.wait_address("one") == address
    cluster.apply(objects.service("named", port=80, annotations={
        "metallb.io/loadBalancerIPs": address, "metallb.io/allow-shared-ip": "web"}))
    waits(cluster, "named", address, "default/one")


def test_a_shared_address_of_local_services_is_held_where_all_have_pods(cluster, client, address):
    """The same pods serve both, as MetalLB's rule for Local wants it."""
    local = {"externalTrafficPolicy": "Local", "app": "both"}
    cluster.backend("both", cluster.nodes[1])
    make(cluster, "one", 80, **local)
    make(cluster, "two", 81, **local)
    for name in ("one", "two"):
        slices = objects.endpoint_slice(name, [("10.244.2.200", cluster.nodes[1].name, True)], 8080)
        cluster.apply(slices)
    assert cluster.wait_address("one") == cluster.wait_address("two") == address
    assert wait_holder(cluster, client, address) == cluster.nodes[1]


def test_a_local_service_does_not_share_with_one_of_other_pods(cluster, address):
    make(cluster, "one", 80, cluster.nodes[0])
    assert cluster.wait_address("one") == address
    make(cluster, "two", 81, cluster.nodes[1], externalTrafficPolicy="Local")
    waits(cluster, "two")


def test_an_address_none_of_whose_nodes_serves_all_is_told_so(cluster, client, address):
    local = {"externalTrafficPolicy": "Local", "app": "both"}
    make(cluster, "one", 80, **local)
    make(cluster, "two", 81, **local)
    for name, node in (("one", cluster.nodes[0]), ("two", cluster.nodes[1])):
        cluster.apply(objects.endpoint_slice(name, [("10.244.1.200", node.name, True)], 8080))
    assert cluster.wait_address("one") == cluster.wait_address("two") == address
    assert nobody_answers(client, address)
    wait_for("it is said that nobody announces it", lambda: any(
        cluster.events_of(name, "announceFailed") for name in ("one", "two")))
