# SPDX-License-Identifier: Apache-2.0
"""Checks the addresses of all Services while a test creates and deletes Services."""
import contextlib
import http.client
import itertools
import json
import socket
import threading
import time

from cluster import objects
from cluster.api import ApiError, path_of


class AllocationChecker:
    """
    Watches all Services.  Adds a message to `violations` when two Services have the same address,
    or when the address of a Service changes or is removed.
    """

    def __init__(self, cluster):
        self.cluster = cluster
        self.assigned = {}  # maps the uid of a Service to (name, addresses)
        self.violations = []
        self.n_assigned = 0  # number of events that show a Service with an address
        self.first_assigned = {}  # maps the name of a Service to the time of its first address
        self.closed = False
        self.version = cluster.api.request("GET", path_of("Namespace"))["metadata"][
            "resourceVersion"]
        self.thread = threading.Thread(target=self._watch, daemon=True)
        self.thread.start()

    def _watch(self):
        while not self.closed:
            with contextlib.suppress(OSError, ValueError, http.client.HTTPException):
                self.connection = self.cluster.api.connect()
                self.connection.sock.settimeout(None)
                self.connection.request("GET", path_of("Service", "default") +
                                        f"?watch=1&resourceVersion={self.version}")
                for line in self.connection.getresponse():
                    self.on_event(json.loads(line))
            time.sleep(0.1)

    def _relist(self):
        """Lists Services after a watch has failed because its resourceVersion was too old."""
        api = type(self.cluster.api)(self.cluster.admin_kubeconfig, self.cluster.api.netns_path)
        listed = api.request("GET", path_of("Service", "default"))
        uids = {obj["metadata"]["uid"] for obj in listed["items"]}
        self.assigned = {uid: old for uid, old in self.assigned.items() if uid in uids}
        for obj in listed["items"]:
            self.on_event({"type": "MODIFIED", "object": obj})
        self.version = listed["metadata"]["resourceVersion"]

    def on_event(self, event):
        obj = event["object"]
        if event["type"] == "ERROR" and obj["code"] == 410:
            self._relist()
            return
        if event["type"] == "ERROR":
            self.violations.append(f"the watch failed: {obj}")
            self.closed = True
            return
        self.version = obj["metadata"]["resourceVersion"]
        uid, name = obj["metadata"]["uid"], obj["metadata"]["name"]
        old = self.assigned.pop(uid, (name, ()))[1]
        if event["type"] == "DELETED":
            return
        entries = obj["status"].get("loadBalancer", {}).get("ingress", [])
        new = tuple(e["ip"] for e in entries)
        if old and new != old:
            self.violations.append(f"{name} had {old} and has {new} at {self.version}")
        for other, addresses in self.assigned.values():
            if set(addresses) & set(new):
                self.violations.append(f"{name} and {other} have {new} at {self.version}")
        if new:
            self.n_assigned += 1
            self.assigned[uid] = name, new
            self.first_assigned.setdefault(name, time.monotonic())

    def close(self):
        self.closed = True
        with contextlib.suppress(OSError):
            self.connection.sock.shutdown(socket.SHUT_RDWR)
        self.thread.join(5)


class ServiceChurn:
    """Until close(), creates Services and deletes the oldest, so that addresses are reused."""

    def __init__(self, cluster, count, every=0.02):
        self.cluster = cluster
        self.count = count  # number of Services that exist at the same time
        self.every = every
        self.created = {}   # maps the name of a Service to the time of its creation
        self.stopped = False
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self):
        api = type(self.cluster.api)(self.cluster.admin_kubeconfig,
                                     self.cluster.api.netns_path)
        for number in itertools.count():
            if self.stopped:
                return
            with contextlib.suppress(OSError, ApiError, http.client.HTTPException):
                name = f"churn-{number}"
                requested = time.monotonic()
                api.apply(objects.service(name, allocateLoadBalancerNodePorts=False))
                self.created[name] = requested
                if number >= self.count:
                    api.delete("Service", f"churn-{number - self.count}")
            time.sleep(self.every)

    def close(self):
        self.stopped = True
        self.thread.join(15)
