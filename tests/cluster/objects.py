# SPDX-License-Identifier: Apache-2.0
"""Builders of the Kubernetes objects that tests use."""
import time

METALLB = "metallb.io/v1beta1"
NAMESPACE = "metallb-system"


def _object(version, kind, name, namespace="default", **fields):
    meta = {"name": name}
    if namespace:
        meta["namespace"] = namespace
    return {"apiVersion": version, "kind": kind, "metadata": meta, **fields}


def namespace(name):
    return _object("v1", "Namespace", name, namespace=None)


def service(name, kind="LoadBalancer", port=80, target=8080, app=None, node_port=None,
            annotations=None, **spec):
    """A Service with the selector app=APP (default: app=NAME) and the extra spec fields `spec`."""
    entry = {"port": port, "targetPort": target, "protocol": "TCP"}
    if node_port:
        entry["nodePort"] = node_port
    obj = _object("v1", "Service", name, spec={
        "type": kind, "selector": {"app": app or name}, "ports": [entry], **spec})
    if annotations:
        obj["metadata"]["annotations"] = annotations
    return obj


def pool(name, *addresses, **spec):
    return _object(METALLB, "IPAddressPool", name, NAMESPACE,
                   spec={"addresses": list(addresses), **spec})


def advertisement(name, **spec):
    return _object(METALLB, "L2Advertisement", name, NAMESPACE, spec=spec)


def slice_name(service_name):
    return f"{service_name}-test"


def endpoint_slice(service_name, endpoints, port):
    """`endpoints` is a list of (address, node, ready); node None: the endpoint is not on a node."""
    obj = _object("discovery.k8s.io/v1", "EndpointSlice", slice_name(service_name),
                  addressType="IPv4",
                  ports=[{"name": "", "port": port, "protocol": "TCP"}],
                  endpoints=[{
                      "addresses": [address], **({"nodeName": node} if node else {}),
                      "conditions": {"ready": ready, "serving": ready, "terminating": False},
                  } for address, node, ready in endpoints])
    obj["metadata"]["labels"] = {"kubernetes.io/service-name": service_name}
    return obj


def node(name, pod_cidr):
    obj = _object("v1", "Node", name, namespace=None, spec={"podCIDR": pod_cidr})
    obj["metadata"]["labels"] = {"kubernetes.io/hostname": name, "kubernetes.io/os": "linux"}
    return obj


def node_status(address, ready):
    """The status of a Node as a kubelet writes it; lastHeartbeatTime is the current time."""
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    return {"status": {
        "addresses": [{"type": "InternalIP", "address": address}],
        "conditions": [{"type": "Ready", "status": "True" if ready else "False",
                        "reason": "Test", "message": "", "lastHeartbeatTime": now,
                        "lastTransitionTime": now}]}}


def pod(name, app, node_name, image, port):
    """A pod that runs the echo program on the node `node_name`."""
    obj = _object("v1", "Pod", name, spec={
        "nodeName": node_name, "terminationGracePeriodSeconds": 1,
        "automountServiceAccountToken": False,
        "containers": [{
            "name": "echo", "image": image, "imagePullPolicy": "Never",
            "args": [str(port), name], "ports": [{"containerPort": port}],
            "readinessProbe": {"tcpSocket": {"port": port}, "periodSeconds": 1}}]})
    obj["metadata"]["labels"] = {"app": app}
    return obj


def account(name, namespace):
    return _object("v1", "ServiceAccount", name, namespace)


def bare_pod(name, node_name, namespace):
    """A Pod object that no kubelet runs; a process outside of pods reads it as its own Pod."""
    return _object("v1", "Pod", name, namespace, spec={
        "nodeName": node_name, "automountServiceAccountToken": False,
        "containers": [{"name": "process", "image": "process"}]})
