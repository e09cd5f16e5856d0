"""Writing OCI image archives: deterministic, from files, with nothing but the standard library.

The same content gives the same bytes, so an image's digest can be pinned before it is built
anywhere else.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import platform
import tarfile
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
_CONFIG = "application/vnd.oci.image.config.v1+json"
_LAYER = "application/vnd.oci.image.layer.v1.tar"
_INDEX = "application/vnd.oci.image.index.v1+json"
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


DEFAULT_PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@dataclass(frozen=True)
class File:
    """A regular file, from a path of the machine or from bytes. ``mode`` is its permissions."""

    content: Path | bytes
    mode: int = 0o755


@dataclass(frozen=True)
class Link:
    """A symbolic link."""

    target: str


@dataclass(frozen=True)
class Directory:
    """An empty directory."""

    mode: int = 0o755


Entry = File | Link | Directory


@dataclass(frozen=True)
class Image:
    """An image.

    Attributes:
        layers: from the lowest up, each absolute path → what is there; parent directories come
            by themselves. Images that share a layer share its room and its import.
        entrypoint, cmd, env, workdir: as in the OCI image configuration.
    """

    layers: tuple[Mapping[str, Entry], ...]
    entrypoint: tuple[str, ...] = ()
    cmd: tuple[str, ...] = ()
    env: tuple[str, ...] = (DEFAULT_PATH,)
    workdir: str = "/"
    labels: Mapping[str, str] = field(default_factory=dict)


def write_archive(target: Path, reference: str, image: Image) -> str:
    """Write ``image`` as an OCI archive that names it ``reference``; return its digest.

    The digest (``sha256:…``) is the manifest's: what ``name@sha256:…`` means. The file appears
    complete or not at all.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".image.", dir=target.parent) as work:
        layers = []
        for number, entries in enumerate(image.layers):
            layers.append(Path(work) / f"layer{number}")
            with layers[-1].open("wb") as file:
                _write_layer(file, entries)
        manifest, blobs = _describe(image, layers)
        manifest["annotations"] = {"io.containerd.image.name": reference}
        index = _json({"schemaVersion": 2, "mediaType": _INDEX, "manifests": [manifest]})
        archive = Path(work) / "archive"
        with tarfile.open(archive, "w", format=tarfile.USTAR_FORMAT) as tar:
            _add(tar, "oci-layout", File(_json({"imageLayoutVersion": "1.0.0"}), 0o644))
            _add(tar, "index.json", File(index, 0o644))
            for name, content in blobs.items():
                _add(tar, f"blobs/sha256/{name}", File(content, 0o644))
        archive.replace(target)
    return str(manifest["digest"])


def merge_archives(target: Path, archives: Iterable[Path]) -> None:
    """Write one archive of all their images, in which what they share is once."""
    manifests: list[Any] = []
    seen: set[str] = set()
    with tarfile.open(target, "w", format=tarfile.USTAR_FORMAT) as merged:
        for archive in archives:
            with tarfile.open(archive) as tar:
                for member in tar:
                    if member.name == "index.json":
                        manifests += json.loads(_content(tar, member).read())["manifests"]
                    elif member.name not in seen:
                        merged.addfile(member, _content(tar, member))
                        seen.add(member.name)
        index = _json({"schemaVersion": 2, "mediaType": _INDEX, "manifests": manifests})
        _add(merged, "index.json", File(index, 0o644))


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    content = tar.extractfile(member)
    assert content is not None, f"{member.name} is no file"
    return content


def _describe(image: Image, layers: list[Path]) -> tuple[dict[str, Any], dict[str, bytes | Path]]:
    """Descriptor of the image's manifest, and every blob by its hexadecimal digest."""
    hashes = [_hash_file(layer) for layer in layers]
    machine = platform.machine()
    target = {"architecture": _ARCHITECTURES.get(machine, machine), "os": "linux"}
    settings: dict[str, Any] = {"Env": list(image.env), "WorkingDir": image.workdir}
    if image.entrypoint:
        settings["Entrypoint"] = list(image.entrypoint)
    if image.cmd:
        settings["Cmd"] = list(image.cmd)
    if image.labels:
        settings["Labels"] = dict(image.labels)
    config = _json(
        {
            **target,
            "config": settings,
            "rootfs": {"type": "layers", "diff_ids": [f"sha256:{name}" for name in hashes]},
        }
    )
    manifest = _json(
        {
            "schemaVersion": 2,
            "mediaType": _MANIFEST,
            "config": _descriptor(_CONFIG, config),
            "layers": [
                {"mediaType": _LAYER, "digest": f"sha256:{name}", "size": layer.stat().st_size}
                for name, layer in zip(hashes, layers, strict=True)
            ],
        }
    )
    blobs: dict[str, bytes | Path] = {
        _hash(manifest): manifest,
        _hash(config): config,
        **dict(zip(hashes, layers, strict=True)),
    }
    return {**_descriptor(_MANIFEST, manifest), "platform": target}, blobs


def _write_layer(out: IO[bytes], entries: Mapping[str, Entry]) -> None:
    complete: dict[str, Entry] = {}
    for path in sorted(entries):
        if not path.startswith("/") or ".." in path.split("/"):
            raise ValueError(f"a path in an image is absolute and has no '..': {path!r}")
        for parent in reversed(list(Path(path).parents)[:-1]):
            complete.setdefault(str(parent), entries.get(str(parent), Directory()))
        complete[path] = entries[path]
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for path, entry in sorted(complete.items()):
            _add(tar, path.lstrip("/"), entry)


def _add(tar: tarfile.TarFile, name: str, entry: Entry) -> None:
    # Owner, group and time stay 0: they would make two builds differ.
    info = tarfile.TarInfo(name)
    if isinstance(entry, Directory):
        info.type, info.mode = tarfile.DIRTYPE, entry.mode
        tar.addfile(info)
    elif isinstance(entry, Link):
        info.type, info.mode, info.linkname = tarfile.SYMTYPE, 0o777, entry.target
        tar.addfile(info)
    elif isinstance(entry.content, bytes):
        info.size, info.mode = len(entry.content), entry.mode
        tar.addfile(info, io.BytesIO(entry.content))
    else:
        info.mode = entry.mode
        with entry.content.open("rb") as file:
            info.size = os.fstat(file.fileno()).st_size
            tar.addfile(info, file)


def _descriptor(media_type: str, content: bytes) -> dict[str, Any]:
    return {
        "mediaType": media_type,
        "digest": f"sha256:{_hash(content)}",
        "size": len(content),
    }


def _hash_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _json(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def reference_of(archive: Path) -> str:
    """The name that an archive states for its image. Raises KeyError where it states none."""
    with tarfile.open(archive) as tar:
        index = tar.extractfile("index.json")
        assert index is not None, f"{archive} is no OCI archive"
        (manifest,) = json.load(index)["manifests"]
        return str(manifest["annotations"]["io.containerd.image.name"])
