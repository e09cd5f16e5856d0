"""Image archives are what the OCI specification says, and the same bytes every time."""

from __future__ import annotations

import hashlib
import json
import sys
import tarfile
from pathlib import Path

import pytest

from rig.images.elf import is_static
from rig.images.oci import (
    Directory,
    Entry,
    File,
    Image,
    Link,
    merge_archives,
    reference_of,
    write_archive,
)

REFERENCE = "registry.example/team/tool:1.2"


def sample(tmp_path: Path) -> Image:
    binary = tmp_path / "tool"
    binary.write_bytes(b"\x7fELF" + b"x" * 3000)
    shared: dict[str, Entry] = {
        "/usr/bin/tool": File(binary),
        "/etc/passwd": File(b"root:x:0:0::/:\n", 0o644),
    }
    above: dict[str, Entry] = {"/bin/sh": Link("/usr/bin/tool"), "/tmp": Directory(0o1777)}
    return Image((shared, above), entrypoint=("/bin/sh",), cmd=("-c", "true"))


def blobs_of(archive: Path) -> dict[str, bytes]:
    with tarfile.open(archive) as tar:
        members = {m.name: tar.extractfile(m) for m in tar.getmembers()}
        return {name: file.read() for name, file in members.items() if file}


def test_every_blob_has_the_digest_and_size_that_lead_to_it(tmp_path: Path) -> None:
    archive = tmp_path / "image.tar"
    digest = write_archive(archive, REFERENCE, sample(tmp_path))
    files = blobs_of(archive)

    def follow(descriptor: dict[str, object]) -> bytes:
        algorithm, _, name = str(descriptor["digest"]).partition(":")
        content = files[f"blobs/{algorithm}/{name}"]
        assert hashlib.sha256(content).hexdigest() == name
        assert len(content) == descriptor["size"]
        return content

    assert json.loads(files["oci-layout"]) == {"imageLayoutVersion": "1.0.0"}
    (entry,) = json.loads(files["index.json"])["manifests"]
    assert entry["digest"] == digest
    assert entry["annotations"]["io.containerd.image.name"] == REFERENCE
    manifest = json.loads(follow(entry))
    config = json.loads(follow(manifest["config"]))
    layers = [follow(layer) for layer in manifest["layers"]]
    hashes = [f"sha256:{hashlib.sha256(layer).hexdigest()}" for layer in layers]
    assert config["rootfs"]["diff_ids"] == hashes
    assert config["config"]["Entrypoint"] == ["/bin/sh"]
    assert config["os"] == "linux"
    assert len(files) == 2 + 2 + len(layers), "a blob that nothing leads to"


def test_layers_hold_the_entries_with_their_parents_and_modes(tmp_path: Path) -> None:
    archive = tmp_path / "image.tar"
    write_archive(archive, REFERENCE, sample(tmp_path))
    files = blobs_of(archive)
    manifest_name = json.loads(files["index.json"])["manifests"][0]["digest"].split(":")[1]
    layers = json.loads(files[f"blobs/sha256/{manifest_name}"])["layers"]
    found: dict[str, tarfile.TarInfo] = {}
    for layer in layers:
        path = tmp_path / "layer.tar"
        path.write_bytes(files[f"blobs/sha256/{layer['digest'].split(':')[1]}"])
        with tarfile.open(path) as tar:
            found |= {m.name: m for m in tar.getmembers()}
    assert set(found) == {"usr", "usr/bin", "usr/bin/tool", "etc", "etc/passwd"} | {
        "bin",
        "bin/sh",
        "tmp",
    }
    assert found["usr"].isdir()
    assert found["bin/sh"].linkname == "/usr/bin/tool"
    assert found["tmp"].mode == 0o1777
    assert found["etc/passwd"].mode == 0o644
    assert {(m.uid, m.gid, m.mtime) for m in found.values()} == {(0, 0, 0)}


def test_the_same_image_gives_the_same_bytes(tmp_path: Path) -> None:
    image = sample(tmp_path)
    first, second = tmp_path / "one.tar", tmp_path / "two.tar"
    assert write_archive(first, REFERENCE, image) == write_archive(second, REFERENCE, image)
    assert first.read_bytes() == second.read_bytes()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["one.tar", "tool", "two.tar"]


def test_the_name_does_not_change_the_digest(tmp_path: Path) -> None:
    image = sample(tmp_path)
    digests = {write_archive(tmp_path / "i.tar", name, image) for name in ("a.example/x:1", "y:2")}
    assert len(digests) == 1


def test_what_several_images_share_is_in_their_archive_once(tmp_path: Path) -> None:
    shared = {"/tool": File(b"x" * 5000)}
    digests = {
        name: write_archive(tmp_path / f"{name}.tar", f"a.example/{name}:1", image)
        for name, image in (
            ("one", Image((shared, {"/a": File(b"a")}))),
            ("two", Image((shared, {"/b": File(b"b")}))),
        )
    }
    merge_archives(tmp_path / "all.tar", [tmp_path / f"{name}.tar" for name in digests])
    with tarfile.open(tmp_path / "all.tar") as tar:
        names = tar.getnames()
        index = tar.extractfile("index.json")
        assert index is not None
        manifests = json.load(index)["manifests"]
    assert len(names) == len(set(names))
    assert sum(name.startswith("blobs/") for name in names) == 3 + 2 + 2, "layers, rest, manifests"
    assert {m["annotations"]["io.containerd.image.name"]: m["digest"] for m in manifests} == {
        f"a.example/{name}:1": digest for name, digest in digests.items()
    }


@pytest.mark.parametrize("path", ["relative/file", "/up/../../etc/passwd"])
def test_a_path_that_leaves_the_image_is_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(ValueError, match="absolute"):
        write_archive(tmp_path / "i.tar", REFERENCE, Image(({path: File(b"")},)))
    assert list(tmp_path.iterdir()) == []


def test_a_dynamic_binary_is_told_from_other_files(tmp_path: Path) -> None:
    script = tmp_path / "script"
    script.write_text("#!/bin/sh\n" + "#" * 100)
    assert not is_static(script), "a script needs its interpreter"
    if sys.platform == "linux":
        assert not is_static(Path("/bin/ls").resolve()), "ls is linked dynamically"


def test_an_archive_tells_its_name_however_long(tmp_path: Path) -> None:
    name = f"registry.example/{'deep/' * 12}multus-cni:v4.3.0-thick"
    write_archive(tmp_path / "a.tar", name, Image(({"/x": File(b"x")},)))
    assert reference_of(tmp_path / "a.tar") == name
