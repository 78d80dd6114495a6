# SPDX-License-Identifier: Apache-2.0
"""
End-to-end tests: the real daemon on a real cluster, checked from clients on the LAN.

    pytest tests/e2e                    on network namespaces of this machine
    pytest tests/e2e --cluster=kind     on a kind cluster, which pytest creates and removes

Each test module has its own cluster. The variables NODES, CLIENTS and KUBELETS of a test module
configure its cluster. The variable OPTIONS has the command line options of all daemons. After each
test, a fixture removes Services and pools, makes all nodes Ready, and starts a daemon on each node
where none runs.
"""
import os
import sys

import pytest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from cluster import KindCluster, KindMissing, NamespaceCluster  # noqa: E402
from cluster.arplet import PROGRAM  # noqa: E402
from cluster.kind import check_machine  # noqa: E402
from cluster.restore import restore  # noqa: E402

LOG_LINES = 30
CLASSES = {"namespaces": NamespaceCluster, "kind": KindCluster}


def pytest_addoption(parser):
    parser.addoption("--cluster", choices=list(CLASSES), default="namespaces",
                     help="implementation of the test cluster (default: namespaces)")
    parser.addoption("--chaos-seed", default="1", help="seed of the faults in test_chaos.py")
    parser.addoption("--chaos-rounds", type=int, default=10,
                     help="number of rounds of faults in test_chaos.py")


def pytest_sessionstart(session):
    if session.config.option.collectonly:
        return
    if os.geteuid() != 0:
        pytest.exit("the end-to-end tests need root, for network namespaces and raw sockets",
                    returncode=4)
    if not os.access(PROGRAM, os.X_OK):
        pytest.exit(f"{PROGRAM} does not exist: build arplet first, or set ARPLET=FILE",
                    returncode=4)
    if session.config.option.cluster == "kind":
        try:
            check_machine()
        except KindMissing as e:
            pytest.exit(str(e), returncode=4)


@pytest.fixture(scope="module")
def bare_cluster(request):
    """The cluster of the test module, on which arplet is not installed."""
    settings = {name.lower(): getattr(request.module, name)
            for name in ("NODES", "CLIENTS", "KUBELETS") if hasattr(request.module, name)}
    with CLASSES[request.config.option.cluster](**settings) as new_cluster:
        new_cluster.arplets.options = getattr(request.module, "OPTIONS", ())
        yield new_cluster


@pytest.fixture(scope="module")
def _module_cluster(bare_cluster):
    bare_cluster.start_arplets()
    yield bare_cluster
    bare_cluster.arplets.stop_all()


@pytest.fixture
def cluster(_module_cluster):
    """The test module's cluster, with a daemon on every node and without objects of other tests."""
    yield _module_cluster
    restore(_module_cluster)


@pytest.fixture
def client(cluster):
    return cluster.clients[0]


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item):
    """Adds the last log lines of arplet and the API server to the report of a failed test."""
    report = (yield).get_result()
    cluster = item.funcargs.get("cluster") or item.funcargs.get("bare_cluster")
    if not report.failed or cluster is None:
        return
    for name in sorted(cluster.procs.running):
        if name.startswith("arplet") or name == "kube-apiserver":
            report.sections.append((f"end of the log of {name}",
                                    cluster.procs.tail(name, LOG_LINES)))
