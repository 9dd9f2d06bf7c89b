#!/usr/bin/env python3
"""large-image.py LAYOUT GIBIBYTES: an OCI layout with the image 'large' of three layers that are that large together."""

import gzip
import hashlib
import io
import json
import os
import random
import sys
import tarfile

LAYERS = 3
FILE_BYTES = 64 << 20
PLATFORM = {"x86_64": "amd64", "aarch64": "arm64"}


class Hashing:
    """Passes on what is written, and hashes it."""

    def __init__(self, target):
        self.target = target
        self.sha256 = hashlib.sha256()
        self.size = 0

    def write(self, data):
        self.sha256.update(data)
        self.size += len(data)
        return self.target.write(data)

    def flush(self):
        self.target.flush()


def content(generator):
    """Text that deflate makes about four times smaller."""
    words = [generator.randbytes(24).hex().encode() + b"\n" for _ in range(4096)]
    block = b"".join(generator.choices(words, k=21000))
    return (block * (FILE_BYTES // len(block) + 1))[:FILE_BYTES]


def layer(blobs, number, files):
    generator = random.Random(number)
    path = os.path.join(blobs, "layer")
    with open(path, "wb") as file:
        compressed = Hashing(file)
        with gzip.GzipFile("", "wb", 1, compressed, 0) as packer:
            inflated = Hashing(packer)
            with tarfile.open(fileobj=inflated, mode="w|", bufsize=1 << 20) as tar:
                for index in range(files):
                    data = content(generator)
                    entry = tarfile.TarInfo(f"layer{number}/file{index}")
                    entry.size = len(data)
                    tar.addfile(entry, io.BytesIO(data))
    os.rename(path, os.path.join(blobs, compressed.sha256.hexdigest()))
    return inflated.sha256.hexdigest(), descriptor("layer.v1.tar+gzip", compressed.sha256.hexdigest(), compressed.size)


def descriptor(kind, digest, size):
    return {"mediaType": f"application/vnd.oci.image.{kind}", "digest": f"sha256:{digest}", "size": size}


def document(blobs, kind, content):
    data = json.dumps(content).encode()
    digest = hashlib.sha256(data).hexdigest()
    with open(os.path.join(blobs, digest), "wb") as file:
        file.write(data)
    return descriptor(kind, digest, len(data))


def main():
    layout, gibibytes = sys.argv[1], int(sys.argv[2])
    blobs = os.path.join(layout, "blobs", "sha256")
    os.makedirs(blobs)
    files = (gibibytes << 30) // FILE_BYTES
    parts = [layer(blobs, number, files // LAYERS + (number < files % LAYERS)) for number in range(LAYERS)]
    config = document(blobs, "config.v1+json", {
        "architecture": PLATFORM[os.uname().machine], "os": "linux", "config": {"Cmd": ["/none"]},
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{diff_id}" for diff_id, _ in parts]},
        "history": [{"created_by": f"COPY layer{number} /"} for number in range(LAYERS)]})
    manifest = document(blobs, "manifest.v1+json", {
        "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json", "config": config,
        "layers": [part for _, part in parts]})
    manifest["annotations"] = {"org.opencontainers.image.ref.name": "large"}
    with open(os.path.join(layout, "index.json"), "w") as file:
        json.dump({"schemaVersion": 2, "manifests": [manifest]}, file)
    with open(os.path.join(layout, "oci-layout"), "w") as file:
        json.dump({"imageLayoutVersion": "1.0.0"}, file)


main()
