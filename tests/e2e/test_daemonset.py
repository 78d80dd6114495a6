# SPDX-License-Identifier: Apache-2.0
"""Tests of deploy/arplet.yaml on real kubelets, with the image that deploy/image/build writes."""
import os
import subprocess
import sys

import pytest

from cluster import objects
from cluster.arplet import ACCOUNT, HTTP_PORT, PROGRAM, TOP
from cluster.base import served_pool
from cluster.capture import REPLY, REQUEST
from cluster.objects import NAMESPACE
from cluster.run import wait_for

from lan import no_node_answers, wait_holder, wait_http

NODES = 2
KUBELETS = True


@pytest.fixture(scope="module")
def cluster(bare_cluster, tmp_path_factory):
    """The cluster after `kubectl apply -f deploy/arplet.yaml`, with all pods of arplet ready."""
    archive = tmp_path_factory.mktemp("image") / "arplet.tar"
    subprocess.run([sys.executable, f"{TOP}/deploy/image/build", "--program", PROGRAM, archive],
                   check=True)
    bare_cluster.load_image(archive)
    bare_cluster.kubectl("apply", "-f", f"{TOP}/deploy/arplet.yaml")
    bare_cluster.kubectl("rollout", "status", "daemonset/arplet", "-n", NAMESPACE,
                         "--timeout=90s")
    first, last = bare_cluster.addresses[0], bare_cluster.addresses[9]
    bare_cluster.apply(*served_pool("lan", f"{first}-{last}"))
    return bare_cluster


@pytest.fixture(scope="module")
def address(cluster):
    """The address of a Service with a pod on every node."""
    cluster.backend("web", *cluster.nodes)
    cluster.apply(objects.service("web"))
    return cluster.wait_address("web", timeout=30)


def pods(cluster):
    return cluster.api.list("Pod", NAMESPACE)


def test_a_pod_of_the_daemon_set_announces_the_address_of_a_service(cluster, address):
    client = cluster.clients[0]
    wait_http(client, address, timeout=30, start="web-")
    assert client.neighbour(address) == wait_holder(cluster, client, address).mac()


def test_a_pod_announces_an_address_by_gratuitous_request_and_reply(cluster):
    cluster.backend("next", *cluster.nodes)
    with cluster.clients[0].capture() as capture:
        cluster.apply(objects.service("next"))
        address = cluster.wait_address("next")
        request = capture.wait(lambda f: f.op == REQUEST and f.gratuitous_for(address),
                               timeout=30)[0]
        reply = capture.wait(lambda f: f.op == REPLY and f.gratuitous_for(address))[0]
    assert request.sender_mac == reply.sender_mac
    assert request.sender_mac in [n.mac() for n in cluster.nodes]
    cluster.api.delete("Service", "next")
    wait_for("no node answers", lambda: no_node_answers(cluster.clients[0], address))


def test_the_pods_do_not_run_as_root_and_have_one_capability(cluster):
    assert len(pods(cluster)) == len(cluster.nodes)
    for pid in arplet_pids(cluster):
        with open(f"/proc/{pid}/status", encoding="ascii") as f:
            status = dict(line.rstrip("\n").split(":\t", 1) for line in f if ":\t" in line)
        assert "0" not in status["Uid"].split()
        assert int(status["CapEff"], 16) == int(status["CapBnd"], 16) == 1 << 13  # NET_RAW
        assert status["NoNewPrivs"] == "1"


def arplet_pids(cluster):
    """The pids that the daemons in pods have in the pid namespace of this machine."""
    found = [pid for pid in filter(str.isdigit, os.listdir("/proc"))
             if comm_of(pid) == "arplet" and in_a_node(cluster, pid)]
    assert len(found) == len(cluster.nodes)
    return found


def comm_of(pid):
    try:
        with open(f"/proc/{pid}/comm", encoding="utf-8") as f:
            return f.read().strip()
    except OSError:
        return None


def in_a_node(cluster, pid):
    inode = os.stat(f"/proc/{pid}/ns/net").st_ino
    return any(os.stat(n.netns).st_ino == inode for n in cluster.nodes)


def test_the_pods_serve_health_and_metrics(cluster):
    for node in cluster.nodes:
        assert node.http("127.0.0.1", HTTP_PORT, "healthz")
        assert node.http("127.0.0.1", HTTP_PORT, "readyz")
    pages = [n.http("127.0.0.1", HTTP_PORT, "metrics") for n in cluster.nodes]
    assert all('metallb_allocator_addresses_total{pool="lan"} 10' in p for p in pages)


def test_a_service_keeps_its_address_when_the_holders_pod_is_deleted(cluster, address):
    client = cluster.clients[0]
    holder = wait_holder(cluster, client, address, timeout=30)
    old = next(p["metadata"]["name"] for p in pods(cluster)
               if p["spec"]["nodeName"] == holder.name)
    cluster.kubectl("delete", "pod", "-n", NAMESPACE, old)
    cluster.kubectl("rollout", "status", "daemonset/arplet", "-n", NAMESPACE, "--timeout=60s")
    assert cluster.address_of("web") == address
    wait_http(client, address, timeout=30)


def test_the_service_account_has_no_more_permissions_than_it_needs(cluster):
    account = f"--as=system:serviceaccount:{NAMESPACE}:{ACCOUNT}"

    def may(*what):
        return cluster.kubectl("auth", "can-i", *what, account, check=False).strip() == "yes"

    assert may("patch", "services", "--subresource=status")
    assert not may("patch", "services")
    assert not may("delete", "services")
    assert not may("get", "secrets", "-A")
    assert not may("patch", "nodes")
