# SPDX-License-Identifier: Apache-2.0
"""Captures frames (ARP by default) on a host's interface, with the arrival time of each frame."""
import dataclasses
import select
import socket
import struct
import threading
import time

from . import netns

ETH_P_ARP = 0x0806
SO_RCVBUFFORCE = 33
REQUEST, REPLY = 1, 2
BROADCAST = "ff:ff:ff:ff:ff:ff"


@dataclasses.dataclass(frozen=True)
class Arp:
    at: float
    eth_dst: str
    eth_src: str
    op: int
    sender_mac: str
    sender_ip: str
    target_mac: str
    target_ip: str
    length: int

    def gratuitous_for(self, address):
        """True if this frame is a gratuitous ARP for address, sent to the broadcast MAC."""
        return self.eth_dst == BROADCAST and self.sender_ip == self.target_ip == address


def parse(frame, at):
    """Parses an ARP frame (RFC 826) for Ethernet and IPv4; returns None for any other frame."""
    if len(frame) < 42 or frame[12:20] != struct.pack("!HHHBB", ETH_P_ARP, 1, 0x0800, 6, 4):
        return None
    op, = struct.unpack("!H", frame[20:22])
    return Arp(at, frame[0:6].hex(":"), frame[6:12].hex(":"), op,
               frame[22:28].hex(":"), socket.inet_ntoa(frame[28:32]),
               frame[32:38].hex(":"), socket.inet_ntoa(frame[38:42]), len(frame))


class Capture:
    """A context manager that collects the frames that arrive on the interface of a host."""

    def __init__(self, host, ethertype=ETH_P_ARP, parse=parse):
        self.host = host
        self.ethertype = ethertype
        self.parse = parse
        self.frames = []
        self.arrived = threading.Condition()

    def __enter__(self):
        self.sock = netns.socket_in(self.host.netns, socket.AF_PACKET, socket.SOCK_RAW,
                                    socket.htons(self.ethertype))
        self.sock.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 8 << 20)  # Python reads slowly
        self.sock.bind((self.host.ifname, self.ethertype))
        self.stop_r, self.stop_w = socket.socketpair()
        self.thread = threading.Thread(target=self._collect, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *exc):
        self.stop_w.close()
        self.thread.join()
        self.sock.close()
        self.stop_r.close()

    def _collect(self):
        while True:
            readable, _, _ = select.select([self.sock, self.stop_r], [], [])
            if self.stop_r in readable:
                return
            frame = self.parse(self.sock.recv(2048), time.monotonic())
            if frame:
                with self.arrived:
                    self.frames.append(frame)
                    self.arrived.notify_all()

    def matching(self, wanted):
        with self.arrived:
            return [f for f in self.frames if wanted(f)]

    def wait(self, wanted, timeout=5.0, count=1):
        """Waits until wanted(frame) is true for `count` frames, and returns these frames."""
        end = time.monotonic() + timeout
        with self.arrived:
            while True:
                found = [f for f in self.frames if wanted(f)]
                if len(found) >= count:
                    return found[:count]
                if not self.arrived.wait(end - time.monotonic()) and time.monotonic() >= end:
                    raise TimeoutError(f"{len(found)} of {count} frames came within {timeout:g} s; "
                                       f"all frames: {self.frames}")
