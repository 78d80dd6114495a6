# SPDX-License-Identifier: Apache-2.0
"""A daemon still sends its hellos in time when its node has no free CPU."""
import os
import sys
import time

import yaml

from cluster import cgroups, objects
from cluster.arplet import TOP
from cluster.base import served_pool
from cluster.run import wait_for

from lan import metric

BUSY_LOOPS = 4  # for each CPU
SERVICES = 300
BUSY_S = 10     # time for which the load continues after all Services have addresses
DEATHS = "arplet_peer_deaths_total"


def cpu_request():
    """The CPU request of the daemon's pod in deploy/, in millicores."""
    with open(f"{TOP}/deploy/daemonset.yaml", encoding="utf-8") as f:
        daemon_set = yaml.safe_load(f)
    container, = daemon_set["spec"]["template"]["spec"]["containers"]
    return int(container["resources"]["requests"]["cpu"].removesuffix("m"))


def occupy_cpus(cluster, node):
    """
    Moves the daemon into a cgroup with the CPU request of its pod.  Busy loops, in place of other
    pods, request 30 % of the CPU time and use 100 %.  No cgroup requests the other 70 %, because
    the control plane and the other nodes run outside of pods in this test.
    """
    requests = {"ours": cpu_request(), "others": os.cpu_count() * 300}
    names = {owner: f"{cluster.slot.prefix}{owner}" for owner in requests}
    for owner, millicores in requests.items():
        cgroups.create(names[owner])
        cgroups.set_cpu_request(names[owner], millicores)
    pid = cluster.arplets.pid(node)
    cgroups.enter(names["ours"], pid)
    os.setpriority(os.PRIO_PROCESS, pid, 0)  # a process in a pod cannot have a nice value below 0
    busy_loops = [f"busy-loop-{n}" for n in range(BUSY_LOOPS * os.cpu_count())]
    for name in busy_loops:
        process = cluster.procs.start(name, [sys.executable, "-c", "while True: pass"], node.netns)
        cgroups.enter(names["others"], process.pid)
    return busy_loops


def test_peers_do_not_declare_a_daemon_dead_whose_node_has_no_free_cpu(cluster):
    busy, *others = cluster.nodes
    cluster.apply(*served_pool("many", "10.201.0.0/22"))
    deaths = [metric(cluster, node, DEATHS) for node in others]
    busy_loops = occupy_cpus(cluster, busy)
    try:
        names = [f"many-{n}" for n in range(SERVICES)]
        for name in names:
            cluster.apply(objects.service(name, allocateLoadBalancerNodePorts=False))
        wait_for("all Services have an address", lambda: all(map(cluster.address_of, names)), 60, 1)
        time.sleep(BUSY_S)
    finally:
        for name in busy_loops:
            cluster.procs.stop(name)
    assert [metric(cluster, node, DEATHS) for node in others] == deaths
