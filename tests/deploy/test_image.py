# SPDX-License-Identifier: Apache-2.0
"""Tests of the image that deploy/image/build writes."""
import io
import json
import subprocess
import tarfile

import pytest
from cluster.arplet import PROGRAM
from cluster.run import CommandError, sh


@pytest.fixture(scope="module")
def parts(image):
    """The manifest, the configuration, and the layer (as an open tar file) of the image."""
    with tarfile.open(image) as tar:
        files = {m.name: tar.extractfile(m).read() for m in tar}
    manifest, = json.loads(files["manifest.json"])
    layer = tarfile.open(fileobj=io.BytesIO(files[manifest["Layers"][0]]))
    return manifest, json.loads(files[manifest["Config"]]), layer


def test_build_writes_the_same_archive_for_the_same_program(deploy, image, tmp_path):
    sh(f"{deploy}/image/build", "--program", PROGRAM, tmp_path / "again.tar")
    assert (tmp_path / "again.tar").read_bytes() == image.read_bytes()


def test_the_image_runs_arplet_as_an_unprivileged_user(parts):
    manifest, config, layer = parts
    assert manifest["RepoTags"][0].startswith("arplet:")
    assert config["config"] == {"Entrypoint": ["/usr/bin/arplet"], "User": "65532:65532"}
    assert b"arplet:x:65532:65532:" in layer.extractfile("etc/passwd").read()


def test_only_the_program_has_a_capability(parts):
    xattrs = {m.name: m.pax_headers for m in parts[2] if m.pax_headers}
    assert list(xattrs) == ["usr/bin/arplet"]
    assert list(xattrs["usr/bin/arplet"]) == ["SCHILY.xattr.security.capability"]


def test_nothing_in_the_image_is_set_uid_or_writable(parts):
    assert {m.name for m in parts[2] if m.mode & 0o7022 or m.uid or m.gid} == set()


def test_the_program_finds_all_its_libraries_in_the_image(parts, tmp_path):
    parts[2].extractall(tmp_path)
    loader, = tmp_path.glob("lib*/ld-linux*")
    listed = sh("chroot", tmp_path, "/" + str(loader.relative_to(tmp_path)), "--list",
              "/usr/bin/arplet")
    assert "libcurl.so.4 => /lib/" in listed
    assert "not found" not in listed


def test_build_fails_if_the_image_is_too_large(deploy, tmp_path):
    large = tmp_path / "large"
    blob = tmp_path / "blob"
    with open(blob, "wb") as f:
        f.truncate(41 << 20)
    subprocess.run(["objcopy", "--add-section", f".blob={blob}", "--set-section-flags",
                    ".blob=alloc,readonly", PROGRAM, large], check=True, capture_output=True)
    with pytest.raises(CommandError, match="larger than 40 MiB"):
        sh(f"{deploy}/image/build", "--program", large, tmp_path / "large.tar")
    assert not (tmp_path / "large.tar").exists()
