# SPDX-License-Identifier: Apache-2.0
"""Creates the Services of benchmarks, and measures when they have addresses."""
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

API_LOAD = f"{os.path.dirname(os.path.abspath(__file__))}/api_load"
IN_FLIGHT = 32
FOREIGN = "example.com/bench"  # a loadBalancerClass that arplet does not serve
VERSION = re.compile(rb'"resourceVersion":"(\d+)"')
NODE_PORTS = 2000  # a cluster has only 2,768 node ports by default


class Watch:
    """
    Watches Services from now on.  If the API server closes the watch because the reader is slow,
    a new watch continues after the last received resourceVersion.
    """

    def __init__(self, cluster):
        self.cluster = cluster
        self.version = cluster.api.request("GET", path_of("Namespace"))["metadata"][
            "resourceVersion"]
        self.times = []  # times when watch events of Services with an address were received
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
        """Waits for `count` more events with an address; returns the time of the last event."""
        wait_for(f"{count} addresses", lambda: len(self.times) >= count, timeout, 0.01)
        last = self.times[count - 1]
        del self.times[:count]
        return last

    def close(self):
        self.closed = True
        with contextlib.suppress(OSError):
            self.connection.sock.shutdown(socket.SHUT_RDWR)


def send_requests(cluster, requests, rate=None):
    """
    Sends API requests, at most `rate` per second; returns the seconds until all have a response.
    Each request is a tuple (method, path, content type, body).
    """
    text = "".join(f"{m}\t{p}\t{t}\t{json.dumps(b) if b else ''}\n" for m, p, t, b in requests)
    argv = cluster.lan.gateway.argv(API_LOAD, SERVER, *admin(cluster), IN_FLIGHT,
                                    *([rate] if rate else []))
    done = subprocess.run(argv, input=text, stdout=subprocess.PIPE, text=True, check=True)
    return float(done.stdout)


def admin(cluster):
    """Returns three paths: CA certificate, administrator's certificate, administrator's key."""
    pki = cluster.authority
    return (pki.ca, f"{pki.work_dir}/admin.kubeconfig.crt", f"{pki.work_dir}/admin.kubeconfig.key")


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
    """Returns a Service; it has no node port if `count` Services need more ports than exist."""
    if count > NODE_PORTS:
        spec["allocateLoadBalancerNodePorts"] = False
    return objects.service(name, **spec)


def bare_patches(cluster, names, shift=0):
    """Returns the seconds that api_load takes to write an address to the status of each Service."""
    watch = Watch(cluster)
    took = send_requests(
        cluster, [status_patch(n, address(shift + i)) for i, n in enumerate(names)])
    watch.close()
    return took


def bare_services(cluster, count):
    names = [f"bare-{n}" for n in range(count)]
    send_requests(cluster, [put(service(n, count, loadBalancerClass=FOREIGN)) for n in names])
    return names


def our_services(cluster, count):
    """Creates Services for arplet; each has an EndpointSlice with a ready endpoint."""
    names = [f"ours-{n}" for n in range(count)]
    pod = [("10.244.1.2", cluster.nodes[0].name, True)]
    send_requests(cluster, [put(objects.endpoint_slice(n, pod, 8080)) for n in names])
    send_requests(cluster, [put(service(n, count)) for n in names])
    return names


def remove(cluster, names):
    send_requests(cluster, [delete(n) for n in names])


def serve(cluster, count):
    """Starts a daemon that allocates addresses of `count` Services; returns (node, names)."""
    node = cluster.nodes[0]
    names = our_services(cluster, count)
    watch = Watch(cluster)
    cluster.arplets.start(node)
    watch.until_addresses(count)
    watch.close()
    return node, names


def metrics(cluster, node):
    """Returns the daemon's metrics as a dictionary {name with labels: value}."""
    lines = (cluster.arplets.http(node, "metrics") or "").splitlines()
    return {line.rsplit(" ", 1)[0]: float(line.rsplit(" ", 1)[1])
            for line in lines if line and not line.startswith("#")}


def wait_written(cluster, node, timeout=240):
    """Waits until the daemon has no pending API writes."""
    def idle():
        return not any(value for name, value in metrics(cluster, node).items()
                       if name.startswith("arplet_writes_pending"))

    wait_for("no API write is pending", idle, timeout, 1)
