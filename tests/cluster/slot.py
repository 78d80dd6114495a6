# SPDX-License-Identifier: Apache-2.0
"""
Several test clusters can run on one machine. Each cluster owns a slot, and the names of its network
namespaces, cgroups and folders begin with the prefix of this slot. Before a cluster starts, it
removes everything that an interrupted cluster has left in the same slot.
"""
import os
import shutil
import socket

from . import cgroups, netns
from .run import sh

SLOTS = 10
PREFIX = "arplet"


class Slot:
    """A slot has a number below SLOTS, and only one process at a time owns the slot."""

    def __init__(self, number, lock):
        self.lock = lock
        self.prefix = f"{PREFIX}{number}-"
        self.work_dir = f"/var/tmp/{PREFIX}{number}"

    @classmethod
    def acquire(cls):
        slot = next(free_slots(), None)
        if slot is None:
            raise RuntimeError(f"{SLOTS} test clusters are already running")
        return slot

    def sweep(self):
        """Ends all processes of the slot's cluster; removes its namespaces, cgroups and folders."""
        namespaces = netns.names(self.prefix)
        groups = cgroups.names(self.prefix)
        netns.end_processes(lambda: {*netns.pids(namespaces), *cgroups.pids(groups)})
        runs = [f"/run/{n}" for n in os.listdir("/run") if n.startswith(self.prefix)]
        _unmount_below([self.work_dir, *runs])
        netns.delete(namespaces)
        cgroups.delete(groups)
        for directory in [self.work_dir, *runs]:
            shutil.rmtree(directory, ignore_errors=True)

    def release(self):
        self.lock.close()


def free_slots():
    """Acquires and yields the free slots, one after another."""
    for number in range(SLOTS):
        lock = _lock(number)
        if lock:
            yield Slot(number, lock)


def sweep_all():
    """Removes the clusters that interrupted test runs have left in free slots."""
    for slot in free_slots():
        slot.sweep()
        slot.release()


def _lock(number):
    """Locks a slot by an abstract socket until exit; returns None if it is locked already."""
    sock = socket.socket(socket.AF_UNIX)
    try:
        sock.bind(f"\0{PREFIX}-test-cluster-{number}")
    except OSError:
        sock.close()
        return None
    return sock


def _unmount_below(directories):
    with open("/proc/self/mounts", encoding="utf-8") as f:
        points = [line.split()[1] for line in f]
    for point in reversed(points):
        if any(point.startswith(f"{d}/") for d in directories):
            sh("umount", "--lazy", point)
