# SPDX-License-Identifier: Apache-2.0
"""The helm command, built by build-helm."""
import os
import subprocess

from .run import sh

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
CHART = f"{TOP}/deploy/chart"


def build_helm():
    """Builds helm if it is missing; returns its path."""
    script = f"{HERE}/build-helm"
    subprocess.run([script], check=True)
    return sh(script, "--where").strip()


class Helm:
    """Runs helm as the administrator of a cluster, in one namespace."""

    def __init__(self, cluster, namespace):
        self.program = build_helm()
        self.host = cluster.host_with_api()
        self.options = ["--kubeconfig", cluster.admin_kubeconfig, "--namespace", namespace]

    def __call__(self, *argv, timeout=120):
        return sh(*self.host.argv(self.program, *argv, *self.options), timeout=timeout)
