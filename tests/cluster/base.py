# SPDX-License-Identifier: Apache-2.0
"""What a test asks of a cluster, whatever it is made of."""
import abc
import functools

from . import objects
from .arplet import Arplets
from .dial import Asker, Dialer
from .run import sh, wait_for
from .switch import Switch


class Cluster(abc.ABC):
    """
    nodes, clients   Hosts on one LAN
    api              an Api, as cluster administrator
    addresses        free addresses of the LAN, for pools
    addresses6       those of IPv6; none where the cluster has none
    arplets          the daemons that tests start beside the nodes' kubelets
    admin_kubeconfig the file that kubectl uses
    runs_pods        whether DaemonSets and images are more than objects here

    A context manager: up() on entry; down() on exit, which leaves nothing behind.
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
        """Brings the cluster up: all nodes Ready, nothing of arplet in it."""

    @abc.abstractmethod
    def down(self):
        """Ends and removes everything that up() or a test has made; works half-way up, too."""

    @abc.abstractmethod
    def argv_kubectl(self, *argv):
        """The command line that runs kubectl against this cluster."""

    @abc.abstractmethod
    def host_with_api(self):
        """A Host from which the kubeconfig's server can be reached, and that is no node."""

    @abc.abstractmethod
    def stop_api(self):
        """Takes the API server away, as a crash would."""

    @abc.abstractmethod
    def start_api(self):
        """Brings it back and waits until it is ready."""

    @abc.abstractmethod
    def set_ready(self, node, ready):
        """Makes a node Ready or not Ready, and waits until the API says so."""

    @abc.abstractmethod
    def load_image(self, archive):
        """Makes the image of a docker-archive known to every node."""

    def backend(self, service, *nodes, port=8080):
        """Gives a Service one more ready pod on each of these nodes."""
        self.pods.add(service, nodes, port)

    def remove_backend(self, service):
        """Removes the pods that backend() made for a Service."""
        self.pods.remove(service)

    @functools.cached_property
    def switch(self):
        return Switch(self.nodes[0].switch)

    def dial(self, client, address, **kwargs):
        """A Dialer; a context manager, as asking() is."""
        return Dialer(self.room, client, address, **kwargs)

    def asking(self, client, address, **kwargs):
        """An Asker."""
        return Asker(self.room, client, address, **kwargs)

    def kubectl(self, *argv, check=True, stdin=None, timeout=120):
        return sh(*self.argv_kubectl(*argv), check=check, stdin=stdin, timeout=timeout)

    def apply(self, *things):
        """Objects as dictionaries, through the API."""
        for obj in things:
            self.api.apply(obj)

    def node_is_ready(self, node):
        """False also for a node that the API does not know."""
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
        """Events about the object of that name."""
        selector = f"involvedObject.name={name},reason={reason}"
        return self.api.list("Event", namespace, fieldSelector=selector)

    def wait_event(self, name, reason, namespace="default", timeout=10):
        return wait_for(f"an Event {reason} for {name}",
                        lambda: self.events_of(name, reason, namespace), timeout)

    def start_arplets(self):
        """Installs what the daemon needs in the cluster, and starts one on every node."""
        self.arplets.install()
        self.arplets.start_all()

    def host(self, name):
        return next(h for h in [*self.nodes, *self.clients] if h.name == name)

    def _make_arplets(self, procs, room, server, authority_cert):
        self.arplets = Arplets(self, procs, room, server, authority_cert)


def served_pool(name, *addresses, **spec):
    """A pool and the advertisement that lets every node announce it."""
    return [objects.pool(name, *addresses, **spec),
            objects.advertisement(name, ipAddressPools=[name])]


