# SPDX-License-Identifier: Apache-2.0
"""
Creates and removes cgroups at the root of the machine's hierarchies (cgroup v1 or v2).

If a kubelet's configuration sets cgroupRoot, this cgroup must exist for every controller.
"""
import contextlib
import os

ROOT = "/sys/fs/cgroup"
CONTROLLERS = ("cpu", "cpuset", "memory", "pids", "io", "hugetlb")


def _is_v2():
    return os.path.exists(f"{ROOT}/cgroup.controllers")


def _read(path):
    with open(path, encoding="ascii") as f:
        return f.read()


def _write(path, text):
    with open(path, "w", encoding="ascii") as f:
        f.write(text)


def _hierarchies():
    if _is_v2():
        return [ROOT]
    return [f"{ROOT}/{c}" for c in os.listdir(ROOT)
            if os.path.isdir(f"{ROOT}/{c}") and not os.path.islink(f"{ROOT}/{c}")]


def create(name):
    if _is_v2():
        available = _read(f"{ROOT}/cgroup.controllers").split()
        for controller in [c for c in CONTROLLERS if c in available]:
            _write(f"{ROOT}/cgroup.subtree_control", f"+{controller}")
        os.makedirs(f"{ROOT}/{name}", exist_ok=True)
        return
    for hierarchy in _hierarchies():
        os.makedirs(f"{hierarchy}/{name}", exist_ok=True)
        # a new cpuset has no CPUs, and no process can enter a cpuset without CPUs
        for file in ("cpuset.cpus", "cpuset.mems"):
            if os.path.exists(f"{hierarchy}/{file}"):
                _write(f"{hierarchy}/{name}/{file}", _read(f"{hierarchy}/{file}"))


def names(prefix):
    found = {d for h in _hierarchies() for d in os.listdir(h)
             if d.startswith(prefix) and os.path.isdir(f"{h}/{d}")}
    return sorted(found)


def pids(cgroups):
    """Yields the pids of the processes in these cgroups and in their child cgroups."""
    for hierarchy in _hierarchies():
        for name in cgroups:
            for where, _, files in os.walk(f"{hierarchy}/{name}"):
                if "cgroup.procs" in files:
                    with contextlib.suppress(OSError):
                        yield from map(int, _read(f"{where}/cgroup.procs").split())


def delete(cgroups):
    """Removes these cgroups and their child cgroups, which must contain no process."""
    for hierarchy in _hierarchies():
        for name in cgroups:
            for where, _, _ in os.walk(f"{hierarchy}/{name}", topdown=False):
                os.rmdir(where)


def enter(name, pid):
    """Moves a process with all its threads into a cgroup that create() has created."""
    for hierarchy in _hierarchies():
        _write(f"{hierarchy}/{name}/cgroup.procs", str(pid))


def set_cpu_request(name, millicores):
    """Gives a cgroup the CPU weight that a kubelet sets for a pod with this CPU request."""
    shares = max(2, millicores * 1024 // 1000)
    if _is_v2():
        _write(f"{ROOT}/{name}/cpu.weight", str(1 + (shares - 2) * 9999 // 262142))
        return
    for hierarchy in _hierarchies():
        if os.path.exists(f"{hierarchy}/{name}/cpu.shares"):
            _write(f"{hierarchy}/{name}/cpu.shares", str(shares))
