# SPDX-License-Identifier: Apache-2.0
"""A second VLAN on the LAN, and who answers there for an address."""
import contextlib
import itertools
import socket
import struct
import threading
import time

from cluster import netns
from cluster.capture import ETH_P_ARP, REPLY, parse
from cluster.ndp import mac_bytes

from hellos import raw_socket

VLAN_NET = "10.77.0"


class Vlan:
    """
    A context manager that gives each host a link to another VLAN: a veth to a bridge of this VLAN.
    As with the links that "ip link add type vlan" makes, the MAC of the link is the MAC of eth0.
    """

    def __init__(self, lan, hosts, vlan_id):
        self.control = lan.control
        self.hosts = hosts
        self.bridge = f"br{vlan_id}"
        self.vlan_id = vlan_id
        self.ifname = f"eth0.{vlan_id}"

    def __enter__(self):
        netns.ip(self.control, f"link add {self.bridge} type bridge", f"link set {self.bridge} up")
        for host in self.hosts:
            self.add(host)
        return self

    def __exit__(self, *exc):
        for host in self.hosts:
            self.delete(host)
        netns.ip(self.control, f"link del {self.bridge}")

    def add(self, host):
        """The host's address on the VLAN ends like the host's address on the LAN."""
        name, port = netns.name_of(host.netns), f"{host.name}.{self.vlan_id}"
        last = host.address.rsplit(".", 1)[1]
        netns.ip(self.control,
                 f"link add {port} type veth peer name {self.ifname} address {host.mac()} "
                 f"netns {name}",
                 f"link set {port} master {self.bridge} up")
        netns.ip(name,
                 f"addr add {VLAN_NET}.{last}/24 dev {self.ifname}",
                 f"link set {self.ifname} up")

    def delete(self, host):
        host.run("ip", "link", "del", self.ifname, check=False)

    def set_cable(self, host, plugged):
        netns.ip(self.control,
                 f"link set {host.name}.{self.vlan_id} {'up' if plugged else 'down'}")


class Holders:
    """
    A context manager that sends ARP probes for some addresses every 50 ms, and records which MACs
    answer.
    """

    EVERY_S = 0.05

    def __init__(self, host, ifname, addresses):
        self.mac = host.mac()
        self.addresses = addresses
        self.sock = raw_socket(host, ifname, ETH_P_ARP)
        self.sock.settimeout(self.EVERY_S / 10)
        self.answers = {}  # address: [(time in s, MAC)]
        self.ending = threading.Event()

    def __enter__(self):
        self.begin = time.monotonic()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *exc):
        self.ending.set()
        self.thread.join()
        self.sock.close()

    def _run(self):
        while not self.ending.is_set():
            for address in self.addresses:
                self.sock.send(arp_request(self.mac, address))
            end = time.monotonic() + self.EVERY_S
            while time.monotonic() < end:
                with contextlib.suppress(TimeoutError):
                    arp = parse(self.sock.recv(2048), time.monotonic())
                    if arp and arp.op == REPLY and arp.sender_ip in self.addresses:
                        self.answers.setdefault(arp.sender_ip, []).append((arp.at, arp.sender_mac))

    def seconds_with_two(self):
        """The longest time for which two MACs answered for one address, over all addresses."""
        return max((self._seconds_with_two(a) for a in self.answers.values()), default=0.0)

    def _seconds_with_two(self, answers):
        """Two MACs answer at a time if the answers of both are at most two probes apart."""
        total = 0.0
        for (t1, mac1), (t2, mac2) in itertools.pairwise(answers):
            if mac1 != mac2 and t2 - t1 <= 2 * self.EVERY_S:
                total += t2 - t1 if total else self.EVERY_S
            elif total and t2 - t1 <= self.EVERY_S:
                total += t2 - t1
        return total

    def macs(self, since=0.0):
        return {mac for answers in self.answers.values() for at, mac in answers if at >= since}


def holder_of(cluster, client, ifname, address):
    with Holders(client, ifname, [address]) as found:
        time.sleep(0.3)
    mac, = found.macs()
    return next(n for n in cluster.nodes if n.mac() == mac)


def arp_request(mac, target, to="ff:ff:ff:ff:ff:ff", vlan_id=None, sender="0.0.0.0"):
    """An ARP request; vlan_id: with this tag (IEEE 802.1Q)."""
    tag = struct.pack("!HH", 0x8100, vlan_id) if vlan_id else b""
    return (mac_bytes(to) + mac_bytes(mac) + tag +
            struct.pack("!HHHBBH", ETH_P_ARP, 1, 0x0800, 6, 4, 1) +
            mac_bytes(mac) + socket.inet_aton(sender) +
            bytes(6) + socket.inet_aton(target) + bytes(18))
