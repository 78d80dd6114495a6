# SPDX-License-Identifier: Apache-2.0
"""
A Service that changes all the time, and a program that fights with arplet, cause few writes and
Events, and delay no other Service.
"""
import contextlib
import statistics
import threading
import time

from cluster import objects
from cluster.api import Api, ApiError, path_of
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


def test_arplet_does_not_fight_with_a_program_that_overwrites_the_status(cluster):
    cluster.apply(*served_pool("lan", cluster.addresses[0] + "-" + cluster.addresses[20]))
    cluster.apply(objects.service("web"))
    ours = cluster.wait_address("web")
    theirs = {"status": {"loadBalancer": {"ingress": [{"ip": "192.0.2.1"}]}}}
    before = writes(cluster, STATUS)
    overwritten = []

    def overwrite(api, _):
        ingress = api.get("Service", "web")["status"]["loadBalancer"].get("ingress", [{}])
        if ingress[0].get("ip") != "192.0.2.1":
            api.patch("Service", "web", theirs, sub="status")
            overwritten.append(time.monotonic())

    with repeatedly(cluster, overwrite, every=0.001):
        time.sleep(20)
    n_writes = writes(cluster, STATUS) - before
    print(f"20 s: {n_writes} writes, overwritten {len(overwritten)} times")
    # 4 at once, then after 1, 2, 4 and 8 s; each write can also change a condition
    assert 5 <= len(overwritten) <= 9
    assert n_writes <= 12
    assert len(cluster.events_of("web", "StatusConflict")) == 1
    assert cluster.events_of("web", "StatusConflict")[0]["count"] == 1
    wait_for("the address of arplet", lambda: cluster.address_of("web") == ours, 25)


def l2_status_of(node, name):
    return {"apiVersion": objects.METALLB, "kind": "ServiceL2Status",
            "metadata": {"generateName": "l2-", "namespace": objects.NAMESPACE, "labels": {
                "metallb.io/node": node, "metallb.io/service-name": name,
                "metallb.io/service-namespace": "default"}},
            "status": {"node": node, "serviceName": name, "serviceNamespace": "default"}}


def test_a_holder_does_not_fight_with_a_program_that_writes_servicel2statuses(cluster):
    """Such as MetalLB's speaker, which creates its ServiceL2Status again when it is deleted."""
    cluster.apply(*served_pool("lan", cluster.addresses[0] + "-" + cluster.addresses[20]))
    cluster.apply(objects.service("web"))
    cluster.backend("web", cluster.nodes[0])
    cluster.wait_event("web", "nodeAssigned")
    path = path_of("ServiceL2Status", objects.NAMESPACE)
    before = writes(cluster, L2STATUS)
    created = []

    def create(api, _):
        names = [s["status"].get("node") for s in api.list("ServiceL2Status", objects.NAMESPACE)
                 if "status" in s]
        if "elsewhere" not in names:
            made = l2_status_of("elsewhere", "web")
            name = api.request("POST", path, made)["metadata"]["name"]
            api.patch("ServiceL2Status", name, {"status": made["status"]}, objects.NAMESPACE,
                      sub="status")
            created.append(name)

    with repeatedly(cluster, create, every=0.001):
        time.sleep(15)
    n_writes = writes(cluster, L2STATUS) - before
    print(f"15 s: {n_writes} writes, created {len(created)} times")
    assert 3 <= len(created) <= 14
    assert n_writes <= 16
    assert len(cluster.events_of("web", "SpeakerConflict")) == 1
    for status in cluster.api.list("ServiceL2Status", objects.NAMESPACE):
        if status["metadata"]["name"] in created:
            cluster.api.delete("ServiceL2Status", status["metadata"]["name"], objects.NAMESPACE)
