# SPDX-License-Identifier: Apache-2.0
"""
Hellos reach the peers by one of two carriers: multicast frames, and UDP to the addresses of nodes.
Three nodes run `elect`; the switch drops some of their frames.
"""
import contextlib
import os
import re
import signal
import socket
import struct
import time

import pytest
from cluster import ndp, netns
from cluster.capture import Capture, REPLY
from cluster.run import sh, wait_for

VIP = "10.89.0.100"
PORT = 7475
ETH_P_IP = 0x0800
HELLOS = 'ether type 0x88b5 drop'
MULTICAST = 'ether daddr & 01:00:00:00:00:00 == 01:00:00:00:00:00 ' \
    'ether daddr != ff:ff:ff:ff:ff:ff drop'
UDP = f'udp dport {PORT} drop'
SETTLE_S = 8.0  # longer than a cold start


@pytest.fixture(scope="module")
def nodes(lan):
    return [lan.add(f"node{i}", 10 + i) for i in (1, 2, 3)]


@pytest.fixture(scope="module")
def client(lan, nodes):
    client = lan.add("client1", 201)
    wait_for("the bridge uses its ports", lambda: all(client.arping(n.address) for n in nodes))
    return client


@pytest.fixture
def start(elect, nodes):
    """start(nodes) starts `elect` on these nodes; all know the addresses of all three nodes."""
    def start_on(some, *vips):
        addresses = {n.name: f"{n.name}={n.address}" for n in nodes}
        return {n: elect(n, [addresses[n.name], *(a for name, a in addresses.items()
                                                  if name != n.name)], *(vips or [VIP]))
                for n in some}

    return start_on


@contextlib.contextmanager
def dropping(lan, *rules):
    """Makes the bridge drop the frames that match one of the nft rules."""
    chain = "\n".join(rules)
    sh("nsenter", f"--net={lan.gateway.netns}", "nft", "-f", "-", stdin=f"""
        table bridge carriers {{
            chain forward {{ type filter hook forward priority 0;
                {chain}
            }}
        }}""")
    try:
        yield
    finally:
        sh("nsenter", f"--net={lan.gateway.netns}", "nft", "delete table bridge carriers")


def pair(a, b, rule):
    """The rule for frames from the port of one host to the port of another one."""
    return f'iifname "{a.port()}" oifname "{b.port()}" {rule}'


def both(a, b, rule):
    return [pair(a, b, rule), pair(b, a, rule)]


CASES = {
    "nothing is dropped": lambda n: [],
    "EtherType 0x88b5": lambda n: [HELLOS],
    "all multicast": lambda n: [MULTICAST],
    "EtherType 0x88b5 between two": lambda n: both(n[0], n[1], HELLOS),
    "multicast between two": lambda n: both(n[0], n[1], MULTICAST),
    "EtherType 0x88b5 one way": lambda n: [pair(n[0], n[1], HELLOS)],
    "EtherType 0x88b5 one way from two": lambda n: [pair(n[0], n[2], HELLOS),
                                                    pair(n[1], n[2], HELLOS)],
    "UDP": lambda n: [UDP],
}


def holders(client, nodes, vip=VIP):
    """The names of the nodes that answer a request for the VIP, sorted."""
    by_mac = {n.mac(): n.name for n in nodes}
    return sorted({by_mac[mac] for mac in client.arping(vip, count=2, wait=1)})


def wait_single_holder(client, nodes, timeout=SETTLE_S):
    names = wait_for("a node answers", lambda: holders(client, nodes), timeout)
    return next(n for n in nodes if [n.name] == names), names


def udp_frame(frame, at):
    """The time of a datagram to the port of hellos; None for any other packet."""
    if len(frame) < 42 or frame[23] != socket.IPPROTO_UDP:
        return None
    return at if struct.unpack("!H", frame[36:38])[0] == PORT else None


@pytest.mark.parametrize("case", CASES, ids=list(CASES))
def test_exactly_one_node_answers(lan, nodes, client, start, case):
    with dropping(lan, *CASES[case](nodes)):
        started = start(nodes)
        wait_for("a node answers", lambda: holders(client, nodes), SETTLE_S)
        time.sleep(1)
        for _ in range(4):
            assert len(holders(client, nodes)) == 1
        for node, process in started.items():
            assert "error" not in process.output(), node


