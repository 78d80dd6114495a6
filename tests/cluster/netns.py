# SPDX-License-Identifier: Apache-2.0
"""Network namespaces: making them, ending what runs in them, sockets inside them."""
import contextlib
import ctypes
import os
import signal
import socket
import threading
import time

from .run import sh

ROOM = "/run/netns"
CLONE_NEWNET = 0x40000000


def path(name):
    return f"{ROOM}/{name}"


def name_of(netns_path):
    return os.path.basename(netns_path)


def create(name):
    sh("ip", "netns", "add", name)
    ip(name, "link set lo up")


def names(prefix):
    """The namespaces whose name starts with prefix."""
    with contextlib.suppress(FileNotFoundError):
        return sorted(n for n in os.listdir(ROOM) if n.startswith(prefix))
    return []


def ip(name, *lines):
    """Runs lines of ip(8) in a namespace, in one process."""
    sh("ip", "-n", name, "-batch", "-", stdin="\n".join(lines) + "\n")


def pids(spaces):
    """The processes that live in any of these namespaces."""
    inodes = {os.stat(path(n)).st_ino for n in spaces}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError):
            if os.stat(f"/proc/{pid}/ns/net").st_ino in inodes:
                yield int(pid)


def end_processes(find, grace=0.0):
    """
    Ends every process that find() yields: SIGTERM and `grace` seconds first, if any, then SIGKILL.
    Asks again until none is left, because they may start others meanwhile.
    """
    end = time.monotonic() + grace
    while list(find()):
        late = time.monotonic() >= end
        for pid in find():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL if late else signal.SIGTERM)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        if time.monotonic() > end + 20:
            raise TimeoutError(f"processes that do not end: {list(find())}")
        time.sleep(0.05)


def delete(spaces):
    for name in spaces:
        sh("ip", "netns", "delete", name)


def socket_in(netns_path, *args):
    """A socket of another network namespace: it stays there, the caller does not go there."""
    made = []

    def enter():
        libc = ctypes.CDLL(None, use_errno=True)
        with open(netns_path, "rb") as f:
            if libc.setns(f.fileno(), CLONE_NEWNET):
                made.append(OSError(ctypes.get_errno(), f"setns {netns_path}"))
                return
        try:
            made.append(socket.socket(*args))
        except OSError as e:
            made.append(e)

    thread = threading.Thread(target=enter)
    thread.start()
    thread.join()
    if isinstance(made[0], OSError):
        raise made[0]
    return made[0]
