# SPDX-License-Identifier: Apache-2.0
"""Objects of a hostile tenant, as large as the API server accepts them, and with many parts."""
from cluster import objects
from cluster.api import path_of

TENANT = "tenant"          # the tenant's namespace
ANNOTATION_BYTES = 262144  # all annotations of an object together
SLICE_ENDPOINTS, ENDPOINT_ADDRESSES = 1000, 100  # the most that a slice and an endpoint can have


def create(cluster, obj):
    """
    Creates a Service, or changes it to `obj`.  The update with one empty entry of managedFields
    turns them off; otherwise they would need more room than the ports, and the API server would
    accept fewer of these.
    """
    name = obj["metadata"]["name"]
    small = objects.service(name, kind="ClusterIP")
    small["metadata"]["namespace"] = TENANT
    made = cluster.api.request("POST", path_of("Service", TENANT), small)
    obj["metadata"].update(managedFields=[{}], resourceVersion=made["metadata"]["resourceVersion"])
    obj["spec"].update(clusterIP=made["spec"]["clusterIP"], clusterIPs=made["spec"]["clusterIPs"])
    cluster.api.request("PUT", path_of("Service", TENANT, name), obj)


def delete(cluster, *names):
    for name in names:
        cluster.api.delete("Service", name, TENANT)


def service(name, labels=None, annotations=None, ports=1, **spec):
    """A Service of the tenant; `ports`: the number of its ports."""
    obj = objects.service(name, annotations=annotations, **spec)
    obj["metadata"].update(namespace=TENANT, labels=labels or {})
    # with node ports, a Service can have only as many ports as the API server has node ports
    obj["spec"].update(allocateLoadBalancerNodePorts=False,
                       ports=[{"name": f"{n:x}", "port": n} for n in range(1, ports + 1)])
    return obj


def many_ports(name, count=10000):
    """Two of these can share an address only if no port of one is a port of the other."""
    return service(name, ports=count, annotations={"metallb.io/allow-shared-ip": "key"})


def many_labels(name, count=60000):
    return service(name, labels={f"{n:x}": "" for n in range(count)})


def many_selector_labels(name, count=60000):
    obj = service(name, annotations={"metallb.io/allow-shared-ip": "key"},
                  externalTrafficPolicy="Local")
    obj["spec"]["selector"] = {f"{n:x}": "" for n in range(count)}
    return obj


def many_annotations(name, count=50000):
    return service(name, annotations={f"{n:x}": "" for n in range(count)})


def many_addresses(name, count=18000):
    addresses = ",".join(f"10.89.{n >> 8}.{n & 255}" for n in range(count))
    return service(name, annotations={"metallb.io/loadBalancerIPs": addresses})


def control_characters(name, count=261000):
    """The JSON of each control character is six bytes long."""
    return service(name, annotations={"a": "\x01" * count})


def oversized(name):
    """A Service whose JSON is longer than 4 MiB, although the API server stores 1.5 MiB."""
    return service(name, annotations={"a": "\x01" * 261000}, ports=46000)


def many_endpoints(name, service_name, node):
    """An EndpointSlice of 100,000 addresses, which names another Service by its label."""
    addresses = iter(f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}" for n in range(1 << 24))
    obj = objects.endpoint_slice(service_name, [], 8080)
    obj["metadata"].update(name=name, namespace=TENANT)
    obj["endpoints"] = [{"addresses": [next(addresses) for _ in range(ENDPOINT_ADDRESSES)],
                         "nodeName": node, "conditions": {"ready": True}}
                        for _ in range(SLICE_ENDPOINTS)]
    return obj
