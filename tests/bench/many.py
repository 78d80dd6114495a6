# SPDX-License-Identifier: Apache-2.0
"""One daemon and ten thousand Services."""
import os
import statistics
import subprocess
import time

from cluster.api import path_of
from cluster.control import SERVER
from cluster.run import wait_for
from figures import memory, scheduled
from load import (IN_FLIGHT, Watch, admin, bare_patches, bare_services, delete, flood, metrics,
                  our_services, patch, put, remove, service, settle)

RATE = 200  # changes a second
QUIET_S = 5
FOLLOWED = ("services", "ipaddresspools", "l2advertisements", "endpointslices", "nodes",
            "namespaces", "secrets")  # that decisions wait for; and it allocates


def burst(cluster, node, count):
    """Seconds: (ours, bare)."""
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
    """What users do, in turns: a label, a port, a Service deleted, one deleted before made again."""
    gone = []
    for number in range(total // 4):
        name = [f"ours-{(number * 4 + i) % count}" for i in range(4)]
        yield patch(name[0], {"metadata": {"labels": {"turn": str(number)}}})
        yield patch(name[1], {"spec": {"ports": [{"port": 81 + number % 1000,
                                                  "targetPort": 8080}]}})
        yield delete(name[2])
        gone.append(name[2])
        if len(gone) > IN_FLIGHT:
            yield put(service(gone.pop(0), count))
        else:
            yield patch(name[3], {"metadata": {"labels": {"turn": str(number)}}})


def churn(cluster, node, count, seconds):
    """Milliseconds of the daemon's CPU for each change, and how many were made a second."""
    pid = cluster.arplets.pid(node)
    wanted = list(changes(count, RATE * seconds))
    time.sleep(QUIET_S)
    idle, _ = scheduled(pid)
    time.sleep(QUIET_S)
    before, _ = scheduled(pid)
    took = flood(cluster, wanted, RATE)
    time.sleep(QUIET_S)  # for what comes of it
    after, _ = scheduled(pid)
    idle_ns = (before - idle) / QUIET_S * (took + QUIET_S)
    return (after - before - idle_ns) / 1e6 / len(wanted), len(wanted) / took


def curl_list(cluster, kind, query=""):
    """Seconds to list all objects of a kind with curl, at once."""
    authority, cert, key = admin(cluster)
    argv = cluster.lan.gateway.argv("curl", "--silent", "--fail", "--cacert", authority, "--cert",
                                    cert, "--key", key, "--output", "/dev/null",
                                    SERVER + path_of(kind) + query)
    start = time.monotonic()
    subprocess.run(argv, check=True)
    return time.monotonic() - start


def curl_lists(cluster):
    """
    Seconds to list the Services, to list them as programs get them, and so their EndpointSlices:
    to curl the API server sends what it makes for people, indented and twice as long.
    """
    compact = "?pretty=false"
    return (curl_list(cluster, "Service"), curl_list(cluster, "Service", compact),
            curl_list(cluster, "EndpointSlice", compact))


def restart(cluster, node):
    """Seconds until in sync and allocating."""
    wanted = {f"in sync resource={kind}" for kind in FOLLOWED} | {"this daemon allocates"}
    with open(cluster.arplets.procs.log_path(cluster.arplets.name(node)), encoding="utf-8",
              errors="replace") as log:
        log.seek(0, os.SEEK_END)
        start = time.monotonic()
        cluster.arplets.launch(node)

        def synced():
            for line in log:
                wanted.difference_update([text for text in wanted if text in line])
            return not wanted

        wait_for("in sync", synced, 60, 0.005)
        return time.monotonic() - start


def writes(cluster, node):
    """What the daemon has written to objects that others read: nothing, after a restart."""
    return {name: value for name, value in metrics(cluster, node).items()
            if name.startswith("arplet_writes_total") and value and "event" not in name}


def measure_many(cluster, args, report):
    node, count = cluster.nodes[0], args.many
    report.head(f"burst of {count} Services")
    ours, bare = burst(cluster, node, count)
    report.say(f"arplet {ours:.2f} s, bare patches {bare:.2f} s")
    report.verdict("ratio", ours / bare, 1.3, "")
    settle(cluster, node)
    time.sleep(QUIET_S)
    report.memory(memory(cluster.arplets.pid(node)), 40, 25)
    report.head(f"{RATE} changes a second among {count} Services, {args.seconds} s")
    cpu, rate = churn(cluster, node, count, args.seconds)
    report.say(f"{rate:.0f} changes a second were made")
    report.verdict("CPU for a change", cpu, 1, " ms")
    settle(cluster, node)
    report.memory(memory(cluster.arplets.pid(node)), 40, 25)
    report.head(f"restart with {count} Services, {args.rounds} rounds")
    ratios, to_both, written = [], [], 0
    for _ in range(args.rounds):
        cluster.arplets.stop(node)
        time.sleep(QUIET_S)
        listed, services, slices = curl_lists(cluster)
        synced = restart(cluster, node)
        report.say(f"in sync after {synced:.2f} s; curl lists the Services in {listed:.2f} s, "
                   f"not indented in {services:.2f} s, and so their EndpointSlices in "
                   f"{slices:.2f} s")
        ratios.append(synced / listed)
        to_both.append(synced / (services + slices))
        time.sleep(QUIET_S)
        report.say(f"written since: {writes(cluster, node)}")
        written += sum(writes(cluster, node).values())
    report.verdict("over listing the Services", statistics.median(ratios), 1.5, "")
    report.say(f"over both, not indented: {statistics.median(to_both):.2f}")
    report.verdict("writes", written, 0, "")
    report.memory(memory(cluster.arplets.pid(node)), 40, 25)
