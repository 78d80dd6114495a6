# SPDX-License-Identifier: Apache-2.0
"""Brings a cluster back into the state in which each test begins."""
from .objects import NAMESPACE
from .run import wait_for


def namespaces_of(objs):
    return sorted({obj["metadata"]["namespace"] for obj in objs})


def restore(cluster):
    """Deletes Services, pools and Events; makes all nodes Ready; starts stopped daemons."""
    for namespace in namespaces_of(cluster.api.list("Service")):
        cluster.api.delete_all("Service", namespace, fieldSelector="metadata.name!=kubernetes")
    cluster.pods.remove_all()
    for kind in ("IPAddressPool", "L2Advertisement"):
        for obj in cluster.api.list(kind, NAMESPACE):
            cluster.api.delete(kind, obj["metadata"]["name"], NAMESPACE)
    for namespace in namespaces_of(cluster.api.list("Event")):
        cluster.api.delete_all("Event", namespace)
    for node in cluster.nodes:
        if not cluster.node_is_ready(node):
            cluster.set_ready(node, True)
        if not cluster.arplets.running(node):
            cluster.arplets.start(node)
    wait_for("no address is announced",
             lambda: not cluster.api.list("ServiceL2Status", NAMESPACE), 15)
