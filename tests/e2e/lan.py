# SPDX-License-Identifier: Apache-2.0
"""Functions that inject faults, and functions that observe the LAN from a client."""
import contextlib
import time

from cluster.capture import REPLY
from cluster.lan import GATEWAY
from cluster.objects import NAMESPACE
from cluster.run import wait_for

EXCLUDE = "node.kubernetes.io/exclude-from-external-load-balancers"
DROP_API = ("table ip drop_api { chain in { type filter hook input priority 0; "
       f"ip saddr {GATEWAY} drop; }}; }}")


def allocator(cluster):
    """The node whose daemon holds the Lease."""
    def holder():
        leases = cluster.api.list("Lease", NAMESPACE, fieldSelector="metadata.name=arplet")
        identity = leases[0]["spec"].get("holderIdentity") if leases else None
        return next((n for n in cluster.nodes if (identity or "").startswith(n.name + "_")), None)

    return wait_for("a holder of the Lease", holder)


@contextlib.contextmanager
def disconnected(set_connected):
    """Disconnects a node by set_connected(False), and calls set_connected(True) after the block."""
    set_connected(False)
    try:
        yield
    finally:
        set_connected(True)


def set_api_reachable(node, reachable):
    """Makes a node accept or drop all packets from the API server."""
    node.run("nft", "delete table ip drop_api" if reachable else DROP_API)


@contextlib.contextmanager
def frozen(cluster, node):
    """Stops a node's daemon with SIGSTOP until the block ends."""
    cluster.arplets.freeze(node, True)
    try:
        yield
    finally:
        cluster.arplets.freeze(node, False)


@contextlib.contextmanager
def partitioned(cluster, one, other):
    """Drops the frames between two groups of hosts until the block ends."""
    cluster.switch.partition(one, other)
    try:
        yield
    finally:
        cluster.switch.heal()


def holders(cluster, client, address):
    """The names of all nodes that answer ARP probes for address, sorted."""
    by_mac = {n.mac(): n.name for n in cluster.nodes}
    with cluster.probing(client, address) as prober:
        time.sleep(0.3)
    return sorted(by_mac[m] for m in {f.mac for f in prober.frames if f.op == REPLY})


def wait_holder(cluster, client, address, timeout=10):
    """Waits until exactly one node answers ARP probes for address; returns this node."""
    def single_holder():
        names = holders(cluster, client, address)
        return names if len(names) == 1 else None

    name = wait_for(f"one holder of {address}", single_holder, timeout)[0]
    return cluster.host(name)


def wait_http(client, address, port=80, start="", timeout=10):
    """
    Repeats an HTTP request until the response body begins with `start`; returns the body. Until
    kube-proxy has updated its rules, pods of the address's previous Service can still answer.
    """
    def answer():
        body = client.http(address, port)
        return body if body and body.startswith(start) else None

    return wait_for(f"http://{address}:{port}/ answers {start} on {client}", answer, timeout)


def no_node_answers(client, address, count=2):
    return client.arping(address, count=count, wait=count) == []


def metric(cluster, node, name):
    """A metric's value on a node's daemon; None if missing. `name` includes the labels."""
    lines = cluster.arplets.http(node, "metrics").splitlines()
    return next((float(li.split()[-1]) for li in lines if li.startswith(f"{name} ")), None)
