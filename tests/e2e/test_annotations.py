# SPDX-License-Identifier: Apache-2.0
"""Tests of the annotations of pools in docs/ANNOTATIONS.md, with a real API server."""
import time

from cluster import objects
from cluster.base import served_pool
from cluster.objects import NAMESPACE
from cluster.run import wait_for

COOLDOWN_S = 5


def make_pool(cluster, count, **annotations):
    """Creates a pool of `count` addresses; a keyword argument a_b=V sets arplet.io/a-b to V."""
    addresses = cluster.addresses[:count]
    pool, advertisement = served_pool("lan", f"{addresses[0]}-{addresses[-1]}")
    pool["metadata"]["annotations"] = {
        f"arplet.io/{name.replace('_', '-')}": value for name, value in annotations.items()}
    cluster.apply(pool, advertisement)
    return addresses


def make_service(cluster, name, **requested):
    cluster.apply(objects.service(name, annotations={
        f"metallb.io/{key}": value for key, value in requested.items()}))


def wait_refused(cluster, name, *words):
    """Waits for an Event AllocationFailed with these words; asserts that `name` has no address."""
    wait_for(f"an Event AllocationFailed of {name} with {words}", lambda: any(
        all(w in e["message"] for w in words)
        for e in cluster.events_of(name, "AllocationFailed")))
    assert cluster.address_of(name) is None


def test_a_service_gets_an_excluded_address_only_if_it_requests_it(cluster):
    a = make_pool(cluster, 2, exclude=cluster.addresses[0])
    make_service(cluster, "any")
    assert cluster.wait_address("any") == a[1]
    make_service(cluster, "late")
    wait_refused(cluster, "late")
    make_service(cluster, "named", loadBalancerIPs=a[0])
    assert cluster.wait_address("named") == a[0]


def test_a_reserved_address_is_assigned_to_its_service_alone(cluster):
    a = make_pool(cluster, 2, reservations=f"{cluster.addresses[0]}=default/gateway")
    make_service(cluster, "any")
    assert cluster.wait_address("any") == a[1]
    make_service(cluster, "named", loadBalancerIPs=a[0])
    wait_refused(cluster, "named", a[0], "default/gateway")
    for _ in range(2):
        make_service(cluster, "gateway")
        assert cluster.wait_address("gateway") == a[0]
        cluster.api.delete("Service", "gateway")


def test_a_released_address_has_a_cooldown_except_for_a_service_of_the_same_name(cluster):
    a = make_pool(cluster, 1, reuse_after=f"{COOLDOWN_S}s")
    make_service(cluster, "old")
    assert cluster.wait_address("old") == a[0]
    cluster.api.delete("Service", "old")
    make_service(cluster, "old")
    assert cluster.wait_address("old", timeout=COOLDOWN_S - 1) == a[0]
    cluster.api.delete("Service", "old")
    released = time.monotonic()
    make_service(cluster, "new")
    assert cluster.wait_address("new") == a[0]
    assert time.monotonic() - released > COOLDOWN_S - 1


def test_the_services_of_a_namespace_get_no_more_addresses_than_its_quota(cluster):
    make_pool(cluster, 3, namespace_quota="1")
    make_service(cluster, "first")
    cluster.wait_address("first")
    make_service(cluster, "second")
    wait_refused(cluster, "second", "default/first")
    cluster.api.delete("Service", "first")
    cluster.wait_address("second")


def test_a_pool_keeps_its_last_valid_annotations_and_an_event_names_the_wrong_one(cluster):
    a = make_pool(cluster, 3, exclude=cluster.addresses[0])
    make_service(cluster, "first")
    assert cluster.wait_address("first") == a[1]
    wrong = {"exclude": "10.89.0.999", "reservations": f"{a[0]}=nobody", "reuse-after": "soon",
             "namespace-quota": "0", "conflict": "shout", "exlude": a[2]}
    for name, value in wrong.items():
        cluster.api.patch("IPAddressPool", "lan", {"metadata": {"annotations": {
            f"arplet.io/{name}": value}}}, NAMESPACE)
        wait_for(f"an Event names arplet.io/{name}", lambda n=name: any(
            f"arplet.io/{n}" in e["message"]
            for e in cluster.events_of("lan", "InvalidConfiguration", NAMESPACE)))
        cluster.api.patch("IPAddressPool", "lan", {"metadata": {"annotations": {
            f"arplet.io/{name}": a[0] if name == "exclude" else None}}}, NAMESPACE)
    cluster.api.patch("IPAddressPool", "lan", {"metadata": {"annotations": {
        "arplet.io/exclude": "nonsense"}}}, NAMESPACE)
    make_service(cluster, "second")
    assert cluster.wait_address("second") == a[2]
    make_service(cluster, "third")
    wait_refused(cluster, "third")
