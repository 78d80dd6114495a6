# SPDX-License-Identifier: Apache-2.0
"""Compares the output of dry runs with recorded sessions.

Each case is a folder in cases/ with manifests and a file "session".  In a session, a line with a
command starts with "$ ".  The lines after the command are its output and then "exit STATUS"; lines
of standard error start with "! ".  With UPDATE=1 in the environment, the tests overwrite the
session files with the present output.  Check the changes of the session files before you commit.
"""

import os
import pathlib
import shlex
import subprocess

import pytest

ARPLET = os.path.abspath(os.environ.get("ARPLET", "src/arplet"))
CASES = pathlib.Path(__file__).parent / "cases"


def run(command, cwd):
    """Runs "arplet ..." or "arplet ... < FILE"; returns the session's text for this command."""
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
    got = "".join(run(command, CASES / case) for command in commands)
    if os.environ.get("UPDATE"):
        session.write_text(got)
    else:
        assert got == want
