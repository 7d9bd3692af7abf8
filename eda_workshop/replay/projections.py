"""The read side of CQRS: a state made for reading, which follows the log at its own pace."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition, Thread
from typing import Any

from eda_workshop.errors import BadPosition, EdaError, StillBehind, check_number
from eda_workshop.log import EventLog, Follower
from eda_workshop.replay.corrected import CorrectedView
from eda_workshop.replay.fold import Fold, check_log, state_of, view_of
from eda_workshop.replay.model import Model, check_model


class Projection:
    """A read model: a model's state with a position of its own, behind the log by its `lag`.

    It is moved by hand with `advance`, or follows by itself between `start` and `stop`. It is made from the log alone,
    so it can be dropped and rebuilt at any time. A reducer that fails stops this projection, at the event before, and
    no other; `error` says why.

    corrected  False: as recorded, each event in the order of the log. True: late, rejected and corrected events count
               as they should, by what was known at its position, in the order in which they occurred

    >>> class Signups(Model):
    ...     initial = 0
    ...     @applies("user.signed_up")
    ...     def count(n, event): return n + 1
    >>> log = open_log("memory://")
    >>> _ = log.append(Event("user.signed_up"), Event("user.signed_up"))
    >>> signups = Projection(log, Signups)
    >>> signups.lag, signups.advance(1), signups.state, signups.lag
    (2, 1, 1, 1)
    """

    def __init__(self, log: EventLog, model: type[Model], *, name: str = "", corrected: bool = False) -> None:
        self.log = check_log(log)
        self.model = check_model(model)
        self.corrected = corrected
        self.name = name or model.__name__
        self.error: EdaError | None = None
        self._fold = Fold(model)
        self._view = CorrectedView(log, model) if corrected else None
        self._values = self._fold.start()
        self._position = 0
        self._is_half_done = False
        self._moved = Condition()
        self._follower: Follower | None = None
        self._thread: Thread | None = None

    # --- reading --------------------------------------------------------------------------------

    @property
    def state(self) -> Any:
        """The state as far as it came; it never changes, the next event makes another."""
        with self._moved:
            self._refold()
            return state_of(self._values, self.model)

    def get(self, key: str, default: Any = None) -> Any:
        """One key's value in a keyed model, or the default."""
        with self._moved:
            self._refold()
            return self._values.get(key, default)

    @property
    def position(self) -> int:
        """How far it came."""
        return self._position

    @property
    def lag(self) -> int:
        """How many events of the log it has not seen yet."""
        return self.log.head - self._position

    def wait(self, position: int, timeout: float = 5) -> Any:
        """Wait until it came to a position, such as that of what you wrote yourself; return the state.

        timeout  seconds, at least 0

        Raises `StillBehind` if it does not come in time, was stopped by an error, or nothing moves it;
        `BadPosition` beyond the head.
        """
        check_number("timeout", timeout, 0, whole=False)
        if type(position) is not int or not 0 <= position <= self.log.head:
            raise BadPosition(position, self.log.head)
        deadline = time.monotonic() + timeout
        with self._moved:
            while self._position < position:
                self._check_moving(position)
                if (left := deadline - time.monotonic()) <= 0:
                    raise StillBehind(self.name, self._position, position, f"{timeout:g} s were not enough")
                self._moved.wait(left)
            return self.state

    # --- moving ---------------------------------------------------------------------------------

    def advance(self, limit: int | None = None) -> int:
        """Apply at most so many events, all there are without a limit; return how many.

        Raises `ReducerFailed` or `UnknownEvent`; it stays at the event before, and so it does the next time.
        """
        if limit is not None:
            check_number("limit", limit, 0)
        with self._moved:
            before, head = self._position, self.log.head
            last = head if limit is None else min(head, before + limit)
            if self._view is not None:
                self._move(last)
                return self._position - before
            for page in self.log.pages(before, last):
                for event in page:
                    self._apply(event)
            return self._position - before

    def start(self) -> None:
        """Follow the log in a thread of its own, until `stop`."""
        with self._moved:
            if self._thread is None:
                self._follower = self.log.follow(self._position)
                self._thread = Thread(target=self._run, args=(self._follower,), name=self.name, daemon=True)
                self._thread.start()

    def stop(self) -> None:
        """Stand still; the state stays as it is."""
        follower, thread = self._follower, self._thread
        if follower is not None and thread is not None:
            follower.close()
            thread.join()
        with self._moved:
            self._follower = self._thread = None
            self._moved.notify_all()

    def rebuild(self, model: type[Model] | None = None) -> Projection:
        """A new projection from position 0, of the same or a better model; this one serves until the new one is ready.

        >>> class Names(Model):
        ...     initial = ()
        >>> Projection(open_log("memory://"), Names).rebuild()
        <Projection Names at 0 of 0, as recorded>
        """
        return Projection(self.log, model or self.model, name=self.name, corrected=self.corrected)

    def __repr__(self) -> str:
        state = ", stopped by an error" if self.error else ""
        return f"<Projection {self.name} at {self._position} of {self.log.head}, {view_of(self.corrected)}{state}>"

    def _run(self, follower: Follower) -> None:
        try:
            for event in follower:
                with self._moved:
                    # It may have been advanced by hand in the meantime.
                    if event.position > self._position and self._view is None:
                        self._apply(event)
                    elif event.position > self._position:
                        self._move(event.position)
        except EdaError as error:
            with self._moved:
                self.error = error
                self._moved.notify_all()

    def _apply(self, event: Any) -> None:
        self._refold()
        try:
            with self._telling():
                self._fold.run(self._values, (event,))
                self._position = event.position
        except EdaError:
            raise
        except BaseException:
            self._is_half_done = True
            raise

    def _move(self, position: int) -> None:
        """As corrected: take what counts as known at a position, which is not always what counted before and more."""
        assert self._view is not None
        with self._telling():
            self._values, self._position = self._view.values_at(position), position

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Those who wait are told that it moved, or why it did not."""
        try:
            yield
            self.error = None
        except EdaError as error:
            self.error = error
            raise
        finally:
            self._moved.notify_all()

    def _refold(self) -> None:
        """Fold again where an interruption may have come between a value and its position."""
        if self._is_half_done:
            self._values = self._fold.values_at(self.log, self._position)
            self._is_half_done = False

    def _check_moving(self, wanted: int) -> None:
        if self.error is not None:
            raise StillBehind(self.name, self._position, wanted, f"it was stopped: {self.error}")
        if self._thread is None:
            raise StillBehind(self.name, self._position, wanted, "nothing moves it")
