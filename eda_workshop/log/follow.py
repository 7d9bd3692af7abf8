"""Following a log: first what is there, then what comes."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Self

from eda_workshop.errors import BadLog, check_number
from eda_workshop.event import Recorded

if TYPE_CHECKING:
    from eda_workshop.log.reading import Reading

GLANCE = 0.05
"""Seconds between two looks for what other processes have appended; what this one appends is seen at once."""


class Follower:
    """An iteration over a log that waits at its end. Made by `EventLog.follow`; use it in ``with`` or call `close`.

    `position` is how far it has come.
    """

    def __init__(
        self,
        log: Reading,
        after: int,
        names: str | Iterable[str] | None,
        subject: str | None,
        patience: float | None,
    ) -> None:
        if patience is not None:
            check_number("patience", patience, 0, whole=False)
        self.position = after
        self._log = log
        self._names = names if names is None or isinstance(names, str) else tuple(names)
        self._subject = subject
        self._patience = patience
        self._closed = False
        # Before the head is read, or what is appended in between would tell nobody.
        self._news = log.watched()
        self._upto = log.head
        self._page = self._read()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Recorded:
        deadline = None if self._patience is None else time.monotonic() + self._patience
        try:
            return self._next(deadline)
        except BadLog:
            if self._log.closed:
                raise StopIteration from None
            raise

    def _next(self, deadline: float | None) -> Recorded:
        while not self._is_over():
            event = next(self._page, None)
            if event is not None:
                self.position = event.position
                return event
            self.position = max(self.position, self._upto)
            if not self._wait(deadline):
                break
            self._page = self._read()
        raise StopIteration

    def _is_over(self) -> bool:
        return self._closed or self._log.closed

    def close(self) -> None:
        """End the iteration, also one that waits in another thread."""
        self._closed = True
        with self._news:
            self._news.notify_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _read(self) -> Iterator[Recorded]:
        return self._log.read(self.position, self._upto, names=self._names, subject=self._subject)

    def _wait(self, deadline: float | None) -> bool:
        """Wait for a higher head; False if the time is up or either end was closed."""
        while not self._is_over():
            # Whoever appends does so before it takes this lock, so what is missed here is seen at the next glance.
            with self._news:
                if self._log.head > self._upto:
                    self._upto = self._log.head
                    return True
                left = GLANCE if deadline is None else min(GLANCE, deadline - time.monotonic())
                if left <= 0:
                    return False
                self._news.wait(left)
        return False
