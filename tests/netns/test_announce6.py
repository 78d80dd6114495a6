# SPDX-License-Identifier: Apache-2.0
"""Other hosts of the LAN receive the NDP messages of a node that holds IPv6 addresses."""
import time

import pytest
from cluster import ndp, netns
from cluster.run import wait_for

VIP = "fd89::100"
FREE = "fd89::99"
CLIENT = "fd89::c9"
OTHER_MAC = "02:00:00:00:00:99"
ROUND_S = 1.1
LEARN_S = 4.0  # timeout; the bridge uses a port only 1 s after its carrier is back


def link_local(host):
    """Waits for duplicate address detection (RFC 4862); returns the host's link-local address."""
    def find():
        out = host.run("ip", "-6", "-o", "addr", "show", "dev", host.ifname, "scope", "link")
        return out.split()[3].split("/")[0] if out and "tentative" not in out else None
    return wait_for(f"{host} has a link-local address", find)


@pytest.fixture(scope="module", autouse=True)
def ready(node, client):
    """Waits until both hosts can use their addresses, and the bridge filters multicast by group."""
    link_local(node)
    link_local(client)
    wire = netns.socket_in(client.netns, 17, 3, 0)  # AF_PACKET, SOCK_RAW
    wire.bind((client.ifname, 0))
    group, group_mac = ndp.group_of(FREE)

    def filtered():
        with node.capture_ndp() as seen:
            wire.send(ndp.build(group_mac, client.mac(), CLIENT, group, ndp.SOLICITATION, FREE))
            time.sleep(0.2)
            return not seen.frames
    wait_for("the bridge filters a group that no host has joined", filtered, 20)
    wire.close()


@pytest.fixture
def claimed(announce, client):
    """claimed(address) calls announce() and waits for the last NA of the claim."""
    def start(address):
        with client.capture_ndp() as seen:
            announcer = announce(address)
            seen.wait(lambda f: f.unsolicited_for(address), count=5, timeout=7)
        return announcer

    return start


def is_answer(frame):
    return frame.type == ndp.ADVERTISEMENT and frame.flags & ndp.SOLICITED


def groups(node, ifname="eth0"):
    """The solicited-node groups of fd89::1:X that the kernel of the node has joined."""
    out = node.run("ip", "-6", "maddr", "show", "dev", ifname)
    return {line.split()[1] for line in out.splitlines() if "inet6 ff02::1:ff" in line}


def test_an_address_is_claimed_by_five_unsolicited_nas(announce, node, client):
    with client.capture_ndp() as seen:
        announce(VIP)
        seen.wait(lambda f: f.unsolicited_for(VIP), count=5, timeout=7)
        time.sleep(1.5)
        frames = seen.matching(lambda f: f.unsolicited_for(VIP))
    assert len(frames) == 5
    for earlier, later in zip(frames, frames[1:]):
        assert later.at - earlier.at == pytest.approx(ROUND_S, abs=0.1)
    for frame in frames:
        assert frame.eth_src == frame.mac == node.mac()
        assert frame.eth_dst == ndp.ALL_NODES_MAC
        assert frame.src == link_local(node)


def test_a_claim_updates_the_neighbour_entry_of_another_host(announce, node, client):
    client.set_neighbour(VIP, OTHER_MAC)
    announce(VIP)
    wait_for("the client has the new entry", lambda: client.neighbour(VIP) == node.mac(), timeout=1)


def test_the_kernel_of_another_host_resolves_the_address(claimed, node, client):
    claimed(VIP)
    assert client.resolve(VIP) == node.mac()


def test_a_kernel_that_probes_its_neighbour_entry_keeps_it(announced, node, client):
    client.run("sysctl", "-qw", "net.ipv6.neigh.eth0.delay_first_probe_time=1")
    announcer = announced(VIP)
    client.set_neighbour(VIP, node.mac())
    client.run("ping", "-6", "-c", "1", "-W", "1", VIP, check=False)  # makes the kernel probe
    wait_for("the entry is confirmed", lambda: "REACHABLE" in client.run(
        "ip", "-6", "neigh", "show", VIP), timeout=4)
    assert announcer.stop()[VIP]["answers"] >= 1


