# SPDX-License-Identifier: Apache-2.0
"""Tests that install, upgrade, roll back and uninstall deploy/chart on a cluster with kubelets."""
import subprocess
import sys
import time

import pytest

from cluster import objects
from cluster.arplet import PROGRAM, TOP
from cluster.helm import CHART, Helm
from cluster.objects import NAMESPACE

from lan import wait_holder, wait_http

NODES = 2
KUBELETS = True


@pytest.fixture(scope="module")
def cluster(bare_cluster, tmp_path_factory):
    """The cluster with the image of arplet on every node, and without arplet."""
    archive = tmp_path_factory.mktemp("image") / "arplet.tar"
    subprocess.run([sys.executable, f"{TOP}/deploy/image/build", "--program", PROGRAM, archive],
                   check=True)
    bare_cluster.load_image(archive)
    return bare_cluster


@pytest.fixture(scope="module")
def helm(cluster):
    return Helm(cluster, NAMESPACE)


@pytest.fixture(scope="module")
def installed(cluster, helm):
    """The output of `helm install` with one pool, after all pods are ready."""
    first, last = cluster.addresses[0], cluster.addresses[9]
    output = helm("install", "arplet", CHART, "--create-namespace", "--wait", "--timeout=90s",
                  "--set", f"pools.lan.addresses={{{first}-{last}}}")
    yield output


@pytest.fixture(scope="module")
def address(cluster, installed):
    cluster.backend("web", *cluster.nodes)
    cluster.apply(objects.service("web"))
    found = cluster.wait_address("web", timeout=30)
    client = cluster.clients[0]
    wait_http(client, found, timeout=30, start="web-")
    wait_holder(cluster, client, found, timeout=30)
    return found


def rollout(cluster):
    cluster.kubectl("rollout", "status", "daemonset/arplet", "-n", NAMESPACE, "--timeout=90s")


def dial_during(cluster, address, change):
    """Connects every 10 ms while change() runs and all pods are replaced."""
    with cluster.dial(cluster.clients[0], address, timeout_ms=900) as dialer:
        time.sleep(0.3)
        change()
        rollout(cluster)
        time.sleep(1)
    return dialer


def generation(cluster):
    return cluster.api.get("DaemonSet", "arplet", NAMESPACE)["metadata"]["generation"]


def test_one_install_creates_daemons_pools_and_an_advertisement(cluster, installed, address):
    assert "kubectl rollout status" in installed
    assert "Pool lan:" in installed
    assert address in cluster.addresses[:10]


def test_no_connection_fails_during_an_upgrade_and_a_rollback(cluster, helm, address):
    begin = generation(cluster)
    upgraded = dial_during(cluster, address, lambda: helm(
        "upgrade", "arplet", CHART, "--reuse-values", "--set", "logFormat=json"))
    assert generation(cluster) == begin + 1
    rolled_back = dial_during(cluster, address, lambda: helm("rollback", "arplet"))
    assert generation(cluster) == begin + 2
    assert len(upgraded.attempts) > 200 and len(rolled_back.attempts) > 200
    assert upgraded.failed() == []
    assert rolled_back.failed() == []
    assert cluster.address_of("web") == address


def test_values_of_metallb_are_accepted_and_the_ignored_ones_are_named(cluster, helm, address):
    output = helm("upgrade", "arplet", CHART, "--reuse-values", "--set", "controller.logLevel=all",
                  "--set", "speaker.frr.enabled=false")
    assert "have no meaning for arplet" in output
    assert "\n    controller\n" in output and "\n    speaker.frr" in output
    assert cluster.address_of("web") == address


def test_uninstall_keeps_the_crds_and_the_addresses_of_services(cluster, helm, address):
    cluster.apply({"apiVersion": "metallb.io/v1beta1", "kind": "IPAddressPool",
                   "metadata": {"name": "own", "namespace": NAMESPACE},
                   "spec": {"addresses": ["192.0.2.0/28"]}})
    helm("uninstall", "arplet", "--wait")
    assert [p["metadata"]["name"] for p in cluster.api.list("IPAddressPool", NAMESPACE)] == ["own"]
    assert cluster.address_of("web") == address
    assert cluster.kubectl("get", "clusterrole,clusterrolebinding", "-o", "name").count(
        "/arplet\n") == 0


def test_a_second_install_over_the_crds_that_exist_keeps_the_address(cluster, helm, address):
    first, last = cluster.addresses[0], cluster.addresses[9]
    helm("install", "arplet", CHART, "--wait", "--timeout=90s",
         "--set", f"pools.lan.addresses={{{first}-{last}}}")
    rollout(cluster)
    assert cluster.address_of("web") == address
    wait_http(cluster.clients[0], address, timeout=30, start="web-")
