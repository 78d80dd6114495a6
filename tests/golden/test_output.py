# SPDX-License-Identifier: Apache-2.0
"""Checks dry runs: YAML and JSON output are equal; the order of input objects does not matter."""

import hashlib
import json
import os
import random
import subprocess

import pytest
import yaml

ARPLET = os.path.abspath(os.environ.get("ARPLET", "src/arplet"))

POOL = {"apiVersion": "metallb.io/v1beta1", "kind": "IPAddressPool", "metadata": {"name": "lan"},
        "spec": {"addresses": ["10.0.0.0/16"]}}
ADVERTISEMENT = {"apiVersion": "metallb.io/v1beta1", "kind": "L2Advertisement",
                 "metadata": {"name": "lan"}}

# Parts of texts that a YAML parser would misread if the texts had no quotes.
FRAGMENTS = ["yes", "no", "on", "1", "0", ".", "_", "-", "+", "e", "0x", "0o", "0b", ":", "T", "Z",
             "2001-01-01", " ", "  ", "\n", "\t", "#", "'", '"', "\\", "{", "}", "[", "]", ",", "&",
             "*", "!", "|", ">", "%", "@", "`", "~", "null", "true", "a", "é", "😀", "\x7f", "\x85",
             "\u2028", "\ufeff", "<<", "=", "?", "\r", "---", "...", "\x01", "inf", "nan"]


def service(name, **annotations):
    return {"apiVersion": "v1", "kind": "Service",
            "metadata": {"name": name, "namespace": "default", "annotations": annotations},
            "spec": {"type": "LoadBalancer", "ports": [{"port": 80}]}}


def dry_run(objects, *args):
    text = json.dumps({"apiVersion": "v1", "kind": "List", "items": objects})
    done = subprocess.run([ARPLET, "--dry-run", "-f", "-", *args], input=text, text=True,
                          capture_output=True, timeout=20, env={"PATH": os.environ["PATH"]})
    assert done.returncode in (0, 1), done.stderr
    return done.stdout


@pytest.mark.parametrize("seed", range(10))
def test_yaml_output_equals_json_output(seed):
    rng = random.Random(seed)

    def text():
        return "".join(rng.choice(FRAGMENTS) for _ in range(rng.randint(0, 6)))

    given = [service(f"s{i}", **{text(): text() for _ in range(8)}) for i in range(50)]
    as_json = dry_run([POOL, ADVERTISEMENT, *given], "-o", "json")
    as_yaml = dry_run([POOL, ADVERTISEMENT, *given], "-o", "yaml")
    read = json.loads(as_json)
    assert yaml.safe_load(as_yaml) == read
    # arplet and PyYAML read the same objects from the YAML output
    again = subprocess.run([ARPLET, "--dry-run", "-f", "-", "-o", "json"], input=as_yaml,
                           text=True, capture_output=True, timeout=20)
    services = {i["metadata"]["name"]: i for i in json.loads(again.stdout)["items"]
                if i["kind"] == "Service"}
    for want in given:
        got = services[want["metadata"]["name"]]["metadata"]["annotations"]
        assert got.pop("metallb.io/ip-allocated-from-pool") == "lan"
        assert got == want["metadata"]["annotations"]


def test_an_annotation_cannot_control_the_terminal():
    annotations = {"metallb.io/address-pool": "a\x1b[2J\x9b1m\nb é"}
    lines = dry_run([POOL, ADVERTISEMENT, service("s", **annotations)]).splitlines()
    assert len(lines) == 2
    assert '"a?[2J??1m?b é"' in lines[1]


@pytest.mark.parametrize("ahead", range(4))
def test_a_long_message_is_cut_between_characters(ahead):
    annotations = {"metallb.io/address-pool": "x" * ahead + "é€" * 203}
    out = json.loads(dry_run([POOL, service("s", **annotations)], "-o", "json"))
    message, = (i["message"] for i in out["items"] if i["kind"] == "Event")
    assert 1000 < len(message.encode()) < 1024
    assert message[-1] in "é€"


def test_the_order_of_objects_does_not_matter():
    objects = [POOL, ADVERTISEMENT, *(service(f"s{i}") for i in range(30))]
    want = dry_run(objects, "-o", "yaml")
    for seed in range(5):
        random.Random(seed).shuffle(objects)
        assert dry_run(objects, "-o", "yaml") == want


def test_a_dry_run_of_its_own_output_changes_nothing():
    """The second dry run reads the output of the first dry run, and adds no status and no Event."""
    objects = [POOL, ADVERTISEMENT, *(service(f"s{i}") for i in range(30))]
    first = json.loads(dry_run(objects, "-o", "json"))["items"]
    written = [i for i in first if i["kind"] != "Event"]
    assert {i["kind"] for i in written} == {"Service", "IPAddressPool", "ServiceL2Status"}
    assert {i["reason"] for i in first if i["kind"] == "Event"} == {"IPAllocated", "nodeAssigned"}
    assert json.loads(dry_run([ADVERTISEMENT, *first], "-o", "json"))["items"] == written


def test_the_holder_is_the_node_with_the_lowest_hash():
    names = [f"node-{i}" for i in range(7)]
    nodes = [{"apiVersion": "v1", "kind": "Node", "metadata": {"name": n}} for n in names]
    out = dry_run([POOL, ADVERTISEMENT, *nodes, *(service(f"s{i}") for i in range(200))])
    rows = [line.split() for line in out.splitlines()[1:]]
    assert len(rows) == 200
    for _, _, address, _, node, _ in rows:
        def rank(name, address=address):
            return hashlib.sha256(f"{name}#{address}".encode()).digest()
        assert node == min(names, key=rank)
