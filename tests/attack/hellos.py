# SPDX-License-Identifier: Apache-2.0
"""Records hellos on a link, with the time at which the kernel received each, and sends frames."""
import itertools
import select
import socket
import struct
import threading

from cluster import netns

ETH_P_HELLO = 0x88B5
SO_TIMESTAMPNS, SO_RCVBUFFORCE = 35, 33


class HelloCapture:
    """A context manager that records the hellos that arrive on an interface of a host."""

    def __init__(self, host, ifname=None):
        self.host = host
        self.ifname = ifname or host.ifname
        self.frames = []  # (time in s, bytes of the frame)

    def __enter__(self):
        self.sock = raw_socket(self.host, self.ifname, ETH_P_HELLO)
        self.sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
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
            frame, cmsgs, _, _ = self.sock.recvmsg(2048, 64)
            seconds, nanoseconds = struct.unpack("qq", cmsgs[0][2])
            self.on_frame(seconds + nanoseconds / 1e9, frame)

    def on_frame(self, at, frame):
        self.frames.append((at, frame))

    def of(self, mac):
        """The hellos of the node that has this MAC."""
        return [f for f in self.frames if f[1][6:12].hex(":") == mac]

    def longest_gap_ms(self, node):
        """The longest time between two hellos of a node."""
        times = [at for at, _ in self.of(node.mac())]
        return max(1000 * (b - a) for a, b in itertools.pairwise(times))


class Relay(HelloCapture):
    """Sends each frame that it records at once on another interface of the host, unchanged."""

    def __init__(self, host, ifname, to):
        super().__init__(host, ifname)
        self.out = raw_socket(host, to, 0)

    def on_frame(self, at, frame):
        super().on_frame(at, frame)
        self.out.send(frame)


def raw_socket(host, ifname, ethertype):
    sock = netns.socket_in(host.netns, socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ethertype))
    sock.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 8 << 20)
    sock.bind((ifname, ethertype))
    return sock
