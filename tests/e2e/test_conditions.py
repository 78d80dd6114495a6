# SPDX-License-Identifier: Apache-2.0
"""Tests of conditions in the status of Services, pools and advertisements."""
import json
import time

from cluster import objects
from cluster.arplet import install_manifests
from cluster.base import served_pool
from cluster.objects import NAMESPACE
from cluster.run import wait_for

ALLOCATED, ANNOUNCED, OTHER = "arplet.io/Allocated", "arplet.io/Announced", "example.com/Other"
SCHEMA = "/spec/versions/0/schema/openAPIV3Schema/properties"


def conditions(cluster, name):
    status = cluster.api.get("Service", name).get("status", {})
    return {c["type"]: c for c in status.get("conditions", [])}


def wait_condition(cluster, name, kind, status):
    wait_for(f"{kind} of {name} is {status}",
             lambda: conditions(cluster, name).get(kind, {}).get("status") == status)
    return conditions(cluster, name)[kind]


def test_a_service_has_an_allocated_condition_and_keeps_foreign_conditions(cluster):
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


def test_a_service_has_announced_false_until_a_node_announces_its_address(cluster):
    pool, advertisement = served_pool("lan", f"{cluster.addresses[0]}/32")
    cluster.backend("web", cluster.nodes[0])
    cluster.apply(pool, objects.service("web"))
    cluster.wait_address("web")
    announced = wait_condition(cluster, "web", ANNOUNCED, "False")
    assert announced["reason"] == "announceFailed"
    assert "no L2Advertisement covers" in announced["message"]
    version = cluster.api.get("Service", "web")["metadata"]["resourceVersion"]
    cluster.apply(advertisement)
    wait_condition(cluster, "web", ANNOUNCED, "True")
    assert cluster.api.get("Service", "web")["metadata"]["resourceVersion"] != version

    cluster.api.patch("Service", "web", {"spec": {"type": "ClusterIP"}})
    wait_for("all conditions are removed", lambda: not conditions(cluster, "web"))


def valid(cluster, kind="IPAddressPool"):
    """The condition arplet.io/Valid of the object "lan", or {} if it has no such condition."""
    status = cluster.api.get(kind, "lan", NAMESPACE).get("status", {})
    return next((c for c in status.get("conditions", []) if c["type"] == "arplet.io/Valid"), {})


def break_pool(cluster):
    """Writes overlapping ranges, which the API server accepts; returns arplet's Event message."""
    one, two = cluster.addresses[:2]
    cluster.api.patch("IPAddressPool", "lan", {"spec": {"addresses": [
        f"{one}/32", f"{one}-{two}"]}}, NAMESPACE)
    return cluster.wait_event("lan", "InvalidConfiguration", NAMESPACE)[-1]["message"]


def restart_all(cluster, service):
    """Restarts all daemons, creates a Service, and waits until the allocation for it has failed."""
    for node in cluster.nodes:
        cluster.arplets.stop(node)
    cluster.arplets.start_all()
    cluster.apply(objects.service(service))
    cluster.wait_event(service, "AllocationFailed", timeout=20)


def test_a_wrong_pool_has_valid_false_until_it_is_corrected(cluster):
    one = cluster.addresses[0]
    cluster.apply(*served_pool("lan", f"{one}/32"))
    cluster.apply(objects.service("web"))
    assert cluster.wait_address("web") == one
    assert valid(cluster) == {}
    message = break_pool(cluster)
    wait_for("Valid is False", lambda: valid(cluster).get("status") == "False")
    first = valid(cluster)
    assert (first["reason"], first["message"]) == ("InvalidConfiguration", message)
    assert "spec.addresses[1]" in message
    time.sleep(1.1)
    restart_all(cluster, "second")  # the new allocator does not know the pool's last valid spec
    wait_for("the message reports that the pool is not used",
             lambda: "the object is not used" in valid(cluster)["message"])
    assert valid(cluster)["lastTransitionTime"] == first["lastTransitionTime"]
    version = cluster.api.get("IPAddressPool", "lan", NAMESPACE)["metadata"]["resourceVersion"]
    restart_all(cluster, "third")  # the condition is correct, so arplet does not write it again
    time.sleep(1)
    obj = cluster.api.get("IPAddressPool", "lan", NAMESPACE)
    assert obj["metadata"]["resourceVersion"] == version
    cluster.api.patch("IPAddressPool", "lan", {"spec": {"addresses": [f"{one}/32"]}}, NAMESPACE)
    wait_for("Valid is True", lambda: valid(cluster).get("status") == "True")
    assert valid(cluster)["lastTransitionTime"] > first["lastTransitionTime"]
    assert cluster.address_of("web") == one


def edit_crd(cluster, resource, *paths):
    cluster.kubectl("patch", "crd", f"{resource}.metallb.io", "--type=json", "-p",
                    json.dumps([{"op": "remove", "path": path} for path in paths]))


def patch_counts(cluster):
    """The lines in the metrics of all daemons that count PATCH requests by class of HTTP status."""
    pages = [cluster.arplets.http(n, "metrics") or "" for n in cluster.nodes]
    return sorted(line for page in pages for line in page.splitlines()
                  if 'verb="PATCH"' in line)


def test_a_crd_without_conditions_causes_no_endless_writes(cluster):
    """Like MetalLB's CRDs, the edited CRDs store no conditions of pools and advertisements."""
    spec = f"{SCHEMA}/spec/properties/interfaces/x-kubernetes-list-type"
    edit_crd(cluster, "ipaddresspools", f"{SCHEMA}/status/properties/conditions")
    edit_crd(cluster, "l2advertisements", "/spec/versions/0/subresources", spec)
    try:
        pool, advertisement = served_pool("lan", f"{cluster.addresses[0]}/32")
        advertisement["spec"]["interfaces"] = ["eth0", "eth0"]  # the edited CRD accepts duplicates
        cluster.apply(pool)
        wait_for("the API server accepts the advertisement",
                 lambda: cluster.api.apply(advertisement), 10)
        wait_for("an Event on the advertisement", lambda: any(
            e["involvedObject"]["kind"] == "L2Advertisement"
            for e in cluster.events_of("lan", "InvalidConfiguration", NAMESPACE)))
        break_pool(cluster)
        time.sleep(1)
        counts = patch_counts(cluster)
        assert any("4xx" in line for line in counts)  # the PATCH of the advertisement has failed
        time.sleep(4)
        assert patch_counts(cluster) == counts
        assert valid(cluster) == valid(cluster, "L2Advertisement") == {}
    finally:
        for manifest in install_manifests():
            cluster.kubectl("apply", "--server-side", "--force-conflicts", "-f", manifest)
    cluster.api.patch("L2Advertisement", "lan", {"spec": {"interfaces": ["eth0"]}}, NAMESPACE)
