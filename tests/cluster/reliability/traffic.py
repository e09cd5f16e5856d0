"""Pods that keep being created while something happens, and how long Multus was not configured."""

from __future__ import annotations

import threading
import time
from types import TracebackType

from tests.cluster.reliability.site import Site

_SAMPLING = 0.01


class Traffic:
    """A pod per `interval` seconds, and the configuration looked at every 10 ms, meanwhile.

    Each of them comes later than the one before by `slower`, so that a busy machine, on which all
    takes longer, gets no more than `most`: a node holds 110 pods.

    Attributes:
        names: of the pods that were created.
        away: seconds in which no configuration of Multus was on the node.
    """

    def __init__(
        self,
        site: Site,
        prefix: str,
        interval: float = 0.25,
        *,
        slower: float = 1.0,
        most: int = 60,
    ) -> None:
        self.names: list[str] = []
        self.away = 0.0
        self._site, self._prefix, self._interval = site, prefix, interval
        self._slower, self._most = slower, most
        self._end = threading.Event()
        self._errors: list[Exception] = []
        self._threads = [
            threading.Thread(target=self._guarded, args=(each,))
            for each in (self._create, self._sample)
        ]

    def __enter__(self) -> Traffic:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end.set()
        for thread in self._threads:
            thread.join()
        assert self._errors == []

    def without(self) -> list[str]:
        """Wait until all are ready; the names of the pods that run without their network."""
        self._site.ready(self.names)
        attached = self._site.attached()
        return [name for name in self.names if name not in attached]

    def _guarded(self, work: object) -> None:
        try:
            work()  # type: ignore[operator]
        except Exception as error:
            self._errors.append(error)

    def _create(self) -> None:
        pause = self._interval
        while not self._end.wait(pause) and len(self.names) < self._most:
            name = f"{self._prefix}-{len(self.names)}"
            self._site.create([name])
            self.names.append(name)
            pause *= self._slower

    def _sample(self) -> None:
        last = time.monotonic()
        while not self._end.wait(_SAMPLING):
            configured, now = self._site.configured(), time.monotonic()
            self.away += 0.0 if configured else now - last
            last = now
