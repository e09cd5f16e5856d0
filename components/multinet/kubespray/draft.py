"""The environment in the making: variables are taken out of the inventory one by one."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, TypeVar

from multinet.findings.finding import show
from multinet.findings.text import MASK
from multinet.kubespray.ansible.expressions import Step, Unfillable
from multinet.kubespray.ansible.references import References, has_jinja
from multinet.kubespray.inventory import Given, Inventory, Sealed
from multinet.kubespray.parity import DEFAULTS
from multinet.kubespray.rows.row import Row, Write

AS_ANYWAY: Final = "(as it is anyway)"
_DEFAULT: Final = "; its default is used"
_SECRET_NAME = re.compile(r"secret|token|passw|private|credential|(^|_)key$")
_T = TypeVar("_T")
Path = tuple[Step, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Lost:
    """A variable that is not in the environment, or not as it was.

    Attributes:
        name, value, source: as the inventory has it; of a part, `name.key`.
        reason: why, and what is there instead.
        jinja: its value is a template, which only Ansible can fill.
    """

    name: str
    value: str
    source: str
    reason: str
    jinja: bool = False

    def as_dict(self) -> dict[str, Any]:
        """For `--json`."""
        return dataclasses.asdict(self)


@dataclasses.dataclass(frozen=True, slots=True)
class _Leaf:
    """A value of the environment, on behalf of variables; `part`: which part of theirs it is."""

    value: Any
    names: Sequence[str]
    part: Path = ()


class Draft:
    """An environment being written, and which variable each of its values came from."""

    def __init__(self, inventory: Inventory) -> None:
        self.given = inventory.given
        self.references = References(self.given, DEFAULTS, [*inventory.elsewhere])
        self.carried: dict[str, str] = {}
        self._lost: dict[str, Lost] = {}
        self._asked: dict[str, Any] = {}
        self._leaves: dict[Path, _Leaf] = {}

    @property
    def lost(self) -> list[Lost]:
        """What is not carried over, as the inventory orders it."""
        order = {name: i for i, name in enumerate(self.given)}
        last = len(order)
        return sorted(
            self._lost.values(), key=lambda one: order.get(one.name.partition(".")[0], last)
        )

    @property
    def config(self) -> dict[str, Any]:
        """The environment as it is now, keys without the `multinet:` prefix."""
        return self.without(None)

    def without(self, path: Path | None) -> dict[str, Any]:
        """The environment without one of its values."""
        root: dict[str, Any] = {}
        for steps, leaf in self._leaves.items():
            if steps == path:
                continue
            here: Any = root
            for step, following in zip(steps, (*steps[1:], None), strict=True):
                below: Any = leaf.value if following is None else _empty(following)
                if isinstance(here, list):
                    here.append(below)
                else:
                    below = here.setdefault(step, below)
                here = below
        return root

    def reason(self, name: str) -> str:
        """Why a variable's value could not be had; empty: it could."""
        lost = self._lost.get(name)
        return lost.reason.removesuffix(_DEFAULT) if lost else ""

    def has(self, name: str) -> bool:
        """Whether the inventory sets a variable, to whatever value."""
        return name in self.given

    def get(
        self, name: str, read: Callable[[Any], _T | None], default: _T | None = None
    ) -> _T | None:
        """A variable's value as `read` makes it.

        Where it is absent, or neither fillable nor readable, which is noted: `default`, or
        Kubespray's own.
        """
        value = self._value(name)
        if value is not None:
            found = read(value)
            if found is not None:
                return found
            self.lose(name, f"is no value that Kubespray takes{_DEFAULT}")
        return default if default is not None else self._usual(name, read)

    def _value(self, name: str) -> Any:
        """What the inventory sets, filled; what of it cannot be is noted the first time."""
        if name not in self.given:
            return None
        if name not in self._asked:
            self._asked[name], left = self.references.parts(name)
            if self._asked[name] == "":  # Kubespray's own way to leave something open
                self._asked[name] = None
            if left and self._asked[name] in (None, {}):
                self._asked[name] = None
                self._lose_template(name, self.given[name].value, left[0][2])
                left = []
            for path, value, reason in left:
                self._lose_template(_dotted((name, *path)), value, reason)
        return self._asked[name]

    def _usual(self, name: str, read: Callable[[Any], _T | None]) -> _T | None:
        default = self.references.default(name)
        return None if default is None else read(default)

    def carry(self, row: Row) -> None:
        """Convert a variable that is one key, as its row says."""
        assert row.read is not None
        value = self.get(row.name, row.read)
        usual = self._usual(row.name, row.read)
        if value is None or not (self.has(row.name) or row.write is Write.ALWAYS):
            return
        if row.write is Write.CHANGED and value == usual:
            self.as_anyway(row.name)
        else:
            self.put(row.ours, value, row.name)

    def as_anyway(self, name: str) -> None:
        """Note that what a variable says is so without it."""
        if name in self.given and name not in self._lost:
            self.carried[name] = AS_ANYWAY

    def put(self, path: str, value: Any, *names: str) -> None:
        """Set a key of the environment, on behalf of variables; of a mapping, each of its leaves.

        Where another variable has set it before, this one wins, and that is noted.
        """
        self._put(tuple(path.split(".")), value, names, ())
        self.note(path, *names)

    def note(self, path: str, *names: str) -> None:
        """Note that a key has variables' values."""
        for name in names:
            if name in self.given and name not in self._lost:
                self.carried[name] = path

    def _put(self, steps: Path, value: Any, names: Sequence[str], part: Path) -> None:
        if isinstance(value, dict) and value:
            for key, item in value.items():
                self._put((*steps, key), item, names, (*part, key))
            return
        for other in [at for at in self._leaves if at[: len(steps)] == steps or at == steps[:-1]]:
            for name in self._leaves.pop(other).names:
                if name not in names:
                    self.lose(name, f"{names[0] if names else ''} is there too, and wins")
        self._leaves[steps] = _Leaf(value, names, part)

    def add(self, path: str, value: Any, *names: str) -> None:
        """Add an item to a list of the environment, on behalf of variables."""
        steps = tuple(path.split("."))
        count = sum(at[: len(steps)] == steps for at in self._leaves)
        self._leaves[*steps, count] = _Leaf(value, names)
        self.note(path, *names)

    def paths(self, near: Path) -> list[Path]:
        """The values that can be taken out, those first that have most of a path in common."""

        def distance(path: Path) -> int:
            same = 0
            for one, other in zip(path, near, strict=False):
                if str(one) != str(other):
                    break
                same += 1
            return -same

        known = [path for path in self._leaves if path != ("primaryCni", "plugin")]
        return sorted(known, key=distance)

    def drop(self, path: Path, reason: str) -> None:
        """Take a value out again, naming the variables that it came from."""
        leaf = self._leaves.pop(path)
        given = [name for name in leaf.names if name in self.given]
        for name in given:
            if leaf.part and any(name in one.names for one in self._leaves.values()):
                shown = _dotted((name, *leaf.part))
                self._add(shown, leaf.value, self.given[name].source, reason)
            else:
                self.lose(name, reason)
        if not given:
            self._add(_dotted(leaf.names[:1] or path), leaf.value, "Kubespray's default", reason)

    def lose(self, name: str, reason: str) -> None:
        """Note that a variable is not carried over; only where the inventory sets it."""
        given = self.given.get(name)
        if given is not None:
            self._asked.setdefault(name, None)
            self.carried.pop(name, None)
            self._add(name, given.value, given.source, reason)

    def lose_elsewhere(self, given: Given, reason: str) -> None:
        """Note a value that a variable has on some nodes only."""
        key = f"{given.name} {given.source}"
        self._lost.setdefault(key, self._of(given.name, given.value, given.source, reason))

    def _lose_template(self, shown: str, value: Any, reason: str) -> None:
        source = self.given[shown.partition(".")[0]].source
        told = f"is a template: {reason}{_DEFAULT}"
        if isinstance(value, Sealed):
            told = f"is sealed ({value.tag}){_DEFAULT}"
        self._add(shown, value, source, told)

    def _add(self, shown: str, value: Any, source: str, reason: str) -> None:
        if shown not in self._lost:
            self._lost[shown] = self._of(shown, value, source, reason)

    @staticmethod
    def _of(shown: str, value: Any, source: str, reason: str) -> Lost:
        # The value ends up in a comment of the stack file, which is committed.
        text = value.tag if isinstance(value, Sealed) else show(value)
        masked = MASK if _SECRET_NAME.search(shown) and value else text
        return Lost(shown, masked, source, reason, has_jinja(value))

    def account(self) -> None:
        """Say of every variable that was asked for and is nowhere yet what became of it."""
        for name in self._asked:
            if name in self.carried or name in self._lost:
                continue
            unset = self._asked[name] is None
            if unset or _same(self._asked[name], self.references.default(name)):
                self.as_anyway(name)
            else:
                self.lose(name, "has no effect with the rest of this inventory")

    def rest(self) -> list[Given]:
        """Variables that nobody asked for, as the inventory orders them."""
        return [given for name, given in self.given.items() if name not in self._asked]

    def same_as_default(self, name: str) -> bool:
        """Whether the inventory sets a variable to what Kubespray does without it."""
        try:
            value = self.references.value(name)
        except Unfillable:
            return False
        return _same(value, self.references.default(name))


def _same(value: Any, default: Any) -> bool:
    return default is not None and show(value).strip().lower() == show(default).strip().lower()


def _empty(following: Step) -> Any:
    return [] if isinstance(following, int) else {}


def _dotted(path: Iterable[Step]) -> str:
    return ".".join(map(str, path))
