"""The rig's errors: each names the thing, what is wrong with it, and the way out."""

from __future__ import annotations


class RigError(Exception):
    """Anything the rig refuses or fails at; its text is meant for people, without a traceback."""


class CannotRunError(RigError):
    """This machine lacks what a rig needs.

    ``missing`` lists every lack at once, one sentence each. Callers turn it into "left out
    because …" and exit status 3.
    """

    def __init__(self, missing: list[str]) -> None:
        self.missing = missing
        super().__init__("the rig cannot run here: " + "; ".join(missing))


class BuildError(RigError):
    """A part could not be built or fetched; the text ends with the tail of its log."""


class CommandError(RigError):
    """A command ended with another status than 0; the text holds what it said."""

    def __init__(self, argv: list[str], returncode: int, stdout: str, stderr: str) -> None:
        self.argv = argv
        self.returncode = returncode
        self.stdout = stdout
        self.stderr = stderr
        said = (stderr.strip() or stdout.strip() or "(it said nothing)")[-4000:]
        super().__init__(f"`{' '.join(argv)}` ended with status {returncode}: {said}")


class ComponentDiedError(RigError):
    """A component of the cluster ended by itself; the text ends with the tail of its log."""


class NotReadyError(RigError):
    """The cluster did not become ready in time; the text says what it was waiting for."""


class NotRunningError(RigError):
    """There is no running cluster of that name."""
