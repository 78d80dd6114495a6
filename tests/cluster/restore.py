# SPDX-License-Identifier: Apache-2.0
"""Brings a cluster back into the state in which each test begins."""
from .objects import NAMESPACE
from .run import wait_for


def restore(cluster):
    """Deletes Services, pools and Events; makes all nodes Ready; starts stopped daemons."""
    for service in cluster.api.list("Service"):
        meta = service["metadata"]
        if meta["name"] != "kubernetes":
            cluster.api.delete("Service", meta["name"], meta["namespace"])
    cluster.pods.remove_all()
    for kind in ("IPAddressPool", "L2Advertisement"):
        for obj in cluster.api.list(kind, NAMESPACE):
            cluster.api.delete(kind, obj["metadata"]["name"], NAMESPACE)
    for event in cluster.api.list("Event"):
        meta = event["metadata"]
        cluster.api.delete("Event", meta["name"], meta["namespace"])
    for node in cluster.nodes:
        if not cluster.node_is_ready(node):
            cluster.set_ready(node, True)
        if not cluster.arplets.running(node):
            cluster.arplets.start(node)
    wait_for("no address is announced",
             lambda: not cluster.api.list("ServiceL2Status", NAMESPACE), 15)