def gap_after_loss(client, nodes, started, lan, vip=VIP):
    """
    Cuts the holder off the LAN. Returns the time until another node answers probes of the client.
    """
    holder, = (n for n in nodes if [n.name] == holders(client, nodes))
    mac = holder.mac()
    with netns.socket_in(client.netns, socket.AF_PACKET, socket.SOCK_RAW,
                         socket.htons(0x0806)) as sock:
        sock.bind((client.ifname, 0x0806))
        source = ndp.mac_bytes(client.mac())
        probe = (b"\xff" * 6 + source + struct.pack("!HHHBBH", 0x0806, 1, 0x0800, 6, 4, 1) + source
                 + socket.inet_aton(client.address) + bytes(6) + socket.inet_aton(vip) + bytes(18))
        with client.capture() as seen:
            holder.set_forwarded(False)
            lost = time.monotonic()
            try:
                while time.monotonic() < lost + 5:
                    sock.send(probe)
                    time.sleep(0.005)
                    answers = seen.matching(lambda f: f.op == REPLY and f.sender_ip == vip
                                            and f.sender_mac != mac and f.at > lost)
                    if answers:
                        return answers[0].at - lost
            finally:
                holder.set_forwarded(True)
    return None


@pytest.mark.parametrize("case", ["nothing is dropped", "EtherType 0x88b5", "all multicast"])
def test_another_node_takes_over_when_the_holder_disappears(lan, nodes, client, start, case):
    with dropping(lan, *CASES[case](nodes)):
        started = start(nodes)
        wait_for("a node answers", lambda: holders(client, nodes), SETTLE_S)
        time.sleep(3)
        gap = gap_after_loss(client, nodes, started, lan)
        print(f"{case}: {gap:.3f} s")
        assert gap < 0.5


def test_no_hello_leaves_as_udp_while_multicast_works(lan, nodes, client, start):
    started = start(nodes)
    wait_for("a node answers", lambda: holders(client, nodes), SETTLE_S)
    time.sleep(2)
    captures = [Capture(n, ETH_P_IP, udp_frame) for n in nodes]
    with contextlib.ExitStack() as stack:
        for capture in captures:
            stack.enter_context(capture)
        time.sleep(3)
        assert [c.frames for c in captures] == [[], [], []]
    assert all("carrier" not in p.output() for p in started.values())


def test_the_carrier_that_works_is_reported(lan, nodes, client, start):
    with dropping(lan, *both(nodes[0], nodes[1], HELLOS)):
        started = start(nodes)
        wait_for("the carrier is reported", lambda: "carrier node2 udp" in
                 started[nodes[0]].output(), SETTLE_S + 5)
        assert "carrier node3" not in started[nodes[0]].output()
    wait_for("multicast is reported", lambda: "carrier node2 multicast" in
             started[nodes[0]].output(), SETTLE_S)


