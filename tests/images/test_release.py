# SPDX-License-Identifier: Apache-2.0
"""Tests of a draft that deploy/release makes, for the architecture of this machine."""
import json
import os
import re
import subprocess
import tarfile

import pytest

from cluster.helm import build_helm
from cluster.run import CommandError, sh

from conftest import TOP


@pytest.fixture(scope="module")
def version():
    with open(f"{TOP}/configure.ac", encoding="ascii") as f:
        return re.search(r"AC_INIT\(\[arplet\], \[([^]]+)\]\)", f.read())[1]


@pytest.fixture(scope="module")
def release(sources, tmp_path_factory):
    build_helm()
    folder = tmp_path_factory.mktemp("release") / "files"
    sh(f"{TOP}/deploy/release", "--draft", "--arch", "amd64", "--sources", sources, folder,
       timeout=1200, env={**os.environ, "IMAGE": "registry.example/arplet"})
    return folder


def test_the_checksums_name_every_file(release):
    output = sh("sh", "-c", f"cd {release} && sha256sum --check --strict SHA256SUMS")
    listed = {line.split(":")[0].removeprefix("./") for line in output.splitlines()}
    assert listed == {p.name for p in release.iterdir()} - {"SHA256SUMS"}


def test_the_manifest_and_the_chart_name_the_image_of_the_release(release, version):
    manifest = (release / f"arplet-{version}.yaml").read_text(encoding="utf-8")
    name, digest = re.search(r"image: (\S+)@(sha256:[0-9a-f]{64})$", manifest, re.MULTILINE).groups()
    assert name == f"registry.example/arplet:{version}"
    archive = f"oci-archive:{release}/arplet-{version}-oci.tar:{version}"
    assert json.loads(sh("skopeo", "inspect", archive))["Digest"] == digest \
        or digest in sh("tar", "-xOf", release / f"arplet-{version}-oci.tar", "./index.json")
    rendered = sh(build_helm(), "template", "arplet", release / f"arplet-{version}.tgz")
    assert f'image: "registry.example/arplet:{version}"' in rendered


def test_the_image_archive_of_one_architecture_names_the_image(release, version):
    with tarfile.open(release / f"arplet-{version}-amd64.tar") as tar:
        manifest, = json.load(tar.extractfile("manifest.json"))
    assert manifest["RepoTags"] == [f"registry.example/arplet:{version}"]


def test_the_notes_are_the_news_of_the_version(release):
    assert (release / "NOTES.md").read_text(encoding="utf-8").lstrip().startswith("The first version")


def test_lintian_accepts_the_debian_package(release):
    package, = release.glob("*.deb")
    done = subprocess.run(["lintian", "--fail-on=error,warning", package], capture_output=True,
                          text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_debian_package_passes_its_test(release, tmp_path):
    """Unpacks the package, and runs its autopkgtest with the program of the package."""
    package, = release.glob("*.deb")
    sh("dpkg-deb", "--extract", package, tmp_path)
    with open(f"{TOP}/deploy/debian/tests/dry-run", encoding="ascii") as f:
        script = f.read().replace("/usr/share", f"{tmp_path}/usr/share")
    output = sh("sh", "-c", script, env={**os.environ, "PATH": f"{tmp_path}/usr/bin:/usr/bin:/bin"})
    assert "192.0.2.200" in output


def test_a_release_needs_a_tagged_commit(tmp_path):
    with pytest.raises(CommandError, match="commit them|does not have the tag"):
        sh(f"{TOP}/deploy/release", tmp_path / "files")
