# SPDX-License-Identifier: Apache-2.0
"""A Service that changes all the time has few writes and Events, and delays no other Service."""
import contextlib
import statistics
import threading
import time

from cluster import objects
from cluster.api import Api, ApiError
from cluster.base import served_pool
from cluster.run import wait_for

from lan import metric

WRITES = 'arplet_writes_total{what="%s"}'
EVENTS = 'arplet_writes_total{what="event"}'
STATUS = ("service status", "service conditions")
L2STATUS = ("l2status", "l2status deletion")


def api_of(cluster):
    """A second connection to the API server, for a thread."""
    return Api(cluster.control.admin, cluster.lan.gateway.netns)


@contextlib.contextmanager
def repeatedly(cluster, change, every=0.02):
    """Calls change(api, number of the call) in a thread until the block ends."""
    stop = threading.Event()
    failures = []

    def run():
        api, n = api_of(cluster), 0
        while not stop.wait(every):
            try:
                change(api, n)
            except ApiError as e:
                if e.status not in (404, 409):
                    failures.append(e)
            n += 1

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
    assert not failures


def writes(cluster, kinds):
    return sum(metric(cluster, node, WRITES % kind) for node in cluster.nodes for kind in kinds)


def time_to_address(cluster, name):
    began = time.monotonic()
    cluster.apply(objects.service(name, allocateLoadBalancerNodePorts=False))
    wait_for(f"an address for {name}", lambda: cluster.address_of(name), 10, 0.002)
    return time.monotonic() - began


def test_a_service_that_changes_50_times_a_second_is_written_twice_a_second(cluster):
    cluster.apply(*served_pool("lan", cluster.addresses[0] + "-" + cluster.addresses[20]))
    quiet = statistics.median(time_to_address(cluster, f"before-{n}") for n in range(7))
    cluster.apply(objects.service("noisy"))
    cluster.backend("noisy", cluster.nodes[0])
    cluster.wait_address("noisy")
    before = writes(cluster, STATUS + L2STATUS), writes(cluster, ("event",))

    def flip(api, n):
        """Requests an address of the pool, an address of no pool, and no address."""
        kind = "ClusterIP" if n % 4 == 0 else "LoadBalancer"
        ip = "192.0.2.9" if n % 4 == 1 else cluster.addresses[15 + n % 4]
        api.patch("Service", "noisy", {
            "metadata": {"annotations": {"metallb.io/loadBalancerIPs": ip}},
            "spec": {"type": kind}})

    began = time.monotonic()
    with repeatedly(cluster, flip):
        noisy = statistics.median(time_to_address(cluster, f"during-{n}") for n in range(7))
        time.sleep(10 - (time.monotonic() - began))
    cluster.api.patch("Service", "noisy", {
        "metadata": {"annotations": {"metallb.io/loadBalancerIPs": cluster.addresses[19]}},
        "spec": {"type": "LoadBalancer"}})
    wait_for("the last state", lambda: cluster.address_of("noisy") == cluster.addresses[19], 3)
    lasted = time.monotonic() - began
    n_writes = writes(cluster, STATUS + L2STATUS) - before[0] - 7
    n_events = writes(cluster, ("event",)) - before[1] - 7
    print(f"{lasted:.1f} s: {n_writes} writes, {n_events} Events; address of another Service "
          f"after {quiet * 1000:.0f} ms, during the changes {noisy * 1000:.0f} ms")
    # 10 writes at once and 2 a second, of the Service and of its ServiceL2Statuses
    assert n_writes <= 2 * (12 + 2 * lasted)
    assert n_events <= 3 * 25  # of each daemon
    assert noisy - quiet < 0.05