def test_a_port_in_use_is_reported_once_and_multicast_goes_on(lan, nodes, client, start):
    with netns.socket_in(nodes[0].netns, socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind((nodes[0].address, PORT))
        started = start(nodes)
        wait_for("a node answers", lambda: holders(client, nodes), SETTLE_S)
        time.sleep(1)
        assert len(holders(client, nodes)) == 1
        output = started[nodes[0]].output()
    assert re.findall("error.*", output) == [
        f"error UDP port {PORT} on eth0: Address already in use"]


def cpu_s(pid):
    with open(f"/proc/{pid}/schedstat", encoding="ascii") as f:
        return int(f.read().split()[0]) / 1e9


@pytest.mark.parametrize("source, ttl, counted", [
    pytest.param("client", 255, "refused", id="from a host that is no node"),
    pytest.param("node2", 64, "dropped", id="with another TTL"),
    pytest.param("node2", 255, "received", id="from the address of a node"),
])
def test_a_flood_costs_little_and_is_counted(nodes, client, start, source, ttl, counted):
    started = start(nodes[:1])
    process = started[nodes[0]]
    wait_for("a node answers", lambda: holders(client, nodes), SETTLE_S)
    src = client.address if source == "client" else nodes[1].address
    payload = struct.pack("!BBH", 2, 0, 200) + os.urandom(196)
    udp = struct.pack("!HHHH", PORT, PORT, 8 + len(payload), 0) + payload
    header = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(udp), 1, 0, ttl, 17, 0)
    header += socket.inet_aton(src) + socket.inet_aton(nodes[0].address)
    total = sum(struct.unpack("!10H", header))
    total = (total & 0xffff) + (total >> 16)
    header = header[:10] + struct.pack("!H", ~(total + (total >> 16)) & 0xffff) + header[12:]
    frame = (ndp.mac_bytes(nodes[0].mac()) + ndp.mac_bytes(client.mac()) +
             struct.pack("!H", ETH_P_IP) + header + udp)
    with netns.socket_in(client.netns, socket.AF_PACKET, socket.SOCK_RAW, 0) as sock:
        sock.bind((client.ifname, 0))
        before, sent, end = cpu_s(process.process.pid), 0, time.monotonic() + 2
        while time.monotonic() < end:
            for _ in range(50):
                sock.send(frame)
            sent += 50
        used = (cpu_s(process.process.pid) - before) / 2
    assert len(holders(client, nodes)) == 1
    stats = process.stop()["udp"]
    print(f"{sent / 2:.0f} datagrams a second: {100 * used:.1f} % of a CPU, {stats}")
    assert used < 0.15
    assert stats[counted] > 1000
    assert sum(stats[k] for k in ("received", "refused", "dropped")) >= 0.9 * sent
    if counted == "dropped":
        assert stats["received"] == stats["refused"] == 0


def test_a_suspended_holder_is_replaced_without_multicast(lan, nodes, client, start):
    with dropping(lan, MULTICAST):
        started = start(nodes)
        wait_for("a node answers", lambda: holders(client, nodes), SETTLE_S)
        time.sleep(2)
        holder, = (n for n in nodes if [n.name] == holders(client, nodes))
        os.kill(started[holder].process.pid, signal.SIGSTOP)
        try:
            wait_for("another node answers", lambda: holders(client, nodes) not in (
                [], [holder.name]), 3)
        finally:
            os.kill(started[holder].process.pid, signal.SIGCONT)
        time.sleep(1)
        assert len(holders(client, nodes)) == 1


def remake(lan, node):
    """Deletes the node's interface, and makes it again with the same name, MAC and addresses."""
    mac, port, space = node.mac(), node.port(), netns.name_of(node.netns)
    netns.ip(space, "link del eth0")
    netns.ip(lan.control, f"link add {port} type veth peer name eth0 address {mac} "
             f"netns {space}",
             f"link set {port} master br0 up")
    netns.ip(space, f"addr add {node.address}/24 dev eth0", "link set eth0 up")


@pytest.mark.parametrize("case", ["nothing is dropped", "EtherType 0x88b5"])
def test_one_node_answers_after_an_interface_is_made_again(lan, nodes, client, start, case):
    with dropping(lan, *CASES[case](nodes)):
        started = start(nodes)
        wait_for("a node answers", lambda: holders(client, nodes), SETTLE_S)
        time.sleep(2)
        for _ in range(3):
            holder, = (n for n in nodes if [n.name] == holders(client, nodes))
            remake(lan, holder)
            time.sleep(2)
            for _ in range(2):
                assert len(holders(client, nodes)) == 1
        assert all("error" not in p.output() for p in started.values())


def test_hellos_go_to_ipv6_addresses_of_nodes_without_ipv4(lan, nodes, client, elect):
    addresses = [f"{n.name}=fd89::{n.address.split('.')[-1]}" for n in nodes]
    for n in nodes:
        n.run("ip", "addr", "add", f"fd89::{n.address.split('.')[-1]}/64", "dev", "eth0", "nodad")
    # the neighbour discovery of the hellos' addresses needs its multicast groups
    with dropping(lan, HELLOS):
        started = [elect(n, [a, *(b for b in addresses if b != a)], VIP)
                   for n, a in zip(nodes, addresses)]
        wait_for("a node answers", lambda: holders(client, nodes), SETTLE_S)
        time.sleep(1)
        for _ in range(3):
            assert len(holders(client, nodes)) == 1
    stats = [p.stop()["udp"] for p in started]
    assert all(s["received"] > 10 for s in stats), stats
