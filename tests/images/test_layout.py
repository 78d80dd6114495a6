# SPDX-License-Identifier: Apache-2.0
"""Tests of the OCI layout that deploy/image/build writes for several architectures."""
import gzip
import hashlib
import io
import json
import shutil
import subprocess
import tarfile

import pytest

from cluster.run import CommandError, sh

from conftest import ARCHS, TOP

COMPRESSED_MAX = 10_000_000
QEMU = {"arm64": "qemu-aarch64-static", "arm": "qemu-arm-static"}
PLATFORMS = [{"os": "linux", "architecture": "amd64"}, {"os": "linux", "architecture": "arm64"},
             {"os": "linux", "architecture": "arm", "variant": "v7"}]


def blob(layout, descriptor):
    """The bytes of a blob, after its digest and size have been checked."""
    data = (layout / "blobs" / descriptor["digest"].replace(":", "/")).read_bytes()
    assert len(data) == descriptor["size"]
    assert "sha256:" + hashlib.sha256(data).hexdigest() == descriptor["digest"]
    return data


@pytest.fixture(scope="module")
def images(layout):
    """The manifest, the configuration and the files of the image of each architecture."""
    top, = json.loads((layout / "index.json").read_text())["manifests"]
    found = {}
    for entry in json.loads(blob(layout, top))["manifests"]:
        manifest = json.loads(blob(layout, entry))
        config = json.loads(blob(layout, manifest["config"]))
        layer = gzip.decompress(blob(layout, manifest["layers"][0]))
        found[entry["platform"]["architecture"]] = entry, manifest, config, layer
    return found


def unpack(image, folder):
    with tarfile.open(fileobj=io.BytesIO(image[3])) as tar:
        tar.extractall(folder)
    return folder


def test_the_index_has_an_image_for_each_platform(images):
    assert [entry["platform"] for entry, *_ in images.values()] == PLATFORMS


def test_the_configuration_names_the_platform_and_the_uncompressed_layer(images):
    for entry, _, config, layer in images.values():
        assert {k: config[k] for k in entry["platform"]} == entry["platform"]
        assert config["rootfs"]["diff_ids"] == ["sha256:" + hashlib.sha256(layer).hexdigest()]
        assert config["config"] == {"Entrypoint": ["/usr/bin/arplet"], "User": "65532:65532"}


def test_each_image_is_smaller_than_10_mb_compressed(images):
    for _, manifest, _, _ in images.values():
        assert manifest["layers"][0]["size"] < COMPRESSED_MAX


def test_the_annotations_name_version_licence_and_time(images):
    for _, manifest, config, _ in images.values():
        found = manifest["annotations"]
        assert found["org.opencontainers.image.licenses"] == "Apache-2.0"
        assert found["org.opencontainers.image.created"] == config["created"]
        assert found["org.opencontainers.image.version"]


def test_skopeo_copies_all_images_of_the_layout(layout, tmp_path):
    sh("skopeo", "copy", "--all", f"oci:{layout}", f"oci:{tmp_path}/copy")
    assert len(list((tmp_path / "copy" / "blobs" / "sha256").iterdir())) == 1 + 3 * len(ARCHS)


def test_the_same_sources_in_another_folder_give_the_same_digests(layout, sources, tmp_path):
    copy = tmp_path / "another" / "folder"
    if sh("git", "-C", TOP, "rev-parse", "HEAD", check=False):
        sh("git", "clone", "--quiet", TOP, copy)  # the annotations name the commit
        subprocess.run(f"git ls-files -z | tar -c --null -T - | tar -x -C {copy}", cwd=TOP,
                       shell=True, check=True)
    else:
        shutil.copytree(TOP, copy, symlinks=True)
    sh(copy / "deploy" / "image" / "build", "--arch", "arm64,arm", "--sources", sources, "--oci",
       tmp_path / "layout", timeout=900)
    names = {path.name for path in (tmp_path / "layout" / "blobs" / "sha256").iterdir()}
    original = {path.name for path in (layout / "blobs" / "sha256").iterdir()}
    assert len(names - original) == 1  # the index, which has two architectures


@pytest.mark.parametrize("arch", QEMU)
def test_the_program_of_the_image_runs(images, tmp_path, arch):
    root = unpack(images[arch], tmp_path)
    argv = [QEMU[arch], "-L", root, root / "usr" / "bin" / "arplet"]
    assert sh(*argv, "--version").startswith("arplet ")
    manifests = tmp_path / "manifests.yaml"
    manifests.write_text("""
apiVersion: metallb.io/v1beta1
kind: IPAddressPool
metadata: {name: lan, namespace: metallb-system}
spec: {addresses: [192.168.1.240-192.168.1.250, "2001:db8::/64"]}
---
apiVersion: metallb.io/v1beta1
kind: L2Advertisement
metadata: {name: lan, namespace: metallb-system}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: default}
spec: {type: LoadBalancer, clusterIP: 10.96.0.9, clusterIPs: [10.96.0.9], ipFamilies: [IPv4],
  ports: [{port: 80}]}
""", encoding="utf-8")
    output = sh(*argv, "--dry-run", "-f", manifests, "-o", "json")
    assert "192.168.1.240" in output


@pytest.mark.parametrize("arch", ARCHS)
def test_the_sbom_lists_every_file_and_the_package_of_each_library(layout, images, tmp_path, arch):
    root = unpack(images[arch], tmp_path)
    sbom = json.loads((layout / f"sbom-{arch}.spdx.json").read_text())
    inside = json.loads((root / "usr/share/doc/arplet/sbom.spdx.json").read_text())
    assert sbom == inside
    listed = {f["fileName"]: f["checksums"][1]["checksumValue"] for f in sbom["files"]}
    present = {f"./{p.relative_to(root)}": hashlib.sha256(p.read_bytes()).hexdigest()
               for p in root.rglob("*") if p.is_file() and p.name != "sbom.spdx.json"}
    assert listed == present
    purls = [p["externalRefs"][0]["referenceLocator"] for p in sbom["packages"]]
    assert any(p.startswith("pkg:deb/debian/libcurl4@") for p in purls)
    contained = {r["relatedSpdxElement"] for r in sbom["relationships"]
                 if r["relationshipType"] == "CONTAINS"}
    assert contained == {f["SPDXID"] for f in sbom["files"]}


def test_an_independent_validator_accepts_the_sbom(layout, tmp_path):
    subprocess.run(["python3", "-m", "venv", tmp_path / "venv"], check=True)
    sh(tmp_path / "venv/bin/pip", "install", "--quiet", "spdx-tools==0.8.3", timeout=300)
    for arch in ARCHS:
        output = sh(tmp_path / "venv/bin/pyspdxtools", "--infile",
                    layout / f"sbom-{arch}.spdx.json", "--version", "SPDX-2.3")
        assert "error" not in output.lower()


def test_build_names_an_unknown_architecture():
    with pytest.raises(CommandError, match='unknown architecture "mips"; known are amd64, arm64'):
        sh(f"{TOP}/deploy/image/build", "--arch", "mips", "out.tar")
