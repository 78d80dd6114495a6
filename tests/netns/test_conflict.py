# SPDX-License-Identifier: Apache-2.0
"""
Another host has an address that is held: RFC 5227 2.4, with the kernel of that host and frames of
any kind on the wire.
"""
import contextlib

import pytest
from cluster.capture import BROADCAST, REQUEST
from cluster.run import wait_for

VIP, VIP6 = "10.89.0.100", "fd89::100"
OTHER_MAC = "02:00:00:00:00:99"
OVER_S = 27  # the longest that a quarrel lives after the last word of the other host


@pytest.fixture(scope="module")
def squatter(lan, client):
    squatter = lan.add("client2", 202)
    wait_for("the bridge uses its port", lambda: squatter.arping(client.address))
    return squatter


@contextlib.contextmanager
def configured(host, address):
    """As an administrator would do it, by hand: the kernel answers, and says nothing unasked."""
    what = f"{address}/{128 if ':' in address else 32}"
    host.run("ip", "addr", "add", what, "dev", host.ifname, *(["nodad"] if ":" in address else []))
    try:
        yield
    finally:
        host.run("ip", "addr", "del", what, "dev", host.ifname)


def told(holder, line, timeout=3):
    wait_for(f"hold says: {line}", lambda: line + "\n" in holder.output(), timeout)


def is_defence(frame, node, address=VIP):
    """RFC 5227 1.1: an ARP Announcement, which unlike our gratuitous ARP has no target MAC."""
    return (frame.op == REQUEST and frame.sender_mac == node.mac() and
            frame.eth_dst == BROADCAST and frame.sender_ip == frame.target_ip == address and
            frame.target_mac == "00:00:00:00:00:00")


def test_a_host_that_has_the_address_already_is_found_and_told(hold, node, client, squatter):
    with configured(squatter, VIP), client.capture() as seen:
        holder = hold(VIP)
        seen.wait(lambda f: is_defence(f, node), timeout=1)
        told(holder, f"rival eth0 {VIP} {squatter.mac()}")
        assert len(seen.matching(lambda f: is_defence(f, node))) == 1
        assert client.arping(VIP, count=2, wait=2) == sorted([node.mac(), squatter.mac()])
    told(holder, f"over eth0 {VIP} {squatter.mac()}", OVER_S)
    assert client.arping(VIP) == [node.mac()]


def test_a_claim_is_answered_at_once_and_at_most_every_ten_seconds(held, node, client, wire):
    held(VIP)
    with client.capture() as seen:
        for _ in range(20):
            wire.say(VIP, sender_ip=VIP, mac=OTHER_MAC)
            wire.hear(lambda f: False, within=0.1)
        assert len(seen.matching(lambda f: is_defence(f, node))) == 1


def test_a_defence_puts_the_tables_of_others_right(held, node, client, wire):
    held(VIP)
    client.set_neighbour(VIP, OTHER_MAC)
    wire.say(VIP, sender_ip=VIP, mac=OTHER_MAC)
    wait_for("the client's entry", lambda: client.neighbour(VIP) == node.mac(), timeout=1)


def test_who_yields_is_silent_until_nobody_answers(hold, node, client, squatter):
    with configured(squatter, VIP):
        holder = hold(VIP, options=["--yield=2000"])
        told(holder, f"yield eth0 {VIP} {squatter.mac()}")
        assert client.arping(VIP) == [squatter.mac()]
        wait_for("a question that was answered", lambda: client.arping(VIP, wait=2) ==
                 [squatter.mac()], timeout=4)
    with client.capture() as seen:
        told(holder, f"over eth0 {VIP} {squatter.mac()}", 8)
        seen.wait(lambda f: f.gratuitous_for(VIP) and f.sender_mac == node.mac(), timeout=1)
    assert client.arping(VIP) == [node.mac()]


def test_a_fellow_whose_kernel_has_the_address_is_no_rival(hold, node, client, squatter):
    with configured(squatter, VIP), client.capture() as seen:
        holder = hold(VIP, options=["--fellow=" + squatter.mac(), "--yield=2000"])
        told(holder, f"kernel eth0 {VIP} {squatter.mac()}", 8)
        assert not seen.matching(lambda f: is_defence(f, node))
    assert "rival" not in holder.output() and "yield" not in holder.output()
    assert holder.stop()[VIP]["conflicts"] == 0


def test_an_ipv6_address_is_defended_too(hold, client, squatter):
    with configured(squatter, VIP6), client.capture_ndp() as seen:
        holder = hold(VIP6)
        told(holder, f"rival eth0 {VIP6} {squatter.mac()}", 8)  # the switch learns of its group
        assert len(seen.matching(lambda f: f.unsolicited_for(VIP6))) >= 3  # rounds and a defence
    holder.stop()


def test_an_ipv6_address_is_yielded_too(hold, node, client, squatter):
    with configured(squatter, VIP6):
        holder = hold(VIP6, options=["--yield=2000"])
        told(holder, f"yield eth0 {VIP6} {squatter.mac()}", 8)
        assert client.resolve(VIP6) == squatter.mac()
    told(holder, f"over eth0 {VIP6} {squatter.mac()}", 8)
    wait_for("an answer of the node", lambda: client.resolve(VIP6) == node.mac())
