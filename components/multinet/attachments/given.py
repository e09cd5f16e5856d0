"""What an author hands to `attach` and its like: a network, and nothing that only looks like one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import pulumi

from multinet.findings import Finding, InvalidEnvironment


class AttachmentRefused(InvalidEnvironment, pulumi.RunError):
    """Carries every finding; as a RunError, the engine shows it without a traceback."""


def require(given: Sequence[object], plain: tuple[type, ...], what: str) -> None:
    """Refuse what is neither plain nor a network of the program, all of it at once.

    Args:
        plain: what may stand beside networks of the program, which have a `view`.
        what: that is made of them, as errors call it.

    Raises AttachmentRefused.
    """
    if findings := list(_wrong(given, plain)):
        raise AttachmentRefused(findings, what, outcome="nothing was attached")


def _wrong(given: Iterable[object], plain: tuple[type, ...]) -> Iterator[Finding]:
    for number, one in enumerate(given):
        if isinstance(one, pulumi.Output) or not (isinstance(one, plain) or hasattr(one, "view")):
            rule = f"must be a network, not {_called(one)}"
            yield Finding("wrong-type", ("networks", number), rule, _way_out(one))


def _called(one: object) -> str:
    kind = "name" if isinstance(one, str) else type(one).__name__
    return f"{'an' if kind[0] in 'AEIOU' else 'a'} {kind}"


def _way_out(one: object) -> str:
    if isinstance(one, pulumi.Output):  # of which every attribute is another Output
        return "give the Network itself, not one of its outputs"
    if isinstance(one, str):
        return "give the Network itself; of another stack's, `…_from(stack, name)` knows it by its name"
    if isinstance(one, list | tuple):
        return "give each by itself: `*networks`"
    if isinstance(one, Mapping) or hasattr(one, "networks"):
        return 'give one of them: `networks["lan"]`, or all: `*networks.values()`'
    return "give the Network itself"
