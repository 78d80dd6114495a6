# SPDX-License-Identifier: Apache-2.0
"""One cluster for all tests here: a control plane and a node that runs pods, deploy/ installed."""
import os
import sys

import pytest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, f"{TOP}/tests")

from cluster import NamespaceCluster  # noqa: E402
from cluster.arplet import PROGRAM  # noqa: E402
from cluster.run import sh  # noqa: E402


@pytest.fixture(scope="session")
def deploy():
    """The folder under test."""
    return f"{TOP}/deploy"


@pytest.fixture(scope="session")
def image(deploy, tmp_path_factory):
    """The image of the program under test, as an archive."""
    path = tmp_path_factory.mktemp("image") / "arplet.tar"
    sh(f"{deploy}/image/build", "--program", PROGRAM, path)
    return path


@pytest.fixture(scope="session")
def cluster(deploy, image):
    with NamespaceCluster(nodes=1, clients=0, kubelets=True) as made:
        made.load_image(image)
        made.kubectl("apply", "-k", deploy)
        made.kubectl("wait", "--for=condition=Established", "crd", "--all", "--timeout=30s")
        yield made
