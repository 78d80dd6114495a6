# SPDX-License-Identifier: Apache-2.0
"""Daemons on a LAN that drops the multicast frames of hellos send hellos as UDP."""
import contextlib
import time

from cluster import objects
from cluster.base import served_pool
from cluster.run import wait_for

from lan import disconnected, holders, metric, wait_holder, wait_http

RULES = ("table bridge hellos { chain forward { type filter hook forward priority 0; "
         "ether type 0x88b5 drop; }; }")


@contextlib.contextmanager
def hellos_dropped(node):
    """Makes the switch drop the EtherType of hellos."""
    node.run_at_switch("nft", RULES)
    try:
        yield
    finally:
        node.run_at_switch("nft", "delete table bridge hellos")


def udp_events(cluster):
    return [e for e in cluster.api.list("Event") if e["reason"] == "HellosOnlyAsUDP"]


def test_one_node_answers_if_the_switch_drops_hellos_and_an_event_says_so(cluster, client):
    first, second = cluster.nodes[:2]
    cluster.apply(*served_pool("lan", f"{cluster.addresses[0]}-{cluster.addresses[9]}"))
    cluster.backend("web", *cluster.nodes)
    with hellos_dropped(first):
        for node in cluster.nodes:
            cluster.arplets.stop(node)
        for node in cluster.nodes:
            cluster.arplets.start(node)
        cluster.apply(objects.service("web"))
        address = cluster.wait_address("web")
        holder = wait_holder(cluster, client, address, 15)
        for _ in range(5):
            assert holders(cluster, client, address) == [holder.name]
        carrier = f'arplet_peer_carrier{{node="{second.name}",interface="eth0",carrier="udp"}}'
        wait_for("the metric", lambda: metric(cluster, first, carrier) == 1)
        assert metric(cluster, first, "arplet_udp_hellos_received_total") > 10
        event = wait_for("the Event", lambda: udp_events(cluster), 10)[0]
        assert event["involvedObject"]["kind"] == "Node"
        assert "does the switch drop EtherType 0x88b5" in event["message"]
        with disconnected(holder.set_forwarded):
            lost = time.monotonic()
            rest = wait_for("another node answers", lambda: [
                n for n in holders(cluster, client, address) if n != holder.name], 3)
            assert time.monotonic() - lost < 2 and len(rest) == 1
    wait_http(client, address)
    wait_for("multicast works again", lambda: metric(
        cluster, first, carrier.replace("udp", "multicast")) == 1, 15)
    sent = metric(cluster, first, "arplet_udp_hellos_sent_total")
    time.sleep(3)
    assert metric(cluster, first, "arplet_udp_hellos_sent_total") - sent <= 2
