# SPDX-License-Identifier: Apache-2.0
"""Tests with an API server that hangs, dies or rejects writes, and with very large objects."""
import contextlib
import json
import time

import pytest

from cluster import objects
from cluster.api import ApiError
from cluster.base import served_pool
from cluster.objects import NAMESPACE
from cluster.run import wait_for

from lan import wait_http
from allocation_checker import AllocationChecker

NODES = 2
OPTIONS = ("--lease-duration", "3s")
BURST = 300


@pytest.fixture
def burst(cluster):
    """Creates Services before a pool exists; yields (names of Services, AllocationChecker)."""
    names = [f"burst-{n}" for n in range(BURST)]
    for name in names:
        cluster.apply(objects.service(name, allocateLoadBalancerNodePorts=False))
    checker = AllocationChecker(cluster)
    yield names, checker
    checker.close()


def addresses(cluster):
    """Maps the name of each Service that has an address to this address."""
    return {s["metadata"]["name"]: s["status"]["loadBalancer"]["ingress"][0]["ip"]
            for s in cluster.api.list("Service", "default")
            if s["status"].get("loadBalancer", {}).get("ingress")}


def start_burst(cluster, checker):
    """Creates a pool; returns when some Services have an address, but not yet all."""
    cluster.apply(*served_pool("lan", "10.201.0.0/22"))
    wait_for("some Services have an address", lambda: checker.n_assigned >= 20, 10, 0.002)
    assert checker.n_assigned < BURST * 3 // 4


def assert_all_assigned(cluster, burst, timeout):
    names, checker = burst
    wait_for("all Services have an address",
             lambda: len(addresses(cluster)) == len(names), timeout, 0.5)
    assigned = addresses(cluster)
    assert len(set(assigned.values())) == len(names)
    wait_for("the checker has received all versions",
             lambda: len(checker.first_assigned) == len(names), 10)
    assert checker.violations == []


@pytest.mark.parametrize("seconds", [1, 6], ids=["briefly", "for longer than the Lease"])
def test_all_services_get_an_address_although_the_api_server_hangs(cluster, burst, seconds):
    start_burst(cluster, burst[1])
    cluster.freeze_api(True)
    time.sleep(seconds)
    cluster.freeze_api(False)
    assert_all_assigned(cluster, burst, 30)


def test_all_services_get_an_address_although_the_api_server_is_killed(cluster, burst):
    start_burst(cluster, burst[1])
    cluster.stop_api()
    cluster.start_api()
    assert_all_assigned(cluster, burst, 40)


POLICY = "deny-one-status"


def policy_objects(name):
    meta = {"name": POLICY}
    version = "admissionregistration.k8s.io/v1"
    rule = {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["UPDATE"],
            "resources": ["services/status"]}
    return [{"apiVersion": version, "kind": "ValidatingAdmissionPolicy", "metadata": meta,
             "spec": {"failurePolicy": "Fail", "matchConstraints": {"resourceRules": [rule]},
                      "validations": [{"expression": f"object.metadata.name != '{name}'",
                                       "message": "not this one"}]}},
            {"apiVersion": version, "kind": "ValidatingAdmissionPolicyBinding", "metadata": meta,
             "spec": {"policyName": POLICY, "validationActions": ["Deny"]}}]


def is_denied(cluster, name):
    try:
        cluster.api.patch("Service", name, {"status": {"loadBalancer": {}}}, sub="status")
    except ApiError as e:
        return "not this one" in str(e)
    return False


@contextlib.contextmanager
def denied(cluster, name):
    """Until the block ends, an admission policy denies all writes of this Service's status."""
    for obj in policy_objects(name):
        cluster.kubectl("apply", "-f", "-", stdin=json.dumps(obj))
    try:
        wait_for("the policy is in force", lambda: is_denied(cluster, name), 20)
        yield
    finally:
        for kind in ("validatingadmissionpolicybinding", "validatingadmissionpolicy"):
            cluster.kubectl("delete", kind, POLICY)


