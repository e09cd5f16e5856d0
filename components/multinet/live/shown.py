"""What the API server shows to whoever may not read everything."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from multinet.live.errors import RefusedError

_T = TypeVar("_T")


class Shown:
    """Asks, and keeps what was refused instead of raising it.

    Attributes:
        unread: what the API server did not show, with its words.
    """

    def __init__(self) -> None:
        self.unread: list[str] = []

    def may(self, ask: Callable[[], _T], otherwise: _T) -> _T:
        """The answer; `otherwise` where it is refused. Any other error is raised."""
        try:
            return ask()
        except RefusedError as error:
            self.unread.append(str(error))
            return otherwise
