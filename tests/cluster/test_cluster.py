# SPDX-License-Identifier: Apache-2.0
"""The test cluster itself: what it promises, and that it leaves nothing behind."""
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

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="makes network namespaces: needs root")


def traces(prefix):
    """All that bears a prefix on this machine."""
    found = []
    for room in ("/run/netns", "/run", "/var/tmp", "/sys/fs/cgroup", "/sys/fs/cgroup/cpu"):
        if os.path.isdir(room):
            found += [f"{room}/{n}" for n in os.listdir(room) if n.startswith(prefix.rstrip("-"))]
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
    seen = set()

    def both_have_answered():
        answer = cluster.nodes[0].http(address)
        if answer:
            seen.add(answer.split()[0])
        return len(seen) == 2

    wait_for("an answer from both pods", both_have_answered, 30)


def test_the_control_plane_reaches_pods(cluster):
    cluster.backend("direct", cluster.nodes[1])
    cluster.apply(objects.service("direct", kind="ClusterIP"))
    address = wait_for("the address of the pod", lambda: pod_address(cluster, "direct"), 20)
    wait_for("an answer", lambda: cluster.lan.gateway.http(address, 8080))


def pod_address(cluster, service):
    slices = cluster.api.list("EndpointSlice", "default",
                              labelSelector=f"kubernetes.io/service-name={service}")
    return next((e["addresses"][0] for s in slices for e in s["endpoints"] or []), None)


def test_logs_of_a_pod_can_be_read(cluster):
    if not cluster.runs_pods:
        pytest.skip("no kubelet")
    pod = cluster.api.list("Pod", "default")[0]["metadata"]["name"]
    assert cluster.kubectl("logs", pod) == ""


def test_a_node_can_become_not_ready_and_ready_again(cluster):
    cluster.set_ready(cluster.nodes[0], False)
    assert not cluster.node_is_ready(cluster.nodes[0])
    assert cluster.node_is_ready(cluster.nodes[1])
    cluster.set_ready(cluster.nodes[0], True)
    assert cluster.node_is_ready(cluster.nodes[0])


def test_the_api_server_comes_back_with_what_it_had(cluster):
    cluster.stop_api()
    with pytest.raises(OSError):
        cluster.api.list("Node")
    cluster.start_api()
    assert len(cluster.api.list("Node")) == 2


def test_a_client_hears_arp_on_the_lan(cluster):
    client, node = cluster.clients[0], cluster.nodes[0]
    free = cluster.addresses[0]
    with client.capture() as wire:
        node.arping(free)
        frame = wire.wait(lambda f: f.target_ip == free)[0]
    assert frame.sender_mac == node.mac()
    assert client.arping(node.address) == [node.mac()]
    assert client.arping(free) == []


def test_a_host_that_is_cut_off_keeps_its_carrier(cluster):
    client, node = cluster.clients[0], cluster.nodes[0]
    node.set_forwarded(False)
    assert client.arping(node.address) == []
    assert "LOWER_UP" in node.run("ip", "link", "show", node.ifname)
    node.set_forwarded(True)
    assert client.arping(node.address) == [node.mac()]


def test_frames_can_be_lost_in_one_direction(cluster):
    client, node = cluster.clients[0], cluster.nodes[0]
    cluster.switch.lose([node], [client])
    with node.capture() as wire:
        assert client.arping(node.address) == []
        wire.wait(lambda f: f.target_ip == node.address)
    cluster.switch.heal()
    assert client.arping(node.address) == [node.mac()]


def test_a_dialer_measures_the_gap_that_a_cut_makes(cluster):
    client, node = cluster.clients[0], cluster.nodes[1]
    cluster.procs.start("server", [f"{cluster.room}/echo", 8080, "server"], node.netns)
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


def test_a_client_that_says_nothing_keeps_no_other_waiting(cluster):
    client, node = cluster.clients[0], cluster.nodes[0]
    cluster.procs.start("patient", [f"{cluster.room}/echo", 8081, "patient"], node.netns)
    wait_for("the server", lambda: client.http(node.address, 8081))
    with netns.socket_in(client.netns, socket.AF_INET, socket.SOCK_STREAM) as silent:
        silent.connect((node.address, 8081))
        assert client.http(node.address, 8081, timeout=1) == f"patient {client.address}\n"


@pytest.mark.parametrize("kubelets", [False, True])
def test_down_leaves_nothing(kubelets):
    cluster = NamespaceCluster(nodes=1, kubelets=kubelets)
    with cluster:
        prefix = cluster.slot.prefix
        cluster.backend("web", cluster.nodes[0])
        assert traces(prefix)
    assert traces(prefix) == []


INTERRUPTED = """
import os, sys
from cluster import NamespaceCluster
c = NamespaceCluster(nodes=1, kubelets=True)
c.up()
print(c.slot.prefix, c.procs.running["kubelet-node1"].pid, flush=True)
os.kill(os.getpid(), 9)
"""


def test_an_interrupted_run_is_swept_by_the_next():
    died = subprocess.run([sys.executable, "-c", INTERRUPTED], cwd=TESTS, text=True,
                          stdout=subprocess.PIPE, check=False)
    assert died.returncode == -signal.SIGKILL
    prefix, kubelet = died.stdout.split()
    assert traces(prefix)
    assert os.path.exists(f"/proc/{kubelet}/exe")
    slot.sweep_all()
    assert traces(prefix) == []
    assert not os.path.exists(f"/proc/{kubelet}/exe")


def test_what_a_running_cluster_has_is_not_swept(cluster):
    slot.sweep_all()
    assert cluster.node_is_ready(cluster.nodes[0])
    assert cluster.clients[0].arping(cluster.nodes[0].address)
