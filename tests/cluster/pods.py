# SPDX-License-Identifier: Apache-2.0
"""The pods of a test's Services: real pods, or network namespaces if nodes have no kubelet."""
import itertools
import signal

from . import netns, objects
from .image import ECHO
from .lan import pod_net


class Pods:
    """The pods of Services; `known` maps the name of a Service to its pods."""

    def remove_all(self):
        for service in list(self.known):
            self.remove(service)


class KubeletPods(Pods):
    """Real pods: kubelets run the pods, and kube-controller-manager writes EndpointSlices."""

    def __init__(self, api):
        self.api = api
        self.known = {}
        self.numbers = itertools.count(1)

    def add(self, service, nodes, port):
        for node in nodes:
            name = f"{service}-{node.name}-{next(self.numbers)}"
            self.api.apply(objects.pod(name, service, node.name, ECHO, port))
            self.known.setdefault(service, []).append(name)

    def remove(self, service):
        for name in self.known.pop(service, []):
            self.api.delete("Pod", name)


class BarePods(Pods):
    """Network namespaces instead of pods: each runs the echo program and has a route on a node."""

    def __init__(self, api, prefix, nodes, procs, echo):
        self.api = api
        self.prefix = prefix
        self.nodes = nodes
        self.procs = procs
        self.echo = echo
        self.known = {}
        self.numbers = itertools.count(2)  # the last byte of a pod's address is the pod's number

    def add(self, service, nodes, port):
        known = self.known.setdefault(service, {})
        for node in nodes:
            number = next(self.numbers)
            name = f"{service}-{node.name}-{number}"
            address = self._make_netns(self._netns_name(name), node, number)
            self.procs.start(f"pod-{name}", [self.echo, port, name],
                             netns.path(self._netns_name(name)))
            known[name] = (address, node.name, True)
        self.api.apply(objects.endpoint_slice(service, known.values(), port))

    def remove(self, service):
        self.api.delete("EndpointSlice", objects.slice_name(service))
        for name in self.known.pop(service, {}):
            self.procs.stop(f"pod-{name}", signal.SIGKILL)
            netns.delete([self._netns_name(name)])

    def _netns_name(self, name):
        return f"{self.prefix}pod-{name}"

    def _make_netns(self, name, node, number):
        net = pod_net(self.nodes.index(node))
        address, gateway, veth = f"{net}.{number}", f"{net}.1", f"pod{number}"
        netns.create(name)
        netns.ip(netns.name_of(node.netns),
                 f"link add {veth} type veth peer name eth0 netns {name}",
                 f"addr add {gateway}/32 dev {veth}",
                 f"link set {veth} up",
                 f"route add {address}/32 dev {veth}")
        netns.ip(name,
                 f"addr add {address}/24 dev eth0",
                 "link set eth0 up",
                 f"route add default via {gateway}")
        return address
