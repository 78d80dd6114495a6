# SPDX-License-Identifier: Apache-2.0
"""The control plane: etcd, kube-apiserver, kube-controller-manager, kube-scheduler."""
import signal

from .api import Api
from .lan import GATEWAY
from .run import wait_for

SERVER = f"https://{GATEWAY}:6443"
SERVICE_RANGE = "10.96.0.0/12,fd96::/108"


class ControlPlane:
    """Starts and stops the components of the control plane."""

    def __init__(self, bin_dir, work_dir, lan, authority, procs):
        self.bin = bin_dir
        self.work_dir = work_dir
        self.lan = lan
        self.authority = authority
        self.procs = procs
        self.server_cert = authority.issue_server(
            "kube-apiserver", f"IP:{GATEWAY}", "IP:127.0.0.1", "IP:10.96.0.1",
            "DNS:kubernetes", "DNS:kubernetes.default", "DNS:kubernetes.default.svc")
        # The API server authenticates to kubelets with this certificate, for kubectl logs and exec.
        self.kubelet_client = authority.issue_client(
            "kubelet-client", "kube-apiserver-kubelet-client", "system:masters")
        self.admin = self.kubeconfig("admin", "admin", "system:masters")
        self.api = Api(self.admin, lan.gateway.netns)

    def kubeconfig(self, name, user, group=None):
        return self.authority.kubeconfig(f"{self.work_dir}/{name}.kubeconfig", SERVER, user, group)

    def start(self, name):
        """Starts a component and, for the API server, waits until it is ready."""
        argv = {"etcd": self._etcd, "kube-apiserver": self._apiserver,
                "kube-controller-manager": self._controller_manager,
                "kube-scheduler": self._scheduler}[name]()
        self.procs.start(name, argv, self.lan.gateway.netns)
        if name == "kube-apiserver":
            wait_for("kube-apiserver is ready", self._ready, 60)

    def stop(self, name, sig=signal.SIGTERM):
        self.procs.stop(name, sig)

    def _ready(self):
        if not self.procs.alive("kube-apiserver"):
            raise RuntimeError("kube-apiserver ended:\n" + self.procs.tail("kube-apiserver"))
        try:
            return self.api.request("GET", "/readyz") == "ok"
        except Exception:  # any failure means that the API server is not ready
            return False

    def _etcd(self):
        return ["etcd", "--data-dir", f"{self.work_dir}/etcd", "--unsafe-no-fsync",
                "--listen-client-urls", "http://127.0.0.1:2379",
                "--advertise-client-urls", "http://127.0.0.1:2379",
                "--listen-peer-urls", "http://127.0.0.1:2380"]

    def _apiserver(self):
        sa_key = self.authority.service_account_key
        return [f"{self.bin}/kube-apiserver", "--etcd-servers=http://127.0.0.1:2379",
                "--secure-port=6443", "--bind-address=0.0.0.0", f"--advertise-address={GATEWAY}",
                f"--tls-cert-file={self.server_cert[0]}",
                f"--tls-private-key-file={self.server_cert[1]}",
                f"--client-ca-file={self.authority.ca}",
                f"--kubelet-client-certificate={self.kubelet_client[0]}",
                f"--kubelet-client-key={self.kubelet_client[1]}",
                "--kubelet-preferred-address-types=InternalIP",
                f"--service-account-key-file={sa_key}",
                f"--service-account-signing-key-file={sa_key}",
                "--service-account-issuer=https://kubernetes.default.svc",
                f"--service-cluster-ip-range={SERVICE_RANGE}",
                "--authorization-mode=Node,RBAC", "--allow-privileged=true"]

    def _controller_manager(self):
        config = self.kubeconfig("controller-manager", "system:kube-controller-manager")
        return [f"{self.bin}/kube-controller-manager", f"--kubeconfig={config}",
                "--leader-elect=false", "--use-service-account-credentials=true",
                f"--service-account-private-key-file={self.authority.service_account_key}",
                f"--root-ca-file={self.authority.ca}", "--node-monitor-grace-period=12s",
                "--controllers=*,-node-ipam-controller,-node-route-controller,"
                "-cloud-node-lifecycle-controller,-service-lb-controller"]

    def _scheduler(self):
        config = self.kubeconfig("scheduler", "system:kube-scheduler")
        return [f"{self.bin}/kube-scheduler", f"--kubeconfig={config}", "--leader-elect=false"]
