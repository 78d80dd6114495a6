# SPDX-License-Identifier: Apache-2.0
"""Runs a cluster for manual experiments: see `python3 -m cluster --help`."""
import argparse
import os
import signal
import subprocess
import sys
import time

from . import slot
from .namespaces import NamespaceCluster

HELP = """
PATH has the cluster's own kubectl, and KUBECONFIG is set. The LAN is 10.89.0.0/24.
nodes: {nodes}    clients: {clients}
logs: {logs}
To run a command on a node or client: nsenter --net=/run/netns/{prefix}client1 COMMAND
"""


def arguments():
    parser = argparse.ArgumentParser(prog="python3 -m cluster", description=__doc__)
    parser.add_argument("command", choices=["up", "shell", "clean"],
                        help="up: run the cluster until Ctrl-C; shell: start a shell on the "
                             "cluster's gateway; clean: remove the clusters of interrupted runs")
    parser.add_argument("--nodes", type=int, default=3)
    parser.add_argument("--clients", type=int, default=1)
    parser.add_argument("--kubelets", action="store_true",
                        help="run a kubelet on every node, so that nodes run pods")
    parser.add_argument("--arplet", action="store_true", help="start arplet on every node")
    return parser.parse_args()


def names(hosts):
    return " ".join(host.name for host in hosts)


def run_until_exit(cluster, command):
    print(HELP.format(nodes=names(cluster.nodes), clients=names(cluster.clients),
                      prefix=cluster.slot.prefix, logs=cluster.procs.logs), flush=True)
    if command == "up":
        print(f"use KUBECONFIG={cluster.admin_kubeconfig} in the network namespace "
              f"{cluster.lan.gateway.netns}; press Ctrl-C to remove the cluster", flush=True)
        while True:
            time.sleep(3600)
    shell = os.environ.get("SHELL", "/bin/bash")
    env = {**os.environ, "KUBECONFIG": cluster.admin_kubeconfig,
           "PATH": f"{cluster.bin}:{os.environ['PATH']}"}
    subprocess.run(cluster.lan.gateway.argv(shell), env=env, check=False)


def main():
    args = arguments()
    if os.geteuid() != 0:
        sys.exit("cluster: only root can create network namespaces; run this as root")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if args.command == "clean":
        slot.sweep_all()
        return
    try:
        with NamespaceCluster(args.nodes, args.clients, args.kubelets) as cluster:
            if args.arplet:
                cluster.start_arplets()
            run_until_exit(cluster, args.command)
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
