# SPDX-License-Identifier: Apache-2.0
"""Compiles the programs of test pods and clients, and writes the image of test pods to a file."""
import hashlib
import io
import json
import os
import tarfile

from .run import sh

HERE = os.path.dirname(os.path.abspath(__file__))
ECHO = "arplet.test/echo:1"


def build(work_dir, name):
    """Compiles and statically links a C program, so that its image needs no other file."""
    program = f"{work_dir}/{name}"
    if not os.path.exists(program):
        sh("gcc", "-static", "-O2", "-s", "-D_GNU_SOURCE", "-o", program, f"{HERE}/{name}.c")
    return program


def write_archive(path, name, program):
    """Writes an image as a docker-archive; `program` is its only file and its entrypoint."""
    layer = io.BytesIO()
    with tarfile.open(fileobj=layer, mode="w") as tar:
        tar.add(program, arcname="program")
    layer = layer.getvalue()
    layer_id = hashlib.sha256(layer).hexdigest()
    config = json.dumps({
        "architecture": "amd64" if os.uname().machine == "x86_64" else "arm64",
        "os": "linux",
        "config": {"Entrypoint": ["/program"]},
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{layer_id}"]},
    }).encode()
    config_name = hashlib.sha256(config).hexdigest() + ".json"
    manifest = json.dumps([{"Config": config_name, "RepoTags": [name],
                            "Layers": [f"{layer_id}/layer.tar"]}]).encode()
    with tarfile.open(path, "w") as tar:
        for member, data in ((config_name, config), (f"{layer_id}/layer.tar", layer),
                             ("manifest.json", manifest)):
            info = tarfile.TarInfo(member)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return path