def test_a_service_whose_patches_are_denied_delays_no_other_service(cluster):
    cluster.apply(objects.service("refused"))
    with denied(cluster, "refused"):
        a = cluster.addresses
        cluster.apply(*served_pool("lan", f"{a[0]}-{a[29]}"))
        wait_for("a daemon logs the denial", lambda: any(
            "not this one" in cluster.arplets.log(n) for n in cluster.nodes))
        for n in range(20):
            cluster.apply(objects.service(f"other-{n}"))
            started = time.monotonic()
            cluster.wait_address(f"other-{n}")
            assert time.monotonic() - started < 1
        denials = sum(cluster.arplets.log(n).count("not this one") for n in cluster.nodes)
        assert denials < 5  # the daemon pauses before it repeats a denied write
    assigned = addresses(cluster)
    assert cluster.wait_address("refused", timeout=50) not in assigned.values()


def huge_service(name, namespace):
    """A Service of almost the maximum size that etcd and the API server accept."""
    obj = objects.service(name, annotations={"big": "x" * (255 << 10)})
    obj["metadata"]["namespace"] = namespace
    obj["metadata"]["labels"] = {f"label-{n:05}": "y" * 63 for n in range(6700)}
    return obj


def test_arplet_serves_objects_and_names_of_the_maximum_size(cluster):
    a = cluster.addresses
    namespace, name, pool = "n" * 63, "s" * 63, "p" * 253
    cluster.apply(objects.namespace(namespace), *served_pool(pool, f"{a[0]}/32"))
    created = cluster.api.request("POST", f"/api/v1/namespaces/{namespace}/services",
                                  huge_service(name, namespace))
    try:
        assert len(json.dumps(created)) > 900 << 10
        pods = objects.endpoint_slice(name, [("10.244.0.9", cluster.nodes[0].name, True)], 8080)
        pods["metadata"]["namespace"] = namespace
        cluster.apply(pods)
        wait_for("an address", lambda: cluster.address_of(name, namespace) == a[0])
        wait_for("a holder", lambda: cluster.api.list("ServiceL2Status", NAMESPACE))
        assert cluster.clients[0].arping(a[0])
        cluster.wait_event(name, "IPAllocated", namespace)
        cluster.api.patch("IPAddressPool", pool, {"spec": {"addresses": [
            f"{a[0]}/32", f"{a[0]}-{a[1]}"]}}, NAMESPACE)
        cluster.wait_event(pool, "InvalidConfiguration", NAMESPACE)
        cluster.apply(objects.service("small", annotations={"metallb.io/address-pool": pool}))
        cluster.wait_event("small", "AllocationFailed")
    finally:
        cluster.api.delete("Service", name, namespace)
        cluster.api.delete("Namespace", namespace, None)


def test_arplet_ignores_fields_that_a_later_release_adds(cluster, client):
    a = cluster.addresses
    field = ("/spec/versions/0/schema/openAPIV3Schema/properties/spec/"
             "x-kubernetes-preserve-unknown-fields")
    crds = "ipaddresspools.metallb.io", "l2advertisements.metallb.io"
    for crd in crds:
        cluster.kubectl("patch", "crd", crd, "--type=json", "-p",
                        json.dumps([{"op": "add", "path": field, "value": True}]))
    try:
        pool, advertisement = served_pool("lan", f"{a[0]}-{a[9]}")
        for obj in (pool, advertisement):
            obj["spec"]["future"] = {"weights": [1, {"a": None}], "on": True}
            wait_for("the API server keeps the field",
                     lambda o=obj: cluster.api.apply(o)["spec"].get("future"))
        cluster.backend("web", cluster.nodes[0])
        cluster.apply(objects.service("web"))
        assert cluster.wait_address("web") == a[0]
        wait_http(client, a[0])
    finally:
        for crd in crds:
            cluster.kubectl("patch", "crd", crd, "--type=json", "-p",
                            json.dumps([{"op": "remove", "path": field}]))
