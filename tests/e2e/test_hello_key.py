# SPDX-License-Identifier: Apache-2.0
"""The key for hellos, in the Secret that the manifest creates without data."""
import base64

import pytest

from cluster import objects
from cluster.arplet import RBAC
from cluster.base import served_pool
from cluster.run import wait_for

from lan import holders, metric, wait_holder

NS, SECRET = objects.NAMESPACE, "arplet-hello"
FOREIGN = 'arplet_hellos_refused_total{reason="foreign"}'


def key(cluster):
    """The key in the Secret, or None."""
    secret, = cluster.api.list("Secret", NS, fieldSelector=f"metadata.name={SECRET}")
    return secret.get("data", {}).get("key")


def wait_key(cluster, *old):
    return wait_for("another key", lambda: key(cluster) not in (None, *old) and key(cluster))


@pytest.fixture
def address(cluster):
    a = cluster.addresses
    cluster.apply(*served_pool("lan", f"{a[0]}-{a[9]}"))
    cluster.backend("one", *cluster.nodes[:2])
    cluster.apply(objects.service("one"))
    return cluster.wait_address("one")


def test_the_allocator_writes_a_key_of_32_bytes_into_the_secret_of_the_manifest(cluster):
    assert len(base64.b64decode(wait_key(cluster))) == 32


@pytest.mark.parametrize("how", [(), ("--server-side", "--force-conflicts")],
                         ids=["client-side", "server-side"])
def test_applying_the_manifest_again_keeps_the_key(cluster, how):
    before = wait_key(cluster)
    for _ in range(2):
        cluster.kubectl("apply", *how, "-f", RBAC)
    assert key(cluster) == before


def test_removing_the_key_changes_it_and_the_holder_stays(cluster, client, address):
    before = wait_key(cluster)
    holder = wait_holder(cluster, client, address)
    refused = [metric(cluster, n, FOREIGN) for n in cluster.nodes]
    cluster.api.patch("Secret", SECRET, {"data": {"key": None}}, NS)
    after = wait_key(cluster, before)
    wait_for("all daemons have the new key", lambda: all(
        "the key of hellos has changed" in cluster.arplets.log(n) for n in cluster.nodes))
    assert holders(cluster, client, address) == [holder.name]
    assert [metric(cluster, n, FOREIGN) for n in cluster.nodes] == refused
    assert key(cluster) == after


def test_an_event_reports_that_the_secret_is_missing(cluster, client, address):
    before = wait_key(cluster)
    holder = wait_holder(cluster, client, address)
    cluster.api.delete("Secret", SECRET, NS)
    event, = cluster.wait_event(SECRET, "HelloKeyMissing", NS)
    assert f"kubectl create secret generic {SECRET} -n {NS}" in event["message"]
    assert holders(cluster, client, address) == [holder.name]  # with the last key
    other = next(n for n in cluster.nodes if n is not holder)
    cluster.arplets.stop(other)
    cluster.arplets.launch(other)  # a daemon that starts without the Secret is not ready
    page = wait_for("an answer", lambda: other.run(
        "curl", "-s", "http://127.0.0.1:7475/readyz", check=False))
    assert "Secret" in page or "first list" in page
    cluster.kubectl("create", "secret", "generic", SECRET, "-n", NS)
    wait_key(cluster, before)
    wait_for("the daemon is ready", lambda: cluster.arplets.is_ready(other))
    wait_for("one holder", lambda: holders(cluster, client, address) == [holder.name])
