"""Which files an inventory is made of: inventory files, group_vars and host_vars."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from ruamel.yaml.nodes import MappingNode, SequenceNode

from multinet.kubespray.ansible.documents import NotKubespray, YamlFile, text_of

VARIABLES: Final = ("group_vars", "host_vars")
_SUFFIXES: Final = ("", ".yml", ".yaml", ".json")
_INVENTORIES: Final = ("", ".ini", ".cfg", ".yml", ".yaml", ".json", ".toml")
_UPWARDS: Final = 4
_PLAYS: Final = frozenset({"hosts", "import_playbook", "ansible.builtin.import_playbook"})


@dataclasses.dataclass(frozen=True)
class Places:
    """Where an inventory's variables are.

    Attributes:
        base: what names of files are shown relative to.
        files: inventory files, in Ansible's order.
        inventory: the directory whose group_vars and host_vars are beside the inventory.
        playbooks: directories that hold playbooks, and group_vars or host_vars beside them.
    """

    base: Path
    files: Sequence[Path]
    inventory: Path
    playbooks: Sequence[Path]

    def shown(self, file: Path) -> str:
        """A file's name for the user."""
        return os.path.relpath(file, self.base)

    def entries(self, folder: str) -> Iterator[Path]:
        """What lies in the directories `group_vars` or `host_vars`."""
        for directory in (self.inventory, *self.playbooks):
            if (directory / folder).is_dir():
                yield from sorted((directory / folder).iterdir())


def of_directory(path: Path) -> Places:
    """Of an inventory's directory."""
    return Places(path, inventories(path), path, playbooks_above(path))


def instead_of(path: Path) -> str:
    """What to name instead of a directory that is no inventory's, as far as that can be told."""
    folders = [path, path / "inventory"]
    inside = [f for folder in folders if folder.is_dir() for f in sorted(folder.iterdir())]
    found = next((f for f in inside if (f / VARIABLES[0]).is_dir()), None)
    return f"an inventory, e.g. {found}" if found else "an inventory, or a group_vars file"


def of_file(path: Path) -> Places:
    """Of an inventory file, with what is beside it."""
    parent = path.parent
    return Places(parent, [path], parent, playbooks_above(parent))


def of_group_vars(path: Path) -> Places:
    """Of a directory group_vars alone."""
    return Places(path.parent, [], path.parent, [])


def inventories(directory: Path) -> list[Path]:
    """Files of a directory that may be inventory files, in Ansible's order."""
    return [file for file in sorted(directory.iterdir()) if _may_be_inventory(file)]


def playbooks_above(directory: Path) -> list[Path]:
    """Directories above an inventory that hold both a playbook and variables beside it."""
    here = directory.resolve()
    places = [p for above in [*here.parents][:_UPWARDS] for p in (above, above / "playbooks")]
    return [place for place in places if place.resolve() != here and _has_both(place)]


def files_of(folder: Path, name: str) -> tuple[list[Path], list[Path]]:
    """The files of variables of a group or host, in Ansible's order; and those that it shadows.

    A directory of that name is read instead of the files beside it, else the first file is.
    """
    if "/" in name or "\0" in name:
        return [], []
    there = [path for suffix in _SUFFIXES if (path := folder / f"{name}{suffix}").exists()]
    if not there:
        return [], []
    first, *shadowed = there
    return [*_below(first, set())] if first.is_dir() else [first], shadowed


def group_of(entry: Path) -> str:
    """The group or host whose variables an entry of group_vars or host_vars holds."""
    return entry.stem if entry.is_file() and entry.suffix in _SUFFIXES else entry.name


def _below(directory: Path, seen: set[Path]) -> Iterator[Path]:
    if (real := directory.resolve()) in seen:  # a link that leads back up
        return
    seen.add(real)
    for entry in sorted(directory.iterdir()):
        if entry.name.startswith(".") or entry.name.endswith("~"):
            continue
        if entry.is_dir() and not entry.suffix:
            yield from _below(entry, seen)
        elif entry.is_file() and entry.suffix in _SUFFIXES:
            yield entry


def _may_be_inventory(file: Path) -> bool:
    if file.name.startswith(".") or not file.is_file() or file.suffix not in _INVENTORIES:
        return False
    if file.suffix == "":
        return file.name.startswith(("hosts", "inventory")) or _has_section(file)
    return file.name != "ansible.cfg"


def _has_section(file: Path) -> bool:
    with file.open("rb") as opened:
        return any(line.startswith(b"[") for line in opened.read(65_536).splitlines())


def _has_both(directory: Path) -> bool:
    try:
        if not any((directory / name).is_dir() for name in VARIABLES):
            return False
        return any(_is_playbook(file) for file in sorted(directory.glob("*.y*ml"))[:100])
    except OSError:  # it is not ours to look into
        return False


def _is_playbook(file: Path) -> bool:
    try:
        yaml = YamlFile(text_of(file, file.name), file.name)
    except NotKubespray:
        return False
    plays = yaml.root.value if isinstance(yaml.root, SequenceNode) else []
    plays = [play for play in plays if isinstance(play, MappingNode)]
    return any(key in _PLAYS for play in plays for key, _, _ in yaml.pairs(play))
