# SPDX-License-Identifier: Apache-2.0
"""Drops frames between ports of the switch, to simulate partitions and one-way links."""
from .run import sh

TABLE = "arplet-test"
RULES = f"""
table bridge {TABLE}
delete table bridge {TABLE}
table bridge {TABLE} {{
    set dropped {{ type ifname . ifname; }}
    chain forward {{
        type filter hook forward priority 0;
        iifname . oifname @dropped drop
    }}
}}
"""


class Switch:
    """
    The LAN's switch: between drop() and heal(), it drops frames from some hosts to others. In a
    NamespaceCluster, the API server runs on the switch, so that drop() does not affect it.
    """

    def __init__(self, netns_path):
        self.netns = netns_path
        self.ready = False

    def _nft(self, rules):
        sh("nsenter", f"--net={self.netns}", "nft", "-f", "-", stdin=rules)

    def drop(self, senders, receivers):
        """Drops all frames from each sender to each receiver."""
        if not self.ready:
            self._nft(RULES)
            self.ready = True
        pairs = [f'"{a.port()}" . "{b.port()}"' for a in senders for b in receivers if a is not b]
        self._nft(f"add element bridge {TABLE} dropped {{ {', '.join(pairs)} }}\n")

    def partition(self, one, other):
        """Drops the frames between two groups of hosts, in both directions."""
        self.drop(one, other)
        self.drop(other, one)

    def heal(self):
        """Forwards the frames again that drop() has blocked."""
        if self.ready:
            self._nft(f"delete table bridge {TABLE}\n")
            self.ready = False
