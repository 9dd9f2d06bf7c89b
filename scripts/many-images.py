#!/usr/bin/env python3
"""many-images.py DIRECTORY IMAGES LAYERS

Writes an OCI image layout of so many images, named image-0:latest and so on, of so many layers each. No two layers are the
same: each is a tar of a directory and four files.
"""
import hashlib
import io
import json
import os
import sys
import tarfile


def add_blob(directory, data):
    digest = hashlib.sha256(data).hexdigest()
    with open(os.path.join(directory, "blobs", "sha256", digest), "wb") as file:
        file.write(data)
    return {"digest": "sha256:" + digest, "size": len(data)}


def layer_tar(image, layer):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        folder = tarfile.TarInfo(f"opt/{layer}")
        folder.type = tarfile.DIRTYPE
        folder.mode = 0o755
        tar.addfile(folder)
        for number in range(4):
            content = f"file {number} of layer {layer} of image {image}\n".encode() * 20
            entry = tarfile.TarInfo(f"opt/{layer}/{number}")
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return out.getvalue()


def main(directory, images, layers):
    os.makedirs(os.path.join(directory, "blobs", "sha256"))
    manifests = []
    for image in range(images):
        tars = [layer_tar(image, layer) for layer in range(layers)]
        config = {
            "architecture": "amd64",
            "os": "linux",
            "rootfs": {"type": "layers", "diff_ids": ["sha256:" + hashlib.sha256(tar).hexdigest() for tar in tars]},
            "history": [{"created_by": f"COPY {layer} /opt"} for layer in range(layers)],
        }
        manifest = {
            "schemaVersion": 2,
            "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "config": {
                "mediaType": "application/vnd.oci.image.config.v1+json",
                **add_blob(directory, json.dumps(config).encode()),
            },
            "layers": [
                {"mediaType": "application/vnd.oci.image.layer.v1.tar", **add_blob(directory, tar)} for tar in tars
            ],
        }
        manifests.append(
            {
                "mediaType": manifest["mediaType"],
                **add_blob(directory, json.dumps(manifest).encode()),
                "annotations": {"org.opencontainers.image.ref.name": f"image-{image}:latest"},
            }
        )
    with open(os.path.join(directory, "index.json"), "w") as file:
        json.dump({"schemaVersion": 2, "manifests": manifests}, file)
    with open(os.path.join(directory, "oci-layout"), "w") as file:
        json.dump({"imageLayoutVersion": "1.0.0"}, file)


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__.strip())
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
