# SPDX-License-Identifier: Apache-2.0
"""The largest objects that the API server accepts stop no daemon, and need almost no memory."""
import time

import pytest

from cluster import objects
from cluster.api import Api
from cluster.base import served_pool
from cluster.run import wait_for

NODES = 2
SERVICES = "/api/v1/namespaces/default/services"


@pytest.fixture
def slow_api(cluster):
    """A connection that waits for the creation of large objects, which takes seconds."""
    return Api(cluster.control.admin, cluster.lan.gateway.netns, timeout=60)


def resident(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as f:
        return next(int(line.split()[1]) / 1024 for line in f if line.startswith("VmRSS"))


def cpu(pid):
    """The CPU time of a process, in seconds."""
    with open(f"/proc/{pid}/schedstat", encoding="ascii") as f:
        return int(f.read().split()[0]) / 1e9


def large(name, n_ports=1, n_control_characters=0):
    """A Service; in JSON, each of the control characters of its annotation takes 6 bytes."""
    service = objects.service(name, allocateLoadBalancerNodePorts=False,
                              annotations={"x": "\x01" * n_control_characters})
    service["spec"]["ports"] = [{"port": n + 1, "name": f"{n:x}"} for n in range(n_ports)]
    return service


def other_service_works(cluster, name):
    cluster.apply(objects.service(name))
    cluster.backend(name, cluster.nodes[0])
    cluster.wait_address(name)
    return cluster.address_of(name)


def test_a_service_of_over_4_mib_gets_an_address_and_disturbs_no_other(cluster, slow_api):
    cluster.apply(*served_pool("lan", cluster.addresses[0] + "-" + cluster.addresses[9]))
    first = other_service_works(cluster, "first")
    before = {n: cpu(cluster.arplets.pid(n)) for n in cluster.nodes}
    slow_api.request("POST", SERVICES, large("huge", 46000, 261000))
    address = cluster.wait_address("huge")
    time.sleep(1)
    used = {n: cpu(cluster.arplets.pid(n)) - before[n] for n in cluster.nodes}
    print("CPU time of each daemon, for each version of the Service in list, watch and patch:", used)
    second = other_service_works(cluster, "second")
    assert len({first, address, second}) == 3
    for node in cluster.nodes:  # after a restart, a list has the Service
        cluster.arplets.stop(node)
        cluster.arplets.start(node)
    third = other_service_works(cluster, "third")
    assert third not in (first, address, second)
    assert [cluster.address_of(s) for s in ("first", "huge", "second")] == [first, address, second]
    # the watch shows the Service as created, with its address and with its conditions; the daemon
    # that writes these also receives the answers
    assert max(used.values()) < 0.25


def test_80_services_of_1_mib_need_4_mib_at_most(cluster, slow_api):
    cluster.apply(*served_pool("lan", cluster.addresses[0] + "-" + cluster.addresses[9]))
    other_service_works(cluster, "first")
    time.sleep(3)
    before = {n: resident(cluster.arplets.pid(n)) for n in cluster.nodes}
    for n in range(80):
        slow_api.request("POST", SERVICES, large(f"large-{n}", 1, 261000))
    other = objects.service("other")
    other["metadata"]["annotations"] = {"metallb.io/loadBalancerIPs": cluster.address_of("first")}
    cluster.apply(other)
    wait_for("the last Event", lambda: [e for e in cluster.api.list("Event", "default")
                                        if e["involvedObject"]["name"] == "other"], 30)
    grown = {n.name: resident(cluster.arplets.pid(n)) - before[n] for n in cluster.nodes}
    print("resident memory, MiB:", {n.name: before[n] for n in cluster.nodes}, "+", grown)
    assert max(grown.values()) <= 4
