# SPDX-License-Identifier: Apache-2.0
"""
Writes an image of one layer as a docker-archive, or images of several architectures as an OCI
layout (https://github.com/opencontainers/image-spec).  The same input gives the same bytes.
"""
import gzip
import hashlib
import io
import json
import os
import tarfile

OCI = "application/vnd.oci.image"


def digest(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def add(tar, path, data=None, mode=0o644, xattrs=None):
    """Adds a file to the archive, or a folder if data is None, with owner root and time 0."""
    info = tarfile.TarInfo(path)
    info.mode = mode
    info.pax_headers = {f"SCHILY.xattr.{k}": v for k, v in (xattrs or {}).items()}
    if data is None:
        info.type = tarfile.DIRTYPE
        tar.addfile(info)
    else:
        info.size = len(data)
        tar.addfile(info, io.BytesIO(data))


def layer(files, modes, xattrs):
    """The only layer of an image, uncompressed; the default of `modes` is 0644."""
    out = io.BytesIO()
    folders = set()
    for path in files:
        while path := os.path.dirname(path):
            folders.add(path)
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for path in sorted(folders | set(files)):
            if path in folders:
                add(tar, path, mode=0o755)
            else:
                add(tar, path, files[path], modes.get(path, 0o644), xattrs.get(path))
    return out.getvalue()


def config(platform, blob, run, created):
    """The configuration of the image, which docker-archives and OCI layouts share."""
    return json.dumps({"created": created, **platform, "config": run,
                       "rootfs": {"type": "layers", "diff_ids": [digest(blob)]}}).encode()


def docker_archive(name, image_config, blob):
    config_name = digest(image_config).removeprefix("sha256:") + ".json"
    layer_name = digest(blob).removeprefix("sha256:") + ".tar"
    manifest = [{"Config": config_name, "RepoTags": [name], "Layers": [layer_name]}]
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
        add(tar, "manifest.json", json.dumps(manifest).encode())
        add(tar, config_name, image_config)
        add(tar, layer_name, blob)
    return out.getvalue()


class Layout:
    """An OCI layout in a folder; close() writes its index."""

    def __init__(self, folder, tag, annotations):
        self.folder, self.tag, self.annotations = folder, tag, annotations
        self.manifests = []
        os.makedirs(f"{folder}/blobs/sha256", exist_ok=True)

    def add(self, platform, image_config, blob):
        """Adds the image of one architecture; returns its compressed size in bytes."""
        compressed = gzip.compress(blob, compresslevel=9, mtime=0)
        manifest = {"schemaVersion": 2, "mediaType": f"{OCI}.manifest.v1+json",
                    "config": self._blob(f"{OCI}.config.v1+json", image_config),
                    "layers": [self._blob(f"{OCI}.layer.v1.tar+gzip", compressed)],
                    "annotations": self.annotations}
        self.manifests.append({
            **self._blob(f"{OCI}.manifest.v1+json", json.dumps(manifest).encode()),
            "platform": platform})
        return len(compressed)

    def close(self):
        """Writes the index of all architectures; returns its digest."""
        index = json.dumps({"schemaVersion": 2, "mediaType": f"{OCI}.index.v1+json",
                            "manifests": self.manifests,
                            "annotations": self.annotations}).encode()
        top = self._blob(f"{OCI}.index.v1+json", index)
        top["annotations"] = {"org.opencontainers.image.ref.name": self.tag}
        self._write("index.json", json.dumps({
            "schemaVersion": 2, "mediaType": f"{OCI}.index.v1+json", "manifests": [top]}).encode())
        self._write("oci-layout", b'{"imageLayoutVersion": "1.0.0"}')
        return top["digest"]

    def _blob(self, media_type, data):
        name = digest(data)
        self._write("blobs/" + name.replace(":", "/"), data)
        return {"mediaType": media_type, "digest": name, "size": len(data)}

    def _write(self, path, data):
        with open(f"{self.folder}/{path}", "wb") as f:
            f.write(data)
