"""The cluster that a command is about: its options, and what is told when it does not answer."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from multinet.cli import common
from multinet.settings.types import Ciphertext, reveal
from multinet.stack.settings import StackSettings

if TYPE_CHECKING:
    from multinet.live import Cluster

KubeconfigOption = Annotated[
    Path | None,
    typer.Option("--kubeconfig", metavar="FILE", help="Instead of the stack's own setting."),
]
ContextOption = Annotated[
    str | None,
    typer.Option("--context", metavar="NAME", help="Which of the kubeconfig's contexts."),
]


@contextlib.contextmanager
def connected(settings: StackSettings, file: Path | None, context: str | None) -> Iterator[Cluster]:
    """The stack's cluster, or the one of --kubeconfig. Exits 3 where it does not answer."""
    from multinet.live import ClusterError, connect

    given = str(file) if file else reveal(settings.kubeconfig)
    if given is None and isinstance(settings.kubeconfig, Ciphertext):
        common.fail(
            "multinet:kubeconfig is encrypted, and only the engine can read it: give --kubeconfig",
            common.Exit.CANNOT_RUN,
        )
    try:
        yield connect(given, context or (None if file else settings.context))
    except ClusterError as error:
        common.fail(str(error), common.Exit.CANNOT_RUN)
