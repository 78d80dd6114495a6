# SPDX-License-Identifier: Apache-2.0
"""Services that daemons announce, without pods."""
from cluster import objects

SERVICES = 4  # Services on the VLAN of the fixture `vlan`


def endpoint(cluster, service):
    """An EndpointSlice of a Service: daemons announce no Service without a ready endpoint."""
    return objects.endpoint_slice(service, [("10.244.1.200", cluster.nodes[0].name, True)], 8080)


def add_services(cluster, numbers):
    """Makes the Services vlan-N for these numbers."""
    for n in numbers:
        cluster.apply(endpoint(cluster, f"vlan-{n}"), objects.service(f"vlan-{n}"))
