# SPDX-License-Identifier: Apache-2.0
"""A cluster of network namespaces on this machine; it needs root, but neither Docker nor kind."""
import os
import signal
import subprocess

from . import image, lan, objects, slot
from .base import Cluster
from .control import SERVER, ControlPlane
from .kubelet import Kubelet
from .pki import Authority
from .pods import BarePods, KubeletPods
from .procs import Procs
from .run import sh, wait_for

HERE = os.path.dirname(os.path.abspath(__file__))
FIRST_NODE, FIRST_CLIENT = 11, 201


class NamespaceCluster(Cluster):
    """
    With kubelets, nodes run pods (DaemonSets, Deployments), and the cluster starts in about 30 s.
    Without kubelets, this class writes the Node objects, a pod is a network namespace that pods.py
    creates, and the cluster starts in about 6 s.
    """

    def __init__(self, nodes=3, clients=1, kubelets=False):
        self.node_count = nodes
        self.client_count = clients
        self.runs_pods = kubelets
        self.addresses = [f"{lan.NET}.{n}" for n in range(100, 200)]
        self.addresses6 = [f"{lan.NET6}:1:{n:x}" for n in range(1, 101)]
        self.nodes = []
        self.clients = []
        self.kubelets = {}
        self.slot = None

    def up(self):
        self.bin = build_kubernetes()
        self.kubectl_path = f"{self.bin}/kubectl"
        slot.sweep_all()
        self.slot = slot.Slot.acquire()
        self.work_dir = self.slot.work_dir
        os.makedirs(self.work_dir, mode=0o700)
        self.procs = Procs(f"{self.work_dir}/logs")
        self._start_control()
        self._make_machines()
        echo = image.build(self.work_dir, "echo")
        if self.runs_pods:
            self._start_kubelets(echo)
            self.pods = KubeletPods(self.api)
        else:
            self._write_nodes()
            self.pods = BarePods(self.api, self.slot.prefix, self.nodes, self.procs, echo)
        self._start_proxies()
        self._make_arplets(self.procs, self.work_dir, SERVER, self.authority.ca)

    def _start_control(self):
        self.lan = lan.Lan(self.slot.prefix)
        self.lan.up()
        self.authority = Authority(f"{self.work_dir}/pki")
        self.control = ControlPlane(self.bin, self.work_dir, self.lan, self.authority, self.procs)
        self.control.start("etcd")
        self.control.start("kube-apiserver")
        self.api = self.control.api
        self.admin_kubeconfig = self.control.admin

    def _make_machines(self):
        self.nodes += [self.lan.add(f"node{n + 1}", FIRST_NODE + n, forward=True)
                       for n in range(self.node_count)]
        self.clients += [self.lan.add(f"client{n + 1}", FIRST_CLIENT + n)
                         for n in range(self.client_count)]
        self.lan.route_pods(self.nodes)

    def _write_nodes(self):
        for index, node in enumerate(self.nodes):
            self.api.apply(objects.node(node.name, f"{lan.pod_net(index)}.0/24"))
            self.set_ready(node, True)

    def _start_kubelets(self, echo):
        self.control.start("kube-controller-manager")
        self.control.start("kube-scheduler")
        archive = image.write_archive(f"{self.work_dir}/echo.tar", image.ECHO, echo)
        for index, node in enumerate(self.nodes):
            config = self.control.kubeconfig(node.name, f"system:node:{node.name}", "system:nodes")
            kubelet = Kubelet(node, index, self.slot.prefix + node.name, self.work_dir, self.procs)
            self.kubelets[node.name] = kubelet
            kubelet.start(self.bin, config, self.authority.ca, [archive])
        for node in self.nodes:
            wait_for(f"{node} is Ready", lambda n=node: self.node_is_ready(n), 90)
        wait_for("the ServiceAccount of pods",
                 lambda: self.api.list("ServiceAccount", "default"))

    def _start_proxies(self):
        config = self.control.kubeconfig("kube-proxy", "system:kube-proxy")
        for node in self.nodes:
            self.procs.start(f"kube-proxy-{node.name}", [
                f"{self.bin}/kube-proxy", f"--kubeconfig={config}",
                f"--hostname-override={node.name}", "--proxy-mode=nftables",
                "--cluster-cidr=10.244.0.0/16", "--conntrack-max-per-core=0",
                "--metrics-bind-address=127.0.0.1:10249",
                "--healthz-bind-address=127.0.0.1:10256"], node.netns)

    def down(self):
        if self.slot is None:
            return
        self.procs.stop_all()
        self.slot.sweep()
        self.slot.release()
        self.slot = None

    def argv_kubectl(self, *argv):
        return self.lan.gateway.argv(self.kubectl_path, "--kubeconfig", self.admin_kubeconfig,
                                     *argv)

    def host_with_api(self):
        return self.lan.gateway

    def stop_api(self):
        self.control.stop("kube-apiserver", signal.SIGKILL)

    def start_api(self):
        self.control.start("kube-apiserver")

    def freeze_api(self, frozen):
        """Stops the API server with SIGSTOP, or continues it; its connections stay open."""
        self.procs.send_signal("kube-apiserver", signal.SIGSTOP if frozen else signal.SIGCONT)

    def serve(self, host, service, port=8080):
        """Runs an endpoint of a Service outside of nodes, so that no node failure affects it."""
        self.procs.start(f"pod-{service}", [f"{self.work_dir}/echo", port, service], host.netns)
        self.api.apply(objects.endpoint_slice(service, [(host.address, None, True)], port))

    def set_ready(self, node, ready):
        if self.runs_pods:
            self._set_kubelet(node, ready)
            wait_for(f"Ready of {node} is {ready}", lambda: self.node_is_ready(node) == ready, 60)
        else:
            self.api.patch("Node", node.name, objects.node_status(node.address, ready),
                           sub="status")

    def _set_kubelet(self, node, runs):
        name = f"kubelet-{node.name}"
        if runs and not self.procs.alive(name):
            self.kubelets[node.name].start_kubelet()
        elif not runs:
            self.procs.stop(name)

    def load_image(self, archive):
        for kubelet in self.kubelets.values():
            kubelet.load_image(archive)


def build_kubernetes():
    """Builds the Kubernetes programs that are missing; returns their directory."""
    script = f"{HERE}/build-kubernetes"
    subprocess.run([script], check=True)
    return sh(script, "--where").strip()
