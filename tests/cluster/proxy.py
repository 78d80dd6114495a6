# SPDX-License-Identifier: Apache-2.0
"""kube-proxy on a node, and pods for nodes that have no kubelet."""
import os

from . import netns
from .lan import pod_net

POD_PORT = 8080


def start_kube_proxy(procs, bin_dir, kubeconfig, node):
    procs.start(f"kube-proxy-{node.name}", [
        f"{bin_dir}/kube-proxy", f"--kubeconfig={kubeconfig}", f"--hostname-override={node.name}",
        "--proxy-mode=nftables", "--cluster-cidr=10.244.0.0/16", "--conntrack-max-per-core=0",
        "--metrics-bind-address=127.0.0.1:10249", "--healthz-bind-address=127.0.0.1:10256",
    ], node.netns)


class BarePods:
    """Pods made by hand: a namespace behind the node, with the echo program in it."""

    def __init__(self, prefix, procs, echo):
        self.prefix = prefix
        self.procs = procs
        self.echo = echo
        self.count = {}

    def add(self, name, node, index):
        """Starts a pod behind node (the index-th) and returns its address."""
        last = self.count.get(index, 1) + 1
        self.count[index] = last
        space, veth = f"{self.prefix}pod{index}-{last}", f"pod{last}"
        address, gateway = f"{pod_net(index)}.{last}", f"{pod_net(index)}.1"
        netns.create(space)
        netns.ip(os.path.basename(node.netns),
                 f"link add {veth} type veth peer name eth0 netns {space}",
                 f"addr add {gateway}/32 dev {veth}",
                 f"link set {veth} up",
                 f"route add {address}/32 dev {veth}")
        netns.ip(space,
                 f"addr add {address}/24 dev eth0",
                 "link set eth0 up",
                 f"route add default via {gateway}")
        self.procs.start(f"pod-{name}", [self.echo, POD_PORT, name], netns.path(space))
        return address
