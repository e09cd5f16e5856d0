"""What can go wrong with a live cluster, each said in one line without a secret in it."""

from __future__ import annotations

import json
import re
import ssl
from typing import Any

_LONGEST = 300


class ClusterError(Exception):
    """The cluster cannot be asked, or did not do what it was asked."""


class UnreachableError(ClusterError):
    """Nobody answers, or the one who does is not who the kubeconfig says."""


class AwayError(UnreachableError):
    """Nobody answers at all: not now, with whichever credentials."""


class RefusedError(ClusterError):
    """The API server answered, with an error.

    Attributes:
        status: its HTTP status.
    """

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


def of_answer(what: str, host: str, status: int, reason: str, body: Any) -> ClusterError:
    """The error that an HTTP answer stands for. `body`: a Status object as JSON, or anything."""
    said = _message(body) or reason or f"HTTP status {status}"
    if not status:
        # The library tells of a failed TLS handshake like of an answer without status.
        said = re.sub(r"^SSLError\s*|\[SSL[^\]]*\] ?|\(_ssl\.c:\d+\)", "", said)
        if said.startswith("EOF"):  # a load balancer without an API server behind it
            return AwayError(f"no connection to {host}: {one_line(said)}")
        return UnreachableError(f"no trusted connection to {host}: {one_line(said)}")
    if status == 401:
        return UnreachableError(
            "the API server does not accept the kubeconfig's credentials (401 Unauthorized)"
        )
    if status in (502, 503, 504):
        return AwayError(f"the API server cannot answer: {one_line(said)}")
    return RefusedError(f"{what}: {one_line(said)}", status)


def of_failure(host: str, error: BaseException) -> UnreachableError:
    """The error that a failed connection stands for."""
    cause: BaseException = error
    while (inner := getattr(cause, "reason", None) or cause.__cause__) is not None:
        if not isinstance(inner, BaseException) or inner is cause:
            break
        cause = inner
    if isinstance(cause, ssl.SSLError) and not isinstance(cause, ssl.SSLEOFError):
        verify = getattr(cause, "verify_message", "") or getattr(cause, "reason", "") or cause
        return UnreachableError(f"no trusted connection to {host}: {one_line(str(verify))}")
    said = str(cause).rpartition(": ")[2] if "Connection" in type(cause).__name__ else str(cause)
    said = re.sub(r"\[Errno -?\d+\] ", "", said)
    return AwayError(f"no connection to {host}: {one_line(said) or type(cause).__name__}")


def one_line(text: str) -> str:
    """Printable text without line breaks, shortened."""
    joined = " ".join(text.split())
    printable = "".join(c for c in joined if c.isprintable())
    return printable if len(printable) <= _LONGEST else printable[: _LONGEST - 1] + "…"


def _message(body: Any) -> str:
    if isinstance(body, bytes):
        body = body.decode("utf-8", "replace")
    try:
        status = json.loads(body)
    except (TypeError, ValueError, RecursionError):
        return str(body) if isinstance(body, str) else ""
    message = status.get("message") if isinstance(status, dict) else None
    return message if isinstance(message, str) else ""
