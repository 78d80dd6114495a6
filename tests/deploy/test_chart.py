# SPDX-License-Identifier: Apache-2.0
"""
Tests of deploy/chart that need no cluster: the objects that the chart renders, and the values that
its schema refuses.  tests/e2e/test_chart.py installs the chart on a cluster.
"""
import json

import pytest
import yaml

from cluster.helm import CHART, build_helm
from cluster.run import CommandError, sh

NAMESPACE = "metallb-system"
POOL = {"pools": {"lan": {"addresses": ["192.168.1.240-192.168.1.250"]}}}
# values that a user of MetalLB's chart may have changed
METALLB_VALUES = {
    "loadBalancerClass": "example.com/lan",
    "controller": {"logLevel": "debug"},
    "prometheus": {"podMonitor": {"enabled": True}},
    "speaker": {
        "logLevel": "all", "ignoreExcludeLB": True, "frr": {"enabled": False},
        "tolerations": [{"key": "edge", "operator": "Exists"}],
        "nodeSelector": {"lan": "yes"}, "priorityClassName": "high",
        "resources": {"limits": {"memory": "64Mi"}}, "affinity": {}, "podAnnotations": {"a": "b"},
    },
}


@pytest.fixture(scope="session")
def helm():
    return build_helm()


@pytest.fixture
def render(helm, tmp_path):
    """A function that renders the chart with values; returns the objects by (kind, name)."""
    def run(values=None, *options):
        (tmp_path / "values.yaml").write_text(json.dumps(values or {}), encoding="utf-8")
        output = sh(helm, "template", "arplet", CHART, "--namespace", NAMESPACE, "--include-crds",
                    "--values", tmp_path / "values.yaml", *options)
        objects = [o for o in yaml.safe_load_all(output) if o]
        return {(o["kind"], o["metadata"]["name"]): o for o in objects}

    return run


def pod_of(objects):
    return objects["DaemonSet", "arplet"]["spec"]["template"]["spec"]


def args_of(objects):
    return pod_of(objects)["containers"][0]["args"]


def test_helm_lint_accepts_the_chart(helm):
    assert "0 chart(s) failed" in sh(helm, "lint", "--strict", CHART)


def test_the_default_values_render_the_objects_of_the_single_manifest(render, deploy):
    with open(f"{deploy}/arplet.yaml", encoding="utf-8") as f:
        manifest = {(o["kind"], o["metadata"]["name"]): o for o in yaml.safe_load_all(f) if o}
    del manifest["Namespace", NAMESPACE]  # helm creates the namespace: --create-namespace
    assert render() == manifest


def test_the_version_of_the_chart_is_the_version_of_the_program(deploy):
    with open(f"{deploy}/../configure.ac", encoding="utf-8") as f:
        version = f.read().split("AC_INIT([arplet], [")[1].split("]")[0]
    with open(f"{CHART}/Chart.yaml", encoding="utf-8") as f:
        chart = yaml.safe_load(f)
    assert (chart["version"], chart["appVersion"]) == (version, version)


def test_a_pool_without_advertisements_is_announced_by_one_for_the_pools_of_the_chart(render):
    objects = render(POOL)
    assert objects["IPAddressPool", "lan"]["spec"] == POOL["pools"]["lan"]
    assert objects["L2Advertisement", "arplet"]["spec"] == {"ipAddressPools": ["lan"]}


def test_advertisements_of_the_values_replace_the_default_one(render):
    objects = render({**POOL, "advertisements": {"fast": {"interfaces": ["eth1"]}}})
    assert objects["L2Advertisement", "fast"]["spec"] == {"interfaces": ["eth1"]}
    assert ("L2Advertisement", "arplet") not in objects


def test_annotations_and_labels_of_a_pool_are_metadata(render):
    pool = {"addresses": ["192.0.2.0/24"], "annotations": {"arplet.io/reuse-after": "1h"},
            "labels": {"site": "a"}}
    rendered = render({"pools": {"lan": pool}})["IPAddressPool", "lan"]
    assert rendered["metadata"]["annotations"] == pool["annotations"]
    assert rendered["metadata"]["labels"] == pool["labels"]
    assert rendered["spec"] == {"addresses": ["192.0.2.0/24"]}


