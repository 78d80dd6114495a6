# SPDX-License-Identifier: Apache-2.0
"""deploy/ on a cluster whose nodes run pods."""
import json
import os
import shutil
import time

import pytest

from cluster import objects
from cluster.run import wait_for

CAP_NET_RAW = 1 << 13
ROLLOUT_S = 90
GRACE_S = 10  # the DaemonSet's terminationGracePeriodSeconds


def objects_of(cluster, *source):
    """The objects of a manifest or a folder, by kind and name."""
    text = cluster.kubectl("create", "--dry-run=client", "-o", "json", *source)
    found = {}
    while text := text.lstrip():
        obj, end = json.JSONDecoder().raw_decode(text)
        found[obj["kind"], obj["metadata"]["name"]] = obj
        text = text[end:]
    return found


def test_the_single_manifest_and_the_kustomization_are_the_same(cluster, deploy):
    manifest = objects_of(cluster, "-f", f"{deploy}/arplet.yaml")
    assert ("DaemonSet", "arplet") in manifest
    assert manifest == objects_of(cluster, "-k", deploy)


def test_a_second_apply_changes_nothing(cluster, deploy):
    said = cluster.kubectl("apply", "-f", f"{deploy}/arplet.yaml").splitlines()
    assert len(said) == 10
    assert [line for line in said if not line.endswith(" unchanged")] == []


def test_the_example_pool_is_taken(cluster, deploy):
    said = cluster.kubectl("apply", "--dry-run=server", "-f", f"{deploy}/example-pool.yaml")
    assert said.count("created (server dry run)") == 2


@pytest.fixture(scope="module")
def process(cluster):
    """What /proc says of the program that the DaemonSet runs on the node, once it is ready."""
    node = cluster.nodes[0]
    cluster.kubectl("rollout", "status", "-n", objects.NAMESPACE, "daemonset/arplet",
                    f"--timeout={ROLLOUT_S}s", timeout=ROLLOUT_S + 10)
    pid = next(p for p in filter(str.isdigit, os.listdir("/proc")) if runs_arplet(p, node))
    with open(f"/proc/{pid}/status", encoding="ascii") as f:
        status = dict(line.rstrip("\n").split(":\t", 1) for line in f)
    return {"pid": pid, **status}


def runs_arplet(pid, node):
    try:
        return (os.readlink(f"/proc/{pid}/exe") == "/usr/bin/arplet"
                and os.stat(f"/proc/{pid}/ns/net").st_ino == os.stat(node.netns).st_ino)
    except OSError:  # ended meanwhile, or a thread of the kernel
        return False


def test_the_daemon_becomes_ready_on_the_nodes_own_network(process):
    assert process["pid"]


def test_the_daemon_is_not_root(process):
    assert set(process["Uid"].split()) == {"65532"}
    assert set(process["Gid"].split()) == {"65532"}


@pytest.mark.parametrize("which, held", [
    ("CapEff", CAP_NET_RAW), ("CapPrm", CAP_NET_RAW), ("CapBnd", CAP_NET_RAW),
    ("CapInh", 0), ("CapAmb", 0)])
def test_the_daemon_may_open_raw_sockets_and_nothing_else(process, which, held):
    assert int(process[which], 16) == held


def test_the_daemon_cannot_gain_privileges_and_its_calls_are_filtered(process):
    assert process["NoNewPrivs"] == "1"
    assert process["Seccomp"] == "2"


def test_the_daemons_root_is_read_only(process):
    with open(f"/proc/{process['pid']}/mounts", encoding="utf-8") as f:
        root = next(line.split() for line in f if line.split()[1] == "/")
    assert "ro" in root[3].split(",")


def test_the_daemon_ends_in_time_and_comes_back(cluster, process):
    pod, = cluster.api.list("Pod", objects.NAMESPACE)
    name = pod["metadata"]["name"]
    begin = time.monotonic()
    cluster.kubectl("delete", "pod", "-n", objects.NAMESPACE, name)
    assert time.monotonic() - begin < GRACE_S, "killed, since it did not end by itself"
    wait_for("another pod is ready", lambda: ready_other(cluster, name), 60)


def ready_other(cluster, name):
    return any(c["type"] == "Ready" and c["status"] == "True"
               for p in cluster.api.list("Pod", objects.NAMESPACE) if p["metadata"]["name"] != name
               for c in p["status"].get("conditions", []))


@pytest.fixture
def overlay(cluster, deploy, tmp_path):
    """The kustomization of docs/OPERATING.md, beside a copy of deploy/; undone afterwards."""
    with open(f"{deploy}/../docs/OPERATING.md", encoding="utf-8") as f:
        text = f.read().split("```yaml\n")[1].split("```")[0]
    (tmp_path / "kustomization.yaml").write_text(text, encoding="utf-8")
    shutil.copytree(deploy, tmp_path / "arplet" / "deploy")
    yield tmp_path
    cluster.kubectl("apply", "-k", deploy)


def test_metrics_are_on_the_nodes_address_where_the_documented_overlay_puts_them(cluster, overlay):
    node = cluster.nodes[0]
    cluster.kubectl("apply", "-k", overlay)
    cluster.kubectl("rollout", "status", "-n", objects.NAMESPACE, "daemonset/arplet",
                    f"--timeout={ROLLOUT_S}s", timeout=ROLLOUT_S + 10)
    page = node.run("curl", "-s", f"http://{node.address}:7475/metrics")
    assert "arplet_build_info" in page
