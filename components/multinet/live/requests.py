"""Requests to an API server: their answers as JSON, pages put together, errors in our words."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from typing import Any

from multinet.live.errors import ClusterError, RefusedError, of_answer, of_failure

Object = dict[str, Any]
"""A Kubernetes object as the API server sends it, in camelCase."""

TIMEOUT = (5, 30)
"""Seconds to connect, and between two pieces of an answer."""
_PAGE = 500


class Requests:
    """What asks the API server at `host`, its URL."""

    def __init__(self, host: str) -> None:
        self.host = host

    def _ask(self, what: str, ask: Callable[..., Any], *arguments: Any, **options: Any) -> Object:
        """One request; its answer's JSON."""
        with self._telling(what):
            answer = ask(*arguments, _preload_content=False, _request_timeout=TIMEOUT, **options)
            found: Object = json.loads(body_of(answer))
        return found

    def _optional(
        self, what: str, ask: Callable[..., Any], *arguments: Any, **options: Any
    ) -> Object | None:
        try:
            return self._ask(what, ask, *arguments, **options)
        except RefusedError as error:
            if error.status == 404:
                return None
            raise

    def _list(
        self, what: str, ask: Callable[..., Any], *arguments: Any, **options: Any
    ) -> list[Object]:
        """All pages of a list."""
        found: list[Object] = []
        more: dict[str, str] = {}
        while True:
            page = self._ask(what, ask, *arguments, limit=_PAGE, **options, **more)
            found += page.get("items") or []
            following = (page.get("metadata") or {}).get("continue")
            if not following:
                return found
            more = {"_continue": following}

    @contextlib.contextmanager
    def _telling(self, what: str) -> Iterator[None]:
        """Turn the library's errors into ours."""
        import urllib3
        from kubernetes.client.exceptions import ApiException

        try:
            yield
        except ApiException as error:
            status, reason = error.status or 0, str(error.reason or "")
            raise of_answer(what, self.host, status, reason, error.body) from None
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise of_failure(self.host, error) from None
        except ValueError:
            message = f"{what}: the answer is not JSON: is {self.host} an API server?"
            raise ClusterError(message) from None


def body_of(answer: Any) -> bytes:
    """A raw answer's body. The library does not look at the status of raw ones in all versions."""
    body: bytes = answer.data
    if not 200 <= answer.status < 300:
        from kubernetes.client.exceptions import ApiException

        failed = ApiException(status=answer.status, reason=answer.reason)
        failed.body = body
        raise failed
    return body
