# SPDX-License-Identifier: Apache-2.0
"""Tests of the API server's validation with the CRDs of deploy/crds."""
import pytest

from cluster import objects
from cluster.api import APPLY, ApiError, path_of

V4 = "192.0.2.0/24"
ELSEWHERE = "default"  # arplet does not use the pools of this namespace


def selector(operator, *values):
    return {"matchExpressions": [{"key": "zone", "operator": operator, "values": list(values)}]}


def allocation(**fields):
    return {"addresses": [V4], "serviceAllocation": fields}


VALID_POOLS = {
    "a prefix": {"addresses": [V4]},
    "a prefix with host bits": {"addresses": ["192.0.2.7/24"]},
    "one address": {"addresses": ["192.0.2.7/32", "2001:db8::7/128"]},
    "a range": {"addresses": ["192.0.2.1-192.0.2.9"]},
    "a range with blanks": {"addresses": [" 192.0.2.1 -\t192.0.2.9 "]},
    "both families": {"addresses": ["2001:db8::/120", V4, "2001:db8:1::1-2001:db8:1::f"]},
    "the maximum number of entries": {
        "addresses": [f"10.{n >> 8}.{n & 255}.1-10.{n >> 8}.{n & 255}.9" for n in range(4096)]},
    "an empty allocation": allocation(),
    "a negative priority": allocation(priority=-1),
    "namespaces and selectors": allocation(
        priority=50, namespaces=["a", "b"], namespaceSelectors=[{"matchLabels": {"team": "a"}}],
        serviceSelectors=[selector("In", "a"), selector("Exists"), {}]),
}

INVALID_POOLS = {
    "an IPv4 address alone": (
        {"addresses": ["192.0.2.7"]}, "a single address is written 192.0.2.7/32"),
    "an IPv6 address alone": (
        {"addresses": ["2001:db8::7"]}, "a single address is written 2001:db8::7/128"),
    "a prefix too long": ({"addresses": ["192.0.2.0/33"]}, '"192.0.2.0/33" is not a prefix'),
    "a blank in a prefix": ({"addresses": ["192.0.2.0 /24"]}, '"192.0.2.0 /24" is not a prefix'),
    "an octet too large": ({"addresses": ["192.0.2.256/32"]}, '"192.0.2.256/32" is not a prefix'),
    "mixed families": (
        {"addresses": ["192.0.2.1-2001:db8::9"]}, "is not a range of one family"),
    "families mixed the other way": (
        {"addresses": ["2001:db8::1-192.0.2.9"]}, "is not a range of one family"),
    "three ends": (
        {"addresses": ["192.0.2.1-192.0.2.5-192.0.2.9"]}, "is not a range of one family"),
    "a range of prefixes": ({"addresses": [f"{V4}-{V4}"]}, "is not a range of one family"),
    "the second of two": ({"addresses": [V4, "x"]}, "spec.addresses[1]"),
    "the same prefix twice": ({"addresses": [V4, V4]}, f'Duplicate value: "{V4}"'),
    "no addresses": ({"addresses": []}, "should have at least 1 items"),
    "no field for addresses": ({"autoAssign": True}, "spec.addresses: Required value"),
    "a string for a boolean": ({"addresses": [V4], "autoAssign": "yes"}, "spec.autoAssign"),
    "a namespace twice": (allocation(namespaces=["a", "a"]), 'Duplicate value: "a"'),
    "an unknown operator": (
        allocation(namespaceSelectors=[selector("Like", "a")]), 'Unsupported value: "Like"'),
    "In without values": (
        allocation(namespaceSelectors=[selector("In")]), "In and NotIn need at least one value"),
    "Exists with values": (
        allocation(serviceSelectors=[selector("Exists", "a")]), "Exists and DoesNotExist take no"),
}

VALID_ADVERTISEMENTS = {
    "an empty spec": {},
    "every field": {
        "ipAddressPools": ["a", "not-there-yet"], "ipAddressPoolSelectors": [selector("In", "a")],
        "nodeSelectors": [{"matchLabels": {"kubernetes.io/hostname": f"n{n}"}}
                          for n in range(500)],
        "serviceSelectors": [{}], "interfaces": ["eth0", "bond0.100"]},
}

INVALID_ADVERTISEMENTS = {
    "a pool twice": ({"ipAddressPools": ["a", "a"]}, 'ipAddressPools[1]: Duplicate value: "a"'),
    "an interface twice": ({"interfaces": ["e", "e"]}, 'interfaces[1]: Duplicate value: "e"'),
    "a selector without a key": (
        {"nodeSelectors": [{"matchExpressions": [{"operator": "Exists"}]}]}, "key: Required value"),
    "NotIn without values": (
        {"serviceSelectors": [selector("NotIn")]}, "In and NotIn need at least one value"),
}


def rows(table):
    return pytest.mark.parametrize("row", table.values(), ids=table.keys())


def create(cluster, obj):
    """Creates an object with dryRun=All; returns the object that the API server would store."""
    path = path_of(obj["kind"], obj["metadata"]["namespace"])
    return cluster.api.request("POST", f"{path}?dryRun=All&fieldValidation=Strict", obj)


def apply(cluster, obj):
    """Server-side apply with dryRun=All; returns the object that the API server would store."""
    path = path_of(obj["kind"], obj["metadata"]["namespace"], obj["metadata"]["name"])
    return cluster.api.request("PATCH", f"{path}?dryRun=All&fieldManager=test", obj, APPLY)


def rejection(cluster, obj):
    with pytest.raises(ApiError) as error:
        create(cluster, obj)
    assert error.value.status == 422
    return str(error.value)


