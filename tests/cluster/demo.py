# SPDX-License-Identifier: Apache-2.0
"""A short demonstration of arplet on a test cluster; tests/demo runs it."""
import shlex
import signal
import sys
import time

from . import lan
from .namespaces import NamespaceCluster
from .run import wait_for

POOL = f"""\
apiVersion: metallb.io/v1beta1
kind: IPAddressPool
metadata:
  name: lan
  namespace: metallb-system
spec:
  addresses: [{lan.NET}.100-{lan.NET}.120]
---
apiVersion: metallb.io/v1beta1
kind: L2Advertisement
metadata:
  name: lan
  namespace: metallb-system
spec:
  ipAddressPools: [lan]
"""

SERVICE = """\
apiVersion: v1
kind: Service
metadata:
  name: hello
spec:
  type: LoadBalancer
  selector: {app: hello}
  ports:
  - port: 80
    targetPort: 8080
"""


def print_heading(text):
    print(f"\n== {text}", flush=True)


def show(prompt, argv, output, stdin=None):
    """Prints a command and its output, as in a terminal."""
    print(f"{prompt}$ {shlex.join(argv)}" + (" <<END" if stdin else ""))
    if stdin:
        print(stdin + "END")
    print(output.rstrip(), flush=True)
    return output


def kubectl(cluster, *argv, stdin=None):
    return show("", ["kubectl", *argv], cluster.kubectl(*argv, stdin=stdin), stdin)


def on(host, *argv):
    return show(host.name, argv, host.run(*argv))


def serve(cluster):
    """Creates a Service; waits for a gratuitous ARP for its address; returns the address."""
    with cluster.clients[0].capture() as capture:
        kubectl(cluster, "apply", "-f", "-", stdin=SERVICE)
        address = cluster.wait_address("hello")
        capture.wait(lambda f: f.gratuitous_for(address))
    kubectl(cluster, "get", "service", "hello")
    return address


def session(cluster):
    client = cluster.clients[0]
    kubectl(cluster, "get", "nodes")
    print_heading("arplet starts on every node, and kubectl creates a pool of addresses")
    cluster.start_arplets()
    kubectl(cluster, "apply", "-f", "-", stdin=POOL)
    print_heading("kubectl creates a Service of type LoadBalancer, with a pod on two of the nodes")
    cluster.backend("hello", *cluster.nodes[:2])
    address = serve(cluster)
    kubectl(cluster, "get", "events", "--field-selector", "involvedObject.name=hello")
    print_heading("on the LAN, one node answers ARP for the address, and HTTP reaches the pods")
    on(client, "arping", "-b", "-c", "2", "-I", client.ifname, address)
    wait_for("an answer to HTTP", lambda: client.http(address))
    for _ in range(2):
        on(client, "curl", "-s", f"http://{address}/")
    on(client, "ip", "neigh", "show", address)
    wait_for("a ServiceL2Status", lambda: cluster.api.list("ServiceL2Status"))
    kubectl(cluster, "get", "servicel2statuses", "-n", "metallb-system")


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    print_heading("a cluster starts: three nodes and a client on one LAN, each a network namespace")
    started = time.monotonic()
    try:
        with NamespaceCluster(nodes=3, clients=1) as cluster:
            print(f"the cluster is up after {time.monotonic() - started:.1f} s", flush=True)
            session(cluster)
            print_heading("end of the demonstration: the cluster is removed")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
