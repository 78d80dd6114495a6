# SPDX-License-Identifier: Apache-2.0
"""Commands that end, and waiting for what takes a while."""
import subprocess
import time


class CommandError(Exception):
    """A command failed: the message has its output."""


def sh(*argv, check=True, stdin=None, timeout=120, env=None):
    """Runs argv to its end and returns what it printed on stdout."""
    argv = [str(a) for a in argv]
    r = subprocess.run(argv, capture_output=True, text=True, input=stdin, timeout=timeout, env=env)
    if check and r.returncode:
        said = (r.stdout + r.stderr).strip()
        raise CommandError(f"{' '.join(argv)}: exit status {r.returncode}\n{said}")
    return r.stdout


def wait_for(what, probe, timeout=10.0, every=0.05):
    """Calls probe until it returns something true, and returns that. `what` names it in the error."""
    end = time.monotonic() + timeout
    while True:
        got = probe()
        if got:
            return got
        if time.monotonic() > end:
            raise TimeoutError(f"{what}: not within {timeout:g} s (last seen: {got!r})")
        time.sleep(every)
