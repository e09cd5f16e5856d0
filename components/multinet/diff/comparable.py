"""An environment's settings as plain data, with what takes effect in the place of defaults."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, SecretStr

from multinet.addons.settings import AddonsSettings
from multinet.cni.config import NetworkConfig
from multinet.multus.settings import MultusSettings
from multinet.policies.meaning import meaning
from multinet.primary_cni.options import CalicoSettings, CiliumSettings
from multinet.primary_cni.settings import PrimaryCniSettings
from multinet.settings.types import Ciphertext
from multinet.stack.settings import StackSettings

_OPTIONS: Mapping[str, type[BaseModel]] = {"calico": CalicoSettings, "cilium": CiliumSettings}
_SECRET_KEY = re.compile(r"(?i)password|passphrase|token|secret|private_?key")


class Hidden:
    """A secret's place: it compares by the secret and never shows it."""

    def __init__(self, text: str, how: str = "a secret") -> None:
        self._text, self._how = text, how

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Hidden) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __repr__(self) -> str:
        return f"({self._how})"


def comparable(settings: StackSettings, beside: StackSettings | None = None) -> dict[str, Any]:
    """Section → keys as in the stack file → values; nothing in it shows a secret.

    `beside`: what it is compared with; another primary CNI has options of its own, and only
    those that were chosen are worth a line.
    """
    return {
        "cluster": {"kubeconfig": _value(settings.kubeconfig), "context": settings.context},
        "primaryCni": _primary(settings.primary_cni, (beside or settings).primary_cni.plugin),
        "multus": _multus(settings.multus),
        "addons": _addons(settings),
        "networks": {name: _value(network) for name, network in settings.networks.items()},
        "policies": {name: meaning(policy) for name, policy in settings.policies.items()},
        "nodes": {name: _node(name, _value(node)) for name, node in settings.nodes.items()},
    }


def _primary(primary: PrimaryCniSettings, beside: str) -> dict[str, Any]:
    found: dict[str, Any] = _value(primary)
    found["version"] = primary.effective_version or None
    found["confFile"] = primary.effective_conf_file or None
    chosen = {"calico": primary.calico, "cilium": primary.cilium}.get(primary.plugin)
    if primary.plugin in _OPTIONS and primary.plugin == beside:
        found[primary.plugin] = _value(chosen or _OPTIONS[primary.plugin]())
    elif chosen is not None:
        found[primary.plugin] = chosen.model_dump(by_alias=True, exclude_unset=True)
    return found


def _multus(multus: MultusSettings) -> dict[str, Any]:
    found: dict[str, Any] = _value(multus)
    del found["registry"]  # is in the image's reference
    dirs = multus.dirs
    return found | {
        "image": multus.effective_image,
        "cniConfDir": dirs.conf,
        "cniBinDir": dirs.bin,
    }


def _addons(settings: StackSettings) -> dict[str, Any]:
    """Those that run, with the image that they run; false says no more than nothing."""
    registry = settings.multus.registry or ""
    found: dict[str, Any] = {}
    for name, addon in settings.addons.on.items():
        key = AddonsSettings.model_fields[name].alias or name
        found[key] = {**_value(addon), "image": addon.effective_image(registry)}
    return found


def _node(name: str, node: dict[str, Any]) -> dict[str, Any]:
    return node | {"host": node["host"] or (None if node["local"] else name)}


def _value(value: Any, key: str = "") -> Any:
    if isinstance(value, SecretStr):
        return Hidden(value.get_secret_value())
    if isinstance(value, Ciphertext):
        return Hidden(value.secure, "encrypted")
    if isinstance(value, NetworkConfig):
        return _value(value.raw)
    if isinstance(value, BaseModel):
        fields = type(value).model_fields
        return {f.alias or n: _value(getattr(value, n)) for n, f in fields.items()}
    if isinstance(value, Mapping):
        return {str(k): _value(v, str(k)) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_value(item, key) for item in value]
    # Chart values and CNI configurations are free in form: what is called a secret is taken as one.
    if isinstance(value, str) and value and _SECRET_KEY.search(key):
        return Hidden(value)
    return value
