# SPDX-License-Identifier: Apache-2.0
"""A node whose CPUs are all taken, while the daemon has work to do, is not taken for dead."""
import os
import sys
import time

import yaml

from cluster import cgroups, objects
from cluster.arplet import TOP
from cluster.base import served_pool
from cluster.run import wait_for

from lan import metric

HOGS = 4      # for each CPU
SERVICES = 300
BUSY_S = 10   # after the last Service was served
DEATHS = "arplet_peer_deaths_total"


def cpu_request():
    """Of the pods that deploy/ makes, in thousandths of a CPU."""
    with open(f"{TOP}/deploy/daemonset.yaml", encoding="utf-8") as f:
        daemon_set = yaml.safe_load(f)
    container, = daemon_set["spec"]["template"]["spec"]["containers"]
    return int(container["resources"]["requests"]["cpu"].removesuffix("m"))


def as_on_a_full_node(cluster, node):
    """
    The node's daemon has what its pod asks for.  Other pods ask for a third of the CPUs, and take what
    there is: the control plane and the other nodes, which are outside of pods here, want the rest.
    """
    requests = {"ours": cpu_request(), "others": os.cpu_count() * 300}
    names = {who: f"{cluster.slot.prefix}{who}" for who in requests}
    for who, millicores in requests.items():
        cgroups.create(names[who])
        cgroups.set_cpu_request(names[who], millicores)
    pid = cluster.arplets.pid(node)
    cgroups.enter(names["ours"], pid)
    os.setpriority(os.PRIO_PROCESS, pid, 0)  # which a pod may not better
    hogs = [f"hog-{n}" for n in range(HOGS * os.cpu_count())]
    for name in hogs:
        hog = cluster.procs.start(name, [sys.executable, "-c", "while True: pass"], node.netns)
        cgroups.enter(names["others"], hog.pid)
    return hogs


def test_a_daemon_on_a_node_without_a_free_cpu_is_not_taken_for_dead(cluster):
    busy, *others = cluster.nodes
    cluster.apply(*served_pool("crowd", "10.201.0.0/22"))
    deaths = [metric(cluster, node, DEATHS) for node in others]
    hogs = as_on_a_full_node(cluster, busy)
    try:
        names = [f"crowd-{n}" for n in range(SERVICES)]
        for name in names:
            cluster.apply(objects.service(name, allocateLoadBalancerNodePorts=False))
        wait_for("all are served", lambda: all(map(cluster.address_of, names)), 60, 1)
        time.sleep(BUSY_S)
    finally:
        for name in hogs:
            cluster.procs.stop(name)
    assert [metric(cluster, node, DEATHS) for node in others] == deaths
