# SPDX-License-Identifier: Apache-2.0
"""All tests of this folder share a cluster of one node, whose kubelet runs arplet in a pod."""
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
    """The path of the folder deploy/."""
    return f"{TOP}/deploy"


@pytest.fixture(scope="session")
def image(deploy, tmp_path_factory):
    """The path of the image archive that contains the program under test."""
    path = tmp_path_factory.mktemp("image") / "arplet.tar"
    sh(f"{deploy}/image/build", "--program", PROGRAM, path)
    return path


@pytest.fixture(scope="session")
def cluster(deploy, image):
    with NamespaceCluster(nodes=1, clients=0, kubelets=True) as new_cluster:
        new_cluster.load_image(image)
        new_cluster.kubectl("apply", "-k", deploy)
        new_cluster.kubectl("wait", "--for=condition=Established", "crd", "--all", "--timeout=30s")
        yield new_cluster
