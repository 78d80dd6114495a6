# SPDX-License-Identifier: Apache-2.0
"""What the benchmarks print, and what they read about a process."""
import math
import statistics


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
