"""Inventories of any kind that Ansible reads: groups in each other, both formats, every layer."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

VARIABLES = ("calico_mtu", "kube_network_plugin", "v1", "v2", "v3")
_HOSTS = ("cp1", "worker1", "worker2", "web-1")
_GROUPS = ("etcd", "rack_a", "rack_b", "A", "b-c", "calico_rr", "gpu")
_IN_INI = (
    "5", "abc", '"a b"', "'q'", "True", "true", "[1,2]", "{'a': 1}", '{"a": true}', "a=b", "", "#x",
    "10.0.0.0/8 # c", "5 # c", "{{ v1 }}", "010", "1e3", "0x10", "None", '"x" y', "it's", "a;b",
    "(1,2)", "-5", "1_000", r'"\d"', "1.50", "yes", "~",
)  # fmt: skip
_OF_A_HOST = ("5", "abc", '"a b"', "'q'", "True", "[1,2]", "a=b", "010", "10.0.0.0/8", "x#y", '""')
_IN_YAML = (
    "yes", "no", "010", "0o10", "1e3", "12:30:45", "y", "~", "", "[1, 2]", "{a: 1, b: [x]}", '"q"',
    "'5'", "5", "1.50", "10.0.0.0/8", "fd00::1", "0x1F", "1_000", '"{{ v1 }}"', "On", "null", "-5",
    '!unsafe "{{ x }}"', ".5", "1.", "+1", "text with spaces",
)  # fmt: skip
_ENTRIES = ("a.yml", "b", "z.yaml", ".h.yml", "c.yml~", "t.txt", "x.json", "sub", "s.d", "10.yml")


class Arbitrary:
    """Makes one inventory after the other, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def make(self, directory: Path) -> Path:
        """Write an inventory, with a playbook above it; its file."""
        place = directory / "inventory" / "mine"
        place.mkdir(parents=True)
        (directory / "site.yml").write_text("- hosts: all\n")
        groups = self._groups()
        if self._random.random() < 0.5:
            file = place / "hosts.ini"
            file.write_text("\n".join(self._ini(groups)) + "\n")
        else:
            file = place / "hosts.yml"
            file.write_text("\n".join(self._yaml(groups)) + "\n")
        for root, chance in ((place, 0.4), (directory, 0.2)):
            for name in ("all", *groups):
                if self._random.random() < chance:
                    self._variables(root / "group_vars", name)
            for name in _HOSTS:
                if self._random.random() < chance / 3:
                    self._variables(root / "host_vars", name)
        return file

    def _groups(self) -> dict[str, list[str]]:
        """Groups with their children; no circles, since a child comes later."""
        others = self._random.sample(_GROUPS, self._random.randint(0, 5))
        names = [*others, "k8s_cluster", "kube_control_plane", "kube_node"]
        children: dict[str, list[str]] = {}
        for i, name in enumerate(names):
            below = [n for n in names[i + 1 :] if self._random.random() < 0.25]
            children[name] = below
        children["k8s_cluster"] = ["kube_control_plane", "kube_node"]
        return children

    def _ini(self, groups: dict[str, list[str]]) -> Iterator[str]:
        blocks: list[list[str]] = []
        for name, children in groups.items():
            hosts = self._random.sample(_HOSTS, self._random.randint(0, 2))
            hosts += ["cp1"] * (name == "kube_control_plane")
            lines = [f"[{name}]{self._one_of('', '  # c')}"]
            for host in hosts:
                sets = [f" {v}={self._one_of(*_OF_A_HOST)}" for v in self._some(2)]
                lines.append(host + "".join(sets) + self._one_of("", ":2222" * (not sets), " # n"))
            if self._random.random() < 0.2:
                lines.append(self._one_of("n[1:3]", "n[01:03]", "n[a:c]x v1=r", "n[0:1]-[a:b]"))
            blocks.append(lines)
            if children:
                blocks.append([f"[{name}:children]", *children])
            if self._random.random() < 0.6:
                blocks.append([f"[{name}:vars]", *self._sets()])
        if self._random.random() < 0.5:
            blocks.append(["[all:vars]", *self._sets()])
        self._random.shuffle(blocks)
        for block in blocks:
            yield from (*block, self._one_of("", "; said", "# said"))

    def _sets(self) -> Iterator[str]:
        for name in self._some(4):
            yield f"{name}{self._one_of('=', ' = ', ' =')}{self._one_of(*_IN_INI)}"
        if self._random.random() < 0.3:
            yield f"ansible_group_priority={self._random.randint(-3, 12)}"

    def _yaml(self, groups: dict[str, list[str]]) -> Iterator[str]:
        if self._random.random() < 0.5:
            yield "---"
        yield "all:"
        yield "  hosts: {node9: }"
        yield from self._vars("all", "  ")
        for name, children in groups.items():
            yield f"{name}:"
            hosts = self._random.sample(_HOSTS, self._random.randint(0, 3))
            hosts += ["cp1"] * (name == "kube_control_plane" and "cp1" not in hosts)
            yield "  hosts:" * bool(hosts)
            for host in hosts:
                value = self._one_of("5", "yes", "'x'", "1.5", "010")
                yield f"    {host}:{self._one_of('', f' {{v2: {value}}}')}"
            yield from self._vars(name, "  ")
            yield "  children:" * bool(children)
            yield from (f"    {child}:" for child in children)

    def _vars(self, name: str, indent: str) -> Iterator[str]:
        if self._random.random() < 0.6:
            yield f"{indent}vars:"
            for variable in self._some(3):
                yield f"{indent}  {variable}: {self._one_of(*_IN_YAML)}"
            if name != "all" and self._random.random() < 0.3:
                yield f"{indent}  ansible_group_priority: {self._one_of('1', '10', '-2')}"

    def _variables(self, folder: Path, name: str) -> None:
        folder.mkdir(exist_ok=True)
        if self._random.random() < 0.5:
            (folder / (name + self._one_of("", ".yml", ".yaml", ".json"))).write_text(self._text())
            return
        below = folder / name
        below.mkdir()
        for entry in self._random.sample(_ENTRIES, self._random.randint(0, 4)):
            file = below / entry
            if entry in ("sub", "s.d"):
                file.mkdir()
                file = file / "q.yml"
            file.write_text(self._text())
        if self._random.random() < 0.2:
            (folder / f"{name}.yaml").write_text(self._text())

    def _text(self) -> str:
        if self._random.random() < 0.1:
            return self._one_of("---\n", "", "# nothing\n", "---\n# nothing\n", "{}\n")
        lines = [f"{name}: {self._one_of(*_IN_YAML)}" for name in self._some(4)]
        if self._random.random() < 0.15:
            lines += ["v1: &b {p: 1, q: 2}", "v2: {<<: *b, q: 3}", "v3:", "  <<: [{p: 9}, *b]"]
        return self._one_of("", "---\n") + "\n".join(lines) + "\n"

    def _some(self, most: int) -> list[str]:
        return self._random.sample(VARIABLES, self._random.randint(1, most))

    def _one_of(self, *choices: str) -> str:
        return self._random.choice(choices)


def make_all(directory: Path, seeds: Sequence[int]) -> dict[str, Path]:
    """Inventories by their seed."""
    return {str(seed): Arbitrary(seed).make(directory / str(seed)) for seed in seeds}
