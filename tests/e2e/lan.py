# SPDX-License-Identifier: Apache-2.0
"""What a client on the LAN can find out, as the scenarios put it."""
import contextlib
import time

from cluster.capture import REPLY
from cluster.lan import GATEWAY
from cluster.objects import NAMESPACE
from cluster.run import wait_for

EXCLUDE = "node.kubernetes.io/exclude-from-external-load-balancers"
CUT = ("table ip cut { chain in { type filter hook input priority 0; "
       f"ip saddr {GATEWAY} drop; }}; }}")

def allocator(cluster):
    def holder():
        leases = cluster.api.list("Lease", NAMESPACE, fieldSelector="metadata.name=arplet")
        identity = leases[0]["spec"].get("holderIdentity") if leases else None
        return next((n for n in cluster.nodes if (identity or "").startswith(n.name + "_")), None)

    return wait_for("a holder of the Lease", holder)


@contextlib.contextmanager
def cut_off(set_there):
    """A node is away: set_there is its set_forwarded, set_cable or set_link."""
    set_there(False)
    try:
        yield
    finally:
        set_there(True)


def set_api(node, there):
    """Whether anything that the API server sends reaches a node."""
    node.run("nft", "delete table ip cut" if there else CUT)


@contextlib.contextmanager
def frozen(cluster, node):
    """A node's daemon has no CPU."""
    cluster.arplets.freeze(node, True)
    try:
        yield
    finally:
        cluster.arplets.freeze(node, False)


@contextlib.contextmanager
def parted(cluster, one, other):
    """Two groups of hosts do not hear each other."""
    cluster.switch.part(one, other)
    try:
        yield
    finally:
        cluster.switch.heal()


def holders(cluster, client, address):
    """The names of all nodes that answer ARP requests for address, sorted."""
    by_mac = {n.mac(): n.name for n in cluster.nodes}
    with cluster.asking(client, address) as asker:
        time.sleep(0.3)
    return sorted(by_mac[m] for m in {f.mac for f in asker.frames if f.op == REPLY})


def wait_holder(cluster, client, address, timeout=10):
    """Waits until exactly one node answers for address, and returns it."""
    def only_one():
        found = holders(cluster, client, address)
        return found if len(found) == 1 else None

    name = wait_for(f"one holder of {address}", only_one, timeout)[0]
    return cluster.host(name)


def wait_http(client, address, port=80, start="", timeout=10):
    """
    Waits for an answer to HTTP on address that begins with start, and returns it. kube-proxy may
    take a moment, and for as long the pods of an address's former Service answer.
    """
    def answer():
        got = client.http(address, port)
        return got if got and got.startswith(start) else None

    return wait_for(f"http://{address}:{port}/ answers {start} on {client}", answer, timeout)


def nobody_answers(client, address, count=2):
    return client.arping(address, count=count, wait=count) == []


def metric(cluster, node, name):
    """What a node's metric says now, or None where it has none of that name and labels."""
    lines = cluster.arplets.http(node, "metrics").splitlines()
    return next((float(li.split()[-1]) for li in lines if li.startswith(f"{name} ")), None)
