# SPDX-License-Identifier: Apache-2.0
"""externalTrafficPolicy Local: the address follows the pods, and clients that connect go on."""
import time

import pytest

from cluster import objects
from cluster.base import served_pool
from cluster.run import wait_for

from lan import wait_holder, wait_http

IN_A_MOVE = 1  # of connections: its SYN may go through one node, and the rest through another
NOT_READY = {"ready": False, "serving": False, "terminating": False}
ENDING = {"ready": False, "serving": True, "terminating": True}
ENDED = {"ready": False, "serving": False, "terminating": True}
PROXY_S = 1.0  # kube-proxy waits so long between two changes of its rules


@pytest.fixture
def address(cluster, client):
    """Of a Service with a pod on each node, and the node that holds it."""
    cluster.apply(*served_pool("lan", f"{cluster.addresses[0]}-{cluster.addresses[9]}"))
    cluster.backend("web", *cluster.nodes)
    cluster.apply(objects.service("web", externalTrafficPolicy="Local"))
    address = cluster.wait_address("web")
    wait_holder(cluster, client, address)
    wait_http(client, address)
    time.sleep(2 * PROXY_S)
    return address


def set_conditions(cluster, node, **conditions):
    """As the controller would write what a kubelet says of the pods of a node."""
    found = next(s for s in cluster.api.list("EndpointSlice", "default")
                 if s["metadata"]["labels"].get("kubernetes.io/service-name") == "web")
    for endpoint in found["endpoints"]:
        if endpoint["nodeName"] == node.name:
            endpoint["conditions"] = conditions
    cluster.api.patch("EndpointSlice", found["metadata"]["name"],
                      {"endpoints": found["endpoints"]})


def claims_of_others(dialer, old, since):
    return [f.at for f in dialer.frames
            if f.at > since and f.mac != old.mac() and f.sender == f.target == dialer.address]


def moved(cluster, client, address, *steps):
    """What a client notices of the conditions of the holder's pod, each for some seconds."""
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


def test_an_address_leaves_a_node_whose_pod_is_not_ready_any_more(cluster, client, address):
    """Until kube-proxy there drops what still comes: that is all that a client may notice."""
    dialer, claimed = moved(cluster, client, address, (3, NOT_READY))
    late = [a for a in dialer.failed() if a.begin > claimed + 0.05]
    assert len(late) <= IN_A_MOVE


def test_a_pod_that_ends_in_good_order_costs_no_connection(cluster, client, address):
    """It serves until it ends, and so does its node, until another has the address."""
    dialer, _ = moved(cluster, client, address, (2.5, ENDING), (2, ENDED))
    assert len(dialer.failed()) <= IN_A_MOVE
