# SPDX-License-Identifier: Apache-2.0
"""Dry runs whose outcome is written down.

A case is a folder in cases/ with its manifests and a file "session": commands after "$ ", each
followed by what it says ("! " before a line of standard error) and "exit STATUS".  With UPDATE=1
in the environment sessions are written anew, for a person to read before they are committed.
"""

import os
import pathlib
import shlex
import subprocess

import pytest

ARPLET = os.path.abspath(os.environ.get("ARPLET", "src/arplet"))
CASES = pathlib.Path(__file__).parent / "cases"


def run(command, cwd):
    """Runs "arplet ..." or "arplet ... < FILE" without a shell; returns what the session shows."""
    words, _, stdin = command.partition(" < ")
    argv = shlex.split(words)
    assert argv[0] == "arplet"
    with open(cwd / stdin if stdin else os.devnull, "rb") as source:
        done = subprocess.run([ARPLET, *argv[1:]], cwd=cwd, stdin=source, capture_output=True,
                              text=True, timeout=20, env={"PATH": os.environ["PATH"]})
    errors = "".join(f"! {line}\n" for line in done.stderr.splitlines())
    return f"$ {command}\n{errors}{done.stdout}exit {done.returncode}\n"


@pytest.mark.parametrize("case", sorted(path.name for path in CASES.iterdir()))
def test_case(case):
    session = CASES / case / "session"
    want = session.read_text()
    commands = [line[2:] for line in want.splitlines() if line.startswith("$ ")]
    assert commands
    said = "".join(run(command, CASES / case) for command in commands)
    if os.environ.get("UPDATE"):
        session.write_text(said)
    else:
        assert said == want
