# SPDX-License-Identifier: Apache-2.0
"""A host sends the hellos of one VLAN on another; links and MACs of nodes change."""
import time

from announced import SERVICES, add_services
from hellos import HelloCapture, Relay, raw_socket
from lan import wait_holder
from vlan import VLAN_NET, Holders

CLIENTS = 2
TWO_HOLDERS_S = 0.15  # what a probe every 50 ms cannot tell from a change of the holder


def test_hellos_of_one_vlan_that_are_sent_on_another_make_no_second_holder(
        cluster, client, attacker, vlan, vips):
    with HelloCapture(attacker) as recorded:
        time.sleep(0.5)
    out = raw_socket(attacker, vlan.ifname, 0)
    with Holders(client, vlan.ifname, vips) as found:
        for node in cluster.nodes:
            out.send(recorded.of(node.mac())[-1][1])
        time.sleep(3)
    out.close()
    print(f"{found.seconds_with_two():.2f} s with two holders")
    assert found.seconds_with_two() < TWO_HOLDERS_S
    assert len(found.answers) == SERVICES


def test_hellos_that_are_relayed_to_another_vlan_at_once_make_no_second_holder(
        cluster, client, attacker, vlan, vips):
    with Holders(client, vlan.ifname, vips) as found, Relay(attacker, "eth0", vlan.ifname) as relay:
        time.sleep(3)
    print(f"{found.seconds_with_two():.2f} s with two holders, {len(relay.frames)} relayed")
    assert len(relay.frames) > 50
    assert found.seconds_with_two() < TWO_HOLDERS_S
    assert len(found.answers) == SERVICES


def test_links_that_are_deleted_and_made_again_make_no_second_holder(
        cluster, client, vlan, vips):
    """Two of three nodes lose their link; afterwards, nodes claim the addresses of new Services."""
    time.sleep(3)  # sequence numbers that begin again would need as long to grow again
    for node in cluster.nodes[:2]:
        vlan.delete(node)
    time.sleep(0.2)
    for node in cluster.nodes[:2]:
        vlan.add(node)
    time.sleep(1.5)
    new = [f"{VLAN_NET}.{100 + SERVICES + n}" for n in range(SERVICES)]
    with Holders(client, vlan.ifname, [*vips, *new]) as found:
        add_services(cluster, range(SERVICES, 2 * SERVICES))
        time.sleep(3)
    print(f"{found.seconds_with_two():.2f} s with two holders")
    assert found.seconds_with_two() < TWO_HOLDERS_S
    assert len(found.answers) == 2 * SERVICES


def test_the_new_mac_of_a_peer_is_a_peer(cluster, client, lan_vip):
    cluster.backend("lan", *cluster.nodes)
    holder = wait_holder(cluster, client, lan_vip)
    other = next(n for n in cluster.nodes if n != holder)
    before = other.mac()
    other.run("ip", "link", "set", "eth0", "address", "02:00:00:00:77:01")
    try:
        wait_holder(cluster, client, lan_vip)
        time.sleep(1.5)
        other.run("ip", "addr", "add", f"{lan_vip}/32", "dev", "lo")
        for _ in range(3):
            other.run("arping", "-U", "-c", "1", "-I", "eth0", lan_vip, check=False)
        cluster.wait_event("lan", "AddressOnNode")
        time.sleep(0.5)
        assert not cluster.events_of("lan", "AddressConflict")
    finally:
        other.run("ip", "addr", "del", f"{lan_vip}/32", "dev", "lo", check=False)
        other.run("ip", "link", "set", "eth0", "address", before)
