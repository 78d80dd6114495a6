# SPDX-License-Identifier: Apache-2.0
"""
A host on the LAN that answers every ARP probe, and claims addresses by gratuitous ARPs.

Rogue runs this file as a program in the network namespace of a client:

    rogue.py INTERFACE MAC CLAIM_MS [ADDRESS...]

MAC "random": each frame has a new MAC. The program claims each ADDRESS every CLAIM_MS ms, 0: never.
"""
import os
import random
import select
import socket
import struct
import subprocess
import sys
import time

BROADCAST = b"\xff" * 6
ARP = struct.pack("!HHHBB", 0x0806, 1, 0x0800, 6, 4)
REQUEST, REPLY = b"\0\1", b"\0\2"


class Rogue:
    """A context manager that runs the rogue host on `host` until its exit."""

    def __init__(self, host, mac, claim_ms=0, claims=()):
        self.argv = host.argv(sys.executable, __file__, host.ifname, mac, claim_ms, *claims)

    def __enter__(self):
        self.process = subprocess.Popen(self.argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.process.stdout.readline()
        return self

    def __exit__(self, *_):
        output, _ = self.process.communicate()  # closes stdin, so that the program exits
        self.answered = int(output)


def serve(ifname, mac, claim_ms, claims):
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0806))
    sock.bind((ifname, 0x0806))
    answered, next_claim = 0, time.monotonic() if claim_ms else float("inf")

    def source():
        if mac != "random":
            return bytes.fromhex(mac.replace(":", ""))
        return b"\x02" + random.randbytes(5)

    os.write(1, b"ready\n")
    while True:
        wait = max(0, min(1, next_claim - time.monotonic()))
        readable, _, _ = select.select([sock, 0], [], [], wait)
        if 0 in readable:
            print(answered)
            return
        if sock in readable:
            frame = sock.recv(128)
            if frame[20:22] == REQUEST and frame[28:32] == bytes(4):
                m = source()
                sock.send(frame[6:12] + m + ARP + REPLY + m + frame[38:42] + frame[22:32])
                answered += 1
        if time.monotonic() >= next_claim:
            next_claim += claim_ms / 1000
            for ip in map(socket.inet_aton, claims):
                m = source()
                sock.send(BROADCAST + m + ARP + REPLY + m + ip + BROADCAST + ip)


if __name__ == "__main__":
    serve(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4:])
