# SPDX-License-Identifier: Apache-2.0
"""A test cluster that kind (Kubernetes in Docker) runs; base.py declares its interface."""
import base64
import contextlib
import ipaddress
import json
import os
import shutil

from . import image, slot
from .api import Api
from .base import Cluster
from .host import Host
from .pods import KubeletPods
from .procs import Procs
from .run import CommandError, sh, wait_for

MANIFEST = "/etc/kubernetes/manifests/kube-apiserver.yaml"
DISABLED_MANIFEST = "/etc/kubernetes/kube-apiserver.yaml"
EXCLUDE = "node.kubernetes.io/exclude-from-external-load-balancers"
OUR_SWITCH = "/proc/self/ns/net"  # Docker's bridge is in this machine's network namespace


class KindMissing(Exception):
    """This machine cannot run kind; the message names what is missing."""


class KindCluster(Cluster):
    """
    Node 1 is kind's control plane, and announces addresses like the other nodes. Tests run
    arping and curl of this machine in the network namespaces of nodes and clients.
    """

    runs_pods = True

    def __init__(self, nodes=3, clients=1, kubelets=True):
        del kubelets  # kind's nodes always have a kubelet
        self.node_count = nodes
        self.client_count = clients
        self.nodes = []
        self.clients = []
        self.slot = None

    def up(self):
        check_machine()
        self.slot = slot.Slot.acquire()
        self.name = self.slot.prefix + "kind"
        self.slot.sweep()
        self.work_dir = self.slot.work_dir
        self._remove_containers()
        os.makedirs(self.work_dir, mode=0o700)
        self.procs = Procs(f"{self.work_dir}/logs")
        self._create()
        self._find_nodes()
        self._start_clients()
        self._find_addresses()
        authority_cert = self._write_config()
        self.api = Api(self.admin_kubeconfig)
        self._unlabel_first_node()
        self.pods = KubeletPods(self.api)
        echo = image.build(self.work_dir, "echo")
        self.load_image(image.write_archive(f"{self.work_dir}/echo.tar", image.ECHO, echo))
        self._make_arplets(self.procs, self.work_dir, f"https://{self.nodes[0].address}:6443",
                           authority_cert)

    def _create(self):
        roles = ["control-plane"] + ["worker"] * (self.node_count - 1)
        config = {"kind": "Cluster", "apiVersion": "kind.x-k8s.io/v1alpha4",
                  "nodes": [{"role": r} for r in roles]}
        self.admin_kubeconfig = f"{self.work_dir}/admin.kubeconfig"
        sh("kind", "create", "cluster", "--name", self.name, "--wait", "180s", "--config", "-",
           "--kubeconfig", self.admin_kubeconfig, stdin=json.dumps(config), timeout=600)

    def _find_nodes(self):
        found = sh("kind", "get", "nodes", "--name", self.name).split()
        found.sort(key=lambda n: (not n.endswith("control-plane"), n))
        self.nodes += [container_host(n) for n in found]

    def _start_clients(self):
        node_image = sh("docker", "inspect", "-f", "{{.Config.Image}}", self.nodes[0].name).strip()
        for number in range(self.client_count):
            name = f"{self.name}-client{number + 1}"
            sh("docker", "run", "--detach", "--name", name, "--network", "kind",
               "--entrypoint", "sleep", node_image, "infinity")
            self.clients.append(container_host(name))

    def _find_addresses(self):
        """Selects 100 addresses near the subnet's end: Docker assigns those near the start."""
        config = json.loads(sh("docker", "network", "inspect", "kind"))[0]["IPAM"]["Config"]
        net = next(n for n in (ipaddress.ip_network(c["Subnet"]) for c in config)
                   if n.version == 4)
        if net.num_addresses < 256:
            raise KindMissing(f"Docker's network kind, {net}, has fewer than 256 addresses")
        self.addresses = [str(net.broadcast_address - n) for n in range(110, 10, -1)]

    def _write_config(self):
        """Rewrites the kubeconfig as JSON; returns the path of the cluster's CA certificate."""
        config = self.kubectl("config", "view", "--raw", "--output", "json")
        with open(self.admin_kubeconfig, "w", encoding="ascii") as f:
            f.write(config)
        cluster = json.loads(config)["clusters"][0]["cluster"]
        path = f"{self.work_dir}/ca.crt"
        with open(path, "wb") as f:
            f.write(base64.b64decode(cluster["certificate-authority-data"]))
        return path

    def _unlabel_first_node(self):
        """Removes the label that excludes node 1, the control plane, from load balancers."""
        self.kubectl("label", "node", self.nodes[0].name, f"{EXCLUDE}-")

    def down(self):
        if self.slot is None:
            return
        if hasattr(self, "procs"):
            self.procs.stop_all()
        self._remove_containers()
        self.slot.sweep()
        self.slot.release()
        self.slot = None

    def _remove_containers(self):
        names = sh("docker", "ps", "--all", "--filter", f"name=^{self.name}-client",
                   "--format", "{{.Names}}").split()
        if names:
            sh("docker", "rm", "--force", *names)
        sh("kind", "delete", "cluster", "--name", self.name)

    def argv_kubectl(self, *argv):
        return [self.kubectl_path, "--kubeconfig", self.admin_kubeconfig, *argv]

    def host_with_api(self):
        return Host("machine", OUR_SWITCH, "127.0.0.1", "lo")

    def stop_api(self):
        node = self.nodes[0].name
        sh("docker", "exec", node, "mv", MANIFEST, DISABLED_MANIFEST)
        sh("docker", "exec", node, "sh", "-c",
           "crictl ps --quiet --name kube-apiserver | xargs -r crictl stop --timeout 0")
        wait_for("kube-apiserver has stopped", lambda: not self._api_ready(), 60)

    def start_api(self):
        sh("docker", "exec", self.nodes[0].name, "mv", DISABLED_MANIFEST, MANIFEST)
        wait_for("kube-apiserver is ready", self._api_ready, 120)

    def _api_ready(self):
        with contextlib.suppress(Exception):  # any failure: not ready
            return self.api.request("GET", "/readyz") == "ok"
        return False

    def set_ready(self, node, ready):
        sh("docker", "exec", node.name, "systemctl", "start" if ready else "stop", "kubelet")
        wait_for(f"Ready of {node} is {ready}", lambda: self.node_is_ready(node) == ready, 120)

    def load_image(self, archive):
        sh("kind", "load", "image-archive", str(archive), "--name", self.name, timeout=300)


def container_host(name):
    """A Host with the network namespace of a container's first process."""
    state = json.loads(sh("docker", "inspect", name))[0]
    address = state["NetworkSettings"]["Networks"]["kind"]["IPAddress"]
    return Host(name, f"/proc/{state['State']['Pid']}/ns/net", address, switch=OUR_SWITCH)


def check_machine():
    for program in ("docker", "kind", "kubectl"):
        if shutil.which(program) is None:
            raise KindMissing(f"--cluster=kind needs {program}, which is not in PATH")
    try:
        sh("docker", "version")
    except CommandError as e:
        reason = str(e).splitlines()[-1]
        raise KindMissing(f"--cluster=kind needs a running Docker: {reason}") from None
