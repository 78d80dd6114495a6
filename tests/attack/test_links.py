# SPDX-License-Identifier: Apache-2.0
"""Frames that arrive on a link, but do not belong there, or are older than the link's peers."""
import contextlib
import time

from hellos import HelloCapture, raw_socket
from lan import metric, wait_holder
from vlan import Holders, arp_request, holder_of

CLIENTS = 2


def test_hellos_of_a_dead_node_that_are_sent_again_do_not_keep_it_alive(
        cluster, client, attacker, vlan, vips):
    """The attacker sends the last hellos of a node, from both VLANs, after the node has died."""
    victim = holder_of(cluster, client, vlan.ifname, vips[0])
    with HelloCapture(attacker) as recorded, HelloCapture(attacker, vlan.ifname) as recorded_vlan:
        time.sleep(0.5)
        vlan.set_cable(victim, False)
    out = raw_socket(attacker, vlan.ifname, 0)
    begin = time.monotonic()
    with Holders(client, vlan.ifname, vips[:1]) as found:
        for _ in range(10):
            for _, frame in [*recorded.of(victim.mac()), *recorded_vlan.of(victim.mac())]:
                out.send(frame)
            time.sleep(0.1)
    out.close()
    answers = [at - begin for at, mac in found.answers[vips[0]] if mac != victim.mac()]
    print(f"failover after {answers[0] if answers else -1:.2f} s")
    assert answers and answers[0] < 1


@contextlib.contextmanager
def all_frames_received(nodes):
    """Makes the switch flood all frames, and the nodes receive all, until the block ends."""
    set_all_frames(nodes, "on", ageing_time=0)
    try:
        yield
    finally:
        set_all_frames(nodes, "off", ageing_time=30000)


def set_all_frames(nodes, promiscuous, ageing_time):
    for node in nodes:
        node.run("ip", "link", "set", "eth0", "promisc", promiscuous)
    nodes[0].run_at_switch("ip", "link", "set", "br0", "type", "bridge",
                           "ageing_time", str(ageing_time))


def replayed(cluster):
    return [metric(cluster, node, 'arplet_hellos_refused_total{reason="replayed"}')
            for node in cluster.nodes]


def test_frames_of_another_vlan_and_to_another_host_are_not_for_the_daemon(
        cluster, client, attacker, lan_vip):
    """The node's interface is promiscuous, and the switch sends it frames of all VLANs."""
    holder = wait_holder(cluster, client, lan_vip)
    before = replayed(cluster)
    out = raw_socket(attacker, "eth0", 0)
    with all_frames_received(cluster.nodes), HelloCapture(attacker) as recorded, \
            attacker.capture() as seen:
        time.sleep(0.3)
        for _ in range(5):
            out.send(arp_request(attacker.mac(), lan_vip, vlan_id=30))
            out.send(arp_request(attacker.mac(), lan_vip, to="02:00:00:00:77:02"))
            for _, frame in recorded.frames[-3:]:
                out.send(frame[:12] + b"\x81\x00\x00\x1e" + frame[12:])
            time.sleep(0.1)
    out.close()
    answers = seen.matching(lambda f: f.sender_ip == lan_vip and f.eth_src == holder.mac()
                            and f.eth_dst == attacker.mac())
    print(f"{len(answers)} answers to 10 frames; replays before {before}, now {replayed(cluster)}")
    assert not answers
    assert replayed(cluster) == before
