# SPDX-License-Identifier: Apache-2.0
"""What another machine on the LAN sees of a machine that holds IPv6 addresses."""
import time

import pytest
from cluster import ndp, netns
from cluster.run import wait_for

VIP = "fd89::100"
FREE = "fd89::99"
CLIENT = "fd89::c9"
OTHER_MAC = "02:00:00:00:00:99"
ROUND_S = 1.1
LEARN_S = 4.0  # the bridge takes a second to use a port whose carrier is back: rounds are lost


def link_local(host):
    """fe80::..., as the kernel makes it; once nobody else can have it (RFC 4862)."""
    def find():
        out = host.run("ip", "-6", "-o", "addr", "show", "dev", host.ifname, "scope", "link")
        return out.split()[3].split("/")[0] if out and "tentative" not in out else None
    return wait_for(f"{host} has a link-local address", find)


@pytest.fixture(scope="module", autouse=True)
def ready(node, client):
    """Both hosts can use their own addresses, and the bridge believes what it knows of groups."""
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
    wait_for("the bridge keeps a group that nobody joined from the node", filtered, 20)
    wire.close()


@pytest.fixture
def settled(hold, client):
    """Like held, but its rounds are over: what is heard from then on was asked for."""
    def start(address):
        with client.capture_ndp() as seen:
            holder = hold(address)
            seen.wait(lambda f: f.unsolicited_for(address), count=5, timeout=7)
        return holder

    return start


def answers(frame):
    return frame.type == ndp.ADVERTISEMENT and frame.flags & ndp.SOLICITED


def groups(node, ifname="eth0"):
    """The solicited-node groups of fd89::1:X that the kernel of the node has joined."""
    out = node.run("ip", "-6", "maddr", "show", "dev", ifname)
    return {line.split()[1] for line in out.splitlines() if "inet6 ff02::1:ff" in line}


def test_an_address_is_claimed_in_five_advertisements(hold, node, client):
    with client.capture_ndp() as seen:
        hold(VIP)
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


def test_an_entry_in_another_hosts_table_follows(hold, node, client):
    client.set_neighbour(VIP, OTHER_MAC)
    hold(VIP)
    wait_for("the client's entry follows", lambda: client.neighbour(VIP) == node.mac(), timeout=1)


def test_the_kernel_of_another_host_finds_it(settled, node, client):
    settled(VIP)
    assert client.resolve(VIP) == node.mac()


def test_a_kernel_that_probes_an_entry_keeps_it(held, node, client):
    client.run("sysctl", "-qw", "net.ipv6.neigh.eth0.delay_first_probe_time=1")
    holder = held(VIP)
    client.set_neighbour(VIP, node.mac())
    client.run("ping", "-6", "-c", "1", "-W", "1", VIP, check=False)  # it is used: it is probed
    wait_for("the entry is confirmed", lambda: "REACHABLE" in client.run(
        "ip", "-6", "neigh", "show", VIP), timeout=4)
    assert holder.stop()[VIP]["answers"] >= 1


def test_nobody_answers_for_other_addresses_or_after_the_end(held, client):
    holder = held(VIP)
    assert client.resolve(FREE) is None
    holder.stop()
    assert client.resolve(VIP) is None


@pytest.mark.parametrize("with_option", [True, False])
@pytest.mark.parametrize("unicast", [True, False])
def test_a_solicitation_is_answered_to_who_asked(held, node, wire6, unicast, with_option):
    held(VIP)
    wire6.ask(VIP, CLIENT, mac=wire6.mac if with_option else None,
              dst=VIP if unicast else None, to=node.mac() if unicast else None)
    answer = wire6.hear(answers)
    assert (answer.eth_dst, answer.eth_src) == (wire6.mac, node.mac())
    assert (answer.dst, answer.src) == (CLIENT, link_local(node))
    assert (answer.target, answer.mac) == (VIP, node.mac())
    assert answer.flags == ndp.SOLICITED | ndp.OVERRIDE


def test_a_solicitation_to_another_host_is_not_answered_though_it_comes_by(held, node, wire6):
    node.run("ip", "link", "set", "eth0", "promisc", "on")
    holder = held(VIP)
    wire6.ask(VIP, CLIENT, to=OTHER_MAC)  # unknown: the bridge floods it
    assert not wire6.hear(answers, within=0.5)
    assert holder.stop()["port"]["received"] == 0
    node.run("ip", "link", "set", "eth0", "promisc", "off")


def test_a_host_that_wants_the_address_learns_that_it_is_taken(settled, client):
    settled(VIP)
    client.run("ip", "-6", "addr", "add", f"{VIP}/64", "dev", "eth0")
    try:
        wait_for("duplicate address detection fails", lambda: "dadfailed" in client.run(
            "ip", "-6", "addr", "show", "dev", "eth0"), timeout=4)
    finally:
        client.run("ip", "-6", "addr", "del", f"{VIP}/64", "dev", "eth0")


