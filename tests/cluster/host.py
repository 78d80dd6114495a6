# SPDX-License-Identifier: Apache-2.0
"""A machine on the LAN, node or client: what runs there, what it knows, what it hears."""
import json
import re
import socket
import subprocess
import time

from . import ndp, netns
from .capture import Capture
from .run import CommandError, sh


class Host:
    """Known by its network namespace; the programs that run in it are those of this machine."""

    def __init__(self, name, netns_path, address, ifname="eth0", switch=None):
        self.name = name
        self.netns = netns_path
        self.switch = switch  # the network namespace of the bridge
        self.address = address
        self.ifname = ifname

    def __repr__(self):
        return self.name

    def argv(self, *argv):
        """What to run on this machine so that argv runs on that one."""
        return ["nsenter", f"--net={self.netns}", *map(str, argv)]

    def run(self, *argv, check=True, timeout=60):
        return sh(*self.argv(*argv), check=check, timeout=timeout)

    def capture(self):
        """The ARP frames that reach this host's interface; a context manager."""
        return Capture(self)

    def capture_ndp(self):
        """The same for IPv6 neighbour discovery."""
        return Capture(self, ndp.ETH_P_IPV6, ndp.parse)

    def mac(self):
        return json.loads(self.run("ip", "-j", "link", "show", self.ifname))[0]["address"]

    def set_link(self, up):
        """As an administrator would; the routes that go with the link come back with it."""
        if not up:
            self.routes = self.run("ip", "route", "show", "dev", self.ifname).splitlines()
        self.run("ip", "link", "set", self.ifname, "up" if up else "down")
        for route in self.routes if up else []:
            self.run("ip", "route", "replace", *route.split(), "dev", self.ifname)

    def at_switch(self, *argv):
        """Runs a command where the switch is."""
        return sh("nsenter", f"--net={self.switch}", *argv)

    def port(self):
        """The name of the switch's end of the cable."""
        peer = json.loads(self.run("ip", "-j", "link", "show", self.ifname))[0]["link_index"]
        links = json.loads(self.at_switch("ip", "-j", "link"))
        return next(link["ifname"] for link in links if link["ifindex"] == peer)

    def set_cable(self, plugged):
        """Takes the carrier away at the switch's end of the cable, or gives it back."""
        self.at_switch("ip", "link", "set", self.port(), "up" if plugged else "down")

    def set_forwarded(self, forwarded):
        """Whether the switch forwards what comes from and goes to this host; its carrier stays."""
        self.at_switch("bridge", "link", "set", "dev", self.port(),
                       "state", "forwarding" if forwarded else "disabled")

    def neighbour(self, address):
        """The MAC that this host believes address to have, or None."""
        entries = json.loads(self.run("ip", "-j", "neigh", "show", address) or "[]")
        return next((e["lladdr"] for e in entries if "lladdr" in e), None)

    def set_neighbour(self, address, mac):
        """Puts an entry of unknown age into the ARP table."""
        self.run("ip", "neigh", "replace", address, "lladdr", mac, "dev", self.ifname,
                 "nud", "stale")

    def resolve(self, address, timeout=3):
        """The MAC that neighbour discovery finds for an IPv6 address, or None."""
        self.forget_neighbour(address)
        with netns.socket_in(self.netns, socket.AF_INET6, socket.SOCK_DGRAM) as sock:
            sock.sendto(b"", (address, 9))  # nobody needs to take it
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
        """The MACs that answer a broadcast request for address, sorted; empty if nobody does."""
        out = self.run("arping", "-b", "-c", count, "-w", wait, "-I", self.ifname, address,
                       check=False)
        return sorted(set(re.findall(r"\[([0-9A-Fa-f:]{17})\]", out.lower())))

    def http(self, address, port=80, path="", timeout=2):
        """The body that a web server sends, or None where there is no answer."""
        try:
            return self.run("curl", "--silent", "--show-error", "--fail", "--max-time", timeout,
                            f"http://{address}:{port}/{path}", timeout=timeout + 5)
        except (CommandError, subprocess.TimeoutExpired):
            return None
