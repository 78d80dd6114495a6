# SPDX-License-Identifier: Apache-2.0
"""Runs commands to their end, and waits for conditions."""
import subprocess
import time


class CommandError(Exception):
    """A command failed; the message contains its output."""


def sh(*argv, check=True, stdin=None, timeout=120, env=None):
    """Runs a command until it exits; returns its standard output."""
    argv = [str(a) for a in argv]
    r = subprocess.run(argv, capture_output=True, text=True, input=stdin, timeout=timeout, env=env)
    if check and r.returncode:
        output = (r.stdout + r.stderr).strip()
        raise CommandError(f"{' '.join(argv)}: exit status {r.returncode}\n{output}")
    return r.stdout


def wait_for(what, condition, timeout=10.0, every=0.05):
    """Calls condition() until its result is true; returns this result. Errors contain `what`."""
    end = time.monotonic() + timeout
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > end:
            raise TimeoutError(f"{what}: not true within {timeout:g} s (last result: {result!r})")
        time.sleep(every)
