# SPDX-License-Identifier: Apache-2.0
"""A short session for a person to watch; tests/demo prepares the machine and runs it."""
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


def say(text):
    print(f"\n== {text}", flush=True)


def show(prompt, argv, output, stdin=None):
    """A command and what it printed, as in a terminal."""
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
    """Creates the Service; returns its address once that is on the wire."""
    with cluster.clients[0].capture() as wire:
        kubectl(cluster, "apply", "-f", "-", stdin=SERVICE)
        address = cluster.wait_address("hello")
        wire.wait(lambda f: f.gratuitous_for(address))
    kubectl(cluster, "get", "service", "hello")
    return address


def session(cluster):
    client = cluster.clients[0]
    kubectl(cluster, "get", "nodes")
    say("arplet starts on every node, and is given a pool of addresses")
    cluster.start_arplets()
    kubectl(cluster, "apply", "-f", "-", stdin=POOL)
    say("a Service of type LoadBalancer, with a pod on two of the nodes")
    cluster.backend("hello", *cluster.nodes[:2])
    address = serve(cluster)
    kubectl(cluster, "get", "events", "--field-selector", "involvedObject.name=hello")
    say("a client on the LAN: one node answers for the address, and HTTP reaches the pods")
    on(client, "arping", "-b", "-c", "2", "-I", client.ifname, address)
    wait_for("an answer to HTTP", lambda: client.http(address))
    for _ in range(2):
        on(client, "curl", "-s", f"http://{address}/")
    on(client, "ip", "neigh", "show", address)
    wait_for("a status object", lambda: cluster.api.list("ServiceL2Status"))
    kubectl(cluster, "get", "servicel2statuses", "-n", "metallb-system")


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    say("a cluster: three nodes and a client on one LAN, each a network namespace")
    started = time.monotonic()
    try:
        with NamespaceCluster(nodes=3, clients=1) as cluster:
            print(f"up after {time.monotonic() - started:.1f} s", flush=True)
            session(cluster)
            say("that was it: the cluster is removed")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
