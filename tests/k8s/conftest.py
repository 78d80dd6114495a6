# SPDX-License-Identifier: Apache-2.0
import json
import os
import pathlib
import queue
import subprocess
import threading
import time

import pytest

from fake import Fake

ROOT = pathlib.Path(__file__).parents[2]
REFLECT = pathlib.Path(os.environ.get("top_builddir", ROOT)) / "tests/k8s/reflect"


def write_kubeconfig(path, url, user="{}", **cluster):
    cluster = json.dumps({"server": url, **cluster})
    path.write_text(
        f"clusters: [{{name: c, cluster: {cluster}}}]\n"
        f"users: [{{name: u, user: {user}}}]\n"
        "contexts: [{name: x, context: {cluster: c, user: u}}]\ncurrent-context: x\n")
    return path


class Reflect:
    """Runs tests/k8s/reflect.c, and reads its output line by line."""

    def __init__(self, kubeconfig, kind="Service", args=(), inside=(), options=(), env=None):
        self.proc = subprocess.Popen([*inside, REFLECT, *options, kubeconfig, *([kind] if kind else []), *args],
                                     env=env, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=1)
        self.lines = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        self.origin, self.server, self.namespace = (
            self.read(word)[len(word) + 1:] for word in ("origin", "server", "namespace"))

    def _read(self):
        for line in self.proc.stdout:
            self.lines.put((line.rstrip(), time.monotonic()))

    def read(self, *wanted, timeout=10):
        """Read one line for each argument. The line must begin with the argument. Return the last line."""
        for want in wanted:
            line, self.at = self.lines.get(timeout=timeout)
            assert line.startswith(want), f"{line!r}, not {want!r}"
        return line

    def quiet(self, seconds):
        with pytest.raises(queue.Empty):
            line = self.lines.get(timeout=seconds)
            print("unexpected:", line)

    def command(self, line):
        self.proc.stdin.write(line + "\n")

    def stats(self):
        self.command("stats")
        return {k: int(v) for k, v in (w.split("=") for w in self.read("stats").split()[1:])}

    def close(self):
        self.proc.stdin.close()
        assert self.proc.wait(10) == 0


@pytest.fixture
def start(tmp_path):
    """start(*script, **options): starts a fake server with this script, and a reflector that watches this server."""
    opened = []

    def go(*script, user="{}", **options):
        fake = Fake(*script)
        opened.append(fake)
        reflect = Reflect(write_kubeconfig(tmp_path / "kubeconfig", fake.url, user), **options)
        opened.insert(0, reflect)
        return fake, reflect

    yield go
    for one in opened:
        one.close()
