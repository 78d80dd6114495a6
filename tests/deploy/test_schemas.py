# SPDX-License-Identifier: Apache-2.0
"""What the API server takes and refuses, with the definitions in deploy/crds."""
import pytest

from cluster import objects
from cluster.api import APPLY, ApiError, path_of

V4 = "192.0.2.0/24"
ELSEWHERE = "default"  # a namespace whose pools no daemon follows, and would put right


def selector(operator, *values):
    return {"matchExpressions": [{"key": "zone", "operator": operator, "values": list(values)}]}


def allocation(**fields):
    return {"addresses": [V4], "serviceAllocation": fields}


GOOD_POOLS = {
    "a prefix": {"addresses": [V4]},
    "a prefix with host bits": {"addresses": ["192.0.2.7/24"]},
    "one address": {"addresses": ["192.0.2.7/32", "2001:db8::7/128"]},
    "a range": {"addresses": ["192.0.2.1-192.0.2.9"]},
    "a range with blanks": {"addresses": [" 192.0.2.1 -\t192.0.2.9 "]},
    "both families": {"addresses": ["2001:db8::/120", V4, "2001:db8:1::1-2001:db8:1::f"]},
    "as many entries as are allowed": {
        "addresses": [f"10.{n >> 8}.{n & 255}.1-10.{n >> 8}.{n & 255}.9" for n in range(4096)]},
    "an empty allocation": allocation(),
    "a negative priority": allocation(priority=-1),
    "namespaces and selectors": allocation(
        priority=50, namespaces=["a", "b"], namespaceSelectors=[{"matchLabels": {"team": "a"}}],
        serviceSelectors=[selector("In", "a"), selector("Exists"), {}]),
}

BAD_POOLS = {
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
    "a word for a flag": ({"addresses": [V4], "autoAssign": "yes"}, "spec.autoAssign"),
    "a namespace twice": (allocation(namespaces=["a", "a"]), 'Duplicate value: "a"'),
    "an unknown operator": (
        allocation(namespaceSelectors=[selector("Like", "a")]), 'Unsupported value: "Like"'),
    "In without values": (
        allocation(namespaceSelectors=[selector("In")]), "In and NotIn need at least one value"),
    "Exists with values": (
        allocation(serviceSelectors=[selector("Exists", "a")]), "Exists and DoesNotExist take no"),
}

GOOD_ADVERTISEMENTS = {
    "an empty spec": {},
    "every field": {
        "ipAddressPools": ["a", "not-there-yet"], "ipAddressPoolSelectors": [selector("In", "a")],
        "nodeSelectors": [{"matchLabels": {"kubernetes.io/hostname": f"n{n}"}}
                          for n in range(500)],
        "serviceSelectors": [{}], "interfaces": ["eth0", "bond0.100"]},
}

