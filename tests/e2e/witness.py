# SPDX-License-Identifier: Apache-2.0
"""Who watches the allocators: every version of every Service, and what must hold at each."""
import contextlib
import http.client
import itertools
import json
import socket
import threading
import time

from cluster import objects
from cluster.api import ApiError, path_of


class Witness:
    """
    Follows Services through the API, every version of each, in the API's order.  `faults` are
    sentences: an address on two Services at once, one that changed, one that was taken away.
    """

    def __init__(self, cluster):
        self.cluster = cluster
        self.given = {}  # Service's uid: (its name, its addresses)
        self.faults = []
        self.seen = 0    # versions with an address
        self.first = {}  # name: when its first address came by
        self.closed = False
        self.version = cluster.api.request("GET", path_of("Namespace"))["metadata"][
            "resourceVersion"]
        self.thread = threading.Thread(target=self._follow, daemon=True)
        self.thread.start()

    def _follow(self):
        while not self.closed:
            with contextlib.suppress(OSError, ValueError, http.client.HTTPException):
                self.connection = self.cluster.api.connect()
                self.connection.sock.settimeout(None)
                self.connection.request("GET", path_of("Service", "default") +
                                        f"?watch=1&resourceVersion={self.version}")
                for line in self.connection.getresponse():
                    self.take(json.loads(line))
            time.sleep(0.1)

    def _catch_up(self):
        """An API server that has just started knows no earlier versions: a list must do."""
        api = type(self.cluster.api)(self.cluster.admin_kubeconfig, self.cluster.api.netns_path)
        found = api.request("GET", path_of("Service", "default"))
        there = {obj["metadata"]["uid"] for obj in found["items"]}
        self.given = {uid: had for uid, had in self.given.items() if uid in there}
        for obj in found["items"]:
            self.take({"type": "MODIFIED", "object": obj})
        self.version = found["metadata"]["resourceVersion"]

    def take(self, event):
        obj = event["object"]
        if event["type"] == "ERROR" and obj["code"] == 410:
            self._catch_up()
            return
        if event["type"] == "ERROR":
            self.faults.append(f"the witness lost the thread: {obj}")
            self.closed = True
            return
        self.version = obj["metadata"]["resourceVersion"]
        uid, name = obj["metadata"]["uid"], obj["metadata"]["name"]
        had = self.given.pop(uid, (name, ()))[1]
        if event["type"] == "DELETED":
            return
        entries = obj["status"].get("loadBalancer", {}).get("ingress", [])
        has = tuple(e["ip"] for e in entries)
        if had and has != had:
            self.faults.append(f"{name} had {had} and has {has} at {self.version}")
        for other, addresses in self.given.values():
            if set(addresses) & set(has):
                self.faults.append(f"{name} and {other} have {has} at {self.version}")
        if has:
            self.seen += 1
            self.given[uid] = name, has
            self.first.setdefault(name, time.monotonic())

    def close(self):
        self.closed = True
        with contextlib.suppress(OSError):
            self.connection.sock.shutdown(socket.SHUT_RDWR)
        self.thread.join(5)


class Tenants:
    """Makes Services all the while, and deletes old ones, so that addresses are given again."""

    def __init__(self, cluster, alive, every=0.02):
        self.cluster = cluster
        self.alive = alive  # Services at a time
        self.every = every
        self.made = {}      # name: just before it was asked for
        self.over = False
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self):
        api = type(self.cluster.api)(self.cluster.admin_kubeconfig,
                                     self.cluster.api.netns_path)
        for number in itertools.count():
            if self.over:
                return
            with contextlib.suppress(OSError, ApiError, http.client.HTTPException):
                name = f"tenant-{number}"
                asked = time.monotonic()
                api.apply(objects.service(name, allocateLoadBalancerNodePorts=False))
                self.made[name] = asked
                if number >= self.alive:
                    api.delete("Service", f"tenant-{number - self.alive}")
            time.sleep(self.every)

    def close(self):
        self.over = True
        self.thread.join(15)
