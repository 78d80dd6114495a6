# SPDX-License-Identifier: Apache-2.0
"""An API server that hangs, dies or refuses, and objects at its limits: nobody else waits."""
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
from witness import Witness

NODES = 2
OPTIONS = ("--lease-duration", "3s")
BURST = 300


@pytest.fixture
def burst(cluster):
    """Services that all wait for a pool; a witness looks at what they get."""
    names = [f"burst-{n}" for n in range(BURST)]
    for name in names:
        cluster.apply(objects.service(name, allocateLoadBalancerNodePorts=False))
    witness = Witness(cluster)
    yield names, witness
    witness.close()


def addresses(cluster):
    """name: address, of the Services that have one."""
    return {s["metadata"]["name"]: s["status"]["loadBalancer"]["ingress"][0]["ip"]
            for s in cluster.api.list("Service", "default")
            if s["status"].get("loadBalancer", {}).get("ingress")}


def begin(cluster, witness):
    """The pool comes; some of the Services have their address, and most have not."""
    cluster.apply(*served_pool("lan", "10.201.0.0/22"))
    wait_for("some are served", lambda: witness.seen >= 20, 10, 0.002)
    assert witness.seen < BURST * 3 // 4


def all_served(cluster, burst, timeout):
    names, witness = burst
    wait_for("all are served", lambda: len(addresses(cluster)) == len(names), timeout, 0.5)
    given = addresses(cluster)
    assert len(set(given.values())) == len(names)
    wait_for("the witness has seen it", lambda: len(witness.first) == len(names), 10)
    assert witness.faults == []


@pytest.mark.parametrize("seconds", [1, 6], ids=["briefly", "for longer than the Lease"])
def test_the_api_server_hangs_in_the_middle_of_a_burst(cluster, burst, seconds):
    begin(cluster, burst[1])
    cluster.freeze_api(True)
    time.sleep(seconds)
    cluster.freeze_api(False)
    all_served(cluster, burst, 30)


def test_the_api_server_is_killed_in_the_middle_of_a_burst(cluster, burst):
    begin(cluster, burst[1])
    cluster.stop_api()
    cluster.start_api()
    all_served(cluster, burst, 40)


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


def refuses(cluster, name):
    try:
        cluster.api.patch("Service", name, {"status": {"loadBalancer": {}}}, sub="status")
    except ApiError as e:
        return "not this one" in str(e)
    return False


@contextlib.contextmanager
def denied(cluster, name):
    """Whoever writes the status of this Service is told no."""
    for obj in policy_objects(name):
        cluster.kubectl("apply", "-f", "-", stdin=json.dumps(obj))
    try:
        wait_for("the policy is in force", lambda: refuses(cluster, name), 20)
        yield
    finally:
        for kind in ("validatingadmissionpolicybinding", "validatingadmissionpolicy"):
            cluster.kubectl("delete", kind, POLICY)


def test_a_service_that_cannot_be_patched_delays_no_other(cluster):
    cluster.apply(objects.service("refused"))
    with denied(cluster, "refused"):
        a = cluster.addresses
        cluster.apply(*served_pool("lan", f"{a[0]}-{a[29]}"))
        wait_for("it is refused", lambda: any(
            "not this one" in cluster.arplets.log(n) for n in cluster.nodes))
        for n in range(20):
            cluster.apply(objects.service(f"other-{n}"))
            began = time.monotonic()
            cluster.wait_address(f"other-{n}")
            assert time.monotonic() - began < 1
        told = sum(cluster.arplets.log(n).count("not this one") for n in cluster.nodes)
        assert told < 5  # it is not tried in a loop
    given = addresses(cluster)
    assert cluster.wait_address("refused", timeout=50) not in given.values()


def huge_service(name, namespace):
    """As much as etcd and the API's rules for annotations let through."""
    obj = objects.service(name, annotations={"big": "x" * (255 << 10)})
    obj["metadata"]["namespace"] = namespace
    obj["metadata"]["labels"] = {f"label-{n:05}": "y" * 63 for n in range(6700)}
    return obj


def test_objects_and_names_at_their_limits_are_served_like_any_other(cluster):
    a = cluster.addresses
    namespace, name, pool = "n" * 63, "s" * 63, "p" * 253
    cluster.apply(objects.namespace(namespace), *served_pool(pool, f"{a[0]}/32"))
    made = cluster.api.request("POST", f"/api/v1/namespaces/{namespace}/services",
                               huge_service(name, namespace))
    try:
        assert len(json.dumps(made)) > 900 << 10
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


def test_fields_that_a_later_release_adds_are_passed_over(cluster, client):
    a = cluster.addresses
    at = "/spec/versions/0/schema/openAPIV3Schema/properties/spec/x-kubernetes-preserve-unknown-fields"
    crds = "ipaddresspools.metallb.io", "l2advertisements.metallb.io"
    for crd in crds:
        cluster.kubectl("patch", "crd", crd, "--type=json", "-p",
                        json.dumps([{"op": "add", "path": at, "value": True}]))
    try:
        pool, advertisement = served_pool("lan", f"{a[0]}-{a[9]}")
        for obj in (pool, advertisement):
            obj["spec"]["future"] = {"weights": [1, {"a": None}], "on": True}
            wait_for("it is kept", lambda o=obj: cluster.api.apply(o)["spec"].get("future"))
        cluster.backend("web", cluster.nodes[0])
        cluster.apply(objects.service("web"))
        assert cluster.wait_address("web") == a[0]
        wait_http(client, a[0])
    finally:
        for crd in crds:
            cluster.kubectl("patch", "crd", crd, "--type=json", "-p",
                            json.dumps([{"op": "remove", "path": at}]))
