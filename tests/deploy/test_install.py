# SPDX-License-Identifier: Apache-2.0
"""Tests that install the manifests of deploy/ on a cluster whose node runs pods."""
import json
import os
import shutil
import time

import pytest

from cluster import objects
from cluster.base import served_pool
from cluster.run import wait_for

CAP_NET_RAW = 1 << 13
ROLLOUT_S = 90
GRACE_S = 10  # the DaemonSet's terminationGracePeriodSeconds


def objects_of(cluster, *source):
    """All objects of a manifest file or a kustomization folder, by (kind, namespace, name)."""
    text = cluster.kubectl("create", "--dry-run=client", "-o", "json", *source)
    found = {}
    while text := text.lstrip():
        obj, end = json.JSONDecoder().raw_decode(text)
        found[obj["kind"], obj["metadata"].get("namespace"), obj["metadata"]["name"]] = obj
        text = text[end:]
    return found


def test_the_single_manifest_and_the_kustomization_have_the_same_objects(cluster, deploy):
    manifest = objects_of(cluster, "-f", f"{deploy}/arplet.yaml")
    assert ("DaemonSet", objects.NAMESPACE, "arplet") in manifest
    assert manifest == objects_of(cluster, "-k", deploy)


def test_a_second_apply_changes_nothing(cluster, deploy):
    lines = cluster.kubectl("apply", "-f", f"{deploy}/arplet.yaml").splitlines()
    assert len(lines) == 13
    assert [line for line in lines if not line.endswith(" unchanged")] == []


def test_the_api_server_accepts_the_example_pool(cluster, deploy):
    output = cluster.kubectl("apply", "--dry-run=server", "-f", f"{deploy}/example-pool.yaml")
    assert output.count("created (server dry run)") == 2


@pytest.fixture(scope="module")
def process(cluster):
    """A dictionary of the pid of the DaemonSet's daemon and the fields of /proc/PID/status."""
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
    except OSError:  # the process has ended, or is a kernel thread
        return False


def test_the_daemon_becomes_ready_on_the_host_network(process):
    assert process["pid"]


def test_the_daemon_does_not_run_as_root(process):
    assert set(process["Uid"].split()) == {"65532"}
    assert set(process["Gid"].split()) == {"65532"}


@pytest.mark.parametrize("capability_set, expected", [
    ("CapEff", CAP_NET_RAW), ("CapPrm", CAP_NET_RAW), ("CapBnd", CAP_NET_RAW),
    ("CapInh", 0), ("CapAmb", 0)])
def test_the_daemon_has_only_the_capability_net_raw(process, capability_set, expected):
    assert int(process[capability_set], 16) == expected


def test_the_daemon_has_no_new_privs_and_a_seccomp_filter(process):
    assert process["NoNewPrivs"] == "1"
    assert process["Seccomp"] == "2"


def test_the_daemons_root_file_system_is_read_only(process):
    with open(f"/proc/{process['pid']}/mounts", encoding="utf-8") as f:
        root = next(line.split() for line in f if line.split()[1] == "/")
    assert "ro" in root[3].split(",")


@pytest.fixture
def policy(cluster, deploy):
    cluster.kubectl("apply", "-f", f"{deploy}/admission-policy.yaml")
    time.sleep(2)  # the API server reads a new policy within a second
    yield
    cluster.kubectl("delete", "-f", f"{deploy}/admission-policy.yaml")


def test_the_admission_policy_accepts_the_token_of_the_pod(cluster, policy, process):
    """The token that the kubelet requests for a pod names the node."""
    node = cluster.nodes[0]
    cluster.apply(*served_pool("lan", "10.99.9.0/28"), objects.service("one"))
    cluster.wait_address("one")
    cluster.wait_event("one", "IPAllocated")
    wait_for("the counts of the pool", lambda: cluster.api.get(
        "IPAddressPool", "lan", objects.NAMESPACE).get("status", {}).get("assignedIPv4") == 1)
    page = node.run("curl", "-s", "http://127.0.0.1:7475/metrics")
    assert "\narplet_api_write_errors_total 0\n" in page
    cluster.api.delete("Service", "one")


def test_a_deleted_pod_terminates_in_time_and_another_becomes_ready(cluster, process):
    pod, = cluster.api.list("Pod", objects.NAMESPACE)
    name = pod["metadata"]["name"]
    begin = time.monotonic()
    cluster.kubectl("delete", "pod", "-n", objects.NAMESPACE, name)
    assert time.monotonic() - begin < GRACE_S, "the daemon did not exit on SIGTERM and was killed"
    wait_for("another pod is ready", lambda: another_pod_is_ready(cluster, name), 60)


def another_pod_is_ready(cluster, name):
    return any(c["type"] == "Ready" and c["status"] == "True"
               for p in cluster.api.list("Pod", objects.NAMESPACE) if p["metadata"]["name"] != name
               for c in p["status"].get("conditions", []))


@pytest.fixture
def overlay(cluster, deploy, tmp_path):
    """A folder with the kustomization of docs/OPERATING.md and a copy of deploy/."""
    with open(f"{deploy}/../docs/OPERATING.md", encoding="utf-8") as f:
        text = f.read().split("```yaml\n")[1].split("```")[0]
    (tmp_path / "kustomization.yaml").write_text(text, encoding="utf-8")
    shutil.copytree(deploy, tmp_path / "arplet" / "deploy")
    yield tmp_path
    cluster.kubectl("apply", "-k", deploy)


def test_the_documented_overlay_serves_metrics_on_the_nodes_address(cluster, overlay):
    node = cluster.nodes[0]
    cluster.kubectl("apply", "-k", overlay)
    cluster.kubectl("rollout", "status", "-n", objects.NAMESPACE, "daemonset/arplet",
                    f"--timeout={ROLLOUT_S}s", timeout=ROLLOUT_S + 10)
    page = node.run("curl", "-s", f"http://{node.address}:7475/metrics")
    assert "arplet_build_info" in page
