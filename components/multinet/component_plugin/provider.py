"""The provider of the component plugin: every language's programs construct components by it."""

from __future__ import annotations

import dataclasses
import functools
import json
import sys
from collections.abc import Mapping
from typing import Any

import pulumi
from pulumi import provider
from pulumi.errors import InputPropertiesError
from pulumi.provider.provider import ConstructResult, Provider

import multinet
from multinet.component_plugin.components import KINDS, Built, ComponentKind
from multinet.component_plugin.schema import PACKAGE, package_schema
from multinet.findings import InvalidEnvironment, errors, warnings
from multinet.findings.translate import SECRET_KEYS
from multinet.settle import whole_numbers

_HIDDEN_BY_COMPONENT = SECRET_KEYS | {"proxy"}
"""Inputs that the components themselves hand on as secrets."""


def serve() -> None:
    """Serve the components to the engine whose address is the first argument; ends with it."""
    provider.main(ComponentPlugin(), sys.argv[1:])


def schema() -> dict[str, Any]:
    """The package's schema, as `pulumi package get-schema` shows it."""
    return package_schema(
        multinet.__version__,
        {name: kind.inputs for name, kind in KINDS.items()},
        {name: kind.outputs for name, kind in KINDS.items()},
    )


class ComponentPlugin(Provider):
    """Constructs multinet's components from inputs that arrive as plain data.

    Inputs are refused all together, with every problem, before the component is registered. In a
    preview an input may not be known yet: the component is then shown without its children and
    is checked when the value is there.
    """

    def __init__(self) -> None:
        super().__init__(multinet.__version__, json.dumps(schema()))

    def construct(
        self,
        name: str,
        resource_type: str,
        inputs: Mapping[str, Any],
        options: pulumi.ResourceOptions | None = None,
    ) -> ConstructResult:
        """Construct a component; raises InputPropertiesError, later, where it is refused."""
        kind_name = resource_type.removeprefix(f"{PACKAGE}:index:")
        if kind_name not in KINDS:
            known = ", ".join(KINDS)
            raise _refused(f"{resource_type} is not a component of multinet; they are {known}")
        kind = KINDS[kind_name]
        values: pulumi.Output[Any] = pulumi.Output.from_input(dict(inputs))
        rest = {k: v for k, v in inputs.items() if k not in _HIDDEN_BY_COMPONENT}
        facts = _facts(values, pulumi.Output.from_input(rest))

        def constructed(facts: _Facts) -> Any:
            opts = _hiding(options) if facts.secret else options
            if not facts.known:
                return _unknown(kind_name, name, opts), None
            # In an apply, since only there an input that came as an output has its value.
            return values.apply(lambda raw: _made(kind, kind_name, name, raw, opts))

        def outputs(made: tuple[pulumi.ComponentResource, Mapping[str, Any] | None]) -> Any:
            # Unknown where the inputs are.
            return pulumi.Output.from_input(made[1]) if made[1] else values.apply(lambda _: {})

        made: pulumi.Output[Any] = facts.apply(constructed)
        state: pulumi.Output[Any] = made.apply(outputs)
        return ConstructResult(
            urn=made.apply(lambda both: both[0].urn),
            state={key: state.apply(functools.partial(_get, key)) for key in kind.outputs},
        )


@dataclasses.dataclass(frozen=True)
class _Facts:
    known: bool
    secret: bool


def _facts(values: pulumi.Output[Any], rest: pulumi.Output[Any]) -> pulumi.Output[_Facts]:
    """Whether all values are known, and whether there is a secret in the rest of them."""

    async def ask() -> _Facts:
        return _Facts(await values.is_known(), await rest.is_secret())

    return pulumi.Output.from_input(ask())


def _made(
    kind: ComponentKind,
    kind_name: str,
    name: str,
    raw: Mapping[str, Any],
    opts: pulumi.ResourceOptions | None,
) -> Built:
    checked, findings = kind.check(name, unwrapped(raw))
    if checked is None or errors(findings):
        source = f"{kind_name} {name!r}"
        raise _refused(InvalidEnvironment(errors(findings), source).text())
    try:
        component, outputs = kind.make(name, checked, opts)
    except pulumi.RunError as error:
        raise _refused(str(error)) from None
    for finding in warnings(findings):
        pulumi.log.warn(str(finding), component)
    return component, outputs


def _refused(text: str) -> InputPropertiesError:
    """What the engine shows without a traceback.

    The list of properties is empty, since the engine prints the values of those in it, secrets
    too; it is not None, which the SDK's server cannot answer with.
    """
    return InputPropertiesError(text, [])


def _unknown(
    kind_name: str, name: str, opts: pulumi.ResourceOptions | None
) -> pulumi.ComponentResource:
    """What a preview shows of a component whose inputs are not known yet."""
    component = pulumi.ComponentResource(f"{PACKAGE}:index:{kind_name}", name, None, opts)
    component.register_outputs({})
    return component


def _hiding(opts: pulumi.ResourceOptions | None) -> pulumi.ResourceOptions:
    """The options, so that everything below the component is a secret: it was made of one."""

    def hide(
        args: pulumi.ResourceTransformationArgs,
    ) -> pulumi.ResourceTransformationResult:
        hidden = {key: pulumi.Output.secret(value) for key, value in args.props.items()}
        return pulumi.ResourceTransformationResult(hidden, args.opts)

    return pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(transformations=[hide]))


def unwrapped(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Inputs as a stack file would have them: absent ones left out, whole numbers as such."""
    return {key: whole_numbers(value) for key, value in inputs.items() if value is not None}


def _get(key: str, state: Mapping[str, Any]) -> Any:
    return state.get(key)
