# SPDX-License-Identifier: Apache-2.0
"""
Attacks on a real cluster: by a tenant, who may write Services and EndpointSlices in a namespace of
its own, and by a host on the LAN, which sends frames of any kind. Each test asserts what the other
tenants and the clients of the LAN still get.

Each test module has its own cluster. The variables NODES and CLIENTS of a test module configure its
cluster, and the variable OPTIONS has the options of all daemons. After each test, a fixture removes
Services and pools, and starts a daemon on each node where none runs.
"""
import os
import sys
import time

import pytest

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [TESTS, f"{TESTS}/e2e"]

from cluster import NamespaceCluster, objects  # noqa: E402
from cluster.api import Api  # noqa: E402
from cluster.arplet import PROGRAM  # noqa: E402
from cluster.base import served_pool  # noqa: E402
from cluster.objects import namespace  # noqa: E402
from cluster.restore import restore  # noqa: E402
from cluster.run import wait_for  # noqa: E402

from announced import SERVICES, add_services, endpoint  # noqa: E402
from lan import wait_holder  # noqa: E402
from tenant import TENANT  # noqa: E402
from vlan import VLAN_NET, Holders, Vlan  # noqa: E402

LOG_LINES = 30


def pytest_sessionstart(session):
    if session.config.option.collectonly:
        return
    if os.geteuid() != 0:
        pytest.exit("these tests create network namespaces: run them as root", returncode=4)
    if not os.access(PROGRAM, os.X_OK):
        pytest.exit(f"{PROGRAM} does not exist: build arplet first, or set ARPLET=FILE",
                    returncode=4)


@pytest.fixture(scope="module")
def module_cluster(request):
    settings = {name.lower(): getattr(request.module, name)
                for name in ("NODES", "CLIENTS") if hasattr(request.module, name)}
    with NamespaceCluster(**settings) as cluster:
        cluster.arplets.options = getattr(request.module, "OPTIONS", ())
        cluster.api = Api(cluster.admin_kubeconfig, cluster.lan.gateway.netns, timeout=60)
        cluster.apply(namespace(TENANT))
        cluster.start_arplets()
        yield cluster
        cluster.arplets.stop_all()


@pytest.fixture
def cluster(module_cluster):
    """The test module's cluster, with a daemon on every node and without objects of other tests."""
    yield module_cluster
    restore(module_cluster)


@pytest.fixture
def client(cluster):
    return cluster.clients[0]


@pytest.fixture
def attacker(cluster):
    """A host on the LAN that is not a node."""
    return cluster.clients[-1]


@pytest.fixture
def lan_vip(cluster):
    """An address on the LAN that a node holds, so that daemons send hellos there."""
    a = cluster.addresses
    cluster.apply(*served_pool("lan", f"{a[0]}-{a[3]}", autoAssign=False), endpoint(cluster, "lan"),
                  objects.service("lan", annotations={"metallb.io/address-pool": "lan"}))
    address = cluster.wait_address("lan")
    wait_holder(cluster, cluster.clients[0], address)
    return address


@pytest.fixture
def vlan(cluster, lan_vip):
    """Another VLAN, on which nodes hold addresses; the nodes have been longer on the LAN."""
    time.sleep(2)  # sequence numbers of each link for itself are now higher on the LAN
    with Vlan(cluster.lan, [*cluster.nodes, *cluster.clients], 20) as vlan:
        yield vlan


@pytest.fixture
def vips(cluster, client, vlan):
    pool, advertisement = served_pool("vlan", f"{VLAN_NET}.100-{VLAN_NET}.199")
    advertisement["spec"]["interfaces"] = [vlan.ifname]
    cluster.apply(pool, advertisement)
    add_services(cluster, range(SERVICES))
    addresses = [cluster.wait_address(f"vlan-{n}") for n in range(SERVICES)]

    def all_answer():
        with Holders(client, vlan.ifname, addresses) as found:
            time.sleep(0.3)
        return len(found.answers) == SERVICES and not found.seconds_with_two()

    wait_for("one holder of each address", all_answer)
    return addresses


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item):
    """Adds the last log lines of the daemons to the report of a failed test."""
    report = (yield).get_result()
    cluster = item.funcargs.get("cluster")
    if not report.failed or cluster is None:
        return
    for name in sorted(cluster.procs.running):
        if name.startswith("arplet"):
            lines = (line[:300] for line in cluster.procs.tail(name, LOG_LINES).splitlines())
            report.sections.append((f"end of the log of {name}", "\n".join(lines)))
