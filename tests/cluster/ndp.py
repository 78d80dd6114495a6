# SPDX-License-Identifier: Apache-2.0
"""IPv6 neighbour discovery messages over Ethernet (RFC 4861 4.3 and 4.4)."""
import dataclasses
import socket
import struct

ETH_P_IPV6 = 0x86DD
ICMPV6 = 58
SOLICITATION, ADVERTISEMENT = 135, 136
SOLICITED, OVERRIDE = 0x40, 0x20
ALL_NODES, ALL_NODES_MAC = "ff02::1", "33:33:00:00:00:01"
OPTION = {SOLICITATION: 1, ADVERTISEMENT: 2}


@dataclasses.dataclass(frozen=True)
class Ndp:
    at: float
    eth_dst: str
    eth_src: str
    src: str
    dst: str
    type: int
    flags: int
    target: str
    mac: str | None  # the link-layer address option (source or target); None: no such option

    def unsolicited_for(self, address):
        """True if this is an unsolicited neighbour advertisement for address, sent to ff02::1."""
        return (self.type == ADVERTISEMENT and self.target == address and
                self.dst == ALL_NODES and self.flags == OVERRIDE)


def packed(address):
    return socket.inet_pton(socket.AF_INET6, address)


def text(address):
    return socket.inet_ntop(socket.AF_INET6, address)


def checksum(src, dst, message):
    data = src + dst + struct.pack("!II", len(message), ICMPV6) + message
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def parse(frame, at):
    """Parses a neighbour discovery frame; returns None for another frame or a wrong checksum."""
    if len(frame) < 78 or frame[12:14] != struct.pack("!H", ETH_P_IPV6) or frame[20] != ICMPV6:
        return None
    length, = struct.unpack("!H", frame[18:20])
    src, dst, message = frame[22:38], frame[38:54], frame[54:54 + length]
    if message[0] not in OPTION or frame[21] != 255 or length % 2 or checksum(src, dst, message):
        return None
    option = message[24:32]
    has_mac = option[:2] == bytes([OPTION[message[0]], 1])
    return Ndp(at, frame[0:6].hex(":"), frame[6:12].hex(":"), text(src), text(dst), message[0],
               message[4], text(message[8:24]), option[2:8].hex(":") if has_mac else None)


def mac_bytes(mac):
    return bytes.fromhex(mac.replace(":", ""))


def group_of(address):
    """The solicited-node multicast group of address, and the group's MAC."""
    last = packed(address)[13:]
    return (text(packed("ff02::1:ff00:0")[:13] + last),
            (b"\x33\x33\xff" + last).hex(":"))


def build(eth_dst, eth_src, src, dst, kind, target, flags=0, mac=None):
    option = bytes([OPTION[kind], 1]) + mac_bytes(mac) if mac else b""
    message = struct.pack("!BBHI", kind, 0, 0, flags << 24) + packed(target) + option
    total = checksum(packed(src), packed(dst), message)
    message = message[:2] + struct.pack("!H", total) + message[4:]
    return (mac_bytes(eth_dst) + mac_bytes(eth_src) +
            struct.pack("!HIHBB", ETH_P_IPV6, 6 << 28, len(message), ICMPV6, 255) +
            packed(src) + packed(dst) + message)
