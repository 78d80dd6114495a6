# SPDX-License-Identifier: Apache-2.0
"""
Conflicts (RFC 5227 2.4): another host uses an address that the announcer holds. The host's kernel
has the address configured, or the test sends the frames of such a host.
"""
import contextlib

import pytest
from cluster.capture import BROADCAST, REQUEST
from cluster.run import wait_for

VIP, VIP6 = "10.89.0.100", "fd89::100"
OTHER_MAC = "02:00:00:00:00:99"
OVER_S = 27  # a conflict ends at most this long after the last frame of the conflicting host


@pytest.fixture(scope="module")
def conflicting(lan, client):
    conflicting = lan.add("client2", 202)
    wait_for("the bridge uses its port", lambda: conflicting.arping(client.address))
    return conflicting


@contextlib.contextmanager
def configured(host, address):
    """Configures the address in the host's kernel, which answers requests and announces nothing."""
    what = f"{address}/{128 if ':' in address else 32}"
    host.run("ip", "addr", "add", what, "dev", host.ifname, *(["nodad"] if ":" in address else []))
    try:
        yield
    finally:
        host.run("ip", "addr", "del", what, "dev", host.ifname)


def expect_output(announcer, line, timeout=3):
    wait_for(f"the announcer prints: {line}", lambda: line + "\n" in announcer.output(), timeout)


def is_defence(frame, node, address=VIP):
    """True for an ARP Announcement (RFC 5227 1.1): its target MAC is 0, not all ones."""
    return (frame.op == REQUEST and frame.sender_mac == node.mac() and
            frame.eth_dst == BROADCAST and frame.sender_ip == frame.target_ip == address and
            frame.target_mac == "00:00:00:00:00:00")


def test_a_host_that_already_has_the_address_is_found(announce, node, client, conflicting):
    with configured(conflicting, VIP), client.capture() as seen:
        announcer = announce(VIP)
        seen.wait(lambda f: is_defence(f, node), timeout=1)
        expect_output(announcer, f"defended eth0 {VIP} {conflicting.mac()}")
        assert len(seen.matching(lambda f: is_defence(f, node))) == 1
        assert client.arping(VIP, count=2, wait=2) == sorted([node.mac(), conflicting.mac()])
    expect_output(announcer, f"over eth0 {VIP} {conflicting.mac()}", OVER_S)
    assert client.arping(VIP) == [node.mac()]


def test_a_claim_is_defended_at_once_and_at_most_every_ten_seconds(announced, node, client, wire):
    announced(VIP)
    with client.capture() as seen:
        for _ in range(20):
            wire.send(VIP, sender_ip=VIP, mac=OTHER_MAC)
            wire.receive(lambda f: False, within=0.1)
        assert len(seen.matching(lambda f: is_defence(f, node))) == 1


def test_a_defence_corrects_the_neighbour_entries_of_other_hosts(announced, node, client, wire):
    announced(VIP)
    client.set_neighbour(VIP, OTHER_MAC)
    wire.send(VIP, sender_ip=VIP, mac=OTHER_MAC)
    wait_for("the client's entry", lambda: client.neighbour(VIP) == node.mac(), timeout=1)


def test_a_yielded_address_is_claimed_again_without_an_answer(announce, node, client, conflicting):
    with configured(conflicting, VIP):
        announcer = announce(VIP, options=["--yield=2000"])
        expect_output(announcer, f"yielded eth0 {VIP} {conflicting.mac()}")
        assert client.arping(VIP) == [conflicting.mac()]
        wait_for("the other host answers", lambda: client.arping(VIP, wait=2) ==
                 [conflicting.mac()], timeout=4)
    with client.capture() as seen:
        expect_output(announcer, f"over eth0 {VIP} {conflicting.mac()}", 8)
        seen.wait(lambda f: f.gratuitous_for(VIP) and f.sender_mac == node.mac(), timeout=1)
    assert client.arping(VIP) == [node.mac()]


def test_a_peer_whose_kernel_has_the_address_is_reported_as_kernel(announce, node, client,
                                                                   conflicting):
    with configured(conflicting, VIP), client.capture() as seen:
        announcer = announce(VIP, options=["--peer=" + conflicting.mac(), "--yield=2000"])
        expect_output(announcer, f"kernel eth0 {VIP} {conflicting.mac()}", 8)
        assert not seen.matching(lambda f: is_defence(f, node))
    assert "defended" not in announcer.output() and "yielded" not in announcer.output()
    assert announcer.stop()[VIP]["conflicts"] == 0


def test_an_ipv6_address_is_defended(announce, client, conflicting):
    with configured(conflicting, VIP6), client.capture_ndp() as seen:
        announcer = announce(VIP6)
        expect_output(announcer, f"defended eth0 {VIP6} {conflicting.mac()}", 8)
        assert len(seen.matching(lambda f: f.unsolicited_for(VIP6))) >= 3  # rounds and a defence
    announcer.stop()


def test_an_ipv6_address_is_yielded(announce, node, client, conflicting):
    with configured(conflicting, VIP6):
        announcer = announce(VIP6, options=["--yield=2000"])
        expect_output(announcer, f"yielded eth0 {VIP6} {conflicting.mac()}", 8)
        assert client.resolve(VIP6) == conflicting.mac()
    expect_output(announcer, f"over eth0 {VIP6} {conflicting.mac()}", 8)
    wait_for("the node answers", lambda: client.resolve(VIP6) == node.mac())
