# SPDX-License-Identifier: Apache-2.0
"""With externalTrafficPolicy "Local", the VIP moves with the pods; clients lose few connections."""
import time

import pytest

from cluster import objects
from cluster.base import served_pool

from lan import wait_holder, wait_http

FAILED_PER_MOVE = 1  # a connection can fail when its packets reach the old and the new holder
NOT_READY = {"ready": False, "serving": False, "terminating": False}
ENDING = {"ready": False, "serving": True, "terminating": True}
ENDED = {"ready": False, "serving": False, "terminating": True}
PROXY_S = 1.0  # minimum interval between two updates of kube-proxy's rules


@pytest.fixture
def address(cluster, client):
    """The address of a Service with a pod on each node."""
    cluster.apply(*served_pool("lan", f"{cluster.addresses[0]}-{cluster.addresses[9]}"))
    cluster.backend("web", *cluster.nodes)
    cluster.apply(objects.service("web", externalTrafficPolicy="Local"))
    address = cluster.wait_address("web")
    wait_holder(cluster, client, address)
    wait_http(client, address)
    time.sleep(2 * PROXY_S)
    return address


def set_conditions(cluster, node, **conditions):
    """Writes the conditions of a node's endpoints, as the EndpointSlice controller does."""
    eps = next(s for s in cluster.api.list("EndpointSlice", "default")
                 if s["metadata"]["labels"].get("kubernetes.io/service-name") == "web")
    for endpoint in eps["endpoints"]:
        if endpoint["nodeName"] == node.name:
            endpoint["conditions"] = conditions
    cluster.api.patch("EndpointSlice", eps["metadata"]["name"],
                      {"endpoints": eps["endpoints"]})


def claims_of_others(dialer, old, since):
    return [f.at for f in dialer.frames
            if f.at > since and f.mac != old.mac() and f.sender == f.target == dialer.address]


def move(cluster, client, address, *steps):
    """For each step (seconds, conditions), sets the conditions of the holder's endpoint.  Asserts
    that another node claims the address; returns (Dialer of a client, time of the claim)."""
    old = wait_holder(cluster, client, address)
    with cluster.dial(client, address, timeout_ms=900) as dialer:
        time.sleep(0.3)
        changed = time.monotonic()
        for pause_s, conditions in steps:
            set_conditions(cluster, old, **conditions)
            time.sleep(pause_s)
    claimed = min(claims_of_others(dialer, old, changed))
    assert claimed - changed < PROXY_S
    assert wait_holder(cluster, client, address) != old
    return dialer, claimed


def test_a_vip_moves_from_a_node_whose_pod_is_no_longer_ready(cluster, client, address):
    """Until another node claims the VIP, connections to the unready pod can fail."""
    dialer, claimed = move(cluster, client, address, (3, NOT_READY))
    late = [a for a in dialer.failed() if a.begin > claimed + 0.05]
    assert len(late) <= FAILED_PER_MOVE


def test_clients_lose_at_most_one_connection_when_a_pod_terminates_gracefully(
        cluster, client, address):
    """A terminating pod still serves, and its node holds the VIP until another node claims it."""
    dialer, _ = move(cluster, client, address, (2.5, ENDING), (2, ENDED))
    assert len(dialer.failed()) <= FAILED_PER_MOVE
