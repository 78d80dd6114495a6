# SPDX-License-Identifier: Apache-2.0
"""Conditions in the status of Services, on an API server that merges them by their type."""
from cluster import objects
from cluster.base import served_pool
from cluster.objects import NAMESPACE
from cluster.run import wait_for

ALLOCATED, ANNOUNCED, OTHER = "arplet.io/Allocated", "arplet.io/Announced", "example.com/Other"


def conditions(cluster, name):
    status = cluster.api.get("Service", name).get("status", {})
    return {c["type"]: c for c in status.get("conditions", [])}


def wait_condition(cluster, name, kind, status):
    wait_for(f"{kind} of {name} is {status}",
             lambda: conditions(cluster, name).get(kind, {}).get("status") == status)
    return conditions(cluster, name)[kind]


def test_a_service_says_whether_it_has_an_address_and_leaves_the_conditions_of_others(cluster):
    one, two = cluster.addresses[:2]
    cluster.apply(objects.service("web"))
    cluster.apply(*served_pool("lan", f"{one}/32"))
    assert cluster.wait_address("web") == one
    allocated = wait_condition(cluster, "web", ALLOCATED, "True")
    assert allocated["reason"] == "IPAllocated" and one in allocated["message"]
    assert allocated["lastTransitionTime"].endswith("Z")

    cluster.apply(objects.service("second"))
    refused = wait_condition(cluster, "second", ALLOCATED, "False")
    assert refused["reason"] == "AllocationFailed"
    assert refused["message"] == cluster.wait_event("second", "AllocationFailed")[-1]["message"]
    cluster.api.patch("Service", "second", {"status": {"conditions": [refused, {
        "type": OTHER, "status": "True", "reason": "R", "message": "m",
        "lastTransitionTime": "2026-01-02T03:04:05Z"}]}}, sub="status")
    cluster.api.patch("IPAddressPool", "lan", {"spec": {"addresses": [f"{one}/32", f"{two}/32"]}},
                      NAMESPACE)
    assert cluster.wait_address("second") == two
    wait_condition(cluster, "second", ALLOCATED, "True")
    assert conditions(cluster, "second")[OTHER]["status"] == "True"
    assert cluster.api.get("Service", "second")["status"]["loadBalancer"]["ingress"] == [
        {"ip": two, "ipMode": "VIP"}]


def test_a_service_with_an_address_that_nobody_announces_says_so_until_somebody_does(cluster):
    pool, advertisement = served_pool("lan", f"{cluster.addresses[0]}/32")
    cluster.backend("web", cluster.nodes[0])
    cluster.apply(pool, objects.service("web"))
    cluster.wait_address("web")
    dark = wait_condition(cluster, "web", ANNOUNCED, "False")
    assert dark["reason"] == "announceFailed"
    assert "no L2Advertisement covers" in dark["message"]
    version = cluster.api.get("Service", "web")["metadata"]["resourceVersion"]
    cluster.apply(advertisement)
    wait_condition(cluster, "web", ANNOUNCED, "True")
    assert cluster.api.get("Service", "web")["metadata"]["resourceVersion"] != version

    cluster.api.patch("Service", "web", {"spec": {"type": "ClusterIP"}})
    wait_for("no condition is left", lambda: not conditions(cluster, "web"))
