"""Runs a Pulumi program under the SDK's test monitor and records what it registers."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import runpy
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pulumi
from google.protobuf import empty_pb2, json_format, struct_pb2
from pulumi.runtime import mocks, rpc
from pulumi.runtime.proto import engine_pb2, resource_pb2
from pulumi.runtime.stack import run_in_stack

from multinet import watch
from multinet.names import stack_key

_STACK_TYPE = "pulumi:pulumi:Stack"
_SECRET_KEY = rpc._special_sig_key
MASK = "[secret]"
KNOWN_LATER = "(known after up)"
"""Stands for what another resource says only when it is there."""


@dataclasses.dataclass(frozen=True)
class Planned:
    """A resource that the program would create.

    Attributes:
        type: Pulumi's type token. name: its name in the program.
        inputs: plain data; secrets are masked.
        dependencies: URNs that come before it, its parents' included.
        remote: a component that a provider would expand, such as a Helm chart.
    """

    urn: str
    type: str
    name: str
    inputs: dict[str, Any]
    dependencies: frozenset[str]
    custom: bool
    remote: bool


@dataclasses.dataclass(frozen=True)
class Plan:
    """What a program would create, in dependency order, and what it exports.

    warnings: what the program told the engine's log. declared: what its components were given.
    """

    resources: list[Planned]
    outputs: dict[str, Any]
    warnings: list[str]
    declared: watch.Declared


def run(
    main: Path,
    project: str,
    stack: str,
    config: Mapping[str, Any],
    *,
    seen: watch.Declared | None = None,
    others: Mapping[str, Any] | None = None,
) -> Plan:
    """Run the program at `main` with this configuration.

    Args:
        main: its `__main__.py`.
        project, stack: whose it is.
        config: the `multinet:` keys, without that prefix.
        seen: is told what its components are given, also where it is refused.
        others: further configuration, `namespace:key`.

    It is a rehearsal, as a preview is: what only an update can know is KNOWN_LATER.

    Raises pulumi.RunError as the program does when it refuses its configuration.
    """
    recorder, log = _Recorder(), _Log()
    encoded = {stack_key(key): _encoded(value) for key, value in config.items()}
    encoded |= {key: _encoded(value) for key, value in (others or {}).items()}
    pulumi.runtime.set_all_config(encoded)
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    _configure(recorder, log, project, stack)
    try:
        with watch.watching(seen) as declared:
            loop.run_until_complete(run_in_stack(lambda: _execute(main)))
    finally:
        pulumi.runtime.set_all_config({})
        loop.close()
    return Plan(_in_order(recorder.planned), recorder.outputs, log.warnings, declared)


def _configure(recorder: _Recorder, log: _Log, project: str, stack: str) -> None:
    """As `set_mocks` does, but without its root stack: the program's own is recorded."""
    features = set(recorder.GetDeploymentInfo(empty_pb2.Empty()).supportedFeatures)  # type: ignore[no-untyped-call]
    pulumi.runtime.configure(
        mocks.MockSettings(  # type: ignore[no-untyped-call]
            monitor=recorder,
            monitor_features=features,
            engine=log,
            project=project,
            stack=stack,
            dry_run=True,
            callbacks=None,
        )
    )


class _Log(mocks.MockEngine):
    """Keeps the warnings of the program's messages."""

    def __init__(self) -> None:
        super().__init__(None)
        self.warnings: list[str] = []

    def Log(self, request: Any) -> None:  # noqa: N802 (the engine's interface)
        if request.severity == engine_pb2.WARNING:
            self.warnings.append(request.message)


def _execute(main: Path) -> None:
    runpy.run_path(str(main), run_name="__main__")


def _encoded(value: Any) -> str:
    """As the engine hands configuration over: text as it is, anything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value)


class _NoMocks(mocks.Mocks):
    """The program calls no provider function; one that did could not be rendered."""

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[str, Any], None]:
        raise pulumi.RunError(f"{args.token} needs a live cluster and cannot be rendered")

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        return args.name, args.inputs


class _Recorder(mocks.MockMonitor):
    """Answers every registration with its own inputs, as an engine would on success."""

    def __init__(self) -> None:
        super().__init__(_NoMocks())
        self.planned: dict[str, Planned] = {}
        self.parents: dict[str, str] = {}
        self.outputs: dict[str, Any] = {}

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 (the monitor's interface)
        urn = self.make_urn(request.parent, request.type, request.name)
        if request.type != _STACK_TYPE:
            dependencies = {
                *request.dependencies,
                request.parent,
                request.provider.rpartition("::")[0],
            }
            self.planned[urn] = Planned(
                urn=urn,
                type=request.type,
                name=request.name,
                inputs=_as_mapping(request.object),
                dependencies=frozenset(d for d in dependencies if d),
                custom=request.custom,
                remote=request.remote,
            )
        # Only a provider is referred to by its id before it is there.
        identifier = request.name if request.type.startswith("pulumi:providers:") else ""
        return resource_pb2.RegisterResourceResponse(urn=urn, id=identifier, object=request.object)

    def RegisterResourceOutputs(self, request: Any) -> Any:  # noqa: N802
        if f"::{_STACK_TYPE}::" in request.urn:
            self.outputs = _as_mapping(request.outputs)
        return empty_pb2.Empty()


def _as_mapping(message: struct_pb2.Struct) -> dict[str, Any]:
    masked: dict[str, Any] = _masked(json_format.MessageToDict(message))
    return masked


def _masked(value: Any) -> Any:
    """Plain data without secrets; whole numbers as int (protobuf knows only doubles)."""
    if isinstance(value, dict):
        if value.get(_SECRET_KEY) == rpc._special_secret_sig:
            return MASK
        return {k: _masked(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_masked(v) for v in value]
    if value == rpc.UNKNOWN:
        return KNOWN_LATER
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _in_order(planned: Mapping[str, Planned]) -> list[Planned]:
    """By depth in the dependency graph, then by type and name: the same for the same program."""
    depth: dict[str, int] = dict.fromkeys(planned, 0)
    # Registrations come after what they depend on, so one pass in that order is enough.
    for resource in planned.values():
        known = [depth[d] for d in resource.dependencies if d in depth]
        depth[resource.urn] = 1 + max(known, default=-1)
    return sorted(planned.values(), key=lambda r: (depth[r.urn], r.type, r.name, r.urn))
