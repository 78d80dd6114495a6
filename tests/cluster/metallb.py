# SPDX-License-Identifier: Apache-2.0
"""Runs the real MetalLB: a controller on the gateway, and a speaker on every node."""
import os
import subprocess

from . import objects
from .run import sh

HERE = os.path.dirname(os.path.abspath(__file__))
CONTROLLER = "metallb-controller"


def build_metallb():
    """Builds MetalLB if it is missing; returns its directory."""
    script = f"{HERE}/build-metallb"
    subprocess.run([script], check=True)
    return sh(script, "--where").strip()


class MetalLB:
    """
    MetalLB uses its own CRDs and the permissions of the cluster's administrator. MetalLB runs
    without webhooks and without memberlist. A speaker without memberlist considers all nodes alive.
    """

    def __init__(self, cluster):
        self.cluster = cluster
        self.dir = build_metallb()

    def install(self):
        """Creates the namespace, MetalLB's CRDs, and the Pod object that each speaker reads."""
        cluster = self.cluster
        cluster.apply(objects.namespace(objects.NAMESPACE))
        cluster.kubectl("apply", "--server-side", "-f", f"{self.dir}/crds")
        cluster.kubectl("wait", "--for=condition=Established", "crd", "--all", "--timeout=30s")
        cluster.apply(objects.account("default", objects.NAMESPACE))
        for node in cluster.nodes:
            cluster.apply(objects.bare_pod(self.speaker(node), node.name, objects.NAMESPACE))

    def start(self):
        cluster = self.cluster
        self._start(CONTROLLER, cluster.lan.gateway, "controller", "--webhook-mode=disabled")
        for node in cluster.nodes:
            self._start(self.speaker(node), node, "speaker", f"--node-name={node.name}",
                        f"--pod-name={self.speaker(node)}", f"--host={node.address}")

    def _start(self, name, host, program, *options):
        self.cluster.procs.start(name, [
            f"{self.dir}/bin/{program}", f"--kubeconfig={self.cluster.admin_kubeconfig}",
            f"--namespace={objects.NAMESPACE}", "--port=7472", *options], host.netns)

    def stop(self):
        """Stops the controller before the speakers, in the order of docs/INSTALL.md."""
        for name in [CONTROLLER, *map(self.speaker, self.cluster.nodes)]:
            self.cluster.procs.stop(name)

    @staticmethod
    def speaker(node):
        return f"speaker-{node.name}"
