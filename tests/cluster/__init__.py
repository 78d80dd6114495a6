# SPDX-License-Identifier: Apache-2.0
"""A real Kubernetes cluster for tests, with a LAN on which tests can capture frames.

    python3 -m cluster up        runs a cluster of network namespaces until Ctrl-C
    python3 -m cluster shell     starts a shell in such a cluster
    python3 -m cluster clean     removes the clusters of interrupted runs

The docstring of lan.py draws the topology.  base.py declares the class Cluster: namespaces.py
implements it with network namespaces, and kind.py with kind (Kubernetes in Docker).
"""
from .base import Cluster
from .kind import KindCluster, KindMissing
from .namespaces import NamespaceCluster

__all__ = ["Cluster", "KindCluster", "KindMissing", "NamespaceCluster"]
