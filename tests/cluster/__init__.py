# SPDX-License-Identifier: Apache-2.0
"""A real Kubernetes cluster for tests, with a LAN whose wire can be watched.

    python3 -m cluster up        a cluster of network namespaces, until Ctrl-C
    python3 -m cluster shell     the same, with a shell in it
    python3 -m cluster clean     ends what interrupted runs have left

lan.py draws the topology; base.py is the interface that tests use, on
namespaces (namespaces.py) or on kind (kind.py).
"""
from .base import Cluster
from .kind import KindCluster, KindMissing
from .namespaces import NamespaceCluster

__all__ = ["Cluster", "KindCluster", "KindMissing", "NamespaceCluster"]
