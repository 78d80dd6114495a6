# SPDX-License-Identifier: Apache-2.0
"""Runs dial.c, a client that connects 100 times a second or sends ARP probes."""
import dataclasses
import itertools
import subprocess

from .image import build


@dataclasses.dataclass(frozen=True)
class Attempt:
    """A connection attempt, from `begin` to `end`; `error` is 0 after success, else an errno."""
    begin: float
    end: float
    error: int


@dataclasses.dataclass(frozen=True)
class ArpFrame:
    """An ARP frame that contains the Dialer's address; `mac` is the frame's Ethernet source."""
    at: float
    mac: str
    op: int
    sender: str
    target: str


@dataclasses.dataclass(frozen=True)
class Hello:
    at: float
    mac: str


@dataclasses.dataclass(frozen=True)
class Gap:
    """The time between two consecutive successful connections."""
    begin: float
    end: float

    @property
    def seconds(self):
        return self.end - self.begin


class Dialer:
    """
    A context manager that opens a TCP connection from host to address every `every_ms` ms. A
    connection fails if it is not established within `timeout_ms` ms. The results of all connections
    are available after __exit__(). All times are values of time.monotonic().
    """

    def __init__(self, work_dir, host, address, port=80, every_ms=10, timeout_ms=100):
        self.argv = host.argv(build(work_dir, "dial"), host.ifname, address, port, every_ms,
                              timeout_ms)
        self.address = address
        self.attempts, self.frames, self.hellos = [], [], []
        self.late_ms = 0.0  # longest delay of the timer in dial.c; a busy CPU delays it

    def __enter__(self):
        self.process = subprocess.Popen(self.argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True, pipesize=1 << 20)
        if self.process.stdout.readline() != "ready\n":
            self.process.kill()
            self.process.communicate()
            raise RuntimeError("dial did not start")
        return self

    def __exit__(self, kind, *_):
        output, _ = self.process.communicate()  # closes dial's standard input, so that dial exits
        for line in output.splitlines():
            self._parse(*line.split())
        self.attempts.sort(key=lambda a: a.end)
        if self.process.returncode and not kind:
            raise RuntimeError(f"dial exited with status {self.process.returncode}")

    def _parse(self, kind, *words):
        if kind == "connect":
            self.attempts.append(Attempt(float(words[0]), float(words[1]), int(words[2])))
        elif kind == "arp":
            self.frames.append(ArpFrame(float(words[0]), words[1], int(words[2]), *words[3:]))
        elif kind == "hello":
            self.hellos.append(Hello(float(words[0]), words[1]))
        elif kind == "late":
            self.late_ms = float(words[0])

    def failed(self):
        return [a for a in self.attempts if a.error]

    def gap(self, since=0.0):
        """The longest Gap that ends after `since`.

        The beginning of the first attempt and the end of the last count as successful connections.
        """
        good = [a.end for a in self.attempts if not a.error]
        ends = [self.attempts[0].begin, *good, self.attempts[-1].end]
        gaps = (Gap(a, b) for a, b in itertools.pairwise(ends) if b >= since)
        return max(gaps, key=lambda g: g.seconds)

    def announced_by(self, mac, since=0.0):
        """The frames in which a MAC announces the address: ARP replies and gratuitous ARPs."""
        return [f for f in self.frames
                if f.mac == mac and f.sender == self.address and f.at >= since]


class ArpProber(Dialer):
    """Sends ARP probes for address (RFC 5227 1.1) and records every answer."""

    def __init__(self, work_dir, host, address, every_ms=20):
        super().__init__(work_dir, host, address, 0, every_ms, every_ms)
