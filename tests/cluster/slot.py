# SPDX-License-Identifier: Apache-2.0
"""
Several clusters may live on one machine: each has a slot, and everything it makes a name that
begins with the slot's prefix. A slot whose owner is gone is swept before it is used again.
"""
import os
import shutil
import socket

from . import cgroups, netns
from .run import sh

SLOTS = 10
PREFIX = "arplet"


class Slot:
    """A number below SLOTS that no other process holds while we do."""

    def __init__(self, number, lock):
        self.lock = lock
        self.prefix = f"{PREFIX}{number}-"
        self.room = f"/var/tmp/{PREFIX}{number}"

    @classmethod
    def take(cls):
        slot = next(free_slots(), None)
        if slot is None:
            raise RuntimeError(f"{SLOTS} test clusters run already")
        return slot

    def sweep(self):
        """Ends and removes everything that bears the slot's prefix."""
        spaces = netns.names(self.prefix)
        groups = cgroups.names(self.prefix)
        netns.end_processes(lambda: {*netns.pids(spaces), *cgroups.pids(groups)})
        runs = [f"/run/{n}" for n in os.listdir("/run") if n.startswith(self.prefix)]
        _unmount_below([self.room, *runs])
        netns.delete(spaces)
        cgroups.delete(groups)
        for directory in [self.room, *runs]:
            shutil.rmtree(directory, ignore_errors=True)

    def release(self):
        self.lock.close()


def free_slots():
    """Takes the slots that nobody holds, one after another."""
    for number in range(SLOTS):
        lock = _lock(number)
        if lock:
            yield Slot(number, lock)


def sweep_all():
    """Removes what interrupted runs have left, in every slot that nobody holds."""
    for slot in free_slots():
        slot.sweep()
        slot.release()


def _lock(number):
    """A name that the kernel frees when its owner ends, however it ends; None if it is taken."""
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
