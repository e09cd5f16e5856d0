"""An add-on's key in a stack file: true, false, or a mapping of its settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import WrapValidator

from multinet.findings.model import CheckedModel, carrier, look, refusal

_M = TypeVar("_M", bound=CheckedModel)


def switch(model: type[_M]) -> WrapValidator:
    """For a field of `model | bool | None`: true is the model's defaults, a mapping its settings.

    Whatever is wrong inside a mapping is told at its own path.
    """

    def read(raw: Any, _handler: Any) -> _M | bool | None:
        if raw is True:
            return model()
        if raw is None or raw is False or isinstance(raw, model):
            return raw
        if not isinstance(raw, Mapping):
            rule = "must be true, false, or a mapping of the add-on's settings"
            raise refusal("wrong-type", rule, "write true to have it with its defaults")
        looked = look(model, raw)
        if looked.whole is None:
            raise carrier(looked.findings, looked.part)
        return looked.whole

    return WrapValidator(read)
