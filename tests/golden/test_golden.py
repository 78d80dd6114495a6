# SPDX-License-Identifier: Apache-2.0
"""Compares the output of dry runs with recorded sessions.

Each case is a folder in cases/ with manifests and a file "session".  In a session, a line with a
command starts with "$ ".  The command's output follows, in which "! " marks lines of standard
error, and then a line "exit STATUS".  With UPDATE=1 in the environment, the tests overwrite the
sessions with the present output.  Check the changes of these files before you commit them.
"""

import os
import pathlib
import shlex
import subprocess

import pytest

ARPLET = os.path.abspath(os.environ.get("ARPLET", "src/arplet"))
CASES = pathlib.Path(__file__).parent / "cases"


def run(command, cwd):
    """Runs the command "arplet ..." or "arplet ... < FILE"; returns its lines of the session."""
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
