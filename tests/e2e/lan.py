# SPDX-License-Identifier: Apache-2.0
"""What a client on the LAN can find out, as the scenarios put it."""
from cluster.run import wait_for


def holders(cluster, client, address):
    """The names of the nodes that answer ARP requests for address, sorted."""
    by_mac = {n.mac(): n.name for n in cluster.nodes}
    return sorted(by_mac[m] for m in client.arping(address))


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