BAD_ADVERTISEMENTS = {
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
    """Creates an object, but for keeping it; returns what would be kept."""
    path = path_of(obj["kind"], obj["metadata"]["namespace"])
    return cluster.api.request("POST", f"{path}?dryRun=All&fieldValidation=Strict", obj)


def apply(cluster, obj):
    """The same, as tools do it that apply on the server's side."""
    path = path_of(obj["kind"], obj["metadata"]["namespace"], obj["metadata"]["name"])
    return cluster.api.request("PATCH", f"{path}?dryRun=All&fieldManager=test", obj, APPLY)


def refusal(cluster, obj):
    with pytest.raises(ApiError) as refused:
        create(cluster, obj)
    assert refused.value.status == 422
    return str(refused.value)


@rows(GOOD_POOLS)
def test_a_good_pool_is_taken(cluster, row):
    for take in (create, apply):
        made = take(cluster, objects.pool("t", **row))
        assert made["spec"]["addresses"] == row["addresses"]


@rows(BAD_POOLS)
def test_a_bad_pool_is_refused_with_a_reason(cluster, row):
    spec, reason = row
    obj = objects.pool("t")
    obj["spec"] = spec
    assert reason in refusal(cluster, obj)


@rows(GOOD_ADVERTISEMENTS)
def test_a_good_advertisement_is_taken(cluster, row):
    for take in (create, apply):
        assert take(cluster, objects.advertisement("t", **row))["spec"] == row


@rows(BAD_ADVERTISEMENTS)
def test_a_bad_advertisement_is_refused_with_a_reason(cluster, row):
    spec, reason = row
    assert reason in refusal(cluster, objects.advertisement("t", **spec))


def test_an_advertisement_needs_no_spec(cluster):
    obj = objects.advertisement("t")
    del obj["spec"]
    create(cluster, obj)


def test_a_pool_is_assigned_from_unless_it_says_otherwise(cluster):
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
    """What kubectl prints: the header and one line, in fields two blanks or more apart."""
    header, line = cluster.kubectl("get", "-n", ELSEWHERE, *argv).splitlines()
    return [f for f in header.split("  ") if f.strip()], line


def test_kubectl_shows_a_pool_in_columns(cluster, pool):
    header, line = columns(cluster, "ipaddresspools", pool)
    assert [h.strip() for h in header] == ["NAME", "AUTO ASSIGN", "AVOID BUGGY IPS", "ADDRESSES"]
    assert line.split() == ["shown", "true", "true", f'["{V4}","2001:db8::/120"]']


def test_kubectl_shows_the_use_of_a_pool_when_asked_for_more(cluster, pool):
    count = {"assignedIPv4": 1, "assignedIPv6": 2, "availableIPv4": 3,
             "availableIPv6": 9223372036854775807}
    cluster.api.patch("IPAddressPool", pool, {"status": count}, ELSEWHERE, "status")
    header, line = columns(cluster, "ipaddresspools", pool, "-o", "wide")
    assert [h.strip() for h in header[4:]] == [
        "ASSIGNED IPV4", "AVAILABLE IPV4", "ASSIGNED IPV6", "AVAILABLE IPV6"]
    assert line.split()[4:] == ["1", "3", "2", "9223372036854775807"]


@pytest.fixture
def l2_status(cluster):
    """A ServiceL2Status, as a daemon writes it: the object first, then its status."""
    obj = {"apiVersion": objects.METALLB, "kind": "ServiceL2Status",
           "metadata": {"generateName": "l2-", "namespace": ELSEWHERE}}
    name = cluster.api.request(
        "POST", path_of("ServiceL2Status", ELSEWHERE), obj)["metadata"]["name"]
    cluster.api.patch("ServiceL2Status", name, {"status": {
        "node": "n1", "serviceName": "web", "serviceNamespace": "shop",
        "interfaces": [{"name": "eth0"}]}}, ELSEWHERE, "status")
    yield name
    cluster.api.delete("ServiceL2Status", name, ELSEWHERE)


def test_kubectl_shows_who_announces(cluster, l2_status):
    header, line = columns(cluster, "servicel2statuses", l2_status)
    assert [h.strip() for h in header] == [
        "NAME", "ALLOCATED NODE", "SERVICE NAME", "SERVICE NAMESPACE"]
    assert line.split() == [l2_status, "n1", "web", "shop"]


@pytest.mark.parametrize("field", ["node", "serviceName", "serviceNamespace"])
def test_what_a_service_l2_status_is_about_cannot_change(cluster, l2_status, field):
    with pytest.raises(ApiError, match=f"status.{field}.*cannot change"):
        cluster.api.patch("ServiceL2Status", l2_status, {"status": {field: "other"}},
                          ELSEWHERE, "status")


def test_the_interfaces_of_a_service_l2_status_may_change(cluster, l2_status):
    changed = cluster.api.patch("ServiceL2Status", l2_status, {"status": {"interfaces": []}},
                                ELSEWHERE, "status")
    assert changed["status"]["interfaces"] == []


@pytest.mark.parametrize("plural", ["ipaddresspools", "l2advertisements", "servicel2statuses"])
def test_kubectl_explains_every_field(cluster, plural):
    path = f"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/{plural}.metallb.io"
    version, = cluster.api.request("GET", path)["spec"]["versions"]
    assert list(undescribed(version["schema"]["openAPIV3Schema"], plural)) == []


def undescribed(schema, path):
    """The fields below a schema that have no description; metadata may have none of ours."""
    for name, field in schema.get("properties", {}).items():
        if name != "metadata" and not field.get("description"):
            yield f"{path}.{name}"
        yield from undescribed(field, f"{path}.{name}")
    if "items" in schema:
        yield from undescribed(schema["items"], f"{path}[]")
