# SPDX-License-Identifier: Apache-2.0
"""What a switch can do to frames between some of its ports: partitions and one-way links."""
from .run import sh

TABLE = "arplet-test"
RULES = f"""
table bridge {TABLE}
delete table bridge {TABLE}
table bridge {TABLE} {{
    set lost {{ type ifname . ifname; }}
    chain forward {{
        type filter hook forward priority 0;
        iifname . oifname @lost drop
    }}
}}
"""


class Switch:
    """
    Frames from one host to another are lost from lose() until heal(). The gateway of a cluster of
    namespaces, where its API server is, is the switch itself: it hears and reaches everybody.
    """

    def __init__(self, netns_path):
        self.netns = netns_path
        self.ready = False

    def _nft(self, rules):
        sh("nsenter", f"--net={self.netns}", "nft", "-f", "-", stdin=rules)

    def lose(self, senders, receivers):
        """What any of senders sends does not reach any of receivers."""
        if not self.ready:
            self._nft(RULES)
            self.ready = True
        pairs = [f'"{a.port()}" . "{b.port()}"' for a in senders for b in receivers if a is not b]
        self._nft(f"add element bridge {TABLE} lost {{ {', '.join(pairs)} }}\n")

    def part(self, one, other):
        """Two groups of hosts do not hear each other."""
        self.lose(one, other)
        self.lose(other, one)

    def heal(self):
        """All that lose() took away is there again."""
        if self.ready:
            self._nft(f"delete table bridge {TABLE}\n")
            self.ready = False
