# SPDX-License-Identifier: Apache-2.0
"""A node or a client on the LAN: tests run commands on it, and capture its frames."""
import json
import re
import socket
import subprocess
import time

from . import ndp, netns
from .capture import Capture
from .run import CommandError, sh


class Host:
    """A host is a network namespace, in which tests run the programs of this machine."""

    def __init__(self, name, netns_path, address, ifname="eth0", switch=None):
        self.name = name
        self.netns = netns_path
        self.switch = switch  # path of the network namespace that has the LAN's bridge
        self.address = address
        self.ifname = ifname

    def __repr__(self):
        return self.name

    def argv(self, *argv):
        """The command line that runs argv in the host's network namespace."""
        return ["nsenter", f"--net={self.netns}", *map(str, argv)]

    def run(self, *argv, check=True, timeout=60):
        return sh(*self.argv(*argv), check=check, timeout=timeout)

    def capture(self):
        """A Capture of the ARP frames on this host's interface."""
        return Capture(self)

    def capture_ndp(self):
        """A Capture of the IPv6 neighbour discovery frames on this host's interface."""
        return Capture(self, ndp.ETH_P_IPV6, ndp.parse)

    def mac(self):
        return json.loads(self.run("ip", "-j", "link", "show", self.ifname))[0]["address"]

    def set_link(self, up):
        """Sets the interface up or down; "up" also restores the routes of the interface."""
        if not up:
            self.routes = self.run("ip", "route", "show", "dev", self.ifname).splitlines()
        self.run("ip", "link", "set", self.ifname, "up" if up else "down")
        for route in self.routes if up else []:
            self.run("ip", "route", "replace", *route.split(), "dev", self.ifname)

    def run_at_switch(self, *argv):
        """Runs a command in the network namespace of the switch."""
        return sh("nsenter", f"--net={self.switch}", *argv)

    def port(self):
        """The name of the switch port to which this host is connected."""
        port_index = json.loads(self.run("ip", "-j", "link", "show", self.ifname))[0]["link_index"]
        links = json.loads(self.run_at_switch("ip", "-j", "link"))
        return next(link["ifname"] for link in links if link["ifindex"] == port_index)

    def set_cable(self, plugged):
        """Sets the switch port up or down, so that the interface gains or loses its carrier."""
        self.run_at_switch("ip", "link", "set", self.port(), "up" if plugged else "down")

    def set_forwarded(self, forwarded):
        """Makes the switch forward or drop the host's frames; the interface keeps its carrier."""
        self.run_at_switch("bridge", "link", "set", "dev", self.port(),
                       "state", "forwarding" if forwarded else "disabled")

    def neighbour(self, address):
        """The MAC of address in this host's neighbour table, or None."""
        entries = json.loads(self.run("ip", "-j", "neigh", "show", address) or "[]")
        return next((e["lladdr"] for e in entries if "lladdr" in e), None)

    def set_neighbour(self, address, mac):
        """Adds a stale entry to the neighbour table."""
        self.run("ip", "neigh", "replace", address, "lladdr", mac, "dev", self.ifname,
                 "nud", "stale")

    def resolve(self, address, timeout=3):
        """The MAC that neighbour discovery finds for an IPv6 address, or None."""
        self.forget_neighbour(address)
        with netns.socket_in(self.netns, socket.AF_INET6, socket.SOCK_DGRAM) as sock:
            sock.sendto(b"", (address, 9))  # a datagram to the port "discard" starts the discovery
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            entries = json.loads(self.run("ip", "-j", "neigh", "show", address) or "[]")
            for entry in entries:
                if "lladdr" in entry:
                    return entry["lladdr"]
                if "FAILED" in entry["state"]:
                    return None
            time.sleep(0.02)
        return None

    def forget_neighbour(self, address):
        self.run("ip", "neigh", "flush", "to", address)

    def arping(self, address, count=1, wait=1):
        """The MACs that answer a broadcast ARP request for address, sorted."""
        out = self.run("arping", "-b", "-c", count, "-w", wait, "-I", self.ifname, address,
                       check=False)
        return sorted(set(re.findall(r"\[([0-9A-Fa-f:]{17})\]", out.lower())))

    def http(self, address, port=80, path="", timeout=2):
        """The body of a successful HTTP response, or None."""
        try:
            return self.run("curl", "--silent", "--show-error", "--fail", "--max-time", timeout,
                            f"http://{address}:{port}/{path}", timeout=timeout + 5)
        except (CommandError, subprocess.TimeoutExpired):
            return None
