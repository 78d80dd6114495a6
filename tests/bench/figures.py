# SPDX-License-Identifier: Apache-2.0
"""What the benchmarks print, and what they read about a process."""
import collections
import math
import statistics

Memory = collections.namedtuple("Memory", "resident private dirty files")


def verdict(what, figure, limit, unit):
    """Prints a figure beside its limit; returns whether it is within."""
    good = figure <= limit
    print(f"  {what}: {figure:.4g}{unit}, limit {limit:g}{unit}: {'met' if good else 'NOT MET'}",
          flush=True)
    return good


def percentile(figures, share):
    """The smallest figure that at least this share of them does not exceed."""
    return sorted(figures)[math.ceil(len(figures) * share) - 1]


def spread(figures):
    """min, median, p90 and max in one line."""
    return (f"min {min(figures):.4g}  median {statistics.median(figures):.4g}  "
            f"p90 {percentile(figures, 0.9):.4g}  max {max(figures):.4g}")


def scheduled(pid):
    """Nanoseconds on a CPU, and how often it was put on one."""
    with open(f"/proc/{pid}/schedstat", encoding="ascii") as f:
        cpu, _, slices = f.read().split()
    return int(cpu), int(slices)


def memory(pid):
    """
    MiB: all that is resident; what no other process maps, and of that what is written to; pages
    of files.
    """
    kilobytes = collections.Counter()
    for name, wanted in (("smaps_rollup", ("Rss", "Private_Clean", "Private_Dirty")),
                         ("status", ("RssFile",))):
        with open(f"/proc/{pid}/{name}", encoding="ascii") as f:
            for line in f:
                key, _, value = line.partition(":")
                if key in wanted:
                    kilobytes[key] = int(value.split()[0])
    private = kilobytes["Private_Clean"] + kilobytes["Private_Dirty"]
    return Memory(kilobytes["Rss"] / 1024, private / 1024,
                  kilobytes["Private_Dirty"] / 1024, kilobytes["RssFile"] / 1024)


class Report:
    """Figures as they come, and whether all are within their limits."""

    def __init__(self):
        self.good = True

    @staticmethod
    def head(text):
        print(text, flush=True)

    @staticmethod
    def say(text):
        print(f"  {text}", flush=True)

    def verdict(self, what, figure, limit, unit):
        self.good &= verdict(what, figure, limit, unit)

    def memory(self, used, resident, private):
        self.say(f"pages of files {used.files:.1f} MiB; private and written to {used.dirty:.1f} MiB")
        self.verdict("resident memory", used.resident, resident, " MiB")
        self.verdict("private memory", used.private, private, " MiB")
