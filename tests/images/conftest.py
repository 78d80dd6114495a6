# SPDX-License-Identifier: Apache-2.0
"""The tests of this folder build images for all architectures, and run them with qemu-user."""
import os
import re
import sys

import pytest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [f"{TOP}/tests", f"{TOP}/deploy/image"]

from cluster.run import sh  # noqa: E402

ARCHS = ["amd64", "arm64", "arm"]


@pytest.fixture(scope="session")
def sources(tmp_path_factory):
    """
    A sources.list with this machine's Debian release.  It leaves out the updates, so that a mirror
    that is about to receive an update for one architecture does not make the tests fail.
    """
    release = re.search("^VERSION_CODENAME=(.*)$", open("/etc/os-release").read(), re.MULTILINE)[1]
    targets = sh("apt-get", "indextargets", "--format", "$(SITE) $(RELEASE) $(COMPONENT)",
                 "Created-By: Packages")
    lines = {f"deb {site} {suite} {component}\n"
             for site, suite, component in map(str.split, targets.splitlines())
             if suite == release and component == "main"}
    path = tmp_path_factory.mktemp("apt") / "sources.list"
    path.write_text("".join(sorted(lines)), encoding="ascii")
    return path


@pytest.fixture(scope="session")
def layout(sources, tmp_path_factory):
    """The path of an OCI layout with all architectures."""
    path = tmp_path_factory.mktemp("oci") / "layout"
    sh(f"{TOP}/deploy/image/build", "--arch", ",".join(ARCHS), "--sources", sources, "--oci", path,
       timeout=1200)
    return path