def test_no_host_answers_for_other_addresses_or_after_the_process_has_ended(announced, client):
    announcer = announced(VIP)
    assert client.resolve(FREE) is None
    announcer.stop()
    assert client.resolve(VIP) is None


@pytest.mark.parametrize("with_option", [True, False])
@pytest.mark.parametrize("unicast", [True, False])
def test_an_ns_is_answered_to_its_sender(announced, node, wire6, unicast, with_option):
    announced(VIP)
    wire6.send_ns(VIP, CLIENT, mac=wire6.mac if with_option else None,
              dst=VIP if unicast else None, to=node.mac() if unicast else None)
    answer = wire6.receive(is_answer)
    assert (answer.eth_dst, answer.eth_src) == (wire6.mac, node.mac())
    assert (answer.dst, answer.src) == (CLIENT, link_local(node))
    assert (answer.target, answer.mac) == (VIP, node.mac())
    assert answer.flags == ndp.SOLICITED | ndp.OVERRIDE


def test_an_ns_to_the_mac_of_another_host_is_not_answered(announced, node, wire6):
    node.run("ip", "link", "set", "eth0", "promisc", "on")
    announcer = announced(VIP)
    wire6.send_ns(VIP, CLIENT, to=OTHER_MAC)  # the bridge floods unknown MACs
    assert not wire6.receive(is_answer, within=0.5)
    assert announcer.stop()["port"]["received"] == 0
    node.run("ip", "link", "set", "eth0", "promisc", "off")


def test_duplicate_address_detection_of_another_host_fails(claimed, client):
    claimed(VIP)
    client.run("ip", "-6", "addr", "add", f"{VIP}/64", "dev", "eth0")
    try:
        wait_for("duplicate address detection fails", lambda: "dadfailed" in client.run(
            "ip", "-6", "addr", "show", "dev", "eth0"), timeout=4)
    finally:
        client.run("ip", "-6", "addr", "del", f"{VIP}/64", "dev", "eth0")


def test_a_probe_is_answered_to_all_nodes(claimed, client, node, wire6):
    claimed(VIP)
    with client.capture_ndp() as seen:
        wire6.send_ns(VIP, "::")
        answer, = seen.wait(lambda f: f.unsolicited_for(VIP), timeout=0.5)
    assert (answer.eth_dst, answer.mac) == (ndp.ALL_NODES_MAC, node.mac())


def test_the_filter_drops_messages_about_other_addresses(announced, node, wire6):
    announcer = announced(VIP)
    for last in range(200):
        wire6.send_ns(f"fd89::1:{last:x}", CLIENT, to=node.mac())
    for _ in range(3):
        wire6.send_ns(VIP, CLIENT)
        assert wire6.receive(is_answer)
    counted = announcer.stop()
    assert counted["port"]["received"] == 3
    assert counted[VIP]["requests"] == counted[VIP]["answers"] == 3


def test_a_group_is_joined_while_an_address_needs_it(announced, node):
    before = groups(node)
    announcer = announced("fd89::1:aa:bbcc", "fd89::2:aa:bbcc")  # both in one group
    assert groups(node) - before == {"ff02::1:ffaa:bbcc"}
    announcer.stop()
    assert groups(node) == before


def test_without_ipv6_addresses_no_socket_is_opened_for_ndp(announced, node):
    before = groups(node)
    announcer = announced("10.89.0.100")
    assert groups(node) == before
    assert announcer.stop()["port"]["sockets"] == 1
    assert announced("10.89.0.100", VIP).stop()["port"]["sockets"] == 2


def test_a_new_mac_is_announced_at_once(announced, node, client):
    announced(VIP)
    before = node.mac()
    with client.capture_ndp() as seen:
        node.run("ip", "link", "set", "eth0", "address", OTHER_MAC)
        seen.wait(lambda f: f.unsolicited_for(VIP) and f.mac == f.eth_src == OTHER_MAC, 0.5)
    assert client.resolve(VIP) == OTHER_MAC
    node.run("ip", "link", "set", "eth0", "address", before)


