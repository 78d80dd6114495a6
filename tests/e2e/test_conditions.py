# SPDX-License-Identifier: Apache-2.0
"""Conditions in the status of Services, pools and advertisements, on a real API server."""
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


def valid(cluster, kind="IPAddressPool"):
    """arplet.io/Valid of the object "lan", or nothing."""
    status = cluster.api.get(kind, "lan", NAMESPACE).get("status", {})
    return next((c for c in status.get("conditions", []) if c["type"] == "arplet.io/Valid"), {})


def break_pool(cluster):
    """Two blocks that overlap pass the API's own validation.  Returns what the Event says."""
    one, two = cluster.addresses[:2]
    cluster.api.patch("IPAddressPool", "lan", {"spec": {"addresses": [
        f"{one}/32", f"{one}-{two}"]}}, NAMESPACE)
    return cluster.wait_event("lan", "InvalidConfiguration", NAMESPACE)[-1]["message"]


def begin_anew(cluster, service):
    """All daemons restart, and one allocates: it has looked at this Service."""
    for node in cluster.nodes:
        cluster.arplets.stop(node)
    cluster.arplets.start_all()
    cluster.apply(objects.service(service))
    cluster.wait_event(service, "AllocationFailed", timeout=20)


def test_a_pool_that_is_wrong_says_so_until_it_is_right(cluster):
    one = cluster.addresses[0]
    cluster.apply(*served_pool("lan", f"{one}/32"))
    cluster.apply(objects.service("web"))
    assert cluster.wait_address("web") == one
    assert valid(cluster) == {}
    message = break_pool(cluster)
    wait_for("it says so", lambda: valid(cluster).get("status") == "False")
    said = valid(cluster)
    assert (said["reason"], said["message"]) == ("InvalidConfiguration", message)
    assert "spec.addresses[1]" in message
    time.sleep(1.1)
    begin_anew(cluster, "second")  # whoever begins knows no earlier specification
    wait_for("that is said", lambda: "the object is not used" in valid(cluster)["message"])
    assert valid(cluster)["lastTransitionTime"] == said["lastTransitionTime"]
    version = cluster.api.get("IPAddressPool", "lan", NAMESPACE)["metadata"]["resourceVersion"]
    begin_anew(cluster, "third")  # and finds it said, and says nothing
    time.sleep(1)
    obj = cluster.api.get("IPAddressPool", "lan", NAMESPACE)
    assert obj["metadata"]["resourceVersion"] == version
    cluster.api.patch("IPAddressPool", "lan", {"spec": {"addresses": [f"{one}/32"]}}, NAMESPACE)
    wait_for("it is right", lambda: valid(cluster).get("status") == "True")
    assert valid(cluster)["lastTransitionTime"] > said["lastTransitionTime"]
    assert cluster.address_of("web") == one


def edit_crd(cluster, resource, *paths):
    cluster.kubectl("patch", "crd", f"{resource}.metallb.io", "--type=json", "-p",
                    json.dumps([{"op": "remove", "path": path} for path in paths]))


def statuses_asked(cluster):
    """Patches that the daemons have sent, and the API server's answers to them."""
    pages = [cluster.arplets.http(n, "metrics") or "" for n in cluster.nodes]
    return sorted(line for page in pages for line in page.splitlines()
                  if 'verb="PATCH"' in line)


def test_schemas_that_know_no_conditions_make_no_endless_writes(cluster):
    """MetalLB's own: a pool's status has none, an advertisement has no status to write."""
    spec = f"{SCHEMA}/spec/properties/interfaces/x-kubernetes-list-type"
    edit_crd(cluster, "ipaddresspools", f"{SCHEMA}/status/properties/conditions")
    edit_crd(cluster, "l2advertisements", "/spec/versions/0/subresources", spec)
    try:
        pool, advertisement = served_pool("lan", f"{cluster.addresses[0]}/32")
        advertisement["spec"]["interfaces"] = ["eth0", "eth0"]  # a set, unless nobody says so
        cluster.apply(pool)
        wait_for("it is taken", lambda: cluster.api.apply(advertisement), 10)
        wait_for("an Event on the advertisement", lambda: any(
            e["involvedObject"]["kind"] == "L2Advertisement"
            for e in cluster.events_of("lan", "InvalidConfiguration", NAMESPACE)))
        break_pool(cluster)
        time.sleep(1)
        asked = statuses_asked(cluster)
        assert any("4xx" in line for line in asked)  # the advertisement's
        time.sleep(4)
        assert statuses_asked(cluster) == asked
        assert valid(cluster) == valid(cluster, "L2Advertisement") == {}
    finally:
        for manifest in install_manifests():
            cluster.kubectl("apply", "--server-side", "--force-conflicts", "-f", manifest)
    cluster.api.patch("L2Advertisement", "lan", {"spec": {"interfaces": ["eth0"]}}, NAMESPACE)
