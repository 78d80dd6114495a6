# SPDX-License-Identifier: Apache-2.0
"""Runs pods on a node, with containerd, CNI and a kubelet."""
import json
import os

from . import cgroups
from .image import ECHO
from .lan import pod_net
from .run import sh, wait_for

CNI_PLUGINS = "/usr/lib/cni"


class Kubelet:
    """
    One node's container runtime and kubelet.

    `unique` names the node's cgroup and the node's folder in /run, which has sockets and state.
    """

    def __init__(self, node, index, unique, work_dir, procs):
        self.node = node
        self.unique = unique
        self.work_dir = f"{work_dir}/{node.name}"
        self.procs = procs
        self.state = f"/run/{unique}"
        self.socket = f"{self.state}/containerd.sock"
        os.makedirs(f"{self.work_dir}/cni")
        self._write_cni(index)

    def start(self, bin_dir, kubeconfig, authority_cert, images):
        os.makedirs(self.state, mode=0o700)
        cgroups.create(self.unique)
        config = self._write_containerd()
        self.procs.start(f"containerd-{self.node.name}", ["containerd", "-c", config],
                         self.node.netns)
        wait_for("containerd answers",
                 lambda: "Server:" in sh(*self._ctr("version"), check=False), 30)
        for archive in images:
            self.load_image(archive)
        self.argv = [f"{bin_dir}/kubelet", f"--kubeconfig={kubeconfig}",
                     f"--config={self._write_config(authority_cert)}",
                     f"--root-dir={self.work_dir}/kubelet", f"--cert-dir={self.work_dir}/pki",
                     f"--hostname-override={self.node.name}", f"--node-ip={self.node.address}"]
        self.start_kubelet()

    def start_kubelet(self):
        self.procs.start(f"kubelet-{self.node.name}", self.argv, self.node.netns)

    def load_image(self, archive):
        sh(*self._ctr("-n", "k8s.io", "images", "import", archive))

    def _ctr(self, *argv):
        return ["ctr", "-a", self.socket, *argv]

    def _write_cni(self, index):
        ranges = [[{"subnet": f"{pod_net(index)}.0/24"}]]
        config = {"cniVersion": "0.4.0", "name": "pods", "plugins": [{
            "type": "bridge", "bridge": "cni0", "isGateway": True, "ipMasq": False,
            "ipam": {"type": "host-local", "ranges": ranges, "dataDir": f"{self.work_dir}/ipam",
                     "routes": [{"dst": "0.0.0.0/0"}]}}]}
        with open(f"{self.work_dir}/cni/10-pods.conflist", "w", encoding="ascii") as f:
            json.dump(config, f)

    def _write_containerd(self):
        cri = 'plugins."io.containerd.grpc.v1.cri"'
        path = f"{self.work_dir}/containerd.toml"
        with open(path, "w", encoding="ascii") as f:
            f.write(f"""version = 2
root = "{self.work_dir}/containerd"
state = "{self.state}/containerd"
[grpc]
address = "{self.socket}"
[ttrpc]
address = "{self.socket}.ttrpc"
[{cri}]
sandbox_image = "{ECHO}"
restrict_oom_score_adj = true
netns_mounts_under_state_dir = true
[{cri}.cni]
bin_dir = "{CNI_PLUGINS}"
conf_dir = "{self.work_dir}/cni"
[{cri}.containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"
[{cri}.containerd.runtimes.runc.options]
SystemdCgroup = false
""")
        return path

    def _write_config(self, authority_cert):
        config = {
            "apiVersion": "kubelet.config.k8s.io/v1beta1", "kind": "KubeletConfiguration",
            "cgroupDriver": "cgroupfs", "cgroupRoot": f"/{self.unique}",
            "enforceNodeAllocatable": [], "failSwapOn": False, "resolvConf": "",
            "containerRuntimeEndpoint": f"unix://{self.socket}",
            "authentication": {"anonymous": {"enabled": False}, "webhook": {"enabled": False},
                               "x509": {"clientCAFile": authority_cert}},
            "authorization": {"mode": "AlwaysAllow"},
            "nodeStatusUpdateFrequency": "3s", "localStorageCapacityIsolation": False,
            "evictionHard": {"memory.available": "1Mi", "nodefs.available": "0%",
                             "nodefs.inodesFree": "0%", "imagefs.available": "0%"}}
        path = f"{self.work_dir}/kubelet.json"
        with open(path, "w", encoding="ascii") as f:
            json.dump(config, f)
        return path
