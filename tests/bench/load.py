# SPDX-License-Identifier: Apache-2.0
"""What the benchmarks do to a cluster, and how they see that it has been answered."""
import contextlib
import http.client
import json
import os
import re
import socket
import subprocess
import threading
import time

from cluster import objects
from cluster.api import APPLY, MERGE, path_of
from cluster.control import SERVER
from cluster.run import wait_for

FLOOD = f"{os.path.dirname(os.path.abspath(__file__))}/flood"
IN_FLIGHT = 32
FOREIGN = "example.com/bench"  # a class that arplet leaves alone
VERSION = re.compile(rb'"resourceVersion":"(\d+)"')
NODE_PORTS = 2000  # there are not many more in a cluster


class Watch:
    """
    A watch on Services, from now on.  An API server that finds its reader too slow ends a watch:
    then it goes on where it was.
    """

    def __init__(self, cluster):
        self.cluster = cluster
        self.version = cluster.api.request("GET", path_of("Namespace"))["metadata"][
            "resourceVersion"]
        self.times = []  # at which a Service with an address came by
        self.closed = False
        self._open()
        threading.Thread(target=self._read, daemon=True).start()

    def _open(self):
        self.connection = self.cluster.api.connect()
        self.connection.sock.settimeout(None)
        self.connection.request("GET", path_of("Service") +
                                f"?watch=1&resourceVersion={self.version}")
        self.response = self.connection.getresponse()

    def _read(self):
        with contextlib.suppress(OSError, ValueError, http.client.HTTPException):
            while not self.closed:
                for line in self.response:
                    self.version = VERSION.search(line)[1].decode()
                    if b'"ingress":' in line:
                        self.times.append(time.monotonic())
                self._open()

    def until_addresses(self, count, timeout=120):
        """Returns the time at which `count` more Services with an address had come by."""
        wait_for(f"{count} addresses", lambda: len(self.times) >= count, timeout, 0.01)
        when = self.times[count - 1]
        del self.times[:count]
        return when

    def close(self):
        self.closed = True
        with contextlib.suppress(OSError):
            self.connection.sock.shutdown(socket.SHUT_RDWR)


def flood(cluster, requests, rate=None):
    """
    Sends (method, path, content type, body) each, at most `rate` a second, if given; returns the
    seconds that it took.
    """
    text = "".join(f"{m}\t{p}\t{t}\t{json.dumps(b) if b else ''}\n" for m, p, t, b in requests)
    argv = cluster.lan.gateway.argv(FLOOD, SERVER, *admin(cluster), IN_FLIGHT,
                                    *([rate] if rate else []))
    done = subprocess.run(argv, input=text, stdout=subprocess.PIPE, text=True, check=True)
    return float(done.stdout)


def admin(cluster):
    """The files that an administrator speaks TLS with: authority, certificate, key."""
    pki = cluster.authority
    return (pki.ca, f"{pki.room}/admin.kubeconfig.crt", f"{pki.room}/admin.kubeconfig.key")


def put(obj):
    path = path_of(obj["kind"], "default", obj["metadata"]["name"])
    return "PATCH", path + "?fieldManager=bench&force=true", APPLY, obj


def patch(name, change, sub=None):
    return "PATCH", path_of("Service", "default", name, sub), MERGE, change


def delete(name):
    return "DELETE", path_of("Service", "default", name), MERGE, None


def status_patch(name, address):
    return patch(name, {"status": {"loadBalancer": {
        "ingress": [{"ip": address, "ipMode": "VIP"}]}}}, "status")


def address(number):
    return f"10.200.{number // 250 % 250}.{number % 250 + 1}"


def service(name, count, **spec):
    """One of `count` Services: where there are too many for that, without a node port."""
    if count > NODE_PORTS:
        spec["allocateLoadBalancerNodePorts"] = False
    return objects.service(name, **spec)


def bare_patches(cluster, names, shift=0):
    """Seconds to write an address into the status of each, while a watch looks on."""
    watch = Watch(cluster)
    took = flood(cluster, [status_patch(n, address(shift + i)) for i, n in enumerate(names)])
    watch.close()
    return took


def bare_services(cluster, count):
    names = [f"bare-{n}" for n in range(count)]
    flood(cluster, [put(service(n, count, loadBalancerClass=FOREIGN)) for n in names])
    return names


def our_services(cluster, count):
    """Services with a ready pod each, as far as the API knows."""
    names = [f"ours-{n}" for n in range(count)]
    pod = [("10.244.1.2", cluster.nodes[0].name, True)]
    flood(cluster, [put(objects.endpoint_slice(n, pod, 8080)) for n in names])
    flood(cluster, [put(service(n, count)) for n in names])
    return names


def remove(cluster, names):
    flood(cluster, [delete(n) for n in names])


def serve(cluster, count):
    """`count` Services, and a daemon that has given each its address; (node, names)."""
    node = cluster.nodes[0]
    names = our_services(cluster, count)
    watch = Watch(cluster)
    cluster.arplets.start(node)
    watch.until_addresses(count)
    watch.close()
    return node, names


def metrics(cluster, node):
    """The daemon's counters: {name with labels: value}."""
    lines = (cluster.arplets.http(node, "metrics") or "").splitlines()
    return {line.rsplit(" ", 1)[0]: float(line.rsplit(" ", 1)[1])
            for line in lines if line and not line.startswith("#")}


def settle(cluster, node, timeout=240):
    """Waits until the daemon has nothing more to write."""
    def idle():
        return not any(value for name, value in metrics(cluster, node).items()
                       if name.startswith("arplet_writes_pending"))

    wait_for("all is written", idle, timeout, 1)
