# SPDX-License-Identifier: Apache-2.0
"""What a daemon costs its node: CPU time and memory."""
import re


def cpu_ms(cluster, node):
    """The CPU time that the daemon of a node has used."""
    with open(f"/proc/{cluster.arplets.pid(node)}/schedstat", encoding="ascii") as f:
        return int(f.read().split()[0]) / 1e6


def waited_ms(cluster, node):
    """The time for which the daemon of a node was ready to run while other processes ran."""
    with open(f"/proc/{cluster.arplets.pid(node)}/schedstat", encoding="ascii") as f:
        return int(f.read().split()[1]) / 1e6


def resident_kib(cluster, node, field="VmRSS"):
    """The resident memory of the daemon of a node; field VmHWM: the largest since its start."""
    with open(f"/proc/{cluster.arplets.pid(node)}/status", encoding="ascii") as f:
        return int(re.search(rf"{field}:\s+(\d+)", f.read())[1])


def forget_peak(cluster, node):
    """Sets VmHWM to the current resident memory."""
    with open(f"/proc/{cluster.arplets.pid(node)}/clear_refs", "w", encoding="ascii") as f:
        f.write("5")
