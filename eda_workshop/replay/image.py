"""The memory image: the whole state in memory, and a log from which it comes back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from typing import Any

from eda_workshop.callbacks import call, check_plain
from eda_workshop.errors import (
    BadFile,
    BadSetting,
    BadSnapshot,
    Crashed,
    EdaError,
    ReducerFailed,
    UnknownEvent,
    check_number,
)
from eda_workshop.event import Event, Recorded
from eda_workshop.files import as_path
from eda_workshop.log import EventLog, Query
from eda_workshop.log.own import CORRECTIONS
from eda_workshop.log.query import check_query
from eda_workshop.replay.corrected import CorrectedView
from eda_workshop.replay.decisions import Decide, decided, try_again
from eda_workshop.replay.fold import Fold, check_log, state_of, view_of
from eda_workshop.replay.model import Model, check_model
from eda_workshop.replay.snapshots import read_snapshot, write_snapshot

CRASH_POINTS = ("before append", "after append", "after apply", "after publish", "after snapshot")
"""Where `MemoryImage.pull_the_plug` can stop it, in the order in which it comes to them."""

Publish = Callable[[Recorded], object]


@dataclass(frozen=True)
class Recovery:
    """How an image came to its state when it was made.

    snapshot   the position of the snapshot it began with; 0 if it began with nothing
    replayed   how many events it applied after that
    published  how many events it published that were recorded, but perhaps not published before
    discarded  why a snapshot that was there was not used; "" if it was
    """

    snapshot: int
    replayed: int
    published: int
    discarded: str = ""


class MemoryImage:
    """The state of a model in memory. What is recorded is first appended, then applied, then published.

    log        where events live; the image is rebuilt from it whenever it is made
    model      a `Model` or `KeyedModel`
    snapshots  the file for the newest snapshot; None for none
    every      how many events lie between two snapshots, at least 1
    publish    called with each recorded event after it was applied; after a crash in between it may be called twice
               with an event, never not at all. Where it came to is kept in the log under `name`
    name       tells images that publish from one log apart; one program at a time publishes under it
    corrected  False: as recorded, each event in the order of the log. True: late, rejected and corrected events count
               as they should, in the order in which they occurred. That takes no file of snapshots, because a
               correction can reach behind any of them

    A snapshot that can't be taken on the way stops nobody: `snapshot_error` says why, and after `every` more events it
    is tried again. Threads may share it: one at a time writes, and states that were given out never change. After
    Fowler's Memory Image; Prevayler is the model of its order.

    >>> class Signups(Model):
    ...     initial = 0
    ...     @applies("user.signed_up")
    ...     def count(n, event): return n + 1
    >>> log = open_log("memory://")
    >>> image = MemoryImage(log, Signups)
    >>> image.record(Event("user.signed_up")), image.state
    ((1,), 1)
    >>> MemoryImage(log, Signups).recovery
    Recovery(snapshot=0, replayed=1, published=0, discarded='')
    """

    def __init__(
        self,
        log: EventLog,
        model: type[Model],
        *,
        snapshots: str | Path | None = None,
        every: int = 1_000,
        publish: Publish | None = None,
        name: str = "image",
        corrected: bool = False,
    ) -> None:
        check_number("every", every, 1)
        if corrected and snapshots is not None:
            raise BadSetting(
                "snapshots", snapshots, "none with corrected=True: a correction can reach behind a snapshot"
            )
        self.log = check_log(log)
        self.model = check_model(model)
        self.corrected = corrected
        self.every = every
        self._path = (
            None if snapshots is None else as_path(snapshots).absolute()
        )  # the program may go to another folder
        self._publish = None if publish is None else check_plain(publish, None)
        self._publisher = None if publish is None else log.consumer(f"{name} (published)")
        self._published = self._publisher.position if self._publisher else 0
        self._plug = ""
        self._crashed = ""
        self._is_half_done = False
        self._is_publishing = False
        self.snapshot_error: BadSnapshot | BadFile | None = None
        self._lock = RLock()
        self._fold = Fold(model)
        self._view = CorrectedView(log, model) if corrected else None
        self.recovery = self._recover()

    # --- state ----------------------------------------------------------------------------------

    @property
    def state(self) -> Any:
        """The state now: it never changes, the next event makes another. For one subject, `get` is faster."""
        with self._lock:
            self._check_alive()
            return state_of(self._values, self.model)

    @property
    def position(self) -> int:
        """As far as events were applied."""
        return self._position

    def get(self, subject: str, default: Any = None) -> Any:
        """One subject's value in a keyed model, or the default."""
        with self._lock:
            self._check_alive()
            return self._values.get(subject, default)

    # --- writing --------------------------------------------------------------------------------

    def record(
        self, *events: Event, expected: int | None = None, after: int | None = None, unless: Query | None = None
    ) -> tuple[int, ...]:
        """Append the events, apply them, publish them, take a snapshot if it is time; return their positions.

        Raises what `EventLog.append` raises, and then nothing has changed. What comes after can raise too:
        `ReducerFailed` or `UnknownEvent`, and whatever `publish` raises. The events are recorded then; the image stays
        before the one that failed, as corrected where it was, or publishes from there the next time.
        """
        with self._lock:
            self._check_alive()
            self._crash_at("before append")
            positions = self.log.append(*events, expected=expected, after=after, unless=unless)
            self._crash_at("after append")
            self._apply()
            self._crash_at("after apply")
            self._publish_rest()
            self._crash_at("after publish")
            if self._path is not None and self._position - self._tried >= self.every:
                self._snapshot_on_the_way()
            return positions

    def execute(
        self, decide: Decide, command: Any, *, boundary: Query | None = None, tries: int = 5
    ) -> tuple[int, ...]:
        """Let a function decide by the state, record the events it gives, and return their positions.

        decide    ``(state, command) -> event, several, or None``; it raises, say `Rejected`, to say no, and then nothing
                  has changed. A replay never decides again. Of a decider, one of its rules: ``Lending.lend``
        boundary  the events that the decision depends on; None: the whole log
        tries     how often to decide at most: if others recorded some of those meanwhile, the image reads on and decides
                  again. Then `Overtaken`

        If `command` is a `Command`, what it leads to has its id, see `eda_workshop.execute`.

        >>> class Signups(KeyedModel):
        ...     initial = False
        ...     @applies("user.signed_up")
        ...     def signed_up(known, event): return True
        >>> def sign_up(users, user):
        ...     if user in users: raise Rejected(f"{user} has signed up already")
        ...     return Event("user.signed_up", subject=user)
        >>> image = MemoryImage(open_log("memory://"), Signups)
        >>> image.execute(sign_up, "ada", boundary=Query("user.signed_up", tags="ada"))
        (1,)
        """
        unless = Query() if boundary is None else check_query("boundary", boundary)
        unless = unless | Query(CORRECTIONS) if self.corrected else unless

        def attempt() -> tuple[int, ...]:
            self._apply()
            events = decided(decide, self.state, command, self.log.clock)
            return self.record(*events, after=self._position, unless=unless)

        with self._lock:
            self._check_alive()
            return try_again(attempt, tries)[0]

    def snapshot(self) -> None:
        """Keep the state in the file now. Raises `BadSnapshot` or `BadFile`; the image goes on without."""
        if self._path is None:
            raise BadSetting("snapshots", None, "a file's name: MemoryImage(log, model, snapshots='drive.snapshot')")
        with self._lock:
            self._check_alive()
            self._tried = self._position
            write_snapshot(self._path, self.log, self.model, self._position, self._values)
            self.snapshot_error = None

    def catch_up(self) -> Any:
        """Apply and publish what other processes recorded; return the state."""
        with self._lock:
            self._check_alive()
            self._apply()
            self._publish_rest()
            return self.state

    # --- crashes --------------------------------------------------------------------------------

    def pull_the_plug(self, point: str = "before append") -> None:
        """Let the next `record` crash at one of `CRASH_POINTS`. The image is gone then; make it again from the log."""
        if point not in CRASH_POINTS:
            raise BadSetting("point", point, f"one of: {', '.join(CRASH_POINTS)}")
        self._plug = point

    def __repr__(self) -> str:
        state = f"crashed {self._crashed}" if self._crashed else f"at {self._position}"
        return f"<MemoryImage of {self.model.__name__} {state}, {view_of(self.corrected)}>"

    # --- how it works ---------------------------------------------------------------------------

    def _recover(self) -> Recovery:
        self._values, self._position, discarded = self._fold.start(), 0, ""
        if self._path is not None:
            found = read_snapshot(self._path, self.log, self.model)
            discarded = found.discarded
            if found.values is not None:
                self._values, self._position = found.values, found.position
        self._tried = snapshot = self._position
        replayed = self._apply()
        return Recovery(snapshot, replayed, self._publish_rest(), discarded)

    def _apply(self) -> int:
        before, head = self._position, self.log.head
        if self._view is not None:
            self._values, self._position = self._view.values_at(head), head
            return head - before
        try:
            for page in self.log.pages(before, head):
                self._fold.run(self._values, page)
                self._position = page[-1].position
        except (ReducerFailed, UnknownEvent) as error:
            self._position = error.position - 1
            raise
        except EdaError:
            raise
        except BaseException:
            # An interruption may have come between a value and its position, so the next use folds again.
            self._is_half_done = True
            raise
        return head - before

    def _publish_rest(self) -> int:
        """Publish up to the position; what is recorded meanwhile by those who hear of it comes after them."""
        if self._publish is None or self._is_publishing:
            return 0
        before, self._is_publishing = self._published, True
        try:
            while self._published < self._position:
                for event in self.log.read(self._published, self._position):
                    call(self._publish, event)
                    self._published = event.position
        finally:
            self._is_publishing = False
            if self._publisher is not None and not self._crashed:
                self._publisher.move(self._published)
        return self._published - before

    def _snapshot_on_the_way(self) -> None:
        try:
            self.snapshot()
        except (BadSnapshot, BadFile) as error:
            self.snapshot_error = error
        else:
            self._crash_at("after snapshot")

    def _crash_at(self, point: str) -> None:
        if point == self._plug:
            self._crashed = point
            raise Crashed(point)

    def _check_alive(self) -> None:
        if self._crashed:
            raise Crashed(self._crashed)
        if self._is_half_done:
            self._values = self._fold.values_at(self.log, self._position)
            self._is_half_done = False
