# SPDX-License-Identifier: Apache-2.0
"""Runs programs in the background, each with a log file."""
import os
import signal
import subprocess


class Procs:
    """The programs of one cluster, by name. Each program runs in its own process group."""

    def __init__(self, logs):
        self.logs = logs
        self.running = {}
        os.makedirs(logs, exist_ok=True)

    def start(self, name, argv, netns, env=None, stderr=None):
        """
        Starts the command argv in a network namespace, with the machine's /sys and cgroups. The
        output of the command goes to the log file `name`, except the standard error output if the
        file descriptor `stderr` is given.
        """
        if self.alive(name):
            raise RuntimeError(f"{name} is already running")
        argv = ["nsenter", f"--net={netns}", *map(str, argv)]
        with open(self.log_path(name), "ab") as log:
            self.running[name] = subprocess.Popen(
                argv, stdin=subprocess.DEVNULL, stdout=log,
                stderr=log if stderr is None else stderr, start_new_session=True,
                env={**os.environ, **(env or {})})
        return self.running[name]

    def alive(self, name):
        return name in self.running and self.running[name].poll() is None

    def send_signal(self, name, sig):
        os.killpg(self.running[name].pid, sig)

    def stop(self, name, sig=signal.SIGTERM, timeout=15):
        """Sends `sig` to a program, and SIGKILL after `timeout` s; returns its exit status."""
        proc = self.running.pop(name, None)
        if proc is None:
            return None
        if proc.poll() is None:
            os.killpg(proc.pid, sig)
            try:
                proc.wait(timeout)
            except subprocess.TimeoutExpired:
                os.killpg(proc.pid, signal.SIGKILL)
                proc.wait()
        return proc.returncode

    def stop_all(self):
        for name in list(self.running):
            self.stop(name, signal.SIGKILL)

    def log_path(self, name):
        return f"{self.logs}/{name}.log"

    def log(self, name):
        """The whole log of a program."""
        try:
            with open(self.log_path(name), encoding="utf-8", errors="replace") as f:
                return f.read()
        except FileNotFoundError:
            return ""

    def tail(self, name, lines=40):
        return "\n".join(self.log(name).splitlines()[-lines:])
