"""Runs a Pulumi program without an engine: what it registers is recorded and answered."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

import pulumi
from google.protobuf import json_format, struct_pb2
from pulumi.runtime import mocks, rpc, stack
from pulumi.runtime.proto import resource_pb2

SECRET = rpc._special_secret_sig
STACK_REFERENCE = "pulumi:pulumi:StackReference"


@dataclasses.dataclass(frozen=True)
class Registered:
    """A resource that the program asked for; `inputs` are as on the wire, secrets as SECRET.

    `protect`: whether the engine is asked to keep it.
    """

    type: str
    inputs: dict[str, Any]
    provider: str
    parent: str
    protect: bool = False


class Monitor(mocks.MockMonitor):
    """Creates everything as asked, and knows other stacks: name → their outputs."""

    def __init__(self, others: Mapping[str, Mapping[str, Any]] | None = None) -> None:
        super().__init__(None)  # type: ignore[arg-type]  # nothing here asks for mocks
        self.others = others or {}
        self.made: dict[str, Registered] = {}

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 (the monitor's interface)
        inputs = _readable(json_format.MessageToDict(request.object))
        made = Registered(request.type, inputs, request.provider, request.parent, request.protect)
        self.made[request.name] = made
        return resource_pb2.RegisterResourceResponse(
            urn=self.make_urn(request.parent, request.type, request.name),
            id=f"{request.name}-id" if request.custom else "",
            object=request.object,
        )

    def ReadResource(self, request: Any) -> Any:  # noqa: N802
        assert request.type == STACK_REFERENCE
        state = struct_pb2.Struct()
        name = json_format.MessageToDict(request.properties)["name"]
        state.update({"name": name, "outputs": self.others[name], "secretOutputNames": []})
        urn = self.make_urn(request.parent, request.type, request.name)
        return resource_pb2.ReadResourceResponse(urn=urn, properties=state)


def _readable(value: Any) -> Any:
    if isinstance(value, dict):
        if value.get(rpc._special_sig_key) == SECRET:
            return {SECRET: _readable(value["value"])}
        return {key: _readable(item) for key, item in value.items()}
    return [_readable(item) for item in value] if isinstance(value, list) else value


def run(
    monitor: Monitor,
    program: Callable[[], Coroutine[Any, Any, Any] | None],
    *,
    project: str = "project",
    config: Mapping[str, str] | None = None,
    preview: bool = False,
) -> Any:
    """Run a program to its end; raises what it raises."""

    async def whole() -> Any:
        mocks.set_mocks(None, project, "dev", preview, monitor=monitor)  # type: ignore[arg-type]
        pulumi.runtime.set_all_config(dict(config or {}))
        awaited = program()
        result = await awaited if awaited is not None else None
        await stack.wait_for_rpcs()
        return result

    try:
        return asyncio.run(whole())
    finally:
        # One that was refused leaves some of a loop that ended: whoever runs next, here or by
        # `render`, would wait for them for ever.
        stack.SETTINGS.outputs.clear()
        stack._get_rpc_manager().clear()
