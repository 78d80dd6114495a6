# SPDX-License-Identifier: Apache-2.0
"""
The LAN: a bridge in a network namespace, and one network namespace for each machine.

      PREFIXctl                                  PREFIXnode1   PREFIXnode2   PREFIXclient1
    +--------------------------------------+   +-----------+ +-----------+ +-----------+
    | etcd, kube-apiserver, ...            |   | kubelet,  | |           | |           |
    |  br0  10.89.0.1  fd89::1  (gateway)  |   | arplet .. | |           | |  curl     |
    +---+-----------+-----------+----------+   +---eth0----+ +---eth0----+ +---eth0----+
        | node1     | node2     | client1         | .11         | .12         | .201
        +-----------|-----------|-----------------+             |             |
                    +-----------|-------------------------------+             |
                                +---------------------------------------------+

The LAN has no connection to the network of the machine that runs the tests. Pods of node N have
addresses of 10.244.N.0/24. The LAN must lie outside the ClusterIP range, because kube-proxy drops
packets to a ClusterIP that no Service has.
"""
from . import netns
from .host import Host

NET = "10.89.0"
NET6 = "fd89:"
GATEWAY = f"{NET}.1"
# The bridge has a fixed MAC, because its default MAC changes when a port is added or removed.
BRIDGE_MAC = "02:00:00:89:00:01"
# Options of a bridge that sends MLD queries, which hosts must answer within one second.
SNOOPING = "mcast_snooping 1 mcast_querier 1 mcast_query_response_interval 100"


def pod_net(index):
    return f"10.244.{index + 1}"


class Lan:
    def __init__(self, prefix):
        self.prefix = prefix
        self.control = prefix + "ctl"
        self.gateway = Host("control", netns.path(self.control), GATEWAY, "br0")

    def up(self, snooping=False):
        """With snooping, the bridge sends multicast only to the ports of group members (MLD)."""
        netns.create(self.control)
        netns.ip(self.control,
                 f"link add br0 address {BRIDGE_MAC} type bridge {SNOOPING if snooping else ''}",
                 f"addr add {GATEWAY}/24 dev br0",
                 f"addr add {NET6}:1/64 dev br0 nodad",
                 "link set br0 up")
        forward_packets(self.gateway)

    def add(self, name, last, forward=False):
        """Adds a machine to the LAN; `last` is the last byte of the machine's IPv4 address."""
        netns_name = self.prefix + name
        host = Host(name, netns.path(netns_name), f"{NET}.{last}", switch=self.gateway.netns)
        netns.create(netns_name)
        netns.ip(self.control,
                 f"link add {name} type veth peer name eth0 netns {netns_name}",
                 f"link set {name} master br0 up")
        if forward:
            forward_packets(host)
        netns.ip(netns_name,
                 f"addr add {host.address}/24 dev eth0",
                 f"addr add {NET6}:{last:x}/64 dev eth0 nodad",
                 "link set eth0 up",
                 f"route add default via {GATEWAY}")
        return host

    def route_pods(self, nodes):
        """Adds routes to the pods of each node, on the gateway and on all other nodes."""
        for index, node in enumerate(nodes):
            route = f"route add {pod_net(index)}.0/24 via {node.address}"
            for other in [self.gateway, *nodes]:
                if other is not node:
                    netns.ip(netns.name_of(other.netns), route)


def forward_packets(host):
    host.run("sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1")
