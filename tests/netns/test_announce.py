# SPDX-License-Identifier: Apache-2.0
"""What another machine on the LAN sees of a machine that holds addresses."""
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
RING_SLOTS = 512  # what waits to be read, at most
LEARN_S = 3.0  # the bridge takes a second to use a port whose carrier is back: a round is lost


def rounds(frames, address):
    """The times at which a request, and a reply right after it, were said for address."""
    said = [f for f in frames if f.gratuitous_for(address)]
    assert [f.op for f in said] == [REQUEST, REPLY] * (len(said) // 2)
    return [f.at for f in said[::2]]


def test_an_address_is_claimed_in_five_rounds_of_request_and_reply(hold, node, client):
    with client.capture() as seen:
        hold(VIP)
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


def test_an_entry_in_another_hosts_table_follows(hold, node, client):
    client.set_neighbour(VIP, OTHER_MAC)
    hold(VIP)
    wait_for("the client's entry follows", lambda: client.neighbour(VIP) == node.mac(), timeout=1)


def test_a_request_is_answered_to_who_asked(held, node, client, wire):
    held(VIP)
    wire.say(VIP, sender_ip=client.address)
    answer = wire.hear(lambda f: f.op == REPLY and not f.gratuitous_for(VIP))
    assert (answer.eth_dst, answer.eth_src) == (wire.mac, node.mac())
    assert (answer.sender_mac, answer.sender_ip) == (node.mac(), VIP)
    assert (answer.target_mac, answer.target_ip) == (wire.mac, client.address)


def test_arping_hears_one_host(held, node, client):
    held(VIP)
    assert client.arping(VIP, count=2, wait=2) == [node.mac()]


def test_a_probe_is_answered(held, node, wire):
    held(VIP)
    wire.say(VIP)
    answer = wire.hear(lambda f: f.op == REPLY and f.eth_dst == wire.mac)
    assert (answer.sender_mac, answer.target_ip) == (node.mac(), "0.0.0.0")


def test_a_unicast_request_to_the_holder_is_answered(held, node, client, wire):
    held(VIP)
    wire.say(VIP, sender_ip=client.address, to=node.mac())
    assert wire.hear(lambda f: f.op == REPLY and f.eth_dst == wire.mac)


def test_a_request_to_another_host_is_not_answered_though_it_comes_by(held, node, client, wire):
    node.run("ip", "link", "set", "eth0", "promisc", "on")
    holder = held(VIP)
    wire.say(VIP, sender_ip=client.address, to=OTHER_MAC)  # unknown: the bridge floods it
    assert not wire.hear(lambda f: f.op == REPLY and f.eth_dst == wire.mac, within=0.5)
    assert holder.stop()["port"]["received"] == 0
    node.run("ip", "link", "set", "eth0", "promisc", "off")


def ask_while_it_stands_still(holder, wire, questions):
    os.kill(holder.process.pid, signal.SIGSTOP)
    for _ in range(questions):
        wire.say(VIP)
    os.kill(holder.process.pid, signal.SIGCONT)


def cpu_s(pid):
    with open(f"/proc/{pid}/schedstat", encoding="ascii") as f:
        return int(f.read().split()[0]) / 1e9


@pytest.mark.parametrize("questions, kept", [(300, 300), (1000, RING_SLOTS)])
def test_a_crowd_of_questions_is_answered_and_then_it_sleeps_again(held, client, wire, questions,
                                                                   kept):
    holder = held(VIP)
    for crowds in (1, 2):
        with client.capture() as seen:
            ask_while_it_stands_still(holder, wire, questions)
            seen.wait(lambda f: f.op == REPLY and f.eth_dst == wire.mac, count=kept)
        time.sleep(0.1)
        before = cpu_s(holder.process.pid)
        time.sleep(0.5)
        assert cpu_s(holder.process.pid) - before < 0.05
        assert len(client.arping(VIP)) == 1
    assert holder.stop()[VIP]["answers"] == crowds * (kept + 1)


def test_nobody_answers_for_other_addresses_or_after_the_end(held, client):
    holder = held(VIP)
    assert client.arping(FREE) == []
    holder.stop()
    assert client.arping(VIP) == []


def test_requests_for_other_addresses_do_not_leave_the_kernel(held, client, wire):
    holder = held(VIP)
    for last in range(200):
        wire.say(f"10.89.1.{last}", sender_ip=client.address)
    for _ in range(3):
        wire.say(VIP, sender_ip=client.address)
        assert wire.hear(lambda f: f.op == REPLY and f.eth_dst == wire.mac)
    counted = holder.stop()
    assert counted["port"]["received"] == 3
    assert counted[VIP]["requests"] == counted[VIP]["answers"] == 3


def test_a_new_mac_is_announced_at_once(held, node, client):
    held(VIP)
    before = node.mac()
    with client.capture() as seen:
        node.run("ip", "link", "set", "eth0", "address", OTHER_MAC)
        frame, = seen.wait(lambda f: f.gratuitous_for(VIP) and f.sender_mac == OTHER_MAC, 0.5)
        assert frame.eth_src == OTHER_MAC
    assert client.arping(VIP) == [OTHER_MAC]
    node.run("ip", "link", "set", "eth0", "address", before)


@pytest.mark.parametrize("set_state", ["set_link", "set_cable"])
def test_a_link_that_comes_back_is_claimed_on_again(held, node, client, set_state):
    held(VIP)
    getattr(node, set_state)(False)
    with client.capture() as seen:
        time.sleep(1.5)  # more than a round
        assert not seen.frames
        getattr(node, set_state)(True)
        seen.wait(lambda f: f.gratuitous_for(VIP), LEARN_S)
    assert client.arping(VIP) == [node.mac()]


def test_a_link_that_is_flapped_faster_than_it_is_read_is_claimed_on_again(held, node, client):
    holder = held(VIP)
    with client.capture() as seen:
        netns.ip(netns.name_of(node.netns), "link set eth0 down", "link set eth0 up",
                 "link set eth0 down", "link set eth0 up")
        seen.wait(lambda f: f.gratuitous_for(VIP), LEARN_S)
    assert client.arping(VIP) == [node.mac()]
    assert "error" not in holder.output()


def recreate(node, ifname, mac):
    """Deletes a macvlan on eth0, if there is one, and makes it."""
    node.run("ip", "link", "del", ifname, check=False)
    node.run("ip", "link", "add", ifname, "link", "eth0", "address", mac, "type", "macvlan")
    node.run("ip", "link", "set", ifname, "up")


def test_an_interface_that_comes_late_goes_and_comes_again_is_followed(hold, node, client):
    hold(VIP, ifname="late0")
    assert client.arping(VIP) == []
    for mac in ["02:00:00:00:01:01", "02:00:00:00:01:02"]:
        with client.capture() as seen:
            recreate(node, "late0", mac)
            seen.wait(lambda f: f.gratuitous_for(VIP) and f.sender_mac == mac, 1.0)
        assert client.arping(VIP) == [mac]
    node.run("ip", "link", "del", "late0")
    assert client.arping(VIP) == []


def test_an_interface_made_again_with_the_same_index_is_followed(hold, node, client):
    remake = ["link add twin0 link eth0 index 777 address 02:00:00:00:02:01 type macvlan",
              "link set twin0 up"]
    space = netns.name_of(node.netns)
    netns.ip(space, *remake)
    hold(VIP, ifname="twin0")
    wait_for("an answer", lambda: client.arping(VIP) == ["02:00:00:00:02:01"])
    with client.capture() as seen:
        netns.ip(space, "link del twin0", *remake)
        seen.wait(lambda f: f.gratuitous_for(VIP), 1.0)
    assert client.arping(VIP) == ["02:00:00:00:02:01"]
    netns.ip(space, "link del twin0")


def test_cap_net_raw_is_all_it_takes(hold, node, client):
    only_raw = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups",
                "--inh-caps=-all,+net_raw", "--ambient-caps=-all,+net_raw",
                "--bounding-set=-all,+net_raw"]
    holder = hold(VIP, ifname="late0", wrap=only_raw)
    recreate(node, "late0", "02:00:00:00:01:03")
    wait_for("an answer", lambda: client.arping(VIP) == ["02:00:00:00:01:03"])
    status = open(f"/proc/{holder.process.pid}/status").read()
    assert "CapEff:\t0000000000002000\n" in status
    node.run("ip", "link", "del", "late0")


def test_without_it_the_failure_is_reported(hold):
    holder = hold(VIP, wrap=["setpriv", "--bounding-set=-net_raw", "--inh-caps=-net_raw"])
    wait_for("the report", lambda: "error listen for ARP on eth0: Operation not permitted\n"
             in holder.output())


def test_a_thousand_addresses_are_claimed_in_order_and_without_a_burst(held, client):
    many = [f"10.89.{4 + n // 250}.{n % 250}" for n in range(1000)]
    with client.capture() as seen:
        started = time.monotonic()
        held(*many)
        elapsed = time.monotonic() - started
        frames = seen.matching(lambda f: f.op == REQUEST and f.sender_ip in many)
    assert elapsed < 2.0
    first = list(dict.fromkeys(f.sender_ip for f in frames))
    assert first == many
    for earlier, later in zip(frames, frames[200:]):
        assert later.at - earlier.at > 0.1  # it takes 0.2 s, but this reader may have been late
    assert client.arping(many[500]) != []