@rows(VALID_POOLS)
def test_the_api_server_accepts_a_valid_pool(cluster, row):
    for write in (create, apply):
        stored = write(cluster, objects.pool("t", **row))
        assert stored["spec"]["addresses"] == row["addresses"]


@rows(INVALID_POOLS)
def test_the_api_server_rejects_an_invalid_pool_with_a_reason(cluster, row):
    spec, reason = row
    obj = objects.pool("t")
    obj["spec"] = spec
    assert reason in rejection(cluster, obj)


@rows(VALID_ADVERTISEMENTS)
def test_the_api_server_accepts_a_valid_advertisement(cluster, row):
    for write in (create, apply):
        assert write(cluster, objects.advertisement("t", **row))["spec"] == row


@rows(INVALID_ADVERTISEMENTS)
def test_the_api_server_rejects_an_invalid_advertisement_with_a_reason(cluster, row):
    spec, reason = row
    assert reason in rejection(cluster, objects.advertisement("t", **spec))


def test_an_advertisement_needs_no_spec(cluster):
    obj = objects.advertisement("t")
    del obj["spec"]
    create(cluster, obj)


def test_auto_assign_of_a_pool_is_true_by_default(cluster):
    spec = create(cluster, objects.pool("t", V4))["spec"]
    assert spec["autoAssign"] is True
    assert spec["avoidBuggyIPs"] is False


@pytest.fixture
def pool(cluster):
    obj = objects.pool("shown", V4, "2001:db8::/120", avoidBuggyIPs=True)
    obj["metadata"]["namespace"] = ELSEWHERE
    cluster.apply(obj)
    yield "shown"
    cluster.api.delete("IPAddressPool", "shown", ELSEWHERE)


def columns(cluster, *argv):
    """Runs `kubectl get` for one object; returns (list of column headers, line of the object)."""
    header, line = cluster.kubectl("get", "-n", ELSEWHERE, *argv).splitlines()
    return [f for f in header.split("  ") if f.strip()], line


def test_kubectl_get_shows_the_spec_of_a_pool(cluster, pool):
    header, line = columns(cluster, "ipaddresspools", pool)
    assert [h.strip() for h in header] == ["NAME", "AUTO ASSIGN", "AVOID BUGGY IPS", "ADDRESSES"]
    assert line.split() == ["shown", "true", "true", f'["{V4}","2001:db8::/120"]']


def test_kubectl_get_wide_shows_the_address_counts_of_a_pool(cluster, pool):
    count = {"assignedIPv4": 1, "assignedIPv6": 2, "availableIPv4": 3,
             "availableIPv6": 9223372036854775807}
    cluster.api.patch("IPAddressPool", pool, {"status": count}, ELSEWHERE, "status")
    header, line = columns(cluster, "ipaddresspools", pool, "-o", "wide")
    assert [h.strip() for h in header[4:]] == [
        "ASSIGNED IPV4", "AVAILABLE IPV4", "ASSIGNED IPV6", "AVAILABLE IPV6"]
    assert line.split()[4:] == ["1", "3", "2", "9223372036854775807"]


@pytest.fixture
def l2_status(cluster):
    """Creates a ServiceL2Status, then writes its status, as the daemon does; yields its name."""
    obj = {"apiVersion": objects.METALLB, "kind": "ServiceL2Status",
           "metadata": {"generateName": "l2-", "namespace": ELSEWHERE}}
    name = cluster.api.request(
        "POST", path_of("ServiceL2Status", ELSEWHERE), obj)["metadata"]["name"]
    cluster.api.patch("ServiceL2Status", name, {"status": {
        "node": "n1", "serviceName": "web", "serviceNamespace": "shop",
        "interfaces": [{"name": "eth0"}]}}, ELSEWHERE, "status")
    yield name
    cluster.api.delete("ServiceL2Status", name, ELSEWHERE)


def test_kubectl_get_shows_the_holder_in_a_service_l2_status(cluster, l2_status):
    header, line = columns(cluster, "servicel2statuses", l2_status)
    assert [h.strip() for h in header] == [
        "NAME", "ALLOCATED NODE", "SERVICE NAME", "SERVICE NAMESPACE"]
    assert line.split() == [l2_status, "n1", "web", "shop"]


@pytest.mark.parametrize("field", ["node", "serviceName", "serviceNamespace"])
def test_the_api_server_rejects_a_change_of_the_subject_of_a_service_l2_status(
        cluster, l2_status, field):
    with pytest.raises(ApiError, match=f"status.{field}.*cannot change"):
        cluster.api.patch("ServiceL2Status", l2_status, {"status": {field: "other"}},
                          ELSEWHERE, "status")


def test_the_api_server_accepts_a_change_of_the_interfaces_of_a_service_l2_status(
        cluster, l2_status):
    changed = cluster.api.patch("ServiceL2Status", l2_status, {"status": {"interfaces": []}},
                                ELSEWHERE, "status")
    assert changed["status"]["interfaces"] == []


@pytest.mark.parametrize("plural", ["ipaddresspools", "l2advertisements", "servicel2statuses"])
def test_the_schema_describes_every_field(cluster, plural):
    path = f"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/{plural}.metallb.io"
    version, = cluster.api.request("GET", path)["spec"]["versions"]
    assert list(undescribed(version["schema"]["openAPIV3Schema"], plural)) == []


def undescribed(schema, path):
    """Yields the path of each field of a schema that has no description, except `metadata`."""
    for name, field in schema.get("properties", {}).items():
        if name != "metadata" and not field.get("description"):
            yield f"{path}.{name}"
        yield from undescribed(field, f"{path}.{name}")
    if "items" in schema:
        yield from undescribed(schema["items"], f"{path}[]")
