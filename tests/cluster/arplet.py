# SPDX-License-Identifier: Apache-2.0
"""The daemons under test: one process in the network namespace of each node."""
import base64
import glob
import os
import signal

from . import objects
from .pki import write_kubeconfig
from .run import wait_for

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = os.environ.get("ARPLET", f"{TOP}/src/arplet")
ACCOUNT = "arplet"
RBAC = f"{TOP}/deploy/rbac.yaml"
HTTP_PORT = 7475


class Arplets:
    """The daemons of a cluster; they use the ServiceAccount and the RBAC rules of deploy/."""

    def __init__(self, cluster, procs, work_dir, server, authority_cert):
        self.cluster = cluster
        self.procs = procs
        self.server = server
        self.authority_cert = authority_cert
        self.work_dir = work_dir
        self.config = f"{work_dir}/arplet.kubeconfig"
        self.node_configs = {}  # kubeconfigs of daemons with a token of their own, by node name
        self.options = ()  # options of every daemon; start() adds options of one daemon

    def install(self, manifests=None):
        """Installs the CRDs and RBAC rules of deploy/; writes a kubeconfig for the daemons."""
        self.cluster.apply(objects.namespace(objects.NAMESPACE))
        for manifest in manifests or install_manifests():
            self.cluster.kubectl("apply", "--server-side", "-f", manifest)
        self.cluster.kubectl("wait", "--for=condition=Established", "crd", "--all",
                             "--timeout=30s")
        self.write_kubeconfig()

    def write_kubeconfig(self, path=None, bound_to=None):
        """Writes a kubeconfig with a new token, which may be bound to a Node."""
        spec = {"expirationSeconds": 86400}
        if bound_to:
            uid = self.cluster.api.get("Node", bound_to, None)["metadata"]["uid"]
            spec["boundObjectRef"] = {"apiVersion": "v1", "kind": "Node", "name": bound_to,
                                      "uid": uid}
        account = f"/api/v1/namespaces/{objects.NAMESPACE}/serviceaccounts/{ACCOUNT}"
        request = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": spec}
        token = self.cluster.api.request("POST", f"{account}/token", request)["status"]["token"]
        with open(self.authority_cert, "rb") as f:
            authority = base64.b64encode(f.read()).decode()
        return write_kubeconfig(path or self.config, self.server, authority, {"token": token})

    def bind_tokens(self):
        """Gives each daemon that starts from now on a token that names its node, like a pod's."""
        for node in self.cluster.nodes:
            path = f"{self.work_dir}/arplet-{node.name}.kubeconfig"
            self.node_configs[node.name] = self.write_kubeconfig(path, node.name)

    def start(self, node, *options):
        """Starts the daemon of a node, and waits until its page /readyz reports success."""
        self.launch(node, *options)
        self.wait_ready(node)

    def start_all(self, *options):
        """Starts daemons at the same time on all nodes where no daemon runs."""
        nodes = [n for n in self.cluster.nodes if not self.running(n)]
        for node in nodes:
            self.launch(node, *options)
        for node in nodes:
            self.wait_ready(node)

    def launch(self, node, *options, env=None, log=None):
        """
        Starts the daemon of a node without waiting until it is ready. The daemon writes its log to
        the file descriptor `log`, or else to a file.
        """
        self.procs.start(self.name(node), [
            PROGRAM, "--kubeconfig", self.node_configs.get(node.name, self.config),
            "--node-name", node.name,
            "--namespace", objects.NAMESPACE, "--http", f"127.0.0.1:{HTTP_PORT}",
            *self.options, *options,
        ], node.netns, env, stderr=log)

    def wait_ready(self, node):
        wait_for(f"arplet on {node} is ready", lambda: self.is_ready(node), 15)

    def is_ready(self, node):
        if not self.procs.alive(self.name(node)):
            raise RuntimeError(f"arplet on {node} ended:\n{self.procs.tail(self.name(node))}")
        return self.http(node, "readyz") is not None

    def http(self, node, page):
        """A page of the daemon's web server, or None if the daemon does not return it."""
        return node.http("127.0.0.1", HTTP_PORT, path=page)

    def stop(self, node, sig=signal.SIGTERM):
        return self.procs.stop(self.name(node), sig)

    def freeze(self, node, frozen):
        """Stops a daemon with SIGSTOP, or continues it with SIGCONT."""
        self.procs.send_signal(self.name(node), signal.SIGSTOP if frozen else signal.SIGCONT)

    def stop_all(self):
        for node in self.cluster.nodes:
            self.stop(node)

    def running(self, node):
        return self.procs.alive(self.name(node))

    def pid(self, node):
        return self.procs.running[self.name(node)].pid

    def log(self, node):
        return self.procs.log(self.name(node))

    @staticmethod
    def name(node):
        return f"arplet-{node.name}"


def install_manifests():
    """The manifests of deploy/ that the cluster needs for a daemon that runs outside of pods."""
    return [*sorted(glob.glob(f"{TOP}/deploy/crds/*.yaml")), RBAC]
