# SPDX-License-Identifier: Apache-2.0
"""
Tests of the charts of arplet and of MetalLB in one cluster: the owner of the CRDs, and what remains
when one of the two charts is uninstalled.  No pod runs in this cluster.
"""
import pytest

from cluster import objects
from cluster.helm import CHART, Helm
from cluster.metallb import build_metallb
from cluster.objects import NAMESPACE

CLIENTS = 0
CRDS = [f"crd/{name}.metallb.io" for name in
        ("ipaddresspools", "l2advertisements", "servicel2statuses")]


@pytest.fixture
def helm(bare_cluster):
    """helm, on a cluster that has neither chart when the test begins and when it ends."""
    run = Helm(bare_cluster, NAMESPACE)
    yield run
    for release in run("list", "--short").split():
        run("uninstall", release)
    bare_cluster.kubectl("delete", "crd", "--all", "--wait=true")


def install_metallb(helm):
    # The webhooks of MetalLB cannot answer here, because no pod runs.
    helm("install", "metallb", f"{build_metallb()}/chart", "--create-namespace",
         "--set", "crds.validationFailurePolicy=Ignore")


def pools(cluster):
    return {p["metadata"]["name"] for p in cluster.api.list("IPAddressPool", NAMESPACE)}


def add_pool(cluster, name):
    cluster.apply(objects.pool(name, "192.0.2.0/28"))


def test_the_chart_installs_beside_metallbs_chart_and_leaves_its_crds(bare_cluster, helm):
    install_metallb(helm)
    add_pool(bare_cluster, "lan")
    helm("install", "arplet", CHART)
    owner = bare_cluster.kubectl("get", *CRDS, "-o", "jsonpath={.items[*].metadata.annotations."
                                 "meta\\.helm\\.sh/release-name}")
    assert owner.split() == ["metallb"] * len(CRDS)
    helm("uninstall", "arplet")
    assert pools(bare_cluster) == {"lan"}


def test_metallbs_chart_is_uninstalled_without_its_crds_as_documented(bare_cluster, helm):
    install_metallb(helm)
    add_pool(bare_cluster, "lan")
    helm("install", "arplet", CHART)
    bare_cluster.kubectl("annotate", *CRDS, "helm.sh/resource-policy=keep")
    helm("upgrade", "metallb", f"{build_metallb()}/chart", "--reuse-values",
         "--set", "crds.enabled=false")
    helm("uninstall", "metallb")
    assert pools(bare_cluster) == {"lan"}
    assert helm("list", "--short").split() == ["arplet"]
