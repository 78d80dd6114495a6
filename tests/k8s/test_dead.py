# SPDX-License-Identifier: Apache-2.0
"""A connection that dies silently: no packet arrives any more, not even a reset."""
import os
import subprocess
import time

import pytest

from conftest import Reflect, write_kubeconfig
from fake import Fake, answers, hold, obj, page


def ip(command, check=True):
    subprocess.run(["ip", *command.split()], check=check, stderr=None if check else subprocess.DEVNULL)


@pytest.fixture
def link_to_namespace():
    """Create a network namespace that is linked to ours; return its name, and the name of our end of the link."""
    if os.geteuid() != 0:
        pytest.skip("network namespaces need root")
    name = f"k8sd{os.getpid()}"
    ip(f"netns add {name}")
    try:
        ip(f"link add {name}a type veth peer name eth0 netns {name}")
        ip(f"addr add 10.251.77.1/24 dev {name}a")
        ip(f"link set {name}a up")
        ip(f"-n {name} addr add 10.251.77.2/24 dev eth0")
        ip(f"-n {name} link set eth0 up")
        yield name, f"{name}a"
    finally:
        ip(f"netns del {name}", check=False)
        ip(f"link del {name}a", check=False)


def test_a_watch_on_a_dead_connection_ends_and_resumes(link_to_namespace, tmp_path):
    namespace, link = link_to_namespace
    fake = Fake(answers(200, page(obj("a", 1))), hold, host="10.251.77.1")
    r = Reflect(write_kubeconfig(tmp_path / "kubeconfig", fake.url), inside=("ip", "netns", "exec", namespace))
    r.read("list_begin", "put ns/a 1", "list_end", "state synced")
    fake.request(), fake.request()
    ip(f"link set {link} down")
    cut = time.monotonic()
    r.read("state retrying Recv failure: Connection timed out", timeout=25)
    assert r.at - cut < 20  # TCP keep-alive probes detect the dead connection
    ip(f"link set {link} up")
    while r.read("state", timeout=20) != "state synced":
        pass
    assert r.stats()["lists"] == 1
    r.close()
    fake.close()
