# SPDX-License-Identifier: Apache-2.0
"""Creates and deletes network namespaces, ends their processes, opens sockets inside them."""
import contextlib
import ctypes
import os
import signal
import socket
import threading
import time

from .run import sh

NETNS_DIR = "/run/netns"
CLONE_NEWNET = 0x40000000


def path(name):
    return f"{NETNS_DIR}/{name}"


def name_of(netns_path):
    return os.path.basename(netns_path)


def create(name):
    sh("ip", "netns", "add", name)
    ip(name, "link set lo up")


def names(prefix):
    """The network namespaces whose names start with prefix."""
    with contextlib.suppress(FileNotFoundError):
        return sorted(n for n in os.listdir(NETNS_DIR) if n.startswith(prefix))
    return []


def ip(name, *lines):
    """Runs `lines`, commands of ip(8), in a network namespace, all in one process."""
    sh("ip", "-n", name, "-batch", "-", stdin="\n".join(lines) + "\n")


def pids(namespaces):
    """Yields the pids of the processes in these network namespaces."""
    inodes = {os.stat(path(n)).st_ino for n in namespaces}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError):
            if os.stat(f"/proc/{pid}/ns/net").st_ino in inodes:
                yield int(pid)


def end_processes(find, grace=0.0):
    """
    Ends every process that find() yields: sends SIGTERM for `grace` seconds, and then SIGKILL.
    Repeats find() until it yields no process, because a process can start others before it ends.
    """
    end = time.monotonic() + grace
    while list(find()):
        grace_over = time.monotonic() >= end
        for pid in find():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL if grace_over else signal.SIGTERM)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        if time.monotonic() > end + 20:
            raise TimeoutError(f"these processes do not end: {list(find())}")
        time.sleep(0.05)


def delete(namespaces):
    for name in namespaces:
        sh("ip", "netns", "delete", name)


def socket_in(netns_path, *args):
    """Opens a socket in another network namespace; the caller's namespace does not change."""
    result = []

    def enter():
        libc = ctypes.CDLL(None, use_errno=True)
        with open(netns_path, "rb") as f:
            if libc.setns(f.fileno(), CLONE_NEWNET):
                result.append(OSError(ctypes.get_errno(), f"setns {netns_path}"))
                return
        try:
            result.append(socket.socket(*args))
        except OSError as e:
            result.append(e)

    thread = threading.Thread(target=enter)
    thread.start()
    thread.join()
    if isinstance(result[0], OSError):
        raise result[0]
    return result[0]