@pytest.mark.parametrize("set_state", ["set_link", "set_cable"])
def test_a_link_that_comes_up_again_restarts_the_claims(announced, node, client, set_state):
    announced(VIP)
    getattr(node, set_state)(False)
    with client.capture_ndp() as seen:
        time.sleep(1.5)  # more than a round
        assert not seen.matching(lambda f: f.target == VIP)
        getattr(node, set_state)(True)
        seen.wait(lambda f: f.unsolicited_for(VIP), LEARN_S)
    assert client.resolve(VIP, timeout=6) == node.mac()
    if set_state == "set_link":
        node.run("ip", "-6", "addr", "replace", "fd89::b/64", "dev", "eth0", "nodad")
    link_local(node)


def test_an_interface_that_is_deleted_and_created_again_is_followed(announce, node, client):
    announcer = announce(VIP, ifname="late6")
    assert client.resolve(VIP) is None
    for mac in ["02:00:00:00:06:01", "02:00:00:00:06:02"]:
        with client.capture_ndp() as seen:
            node.run("ip", "link", "del", "late6", check=False)
            node.run("ip", "link", "add", "late6", "link", "eth0", "address", mac, "type",
                     "macvlan")
            node.run("ip", "link", "set", "late6", "up")
            seen.wait(lambda f: f.unsolicited_for(VIP) and f.mac == mac, 1.0)
        assert client.resolve(VIP, timeout=6) == mac
    node.run("ip", "link", "del", "late6")
    assert client.resolve(VIP) is None
    assert "error" not in announcer.output()


def test_without_cap_net_raw_the_failure_is_reported(announce):
    announcer = announce(VIP, wrap=["setpriv", "--bounding-set=-net_raw", "--inh-caps=-net_raw"])
    wait_for("the error", lambda: "error listen for NDP on eth0: Operation not permitted\n"
             in announcer.output())


def test_ipv4_is_announced_while_ipv6_fails(announced, node, client):
    node.run("sysctl", "-qw", "net.ipv6.conf.eth0.mtu=1280")
    node.run("ip", "link", "set", "eth0", "mtu", "1279")  # IPv6 needs an MTU of 1280
    announcer = announced("10.89.0.100", "10.89.0.101")
    assert client.arping("10.89.0.101") == [node.mac()]
    both = announced(VIP, "10.89.0.101")
    wait_for("the error", lambda: "error join the groups of NDP on eth0" in both.output())
    assert client.arping("10.89.0.101") == [node.mac()]
    node.run("ip", "link", "set", "eth0", "mtu", "1500")
    node.run("ip", "-6", "addr", "replace", "fd89::b/64", "dev", "eth0", "nodad")
    link_local(node)
    assert client.resolve(VIP, timeout=12) == node.mac()
    announcer.stop()


@pytest.mark.parametrize("option_memory", [None, 20480])
def test_the_groups_of_a_thousand_addresses_are_joined(announced, node, client, option_memory):
    """One run sets net.core.optmem_max to 20480, the default of kernels before Linux 6.7."""
    many = [ndp.text(a) for a in sorted(
        ndp.packed(f"fd89::{n % 7:x}:{n:x}:{n * 7919 % 65536:x}") for n in range(1, 1001))]
    before = int(node.run("sysctl", "-n", "net.core.optmem_max"))
    if option_memory:
        node.run("sysctl", "-qw", f"net.core.optmem_max={option_memory}")
    joined = groups(node)
    with client.capture_ndp() as seen:
        started = time.monotonic()
        announcer = announced(*many)
        elapsed = time.monotonic() - started
        frames = seen.matching(lambda f: f.unsolicited_for(f.target))
    assert elapsed < 2.5
    assert [f.target for f in frames[:1000]] == many
    assert len(groups(node) - joined) == 1000
    for address in [many[0], many[500], many[999]]:
        assert client.resolve(address, timeout=6) == node.mac()
    announcer.stop()
    assert groups(node) == joined
    node.run("sysctl", "-qw", f"net.core.optmem_max={before}")
