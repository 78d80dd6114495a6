# SPDX-License-Identifier: Apache-2.0
"""Other hosts of the LAN receive the ARP frames of a node that holds addresses."""
import os
import signal
import time

import pytest
from cluster import netns
from cluster.capture import BROADCAST, REPLY, REQUEST
from cluster.run import wait_for

VIP = "10.89.0.100"
FREE = "10.89.0.99"
OTHER_MAC = "02:00:00:00:00:99"
ROUND_S = 1.1
RING_SLOTS = 512  # how many received frames the daemon's ring can hold
LEARN_S = 3.0  # timeout; the bridge forwards only 1 s after the port has a carrier again


def rounds(frames, address):
    """The times of gratuitous requests for address. Checks that a reply follows each request."""
    sent = [f for f in frames if f.gratuitous_for(address)]
    assert [f.op for f in sent] == [REQUEST, REPLY] * (len(sent) // 2)
    return [f.at for f in sent[::2]]


def test_an_address_is_claimed_in_five_rounds_of_request_and_reply(announce, node, client):
    with client.capture() as seen:
        announce(VIP)
        seen.wait(lambda f: f.gratuitous_for(VIP), count=10, timeout=7)
        time.sleep(1.5)
        frames = seen.matching(lambda f: f.gratuitous_for(VIP))
    assert len(frames) == 10
    times = rounds(frames, VIP)
    for earlier, later in zip(times, times[1:]):
        assert later - earlier == pytest.approx(ROUND_S, abs=0.1)
    for frame in frames:
        assert frame.eth_src == frame.sender_mac == node.mac()
        assert frame.target_mac == BROADCAST
        assert frame.length == 60


def test_a_claim_updates_the_neighbour_entry_of_another_host(announce, node, client):
    client.set_neighbour(VIP, OTHER_MAC)
    announce(VIP)
    wait_for("the client has the new entry", lambda: client.neighbour(VIP) == node.mac(), timeout=1)


def test_a_request_is_answered_to_its_sender(announced, node, client, wire):
    announced(VIP)
    wire.send(VIP, sender_ip=client.address)
    answer = wire.receive(lambda f: f.op == REPLY and not f.gratuitous_for(VIP))
    assert (answer.eth_dst, answer.eth_src) == (wire.mac, node.mac())
    assert (answer.sender_mac, answer.sender_ip) == (node.mac(), VIP)
    assert (answer.target_mac, answer.target_ip) == (wire.mac, client.address)


def test_arping_receives_answers_of_one_host(announced, node, client):
    announced(VIP)
    assert client.arping(VIP, count=2, wait=2) == [node.mac()]


def test_a_probe_is_answered(announced, node, wire):
    announced(VIP)
    wire.send(VIP)
    answer = wire.receive(lambda f: f.op == REPLY and f.eth_dst == wire.mac)
    assert (answer.sender_mac, answer.target_ip) == (node.mac(), "0.0.0.0")


def test_a_unicast_request_to_the_holder_is_answered(announced, node, client, wire):
    announced(VIP)
    wire.send(VIP, sender_ip=client.address, to=node.mac())
    assert wire.receive(lambda f: f.op == REPLY and f.eth_dst == wire.mac)


def test_a_request_to_the_mac_of_another_host_is_not_answered(announced, node, client, wire):
    node.run("ip", "link", "set", "eth0", "promisc", "on")
    announcer = announced(VIP)
    wire.send(VIP, sender_ip=client.address, to=OTHER_MAC)  # the bridge floods the frame
    assert not wire.receive(lambda f: f.op == REPLY and f.eth_dst == wire.mac, within=0.5)
    assert announcer.stop()["port"]["received"] == 0
    node.run("ip", "link", "set", "eth0", "promisc", "off")


def send_requests_while_stopped(announcer, wire, n):
    os.kill(announcer.process.pid, signal.SIGSTOP)
    for _ in range(n):
        wire.send(VIP)
    os.kill(announcer.process.pid, signal.SIGCONT)


def cpu_s(pid):
    with open(f"/proc/{pid}/schedstat", encoding="ascii") as f:
        return int(f.read().split()[0]) / 1e9


@pytest.mark.parametrize("requests, kept", [(300, 300), (1000, RING_SLOTS)])
def test_many_waiting_requests_are_answered_and_then_the_busy_poll_ends(announced, client, wire,
                                                                        requests, kept):
    announcer = announced(VIP)
    for turn in (1, 2):
        with client.capture() as seen:
            send_requests_while_stopped(announcer, wire, requests)
            seen.wait(lambda f: f.op == REPLY and f.eth_dst == wire.mac, count=kept)
        time.sleep(0.1)
        before = cpu_s(announcer.process.pid)
        time.sleep(0.5)
        assert cpu_s(announcer.process.pid) - before < 0.05
        assert len(client.arping(VIP)) == 1
    assert announcer.stop()[VIP]["answers"] == turn * (kept + 1)


def test_no_host_answers_for_other_addresses_or_after_the_process_has_ended(announced, client):
    announcer = announced(VIP)
    assert client.arping(FREE) == []
    announcer.stop()
    assert client.arping(VIP) == []


def test_the_filter_drops_requests_for_other_addresses(announced, client, wire):
    announcer = announced(VIP)
    for last in range(200):
        wire.send(f"10.89.1.{last}", sender_ip=client.address)
    for _ in range(3):
        wire.send(VIP, sender_ip=client.address)
        assert wire.receive(lambda f: f.op == REPLY and f.eth_dst == wire.mac)
    counted = announcer.stop()
    assert counted["port"]["received"] == 3
    assert counted[VIP]["requests"] == counted[VIP]["answers"] == 3


def test_a_new_mac_is_announced_at_once(announced, node, client):
    announced(VIP)
    before = node.mac()
    with client.capture() as seen:
        node.run("ip", "link", "set", "eth0", "address", OTHER_MAC)
        frame, = seen.wait(lambda f: f.gratuitous_for(VIP) and f.sender_mac == OTHER_MAC, 0.5)
        assert frame.eth_src == OTHER_MAC
    assert client.arping(VIP) == [OTHER_MAC]
    node.run("ip", "link", "set", "eth0", "address", before)


@pytest.mark.parametrize("set_state", ["set_link", "set_cable"])
def test_a_link_that_comes_up_again_restarts_the_claims(announced, node, client, set_state):
    announced(VIP)
    getattr(node, set_state)(False)
    with client.capture() as seen:
        time.sleep(1.5)  # more than a round
        assert not seen.frames
        getattr(node, set_state)(True)
        seen.wait(lambda f: f.gratuitous_for(VIP), LEARN_S)
    assert client.arping(VIP) == [node.mac()]


def test_addresses_are_claimed_again_after_a_link_flaps_quickly(announced, node, client):
    announcer = announced(VIP)
    with client.capture() as seen:
        netns.ip(netns.name_of(node.netns), "link set eth0 down", "link set eth0 up",
                 "link set eth0 down", "link set eth0 up")
        seen.wait(lambda f: f.gratuitous_for(VIP), LEARN_S)
    assert client.arping(VIP) == [node.mac()]
    assert "error" not in announcer.output()


def recreate(node, ifname, mac):
    """Deletes the macvlan interface ifname, if it exists, and creates it again on eth0."""
    node.run("ip", "link", "del", ifname, check=False)
    node.run("ip", "link", "add", ifname, "link", "eth0", "address", mac, "type", "macvlan")
    node.run("ip", "link", "set", ifname, "up")


def test_an_interface_that_appears_late_and_is_created_again_is_followed(announce, node, client):
    announce(VIP, ifname="late0")
    assert client.arping(VIP) == []
    for mac in ["02:00:00:00:01:01", "02:00:00:00:01:02"]:
        with client.capture() as seen:
            recreate(node, "late0", mac)
            seen.wait(lambda f: f.gratuitous_for(VIP) and f.sender_mac == mac, 1.0)
        assert client.arping(VIP) == [mac]
    node.run("ip", "link", "del", "late0")
    assert client.arping(VIP) == []


def test_an_interface_that_is_created_again_with_the_same_index_is_followed(announce, node, client):
    remake = ["link add twin0 link eth0 index 777 address 02:00:00:00:02:01 type macvlan",
              "link set twin0 up"]
    space = netns.name_of(node.netns)
    netns.ip(space, *remake)
    announce(VIP, ifname="twin0")
    wait_for("the node answers", lambda: client.arping(VIP) == ["02:00:00:00:02:01"])
    with client.capture() as seen:
        netns.ip(space, "link del twin0", *remake)
        seen.wait(lambda f: f.gratuitous_for(VIP), 1.0)
    assert client.arping(VIP) == ["02:00:00:00:02:01"]
    netns.ip(space, "link del twin0")


def test_cap_net_raw_is_the_only_capability_needed(announce, node, client):
    only_raw = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups",
                "--inh-caps=-all,+net_raw", "--ambient-caps=-all,+net_raw",
                "--bounding-set=-all,+net_raw"]
    announcer = announce(VIP, ifname="late0", wrap=only_raw)
    recreate(node, "late0", "02:00:00:00:01:03")
    wait_for("the node answers", lambda: client.arping(VIP) == ["02:00:00:00:01:03"])
    status = open(f"/proc/{announcer.process.pid}/status").read()
    assert "CapEff:\t0000000000002000\n" in status
    node.run("ip", "link", "del", "late0")


def test_without_cap_net_raw_the_failure_is_reported(announce):
    announcer = announce(VIP, wrap=["setpriv", "--bounding-set=-net_raw", "--inh-caps=-net_raw"])
    wait_for("the error", lambda: "error listen for ARP on eth0: Operation not permitted\n"
             in announcer.output())


def test_a_thousand_addresses_are_claimed_in_order_and_without_a_burst(announced, client):
    many = [f"10.89.{4 + n // 250}.{n % 250}" for n in range(1000)]
    with client.capture() as seen:
        started = time.monotonic()
        announced(*many)
        elapsed = time.monotonic() - started
        frames = seen.matching(lambda f: f.op == REQUEST and f.sender_ip in many)
    assert elapsed < 2.0
    first = list(dict.fromkeys(f.sender_ip for f in frames))
    assert first == many
    for earlier, later in zip(frames, frames[200:]):
        assert later.at - earlier.at > 0.1  # 200 rounds take 0.2 s; a late capture may halve it
    assert client.arping(many[500]) != []
