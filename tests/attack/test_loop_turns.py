# SPDX-License-Identifier: Apache-2.0
"""However many Services a tenant makes, each turn of the daemons' event loop stays short."""
import concurrent.futures
import time

from cluster import objects
from cluster.api import Api, path_of
from cluster.base import served_pool
from cluster.objects import namespace
from cluster.run import wait_for

from lan import metric
from tenant import TENANT

SERVICES = 400   # of each kind
LATE_SHARE = 0.001  # of all turns: another process can have the CPU for longer than 50 ms
THREADS = 8
DEATHS, LATE = "arplet_peer_deaths_total", 'arplet_loop_turn_seconds_bucket{le="0.05"}'
TURNS, MAX = "arplet_loop_turn_seconds_count", "arplet_loop_turn_max_seconds"


def of_tenant(name, port, **annotations):
    obj = objects.service(name, port=port, allocateLoadBalancerNodePorts=False, annotations={
        f"metallb.io/{key}": value for key, value in annotations.items()})
    obj["metadata"]["namespace"] = TENANT
    return obj


def hostile(address):
    """Services that share one address, that have a key each, and that request one address."""
    for n in range(SERVICES):
        yield of_tenant(f"one-{n}", n + 1, **{"allow-shared-ip": "one"})
        yield of_tenant(f"own-{n}", 80, **{"allow-shared-ip": f"own-{n}"})
        yield of_tenant(f"asks-{n}", 80, loadBalancerIPs=address)


def create_all(cluster, objs):
    def create(part):
        api = Api(cluster.control.admin, cluster.lan.gateway.netns, timeout=60)
        for obj in part:
            api.request("POST", path_of(obj["kind"], TENANT), obj)

    with concurrent.futures.ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(create, [objs[n::THREADS] for n in range(THREADS)]))


def turns(cluster, node):
    """How many turns took longer than 50 ms, and how many turns there were, from one page."""
    values = dict(line.rsplit(" ", 1) for line in
                  cluster.arplets.http(node, "metrics").splitlines() if line[0] != "#")
    return float(values[TURNS]) - float(values[LATE]), float(values[TURNS])


def test_thousands_of_services_do_not_stop_the_event_loop(module_cluster):
    cluster = module_cluster  # nothing is deleted: the cluster ends with this test
    pool, advertisement = served_pool("many", "10.201.0.0/20")
    pool["metadata"]["annotations"] = {"arplet.io/namespace-quota": "300"}
    cluster.apply(pool, advertisement, namespace(TENANT))
    before = {node: turns(cluster, node) for node in cluster.nodes}
    deaths = {node: metric(cluster, node, DEATHS) for node in cluster.nodes}
    create_all(cluster, list(hostile("10.201.0.9")))
    for n in range(40):  # a Service that flips makes all waiting Services be decided again
        cluster.apply(of_tenant("flip", 80, **{"allow-shared-ip": f"flip-{n}"}))
    name = f"one-{SERVICES - 1}"
    wait_for(f"an address of {name}", lambda: cluster.address_of(name, TENANT), 120, 1)
    time.sleep(3)
    for node in cluster.nodes:
        late, count = (now - then for now, then in zip(turns(cluster, node), before[node]))
        print(f"{node.name}: {late:.0f} of {count:.0f} turns took over 50 ms, the longest "
              f"{metric(cluster, node, MAX) * 1000:.1f} ms")
        assert late <= count * LATE_SHARE, node.name
    assert {node: metric(cluster, node, DEATHS) for node in cluster.nodes} == deaths
