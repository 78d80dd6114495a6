# SPDX-License-Identifier: Apache-2.0
"""Arplet writes nothing about Services that it does not serve."""
import time

import pytest

from cluster import objects
from cluster.base import served_pool

from lan import wait_http

INTERNAL = ("auth-service", "postgres", "grafana")


@pytest.fixture
def pool(cluster):
    first, last = cluster.addresses[0], cluster.addresses[9]
    cluster.apply(*served_pool("lan", f"{first}-{last}"))
    return cluster.addresses[:10]


def team_services():
    """The Services of a team: one of type LoadBalancer, and three of other types."""
    return [
        objects.service("auth-service", kind="NodePort", port=443, node_port=30443),
        objects.service("postgres", kind="ClusterIP", port=5432),
        objects.service("grafana", kind="NodePort", port=3000, node_port=30300),
        objects.service("public-api", port=443, target=8443),
    ]


def events_about(cluster, name):
    return cluster.api.list("Event", fieldSelector=f"involvedObject.name={name}")


def test_arplet_writes_only_to_the_load_balancer_service_of_a_team(cluster, client, pool):
    for service in team_services():
        cluster.apply(service)
    before = {n: cluster.api.get("Service", n) for n in INTERNAL}
    cluster.backend("public-api", cluster.nodes[0], port=8443)
    address = cluster.wait_address("public-api")
    assert address == pool[0]
    wait_http(client, address, 443, "public-api-")
    cluster.arplets.stop(cluster.nodes[0])
    cluster.arplets.start(cluster.nodes[0])
    time.sleep(1)
    for name in INTERNAL:
        assert cluster.api.get("Service", name) == before[name]
        assert events_about(cluster, name) == []
    written = cluster.api.get("Service", "public-api")
    managers = {m["manager"] for m in written["metadata"]["managedFields"]}
    assert len(managers - {"test"}) == 1
    assert written["spec"]["ports"][0]["targetPort"] == 8443


def test_arplet_does_not_write_to_a_service_of_another_class(cluster, client, pool):
    cluster.backend("web", cluster.nodes[0])
    cluster.backend("other", cluster.nodes[0])
    cluster.apply(objects.service("other", loadBalancerClass="example.com/not-ours"))
    before = cluster.api.get("Service", "other")
    cluster.apply(objects.service("web"))
    cluster.wait_address("web")
    assert cluster.api.get("Service", "other") == before
    assert events_about(cluster, "other") == []
    assert client.arping(pool[1]) == []


def test_arplet_keeps_an_address_that_another_implementation_assigned(cluster, client, pool):
    """A Service of another loadBalancerClass has an address of arplet's pool in its status."""
    cluster.apply(objects.service("other", loadBalancerClass="example.com/not-ours"))
    assigned = {"status": {"loadBalancer": {"ingress": [{"ip": pool[0]}]}}}
    cluster.api.patch("Service", "other", assigned, sub="status")
    cluster.backend("other", cluster.nodes[0])
    time.sleep(1)
    assert cluster.address_of("other") == pool[0]
    assert client.arping(pool[0]) == []