def test_a_probe_is_answered_to_all_nodes(settled, client, node, wire6):
    settled(VIP)
    with client.capture_ndp() as seen:
        wire6.ask(VIP, "::")
        answer, = seen.wait(lambda f: f.unsolicited_for(VIP), timeout=0.5)
    assert (answer.eth_dst, answer.mac) == (ndp.ALL_NODES_MAC, node.mac())


def test_messages_about_other_addresses_do_not_leave_the_kernel(held, node, wire6):
    holder = held(VIP)
    for last in range(200):
        wire6.ask(f"fd89::1:{last:x}", CLIENT, to=node.mac())
    for _ in range(3):
        wire6.ask(VIP, CLIENT)
        assert wire6.hear(answers)
    counted = holder.stop()
    assert counted["port"]["received"] == 3
    assert counted[VIP]["requests"] == counted[VIP]["answers"] == 3


def test_a_group_is_joined_while_an_address_needs_it(held, node):
    before = groups(node)
    holder = held("fd89::1:aa:bbcc", "fd89::2:aa:bbcc")  # the same last three bytes
    assert groups(node) - before == {"ff02::1:ffaa:bbcc"}
    holder.stop()
    assert groups(node) == before


def test_without_ipv6_addresses_nothing_is_opened_for_them(held, node):
    before = groups(node)
    holder = held("10.89.0.100")
    assert groups(node) == before
    assert holder.stop()["port"]["sockets"] == 1
    assert held("10.89.0.100", VIP).stop()["port"]["sockets"] == 2


def test_a_new_mac_is_announced_at_once(held, node, client):
    held(VIP)
    before = node.mac()
    with client.capture_ndp() as seen:
        node.run("ip", "link", "set", "eth0", "address", OTHER_MAC)
        seen.wait(lambda f: f.unsolicited_for(VIP) and f.mac == f.eth_src == OTHER_MAC, 0.5)
    assert client.resolve(VIP) == OTHER_MAC
    node.run("ip", "link", "set", "eth0", "address", before)


@pytest.mark.parametrize("set_state", ["set_link", "set_cable"])
def test_a_link_that_comes_back_is_claimed_on_again(held, node, client, set_state):
    held(VIP)
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


def test_an_interface_that_goes_and_comes_again_is_followed(hold, node, client):
    holder = hold(VIP, ifname="late6")
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
    assert "error" not in holder.output()


def test_without_cap_net_raw_the_failure_is_reported(hold):
    holder = hold(VIP, wrap=["setpriv", "--bounding-set=-net_raw", "--inh-caps=-net_raw"])
    wait_for("the report", lambda: "error listen for NDP on eth0: Operation not permitted\n"
             in holder.output())


def test_one_family_that_fails_leaves_the_other_alone(held, node, client):
    node.run("sysctl", "-qw", "net.ipv6.conf.eth0.mtu=1280")
    node.run("ip", "link", "set", "eth0", "mtu", "1279")  # less than IPv6 can be used with
    holder = held("10.89.0.100", "10.89.0.101")
    assert client.arping("10.89.0.101") == [node.mac()]
    both = held(VIP, "10.89.0.101")
    wait_for("the report", lambda: "error join the groups of NDP on eth0" in both.output())
    assert client.arping("10.89.0.101") == [node.mac()]
    node.run("ip", "link", "set", "eth0", "mtu", "1500")
    node.run("ip", "-6", "addr", "replace", "fd89::b/64", "dev", "eth0", "nodad")
    link_local(node)
    assert client.resolve(VIP, timeout=12) == node.mac()
    holder.stop()


@pytest.mark.parametrize("option_memory", [None, 20480])
def test_a_thousand_addresses(held, node, client, option_memory):
    """With the memory for options that kernels before 6.9 gave a socket, too."""
    many = [ndp.text(a) for a in sorted(
        ndp.packed(f"fd89::{n % 7:x}:{n:x}:{n * 7919 % 65536:x}") for n in range(1, 1001))]
    before = int(node.run("sysctl", "-n", "net.core.optmem_max"))
    if option_memory:
        node.run("sysctl", "-qw", f"net.core.optmem_max={option_memory}")
    joined = groups(node)
    with client.capture_ndp() as seen:
        started = time.monotonic()
        holder = held(*many)
        elapsed = time.monotonic() - started
        frames = seen.matching(lambda f: f.unsolicited_for(f.target))
    assert elapsed < 2.5
    assert [f.target for f in frames[:1000]] == many
    assert len(groups(node) - joined) == 1000
    for address in [many[0], many[500], many[999]]:
        assert client.resolve(address, timeout=6) == node.mac()
    holder.stop()
    assert groups(node) == joined
    node.run("sysctl", "-qw", f"net.core.optmem_max={before}")
