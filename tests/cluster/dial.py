# SPDX-License-Identifier: Apache-2.0
"""A client that connects a hundred times a second: what it noticed, and what the wire said."""
import dataclasses
import itertools
import subprocess

from .image import build


@dataclasses.dataclass(frozen=True)
class Attempt:
    """A connection: begun, and answered or given up at `end`. error: 0, or an errno."""
    begin: float
    end: float
    error: int


@dataclasses.dataclass(frozen=True)
class Said:
    """An ARP frame that names the address: who sent it, and what it says."""
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
    """The time between two connections that succeeded, one after the other."""
    begin: float
    end: float

    @property
    def seconds(self):
        return self.end - self.begin


class Dialer:
    """
    Connects from host to a TCP port of address, from __enter__ to __exit__: a connection every
    every_ms, each with a timeout of its own. What it found is there after __exit__; all times are
    those of time.monotonic().
    """

    def __init__(self, room, host, address, port=80, every_ms=10, timeout_ms=100):
        self.argv = host.argv(build(room, "dial"), host.ifname, address, port, every_ms,
                              timeout_ms)
        self.address = address
        self.attempts, self.frames, self.hellos = [], [], []
        self.late_ms = 0.0  # the longest time that the program itself had to wait for a CPU

    def __enter__(self):
        self.process = subprocess.Popen(self.argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True, pipesize=1 << 20)
        if self.process.stdout.readline() != "ready\n":
            self.process.kill()
            self.process.communicate()
            raise RuntimeError("dial did not start")
        return self

    def __exit__(self, kind, *_):
        said, _ = self.process.communicate()  # ends its standard input, and so the program
        for line in said.splitlines():
            self._take(*line.split())
        self.attempts.sort(key=lambda a: a.end)
        if self.process.returncode and not kind:
            raise RuntimeError(f"dial ended with {self.process.returncode}")

    def _take(self, kind, *words):
        if kind == "connect":
            self.attempts.append(Attempt(float(words[0]), float(words[1]), int(words[2])))
        elif kind == "arp":
            self.frames.append(Said(float(words[0]), words[1], int(words[2]), *words[3:]))
        elif kind == "hello":
            self.hellos.append(Hello(float(words[0]), words[1]))
        elif kind == "late":
            self.late_ms = float(words[0])

    def failed(self):
        return [a for a in self.attempts if a.error]

    def gap(self, since=0.0):
        """The longest Gap that ended after since; one that was not mended ends with the dialer."""
        good = [a.end for a in self.attempts if not a.error]
        ends = [self.attempts[0].begin, *good, self.attempts[-1].end]
        gaps = (Gap(a, b) for a, b in itertools.pairwise(ends) if b >= since)
        return max(gaps, key=lambda g: g.seconds)

    def said_by(self, mac, since=0.0):
        """What a MAC said that makes others send to it: answers, and gratuitous frames."""
        return [f for f in self.frames
                if f.mac == mac and f.sender == self.address and f.at >= since]


class Asker(Dialer):
    """Asks by ARP who has address, and hears every answer; no table learns from its questions."""

    def __init__(self, room, host, address, every_ms=20):
        super().__init__(room, host, address, 0, every_ms, every_ms)
