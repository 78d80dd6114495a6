# SPDX-License-Identifier: Apache-2.0
"""Tests of the test cluster itself: it works, and it removes everything that it has created."""
import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from cluster import NamespaceCluster, netns, objects, slot
from cluster.run import wait_for

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can create network namespaces")


def leftovers(prefix):
    """Files, folders and mounts of this machine whose names begin with prefix."""
    found = []
    for folder in ("/run/netns", "/run", "/var/tmp", "/sys/fs/cgroup", "/sys/fs/cgroup/cpu"):
        if os.path.isdir(folder):
            found += [f"{folder}/{n}" for n in os.listdir(folder)
                      if n.startswith(prefix.rstrip("-"))]
    with open("/proc/self/mounts", encoding="utf-8") as f:
        found += [line for line in f if prefix in line]
    return found


@pytest.fixture(scope="module", params=[False, True], ids=["without-kubelets", "with-kubelets"])
def cluster(request):
    with NamespaceCluster(nodes=2, kubelets=request.param) as c:
        yield c


def test_every_node_is_ready(cluster):
    assert [cluster.node_is_ready(n) for n in cluster.nodes] == [True, True]


def test_a_service_reaches_pods_on_every_node(cluster):
    cluster.backend("web", *cluster.nodes)
    cluster.apply(objects.service("web", kind="ClusterIP"))
    address = cluster.api.get("Service", "web")["spec"]["clusterIP"]
    pods = set()

    def both_pods_have_answered():
        answer = cluster.nodes[0].http(address)
        if answer:
            pods.add(answer.split()[0])
        return len(pods) == 2

    wait_for("an answer from both pods", both_pods_have_answered, 30)


def test_the_control_plane_reaches_pods(cluster):
    cluster.backend("direct", cluster.nodes[1])
    cluster.apply(objects.service("direct", kind="ClusterIP"))
    address = wait_for("the address of the pod", lambda: pod_address(cluster, "direct"), 20)
    wait_for("an answer", lambda: cluster.lan.gateway.http(address, 8080))


def pod_address(cluster, service):
    slices = cluster.api.list("EndpointSlice", "default",
                              labelSelector=f"kubernetes.io/service-name={service}")
    return next((e["addresses"][0] for s in slices for e in s["endpoints"] or []), None)


def test_kubectl_reads_the_log_of_a_pod(cluster):
    if not cluster.runs_pods:
        pytest.skip("this cluster has no kubelet")
    pod = cluster.api.list("Pod", "default")[0]["metadata"]["name"]
    assert cluster.kubectl("logs", pod) == ""


def test_a_node_becomes_not_ready_and_ready_again(cluster):
    cluster.set_ready(cluster.nodes[0], False)
    assert not cluster.node_is_ready(cluster.nodes[0])
    assert cluster.node_is_ready(cluster.nodes[1])
    cluster.set_ready(cluster.nodes[0], True)
    assert cluster.node_is_ready(cluster.nodes[0])


def test_the_api_server_keeps_its_objects_over_a_restart(cluster):
    cluster.stop_api()
    with pytest.raises(OSError):
        cluster.api.list("Node")
    cluster.start_api()
    assert len(cluster.api.list("Node")) == 2


def test_a_client_captures_arp_frames_of_the_lan(cluster):
    client, node = cluster.clients[0], cluster.nodes[0]
    free = cluster.addresses[0]
    with client.capture() as capture:
        node.arping(free)
        frame = capture.wait(lambda f: f.target_ip == free)[0]
    assert frame.sender_mac == node.mac()
    assert client.arping(node.address) == [node.mac()]
    assert client.arping(free) == []


def test_a_host_keeps_its_carrier_while_the_switch_does_not_forward(cluster):
    client, node = cluster.clients[0], cluster.nodes[0]
    node.set_forwarded(False)
    assert client.arping(node.address) == []
    assert "LOWER_UP" in node.run("ip", "link", "show", node.ifname)
    node.set_forwarded(True)
    assert client.arping(node.address) == [node.mac()]


def test_the_switch_drops_frames_in_one_direction(cluster):
    client, node = cluster.clients[0], cluster.nodes[0]
    cluster.switch.drop([node], [client])
    with node.capture() as capture:
        assert client.arping(node.address) == []
        capture.wait(lambda f: f.target_ip == node.address)
    cluster.switch.heal()
    assert client.arping(node.address) == [node.mac()]


def test_a_dialer_measures_the_gap_while_the_switch_does_not_forward(cluster):
    client, node = cluster.clients[0], cluster.nodes[1]
    cluster.procs.start("server", [f"{cluster.work_dir}/echo", 8080, "server"], node.netns)
    wait_for("the server", lambda: client.http(node.address, 8080))
    with cluster.dial(client, node.address, port=8080) as dialer:
        time.sleep(0.3)
        begin = time.monotonic()
        node.set_forwarded(False)
        time.sleep(0.5)
        node.set_forwarded(True)
        end = time.monotonic()
        time.sleep(0.5)
    gap = dialer.gap()
    assert gap.begin < begin + 0.1 and gap.end > begin + 0.5
    assert 0.4 < gap.seconds < end - begin + 0.3
    assert 30 < len(dialer.failed()) < 60
    assert not [a for a in dialer.attempts if a.error and a.end < begin]


def test_a_client_that_sends_nothing_does_not_block_another(cluster):
    client, node = cluster.clients[0], cluster.nodes[0]
    cluster.procs.start("silent-peer", [f"{cluster.work_dir}/echo", 8081, "server"], node.netns)
    wait_for("the server", lambda: client.http(node.address, 8081))
    with netns.socket_in(client.netns, socket.AF_INET, socket.SOCK_STREAM) as silent:
        silent.connect((node.address, 8081))
        assert client.http(node.address, 8081, timeout=1) == f"server {client.address}\n"


@pytest.mark.parametrize("kubelets", [False, True])
def test_down_removes_all_that_up_has_created(kubelets):
    cluster = NamespaceCluster(nodes=1, kubelets=kubelets)
    with cluster:
        prefix = cluster.slot.prefix
        cluster.backend("web", cluster.nodes[0])
        assert leftovers(prefix)
    assert leftovers(prefix) == []


INTERRUPTED = """
import os, sys
from cluster import NamespaceCluster
c = NamespaceCluster(nodes=1, kubelets=True)
c.up()
print(c.slot.prefix, c.procs.running["kubelet-node1"].pid, flush=True)
os.kill(os.getpid(), 9)
"""


def test_sweep_all_removes_the_cluster_of_an_interrupted_run():
    interrupted = subprocess.run([sys.executable, "-c", INTERRUPTED], cwd=TESTS, text=True,
                          stdout=subprocess.PIPE, check=False)
    assert interrupted.returncode == -signal.SIGKILL
    prefix, kubelet = interrupted.stdout.split()
    assert leftovers(prefix)
    assert os.path.exists(f"/proc/{kubelet}/exe")
    slot.sweep_all()
    assert leftovers(prefix) == []
    assert not os.path.exists(f"/proc/{kubelet}/exe")


def test_sweep_all_keeps_a_running_cluster(cluster):
    slot.sweep_all()
    assert cluster.node_is_ready(cluster.nodes[0])
    assert cluster.clients[0].arping(cluster.nodes[0].address)