def test_the_admission_policy_limits_the_account_in_the_namespace_of_the_release(render):
    kind = "ValidatingAdmissionPolicy"
    assert not [key for key in render() if key[0] == kind]
    objects = render({"admissionPolicy": True}, "--namespace", "lb")
    policies = [o for key, o in objects.items() if key[0] == kind]
    assert len(policies) == 4
    for policy in policies:
        condition, = policy["spec"]["matchConditions"]
        assert condition["expression"].endswith("'system:serviceaccount:lb:arplet'")
    assert objects[f"{kind}Binding", "arplet-services"]["spec"]["paramRef"]["namespace"] == "lb"


def test_values_become_options_of_the_daemon(render):
    args = args_of(render({"loadBalancerClass": "a/b", "ignoreExcludeLB": True, "http": "off",
                           "leaveCordoned": True, "logLevel": "debug", "logFormat": "json",
                           "extraArgs": ["--conflict=yield"]}))
    assert args == ["--http=off", "--lb-class=a/b", "--ignore-exclude-lb", "--leave-cordoned",
                    "--log-level=debug", "--log-format=json", "--conflict=yield"]


def test_the_daemon_parses_every_option_that_the_chart_writes(render):
    from cluster.arplet import PROGRAM
    args = args_of(render({"loadBalancerClass": "a/b", "ignoreExcludeLB": True,
                           "leaveCordoned": True, "logLevel": "debug", "logFormat": "json"}))
    assert sh(PROGRAM, *args, "--version").startswith("arplet ")


def test_metrics_on_the_address_of_the_node(render):
    container = pod_of(render({"http": "$(HOST_IP):7475"}))["containers"][0]
    assert container["args"] == ["--http=$(HOST_IP):7475"]
    assert {"name": "HOST_IP", "valueFrom": {"fieldRef": {"fieldPath": "status.hostIP"}}} \
        in container["env"]
    assert container["livenessProbe"]["httpGet"] == {"port": 7475, "path": "/healthz"}


def test_without_http_there_are_no_probes(render):
    container = pod_of(render({"http": "off"}))["containers"][0]
    assert "livenessProbe" not in container and "readinessProbe" not in container


def test_values_of_metallb_with_the_same_meaning_are_used(render):
    objects = render(METALLB_VALUES)
    pod = pod_of(objects)
    speaker = METALLB_VALUES["speaker"]
    assert args_of(objects)[1:] == ["--lb-class=example.com/lan", "--ignore-exclude-lb",
                                    "--log-level=debug"]
    assert pod["tolerations"] == speaker["tolerations"]
    assert pod["nodeSelector"] == {"kubernetes.io/os": "linux", **speaker["nodeSelector"]}
    assert pod["priorityClassName"] == "high"
    assert pod["containers"][0]["resources"]["limits"] == {"memory": "64Mi"}
    assert objects["DaemonSet", "arplet"]["spec"]["template"]["metadata"]["annotations"] \
        == {"a": "b"}


@pytest.mark.parametrize("values, message", [
    ({"pool": {}}, "additional properties 'pool' not allowed"),
    ({"pools": {"lan": {"adresses": ["192.0.2.0/24"]}}}, "missing property 'addresses'"),
    ({"pools": {"lan": {"addresses": []}}}, "minItems"),
    ({"pools": {"lan": {"addresses": ["192.0.2.1"]}}}, "does not match pattern"),
    ({"pools": {"Lan": {"addresses": ["192.0.2.0/24"]}}}, "Lan"),
    ({"pools": {"lan": {"addresses": ["192.0.2.0/24"], "autoAssign": "no"}}}, "want boolean"),
    ({"advertisements": {"lan": {"interface": ["eth0"]}}}, "'interface' not allowed"),
    ({"logLevel": "verbose"}, "value must be one of"),
    ({"http": "7475"}, "does not match pattern"),
    ({"extraArgs": ["conflict=yield"]}, "does not match pattern"),
])
def test_the_schema_refuses_wrong_values(render, values, message):
    with pytest.raises(CommandError, match=message):
        render(values)
