# SPDX-License-Identifier: Apache-2.0
"""Benchmarks of one daemon with ten thousand Services."""
import os
import statistics
import subprocess
import time

from cluster.api import path_of
from cluster.control import SERVER
from cluster.run import wait_for
from figures import memory, scheduled
from workload import (IN_FLIGHT, Watch, admin, bare_patches, bare_services, delete, metrics,
                      our_services, patch, put, remove, send_requests, service, wait_written)

RATE = 200  # changes per second
QUIET_S = 5
WATCHED = ("services", "ipaddresspools", "l2advertisements", "endpointslices", "nodes",
           "namespaces", "secrets")  # resources that a daemon lists before its first decision


def burst(cluster, node, count):
    """Returns the seconds until `count` Services have addresses: (by arplet, by api_load)."""
    bare = bare_services(cluster, count)
    bare_s = bare_patches(cluster, bare)
    remove(cluster, bare)
    our_services(cluster, count)
    watch = Watch(cluster)
    start = time.monotonic()
    cluster.arplets.start(node)
    ours_s = watch.until_addresses(count) - start
    watch.close()
    return ours_s, bare_s


def changes(count, total):
    """Yields API requests that change labels and ports, and delete and create Services."""
    deleted = []
    for number in range(total // 4):
        name = [f"ours-{(number * 4 + i) % count}" for i in range(4)]
        yield patch(name[0], {"metadata": {"labels": {"turn": str(number)}}})
        yield patch(name[1], {"spec": {"ports": [{"port": 81 + number % 1000,
                                                  "targetPort": 8080}]}})
        yield delete(name[2])
        deleted.append(name[2])
        if len(deleted) > IN_FLIGHT:
            yield put(service(deleted.pop(0), count))
        else:
            yield patch(name[3], {"metadata": {"labels": {"turn": str(number)}}})


def churn(cluster, node, count, seconds):
    """Changes Services; returns (CPU time of the daemon per change in ms, changes per second)."""
    pid = cluster.arplets.pid(node)
    requests = list(changes(count, RATE * seconds))
    time.sleep(QUIET_S)
    idle, _ = scheduled(pid)
    time.sleep(QUIET_S)
    before, _ = scheduled(pid)
    took = send_requests(cluster, requests, RATE)
    time.sleep(QUIET_S)  # after this time the daemon has handled the last changes
    after, _ = scheduled(pid)
    idle_ns = (before - idle) / QUIET_S * (took + QUIET_S)
    return (after - before - idle_ns) / 1e6 / len(requests), len(requests) / took


def curl_list(cluster, kind, query=""):
    """Returns the seconds that curl takes to list all objects of a kind in one request."""
    authority, cert, key = admin(cluster)
    argv = cluster.lan.gateway.argv("curl", "--silent", "--fail", "--cacert", authority, "--cert",
                                    cert, "--key", key, "--output", "/dev/null",
                                    SERVER + path_of(kind) + query)
    start = time.monotonic()
    subprocess.run(argv, check=True)
    return time.monotonic() - start


def curl_lists(cluster):
    """
    Returns the seconds that curl takes for three lists: Services as indented JSON, Services as
    compact JSON, EndpointSlices as compact JSON. By default, the API server sends indented JSON to
    curl.
    """
    compact = "?pretty=false"
    return (curl_list(cluster, "Service"), curl_list(cluster, "Service", compact),
            curl_list(cluster, "EndpointSlice", compact))


def restart(cluster, node):
    """Starts the daemon; returns the seconds until it has listed all objects and allocates."""
    missing = {f"in sync resource={kind}" for kind in WATCHED} | {"this daemon allocates"}
    with open(cluster.arplets.procs.log_path(cluster.arplets.name(node)), encoding="utf-8",
              errors="replace") as log:
        log.seek(0, os.SEEK_END)
        start = time.monotonic()
        cluster.arplets.launch(node)

        def synced():
            for line in log:
                missing.difference_update([text for text in missing if text in line])
            return not missing

        wait_for("in sync", synced, 60, 0.005)
        return time.monotonic() - start


def writes(cluster, node):
    """Returns the daemon's numbers of API writes as {metric: number}; omits Events and zeroes."""
    return {name: value for name, value in metrics(cluster, node).items()
            if name.startswith("arplet_writes_total") and value and "event" not in name}


def measure_many(cluster, args, report):
    node, count = cluster.nodes[0], args.many
    report.print_heading(f"burst of {count} Services")
    ours, bare = burst(cluster, node, count)
    report.print_line(f"arplet {ours:.2f} s, bare patches {bare:.2f} s")
    report.verdict("ratio", ours / bare, 1.3, "")
    wait_written(cluster, node)
    time.sleep(QUIET_S)
    report.memory(memory(cluster.arplets.pid(node)), 40, 25)
    report.print_heading(f"{RATE} changes per second of {count} Services, {args.seconds} s")
    cpu, rate = churn(cluster, node, count, args.seconds)
    report.print_line(f"{rate:.0f} changes per second were sent")
    report.verdict("CPU per change", cpu, 1, " ms")
    wait_written(cluster, node)
    report.memory(memory(cluster.arplets.pid(node)), 40, 25)
    report.print_heading(f"restart with {count} Services, {args.rounds} rounds")
    ratios, to_both, written = [], [], 0
    for _ in range(args.rounds):
        cluster.arplets.stop(node)
        time.sleep(QUIET_S)
        listed, services, slices = curl_lists(cluster)
        synced = restart(cluster, node)
        report.print_line(f"in sync after {synced:.2f} s; curl lists Services in {listed:.2f} s, "
                          f"compact Services in {services:.2f} s, compact EndpointSlices in "
                          f"{slices:.2f} s")
        ratios.append(synced / listed)
        to_both.append(synced / (services + slices))
        time.sleep(QUIET_S)
        report.print_line(f"API writes since the restart: {writes(cluster, node)}")
        written += sum(writes(cluster, node).values())
    report.verdict("restart over listing the Services", statistics.median(ratios), 1.5, "")
    report.print_line(f"restart over both compact lists: {statistics.median(to_both):.2f}")
    report.verdict("API writes after restarts", written, 0, "")
    report.memory(memory(cluster.arplets.pid(node)), 40, 25)
