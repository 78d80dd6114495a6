# SPDX-License-Identifier: Apache-2.0
"""
Programs of a node harm the daemon: the reader of its log stops, and clients of its web server are
slow, do not read, or come by the thousand.
"""
import contextlib
import fcntl
import os
import signal
import socket
import subprocess
import time

import pytest

from cluster import netns, objects
from cluster.arplet import HTTP_PORT
from cluster.base import served_pool
from cluster.run import wait_for

from hellos import HelloCapture
from lan import metric

SERVICES = 500        # each gives the daemon two lines of its log or more
PIPE_BYTES = 4096     # the smallest pipe, so that few lines fill it
GAP_MS = 300          # peers declare a daemon dead after 350 ms without a hello
PROBE_MS = 100
MEMORY_BYTES = 12 << 20
RESIDENT = "process_resident_memory_bytes"
DEATHS, DROPPED = "arplet_peer_deaths_total", "arplet_log_lines_dropped_total"


@pytest.fixture
def pool(cluster):
    cluster.apply(*served_pool("many", "10.201.0.0/21"))


@pytest.fixture
def stopped_reader(cluster):
    """Gives the allocator a pipe for its log; yields the node and the reader of the pipe."""
    node = cluster.nodes[0]
    cluster.arplets.stop_all()
    out, to_reader = os.pipe()
    fcntl.fcntl(to_reader, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
    with open(f"{cluster.procs.log_path(cluster.arplets.name(node))}", "ab") as log:
        reader = subprocess.Popen(["cat"], stdin=out, stdout=log)
    os.close(out)
    cluster.arplets.launch(node, log=to_reader)
    os.close(to_reader)
    cluster.arplets.wait_ready(node)
    cluster.arplets.start_all()
    reader.send_signal(signal.SIGSTOP)
    yield node, reader
    reader.send_signal(signal.SIGCONT)
    cluster.arplets.stop(node)
    assert reader.wait(10) == 0


@contextlib.contextmanager
def no_missed_hellos(cluster, client, node):
    """Fails if the daemon of a node sends no hello for GAP_MS, or dies for its peers."""
    deaths = [metric(cluster, n, DEATHS) for n in cluster.nodes]
    with HelloCapture(client) as hellos:
        yield
        time.sleep(1)
    assert hellos.longest_gap_ms(node) < GAP_MS
    assert [metric(cluster, n, DEATHS) for n in cluster.nodes] == deaths


def test_a_reader_of_the_log_that_stops_does_not_stop_the_daemon(
        cluster, client, pool, stopped_reader):
    node, reader = stopped_reader
    with no_missed_hellos(cluster, client, node):
        for n in range(SERVICES):
            cluster.apply(objects.service(f"many-{n}", allocateLoadBalancerNodePorts=False),
                          objects.endpoint_slice(f"many-{n}", [("10.99.0.1", None, True)], 80))
        wait_for("the last Service has an address",
                 lambda: cluster.address_of(f"many-{SERVICES - 1}"), 60)
        wait_for("the daemon drops lines", lambda: metric(cluster, node, DROPPED), 20)
    dropped = int(metric(cluster, node, DROPPED))
    reader.send_signal(signal.SIGCONT)
    wait_for("the log reports the dropped lines", lambda:
             f"lines of the log were dropped lines={dropped}" in cluster.arplets.log(node), 5)


def connect(node):
    sock = netns.socket_in(node.netns, socket.AF_INET, socket.SOCK_STREAM)
    sock.settimeout(5)
    sock.connect(("127.0.0.1", HTTP_PORT))
    return sock


def probe_ms(node, page="readyz"):
    """Requests a page like the kubelet does; returns the time in ms."""
    began = time.monotonic()
    with connect(node) as sock:
        sock.sendall(f"GET /{page} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        response = b""
        while part := sock.recv(65536):
            response += part
    assert response.startswith(b"HTTP/1.1 200 "), response[:200]
    return 1000 * (time.monotonic() - began)


def count_fds(cluster, node):
    return len(os.listdir(f"/proc/{cluster.arplets.pid(node)}/fd"))


class Slow:
    """64 clients that send a byte a second each; a client that was disconnected comes back."""
    number, request = 64, b"GET /metrics HTTP/1.1\r\nHost: " + b"x" * 200

    def __init__(self, node):
        self.node = node
        self.clients = [(connect(node), n) for n in range(self.number)]
        self.ended = 0

    def step(self):
        clients, self.clients = self.clients, []
        for sock, sent in clients:
            try:
                sock.send(self.request[sent % 200:][:1])
                self.clients.append((sock, sent + 1))
            except OSError:
                sock.close()
                self.ended += 1
                self.clients.append((connect(self.node), 0))
        time.sleep(1)


class Unread:
    """32 clients a step that request /metrics and never read the response."""

    def __init__(self, node):
        self.node = node
        self.clients = []

    def step(self):
        for _ in range(32):
            sock = connect(self.node)
            sock.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
            self.clients.append(sock)
        time.sleep(0.5)


class Many:
    """500 clients a step that connect and send nothing, or half a request."""

    def __init__(self, node):
        self.node = node
        self.clients = []

    def step(self):
        for sock in self.clients:
            sock.close()
        self.clients = [connect(self.node) for _ in range(500)]
        for sock in self.clients[::2]:
            with contextlib.suppress(OSError):  # the daemon has already ended this connection
                sock.send(b"GET /re")


@pytest.mark.parametrize("attack, steps", [(Slow, 12), (Unread, 6), (Many, 10)])
def test_clients_of_the_web_server_fail_no_probe_and_delay_no_hello(
        cluster, client, pool, attack, steps):
    node = cluster.nodes[0]
    with HelloCapture(client) as hellos:
        wait_for("the daemon sends hellos", lambda: hellos.of(node.mac()))
    probe_ms(node, "metrics")
    fds, memory = count_fds(cluster, node), metric(cluster, node, RESIDENT)
    times = []
    with no_missed_hellos(cluster, client, node):
        clients = attack(node)
        for _ in range(steps):
            clients.step()
            times += [probe_ms(node), probe_ms(node, "healthz")]
        assert count_fds(cluster, node) - fds <= 80
        assert metric(cluster, node, RESIDENT) - memory < MEMORY_BYTES
    assert max(times) < PROBE_MS
    if attack is Slow:
        assert clients.ended >= 64, "the daemon ends a connection whose headers take too long"
