"""From raw configuration to checked settings: every check runs, every finding is kept."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Container, Iterable, Mapping
from pathlib import Path as FilePath
from typing import Any

from multinet.findings import Finding, InvalidEnvironment, errors
from multinet.findings.model import look
from multinet.stack import handover, secrets, stackfile
from multinet.stack.across import check_across, prefixed
from multinet.stack.collector import collector_paused
from multinet.stack.settings import StackSettings


@dataclasses.dataclass(frozen=True)
class Environment:
    """A checked environment: its settings (None when refused) and what was found.

    Attributes:
        source: what the user calls it, e.g. `Pulumi.dev.yaml`.
        settings: typed values, or None when there is an error.
        findings: errors and warnings, in the order of the file where lines are known.
        config: what was read, keys without the project's prefix; secrets are in the clear.
        others: what else the file configures: `namespace:key` of other projects.
    """

    source: str
    settings: StackSettings | None
    findings: list[Finding]
    config: Mapping[str, Any] = dataclasses.field(default_factory=dict, repr=False)
    others: Mapping[str, Any] = dataclasses.field(default_factory=dict, repr=False)

    def require(self) -> StackSettings:
        """The settings. Raises InvalidEnvironment with every finding when there is an error."""
        if self.settings is None:
            raise InvalidEnvironment(errors(self.findings), self.source)
        return self.settings


def load(file: FilePath) -> Environment:
    """Read and check a stack file, without engine and cluster. Never raises for its contents."""
    read = stackfile.read(file)
    of_file = [*secrets.unencrypted_secrets(read.config), *handover.too_large(read.config)]
    settings, found = None, of_file
    if not _unreadable(read):
        settings, found = check_config(read.config, of_file)
    findings = [read.located(f.at(prefixed(f.path))) for f in [*read.findings, *found]]
    findings.sort(key=lambda f: f.line or 0)
    refused = bool(errors(findings))
    return Environment(
        read.source, None if refused else settings, findings, read.config, read.others
    )


@collector_paused()
def check_config(
    config: Mapping[str, Any], known: Iterable[Finding] = ()
) -> tuple[StackSettings | None, list[Finding]]:
    """Check plain configuration, keys without the `multinet:` prefix.

    `known`: what was found in it already, with paths from a top-level key.

    Where a part is refused, what spans parts is still looked for in what is right, so that
    everything is told at once.
    """
    # Pulumi.yaml has to give a default to a key that may be left out: empty text is that.
    config = {k: v for k, v in config.items() if v != "" or k not in ("kubeconfig", "context")}
    looked = look(StackSettings, config)
    found = [*looked.findings, *secrets.plain_secrets(config), *known]
    findings = check_across(looked.part, [f.at(prefixed(f.path)) for f in found])
    return (None if errors(findings) else looked.whole), findings


def until_valid(
    config: Callable[[], Mapping[str, Any]],
    take_out: Callable[[list[Finding]], None],
    tolerated: Container[str] = (),
) -> list[Finding]:
    """Take out of a configuration in the making what is refused, until the rest is valid.

    Args:
        config: the configuration as it is now, keys without the project's prefix.
        take_out: takes something out, given the errors that there are; it has to help, or raise.
        tolerated: places (`Finding.where`) whose errors stay, e.g. what a person has to add.

    Returns: what was found in the rest.
    """
    while True:
        _, found = check_config(config())
        refused = [finding for finding in errors(found) if finding.where not in tolerated]
        if not refused:
            return found
        take_out(refused)


def _unreadable(read: stackfile.StackFile) -> bool:
    return any(f.code.startswith("file-") for f in read.findings)
