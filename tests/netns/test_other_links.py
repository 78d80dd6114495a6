# SPDX-License-Identifier: Apache-2.0
"""
A node on a trunk port, whose interface is promiscuous, ignores frames of VLANs, frames to other
hosts, and frames to other interfaces that share its NIC.
"""
import socket
import struct
import time

import pytest
from cluster import ndp, netns
from cluster.capture import BROADCAST, REPLY, REQUEST
from cluster.run import wait_for

VIP = "10.89.0.100"
VIP6 = "fd89::100"
OTHER_MAC = "02:00:00:00:00:99"
MACVLAN = "02:00:00:00:00:98"
HELLO_GROUP = "03:61:72:70:6c:74"
ETH_P_HELLO = 0x88b5
HELLO_UNCHANGED = 8
VLAN_5 = struct.pack("!HH", 0x8100, 5)
SERVICE_VLAN_5 = struct.pack("!HH", 0x88a8, 5)
PRIORITY = struct.pack("!HH", 0x8100, 0xe000)  # VLAN 0: only a priority, IEEE 802.1Q 6.9.3
ALL = 0x0003  # ETH_P_ALL


@pytest.fixture
def trunk(node):
    """The node, with a promiscuous interface, and with a macvlan on the same NIC."""
    node.run("ip", "link", "set", "eth0", "promisc", "on")
    node.run("ip", "link", "add", "mv0", "link", "eth0", "address", MACVLAN, "type", "macvlan")
    node.run("ip", "link", "set", "mv0", "up")
    yield node
    node.run("ip", "link", "del", "mv0")
    node.run("ip", "link", "set", "eth0", "promisc", "off")


@pytest.fixture
def raw(client):
    """A packet socket on the client's interface, for frames of any EtherType."""
    with netns.socket_in(client.netns, socket.AF_PACKET, socket.SOCK_RAW,
                         socket.htons(ALL)) as sock:
        sock.bind((client.ifname, ALL))
        sock.settimeout(3)
        yield sock


def arp_request(client, to, tag):
    mac = ndp.mac_bytes(client.mac())
    return (ndp.mac_bytes(to) + mac + tag + struct.pack("!HHHBBH", 0x0806, 1, 0x0800, 6, 4, REQUEST)
            + mac + socket.inet_aton(client.address) + bytes(6) + socket.inet_aton(VIP) + bytes(18))


def solicitation(client, tag):
    group, group_mac = ndp.group_of(VIP6)
    frame = ndp.build(group_mac, client.mac(), "fe80::1", group, ndp.SOLICITATION, VIP6,
                      mac=client.mac())
    return frame[:12] + tag + frame[12:]


@pytest.mark.parametrize("to, tag, answered", [
    pytest.param(BROADCAST, b"", True, id="broadcast"),
    pytest.param("node", b"", True, id="to the node"),
    pytest.param(BROADCAST, PRIORITY, True, id="broadcast with a priority"),
    pytest.param(BROADCAST, VLAN_5, False, id="VLAN 5"),
    pytest.param(BROADCAST, SERVICE_VLAN_5, False, id="service VLAN 5"),
    pytest.param(BROADCAST, VLAN_5 + VLAN_5, False, id="VLAN 5 in VLAN 5"),
    pytest.param("node", VLAN_5, False, id="to the node on VLAN 5"),
    pytest.param(OTHER_MAC, b"", False, id="to another host"),
    pytest.param(MACVLAN, b"", False, id="to a macvlan"),
    pytest.param(MACVLAN, VLAN_5, False, id="to a macvlan on VLAN 5"),
])
def test_only_frames_of_the_link_are_answered(announced, trunk, client, raw, to, tag, answered):
    announcer = announced(VIP)
    with client.capture() as seen:
        raw.send(arp_request(client, trunk.mac() if to == "node" else to, tag))
        time.sleep(0.3)
        replies = seen.matching(lambda f: f.op == REPLY and f.eth_dst == client.mac())
    assert [f.sender_mac for f in replies] == ([trunk.mac()] if answered else [])
    assert announcer.stop()["port"]["received"] == answered


@pytest.mark.parametrize("tag, answered", [(b"", True), (PRIORITY, True), (VLAN_5, False)],
                         ids=["untagged", "priority", "VLAN 5"])
def test_only_solicitations_of_the_link_are_answered(announced, trunk, client, raw, tag, answered):
    announced(VIP6)
    with client.capture_ndp() as seen:
        raw.send(solicitation(client, tag))
        time.sleep(0.3)
        replies = seen.matching(lambda f: f.eth_dst == client.mac() and f.target == VIP6)
    assert len(replies) == answered


@pytest.mark.parametrize("to, tag, read", [
    pytest.param(HELLO_GROUP, b"", True, id="multicast"),
    pytest.param("node", b"", True, id="to the node"),
    pytest.param(HELLO_GROUP, VLAN_5, False, id="VLAN 5"),
    pytest.param(HELLO_GROUP, SERVICE_VLAN_5, False, id="service VLAN 5"),
    pytest.param("node", VLAN_5, False, id="to the node on VLAN 5"),
    pytest.param(OTHER_MAC, b"", False, id="to another host"),
    pytest.param(MACVLAN, b"", False, id="to a macvlan"),
])
def test_only_hellos_of_the_link_are_read(elect, trunk, client, raw, to, tag, read):
    elector = elect(trunk, [trunk.name], VIP)
    wait_for("the node holds the VIP", lambda: f"holder {VIP} {trunk.name}" in elector.output())
    macs = ndp.mac_bytes(trunk.mac() if to == "node" else to) + ndp.mac_bytes(client.mac())
    for flags in (0, HELLO_UNCHANGED):  # the node has a second socket for HELLO_UNCHANGED
        raw.send(macs + tag + struct.pack("!HBB", ETH_P_HELLO, 1, flags) + bytes(44))
    time.sleep(0.3)
    assert elector.stop()["port"]["received"] == (2 if read else 0)
