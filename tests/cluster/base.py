# SPDX-License-Identifier: Apache-2.0
"""The interface of a test cluster; namespaces.py and kind.py implement it."""
import abc
import functools

from . import objects
from .arplet import Arplets
from .dial import ArpProber, Dialer
from .run import sh, wait_for
from .switch import Switch


class Cluster(abc.ABC):
    """
    nodes, clients   Hosts on one LAN
    api              an Api, as cluster administrator
    addresses        free addresses of the LAN, for pools
    addresses6       free IPv6 addresses of the LAN; empty where the cluster has no IPv6
    arplets          the daemons that tests start outside of pods
    admin_kubeconfig the kubeconfig file of the cluster's administrator
    runs_pods        true if kubelets run pods, so that DaemonSets and images work

    As a context manager, a Cluster calls up() on entry and down() on exit.
    """

    kubectl_path = "kubectl"
    runs_pods = False
    addresses6 = ()

    def __enter__(self):
        try:
            self.up()
        except BaseException:
            self.down()
            raise
        return self

    def __exit__(self, *exc):
        self.down()

    @abc.abstractmethod
    def up(self):
        """Starts the cluster, with all nodes Ready and without arplet."""

    @abc.abstractmethod
    def down(self):
        """Removes everything that up() and tests have started or created, even if up() failed."""

    @abc.abstractmethod
    def argv_kubectl(self, *argv):
        """The command line that runs kubectl against this cluster."""

    @abc.abstractmethod
    def host_with_api(self):
        """A Host that is not a node, and that reaches the API server of the kubeconfig."""

    @abc.abstractmethod
    def stop_api(self):
        """Kills the API server, to simulate a crash."""

    @abc.abstractmethod
    def start_api(self):
        """Starts the API server and waits until it is ready."""

    @abc.abstractmethod
    def set_ready(self, node, ready):
        """Makes a node Ready or not Ready, and waits until its Node object reports this."""

    @abc.abstractmethod
    def load_image(self, archive):
        """Loads an image on every node; `archive` is a file of the format docker-archive."""

    def backend(self, service, *nodes, port=8080):
        """Adds a pod of a Service on each of these nodes."""
        self.pods.add(service, nodes, port)

    def remove_backend(self, service):
        """Removes the pods that backend() created for a Service."""
        self.pods.remove(service)

    @functools.cached_property
    def switch(self):
        return Switch(self.nodes[0].switch)

    def dial(self, client, address, **kwargs):
        """Returns a Dialer that connects from client to address."""
        return Dialer(self.work_dir, client, address, **kwargs)

    def probing(self, client, address, **kwargs):
        """Returns an ArpProber that sends ARP probes for address from client."""
        return ArpProber(self.work_dir, client, address, **kwargs)

    def kubectl(self, *argv, check=True, stdin=None, timeout=120):
        return sh(*self.argv_kubectl(*argv), check=check, stdin=stdin, timeout=timeout)

    def apply(self, *objs):
        """Applies objects, given as dictionaries, through the API."""
        for obj in objs:
            self.api.apply(obj)

    def node_is_ready(self, node):
        """True if the Node object exists and has the condition Ready."""
        found = self.api.list("Node", fieldSelector=f"metadata.name={node.name}")
        return any(c["type"] == "Ready" and c["status"] == "True"
                   for n in found for c in n["status"].get("conditions", []))

    def address_of(self, service, namespace="default"):
        """The first address in a Service's status, or None."""
        status = self.api.get("Service", service, namespace)["status"]
        ingress = status.get("loadBalancer", {}).get("ingress", [])
        return ingress[0].get("ip") if ingress else None

    def wait_address(self, service, timeout=10):
        return wait_for(f"an address for {service}", lambda: self.address_of(service), timeout)

    def events_of(self, name, reason, namespace="default"):
        """The Events that have this reason and are about the object `name`."""
        selector = f"involvedObject.name={name},reason={reason}"
        return self.api.list("Event", namespace, fieldSelector=selector)

    def wait_event(self, name, reason, namespace="default", timeout=10):
        return wait_for(f"an Event {reason} for {name}",
                        lambda: self.events_of(name, reason, namespace), timeout)

    def start_arplets(self):
        """Installs the manifests that daemons need, and starts a daemon on every node."""
        self.arplets.install()
        self.arplets.start_all()

    def host(self, name):
        return next(h for h in [*self.nodes, *self.clients] if h.name == name)

    def _make_arplets(self, procs, work_dir, server, authority_cert):
        self.arplets = Arplets(self, procs, work_dir, server, authority_cert)


def served_pool(name, *addresses, **spec):
    """Returns [an IPAddressPool, an L2Advertisement that lets all nodes announce the pool]."""
    return [objects.pool(name, *addresses, **spec),
            objects.advertisement(name, ipAddressPools=[name])]


