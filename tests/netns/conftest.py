# SPDX-License-Identifier: Apache-2.0
"""
The program `announce` runs the announcer without an election on one node of a LAN of network
namespaces; the program `elect` runs the election without an API server. The tests check what other
hosts receive. Needs root and a build.
"""
import os
import re
import socket
import struct
import subprocess
import sys
import tempfile

import pytest

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, TESTS)

from cluster import ndp, netns  # noqa: E402
from cluster.capture import BROADCAST, ETH_P_ARP, REQUEST, parse  # noqa: E402
from cluster.lan import Lan  # noqa: E402
from cluster.run import wait_for  # noqa: E402
from cluster.slot import Slot  # noqa: E402

ANNOUNCE = os.environ.get("ANNOUNCE", os.path.join(os.path.dirname(TESTS), "tests/netns/announce"))
ELECT = os.environ.get("ELECT", os.path.join(os.path.dirname(TESTS), "tests/netns/elect"))
NO_MAC = "00:00:00:00:00:00"


def pytest_sessionstart(session):
    if session.config.option.collectonly:
        return
    if os.geteuid() != 0:
        pytest.exit("these tests create network namespaces: run them as root", returncode=4)
    if not os.access(ANNOUNCE, os.X_OK):
        pytest.exit(f"{ANNOUNCE} does not exist: build arplet first, or set ANNOUNCE=FILE",
                    returncode=4)


@pytest.fixture(scope="module")
def lan():
    slot = Slot.acquire()
    slot.sweep()
    lan = Lan(slot.prefix)
    lan.up(snooping=True)
    yield lan
    slot.sweep()
    slot.release()


@pytest.fixture(scope="module")
def node(lan):
    return lan.add("node1", 11)


@pytest.fixture(scope="module")
def client(lan, node):
    client = lan.add("client1", 201)
    wait_for("the bridge uses its ports", lambda: client.arping(node.address))
    return client


class Process:
    """A running process of `announce` or `elect`."""

    def __init__(self, node, *argv):
        self.stdout = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(node.argv(*argv), stdout=self.stdout)

    def output(self):
        self.stdout.seek(0)
        return self.stdout.read()

    def stop(self):
        """
        Ends the process. Returns {address: {counter: value}}; keys "port" and "udp": lan_io's
        counters; key "hellos": the election's counters.
        """
        self.process.terminate()
        assert self.process.wait(10) == 0
        found = {}
        for line in self.output().splitlines():
            kind, *words = line.split()
            if kind in ("address", "port", "hellos", "udp"):
                key = words[0] if kind == "address" else kind
                found[key] = {k: int(v) for k, v in re.findall(r"(\w+)=(\d+)", line)}
        return found

    def end(self):
        """Ends the process if it still runs, and forgets its output."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.stdout.close()


@pytest.fixture
def announce(node):
    """announce(*addresses) starts `announce`, which ends with the test."""
    started = []

    def start(*addresses, ifname="eth0", wrap=(), options=()):
        started.append(Process(node, *wrap, ANNOUNCE, *options, ifname, *addresses))
        return started[-1]

    yield start
    for process in started:
        process.end()


@pytest.fixture
def elect():
    """
    elect(host, nodes, *addresses) starts `elect` on a host, for the first of these nodes; the
    process ends with the test.
    """
    started = []

    def start(host, nodes, *addresses, ifname="eth0"):
        started.append(Process(host, ELECT, ",".join(nodes), ifname, *addresses))
        return started[-1]

    yield start
    for process in started:
        process.end()


class Wire:
    """Sends ARP frames of any kind from a host's interface, and receives frames there."""

    def __init__(self, host):
        self.mac = host.mac()
        self.sock = netns.socket_in(host.netns, socket.AF_PACKET, socket.SOCK_RAW,
                                    socket.htons(ETH_P_ARP))
        self.sock.bind((host.ifname, ETH_P_ARP))

    def send(self, target_ip, sender_ip="0.0.0.0", op=REQUEST, to=BROADCAST, mac=None):
        mac = mac or self.mac
        header = struct.pack("!HHHBBH", ETH_P_ARP, 1, 0x0800, 6, 4, op)
        self.sock.send(ndp.mac_bytes(to) + ndp.mac_bytes(mac) + header +
                       ndp.mac_bytes(mac) + socket.inet_aton(sender_ip) +
                       ndp.mac_bytes(NO_MAC) + socket.inet_aton(target_ip) + bytes(18))

    def receive(self, wanted, within=1.0, parse=parse):
        """The first received frame for which wanted(frame) is true; None after the timeout."""
        self.sock.settimeout(within)
        try:
            while True:
                frame = parse(self.sock.recv(2048), 0)
                if frame and wanted(frame):
                    return frame
        except TimeoutError:
            return None


@pytest.fixture
def wire(client):
    wire = Wire(client)
    yield wire
    wire.sock.close()


class Wire6:
    """Sends and receives NDP messages on a host's interface."""

    def __init__(self, host):
        self.mac = host.mac()
        self.sock = netns.socket_in(host.netns, socket.AF_PACKET, socket.SOCK_RAW,
                                    socket.htons(ndp.ETH_P_IPV6))
        self.sock.bind((host.ifname, ndp.ETH_P_IPV6))

    def send_ns(self, target, src, mac=None, dst=None, to=None):
        """Sends an NS to the target's solicited-node group, unless dst (IP) or to (MAC) is set."""
        group, group_mac = ndp.group_of(target)
        self.sock.send(ndp.build(to or group_mac, self.mac, src, dst or group, ndp.SOLICITATION,
                                 target, mac=mac))

    def send_na(self, target, src, mac):
        """Sends an unsolicited NA, which announces that mac has the address target."""
        self.sock.send(ndp.build(ndp.ALL_NODES_MAC, mac, src, ndp.ALL_NODES, ndp.ADVERTISEMENT,
                                 target, ndp.OVERRIDE, mac))

    def receive(self, wanted, within=1.0):
        return Wire.receive(self, wanted, within, ndp.parse)


@pytest.fixture
def wire6(client):
    wire = Wire6(client)
    yield wire
    wire.sock.close()


@pytest.fixture
def announced(announce, client):
    """announced(*addresses) calls announce() and waits until the last address is announced."""
    def start(*addresses, **kwargs):
        v6 = ":" in addresses[-1]
        with client.capture_ndp() if v6 else client.capture() as seen:
            announcer = announce(*addresses, **kwargs)
            seen.wait(lambda f: (f.unsolicited_for if v6 else f.gratuitous_for)(addresses[-1]))
        return announcer

    return start
