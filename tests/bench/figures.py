# SPDX-License-Identifier: Apache-2.0
"""Prints the figures of benchmarks, and reads the CPU time and the memory of a process."""
import collections
import math
import statistics

Memory = collections.namedtuple("Memory", "resident private dirty files")


def verdict(what, figure, limit, unit):
    """Prints a figure and its limit; returns true if the figure is within the limit."""
    good = figure <= limit
    print(f"  {what}: {figure:.4g}{unit}, limit {limit:g}{unit}: {'met' if good else 'NOT MET'}",
          flush=True)
    return good


def percentile(figures, share):
    """Returns a percentile of figures, such as p90 if `share` is 0.9."""
    return sorted(figures)[math.ceil(len(figures) * share) - 1]


def spread(figures):
    """Returns a line with the min, median, p90 and max of figures."""
    return (f"min {min(figures):.4g}  median {statistics.median(figures):.4g}  "
            f"p90 {percentile(figures, 0.9):.4g}  max {max(figures):.4g}")


def scheduled(pid):
    """Returns (CPU time of a process in ns, number of times that the scheduler ran the process)."""
    with open(f"/proc/{pid}/schedstat", encoding="ascii") as f:
        cpu, _, slices = f.read().split()
    return int(cpu), int(slices)


def memory(pid):
    """
    Returns the memory of a process in MiB: "resident" is all resident pages; "private" is the pages
    that no other process maps; "dirty" is the private pages that were changed; "files" is the
    resident pages of files.
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
    """Prints figures; `good` stays true while all printed figures are within their limits."""

    def __init__(self):
        self.good = True

    @staticmethod
    def print_heading(text):
        print(text, flush=True)

    @staticmethod
    def print_line(text):
        print(f"  {text}", flush=True)

    def verdict(self, what, figure, limit, unit):
        self.good &= verdict(what, figure, limit, unit)

    def memory(self, used, resident, private):
        self.print_line(f"resident pages of files {used.files:.1f} MiB; "
                        f"dirty private pages {used.dirty:.1f} MiB")
        self.verdict("resident memory", used.resident, resident, " MiB")
        self.verdict("private memory", used.private, private, " MiB")
