# SPDX-License-Identifier: Apache-2.0
"""arplet --dry-run predicts the addresses, holders and warnings of the daemons in a cluster."""
import json
import subprocess

import pytest

from cluster import objects
from cluster.arplet import PROGRAM
from cluster.base import served_pool
from cluster.objects import NAMESPACE
from cluster.run import wait_for

from lan import wait_holder

SERVED, UNSERVED = ("one", "two", "local"), "unserved"


@pytest.fixture
def without_daemons(cluster):
    """A cluster without daemons, where three of four LoadBalancer Services can get an address."""
    for node in cluster.nodes:
        cluster.arplets.stop(node)
    a = cluster.addresses
    cluster.apply(*served_pool("lan", f"{a[0]}-{a[2]}"))
    for number, name in enumerate((*SERVED, UNSERVED)):
        cluster.backend(name, cluster.nodes[number % 3])
    for name in ("one", "two"):
        cluster.apply(objects.service(name))
    cluster.apply(objects.service("local", externalTrafficPolicy="Local"))
    cluster.apply(objects.service(UNSERVED, annotations={"metallb.io/address-pool": "nowhere"}))
    cluster.apply(objects.service("internal", kind="ClusterIP"))
    return cluster


def command(cluster, *options):
    """The command line of a dry run with no capability except CAP_DAC_READ_SEARCH."""
    setpriv = ["setpriv", "--bounding-set=-all,+dac_read_search", "--inh-caps=-all",
              "--no-new-privs"]
    return cluster.host_with_api().argv(*setpriv, PROGRAM, "--dry-run", "--kubeconfig",
                                        cluster.admin_kubeconfig, *options)


def dry_run(cluster):
    return subprocess.run(command(cluster, "-o", "json"), text=True, capture_output=True,
                          timeout=30, check=False)


def versions(cluster):
    return {(kind, o["metadata"]["name"]): o["metadata"]["resourceVersion"]
            for kind in ("Service", "IPAddressPool", "Lease") for o in cluster.api.list(kind)}


def of_kind(items, kind):
    return [o for o in items if o["kind"] == kind]


def test_the_dry_run_predicts_addresses_holders_and_warnings(without_daemons):
    cluster, client = without_daemons, without_daemons.clients[0]
    before = versions(cluster)
    done = dry_run(cluster)
    assert done.returncode == 1, done.stderr  # exit status 1: one Service has no address
    assert versions(cluster) == before
    items = json.loads(done.stdout)["items"]
    addresses = {o["metadata"]["name"]: [i["ip"] for i in
                 o.get("status", {}).get("loadBalancer", {}).get("ingress", [])]
                 for o in of_kind(items, "Service")}
    announcers = {o["status"]["serviceName"]: o["status"]["node"]
                  for o in of_kind(items, "ServiceL2Status")}
    warnings = {(e["involvedObject"]["name"], e["reason"]) for e in of_kind(items, "Event")
                  if e["type"] == "Warning"}

    for node in cluster.nodes:
        cluster.arplets.start(node)
    for name in SERVED:
        assert [cluster.wait_address(name)] == addresses[name]
        assert wait_holder(cluster, client, addresses[name][0]).name == announcers[name]
    assert addresses[UNSERVED] == []
    # only arplet's Events count: the API server can warn about its Service "kubernetes"
    wait_for("the same warnings", lambda: {
        (e["involvedObject"]["name"], e["reason"]) for e in cluster.api.list("Event", "default")
        if e["type"] == "Warning" and e["source"].get("component") == "arplet"} == warnings)
    assert announcers["local"] == cluster.nodes[2].name


def test_the_dry_run_shows_the_addresses_that_services_have(without_daemons):
    cluster = without_daemons
    cluster.api.delete("Service", UNSERVED)
    for node in cluster.nodes:
        cluster.arplets.start(node)
    assigned = {n: cluster.wait_address(n) for n in SERVED}
    wait_for("a ServiceL2Status of each Service", lambda: len(
        cluster.api.list("ServiceL2Status", NAMESPACE)) == 3)
    done = dry_run(cluster)
    assert done.returncode == 0, done.stderr
    items = json.loads(done.stdout)["items"]
    shown = {o["metadata"]["name"]: o["status"]["loadBalancer"]["ingress"][0]["ip"]
             for o in of_kind(items, "Service") if o["metadata"]["name"] in SERVED}
    assert shown == assigned


def test_the_dry_run_with_watch_shows_changes_of_the_cluster(without_daemons):
    cluster = without_daemons
    with subprocess.Popen(command(cluster, "--watch"), text=True, stdout=subprocess.PIPE,
                          bufsize=1) as watch:
        try:
            rows = [watch.stdout.readline().split(maxsplit=6) for _ in range(5)]
            assert rows[0][:4] == ["NAMESPACE", "NAME", "ADDRESS", "POOL"]
            assert [row[1] for row in rows[1:]] == ["local", "one", "two", UNSERVED]
            assert rows[4][2] == "<pending>" and "nowhere" in rows[4][6]
            freed = rows[2][2]

            cluster.apply(objects.service(UNSERVED, annotations={"metallb.io/address-pool": "lan"}))
            assert "no free IPv4 address" in watch.stdout.readline()
            cluster.api.delete("Service", "one")
            rows = [watch.stdout.readline().split(maxsplit=6) for _ in range(2)]
            assert rows[0][1:3] == [UNSERVED, freed]
            assert rows[1][1:3] == ["one", "<none>"] and "gone" in rows[1][6]
        finally:
            watch.terminate()
        assert watch.wait(timeout=5) == 0
