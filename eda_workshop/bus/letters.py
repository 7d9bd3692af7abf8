"""Dead letters: what subscribers could not handle, kept until it is handled or somebody discards it."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from heapq import heappop, heappush

from eda_workshop.event import Event, Recorded
from eda_workshop.log import EventLog
from eda_workshop.log.consumers import Consumer, Letter, all_letters


@dataclass(eq=False)
class DeadLetter:
    """An event that a subscriber could not handle. It waits in ``bus.dead_letters``.

    attempts   how often the handler was called with it; 0 while it waits behind a stopped subscriber or behind another
               letter about its subject, or when the delivery was interrupted before its turn
    error      how the last attempt ended; None if there was none, it was interrupted, or another program made it
    reason     the same as text, also after a restart; "" if there was no attempt that ended
    traceback  where the handler failed, as text; "" if there was no error
    due        when it is tried again; None: when somebody calls `redeliver`
    held       whether it waits only for an older letter about its subject
    discarded  why nobody needs it any more; "" while it waits
    """

    event: Event
    subscriber: str
    handler: str
    attempts: int = 0
    error: Exception | None = None
    traceback: str = field(default="", repr=False)
    reason: str = ""
    due: datetime | None = None
    held: bool = False
    discarded: str = ""

    def blame(self, error: Exception, attempts: int) -> None:
        """Note a failure after so many more attempts."""
        self.error = error
        self.reason = f"{type(error).__name__}: {error}"
        self.attempts += attempts
        self.traceback = "".join(traceback.format_exception(error))

    @property
    def position(self) -> int:
        """The event's position in the log; 0 if it has none."""
        return self.event.position if isinstance(self.event, Recorded) else 0

    def __repr__(self) -> str:
        why = self.reason or "not handled yet"
        what = f"{self.event.id} {self.event.name} for {self.subscriber!r}"
        due = f", due {self.due:%Y-%m-%dT%H:%M:%SZ}" if self.due else ""
        return f"<DeadLetter {what}, {self.attempts}x: {why}{due}>"


class Letters:
    """The letters of one bus, oldest first; those of durable subscribers stand in the log's store, too.

    moments  a heap of when letters fall due, some of them perhaps handled by now; empty while none waits for its time
    """

    def __init__(self, log: EventLog | None) -> None:
        self._log = log
        self._waiting: dict[int, DeadLetter] = {}
        self._about: dict[tuple[str, str], dict[int, DeadLetter]] = {}
        self._consumers: dict[str, Consumer] = {}
        self._left: dict[tuple[str, int], DeadLetter] = {}
        self._discarded: list[DeadLetter] = []
        self.moments: list[tuple[datetime, int]] = []

    def __iter__(self) -> Iterator[DeadLetter]:
        return iter([*self._waiting.values()])

    def __len__(self) -> int:
        return len(self._waiting)

    def of(self, subscriber: str | None) -> list[DeadLetter]:
        """The letters of one subscriber, or of all of this bus."""
        return [letter for letter in self if subscriber in (None, letter.subscriber)]

    @property
    def everywhere(self) -> tuple[DeadLetter, ...]:
        """These, and those in the log of durable subscribers that are not on this bus."""
        return (*self, *(letter for letter in self._elsewhere() if not letter.discarded))

    @property
    def discarded(self) -> tuple[DeadLetter, ...]:
        """What was discarded: on this bus, and in the log."""
        return (*self._discarded, *(letter for letter in self._elsewhere(all_of_log=True) if letter.discarded))

    @property
    def next_due(self) -> datetime | None:
        """When the next letter falls due; None if none does by itself."""
        while self.moments and not self._is_current(*self.moments[0]):
            heappop(self.moments)
        return self.moments[0][0] if self.moments else None

    def due_by(self, now: datetime, subscriber: str | None = None) -> list[DeadLetter]:
        """Those that fall due by this moment, of one subscriber or of all, oldest first."""
        if self.next_due is None or self.next_due > now:
            return []
        return [letter for letter in self.of(subscriber) if letter.due is not None and letter.due <= now]

    def is_held(self, subscriber: str, event: Event) -> bool:
        """Whether a letter about the event's subject waits, which it must not overtake."""
        return bool(event.subject) and (subscriber, event.subject) in self._about

    def left_at(self, subscriber: str, position: int) -> DeadLetter | None:
        """The letter that a crash has left before the subscriber's position was moved past its event."""
        letter = self._left.pop((subscriber, position), None) if self._left else None
        return letter if id(letter) in self._waiting else None

    # --- keeping and handling -------------------------------------------------------------------

    def keep(self, letter: DeadLetter) -> None:
        """Keep a new letter, or what has changed in one."""
        # The store comes first: what could not be stored must not look as if it were kept.
        if letter.subscriber in self._consumers and letter.position:
            self._consumers[letter.subscriber].keep(_stored(letter))
        self._add(letter)

    def remove(self, letter: DeadLetter, now: Callable[[], datetime]) -> None:
        """It was handled, or nobody needs it: the next about its subject waits no longer."""
        if letter.subscriber in self._consumers and letter.position:
            consumer = self._consumers[letter.subscriber]
            consumer.keep(_stored(letter)) if letter.discarded else consumer.drop(letter.position)
        self._take_out(letter)
        first = next(iter(self._about.get((letter.subscriber, letter.event.subject), {}).values()), None)
        if first is not None and first.held:
            first.held, first.due = False, now()
            self.keep(first)

    def discard(self, letter: DeadLetter, reason: str, now: Callable[[], datetime]) -> bool:
        """Nobody needs the letter any more; False if there is none like it."""
        found = next((each for each in self.everywhere if _key(each) == _key(letter)), None)
        if found is None:
            return False
        found.discarded, found.due = reason, None
        if id(found) in self._waiting:
            self.remove(found, now)
            if not (found.subscriber in self._consumers and found.position):
                self._discarded.append(found)
        elif self._log is not None:
            consumer = self._log.consumer(found.subscriber)
            consumer.keep(_stored(found))
            consumer.release()
        return True

    def take_up(self, consumer: Consumer, now: Callable[[], datetime]) -> None:
        """A durable subscriber comes to the bus, with what it has left in the log."""
        self._consumers[consumer.name] = consumer
        letters = [_loaded(self._log, consumer.name, each) for each in consumer.letters() if not each.discarded]
        for letter in letters:
            self._add(letter)
            if letter.position > consumer.position:
                self._left[consumer.name, letter.position] = letter
        if letters:
            self._waiting = dict(sorted(self._waiting.items(), key=lambda entry: entry[1].position))
        for (name, _), about in self._about.items():
            first = next(iter(about.values()))
            if name == consumer.name and first.held:
                first.held, first.due = False, now()
                self._add(first)

    def give_up(self, subscriber: str) -> None:
        """A durable subscriber leaves the bus; its letters stay in the log."""
        if self._consumers.pop(subscriber, None) is not None:
            for letter in self.of(subscriber):
                self._take_out(letter)

    # --- small parts ----------------------------------------------------------------------------

    def _add(self, letter: DeadLetter) -> None:
        self._waiting[id(letter)] = letter
        if letter.due is not None:
            heappush(self.moments, (letter.due, id(letter)))
        self._about.setdefault((letter.subscriber, letter.event.subject), {})[id(letter)] = letter

    def _take_out(self, letter: DeadLetter) -> None:
        del self._waiting[id(letter)]
        key = letter.subscriber, letter.event.subject
        del self._about[key][id(letter)]
        if not self._about[key]:
            del self._about[key]

    def _is_current(self, due: datetime, key: int) -> bool:
        return key in self._waiting and self._waiting[key].due == due

    def _elsewhere(self, *, all_of_log: bool = False) -> Iterator[DeadLetter]:
        if self._log is not None and not self._log.closed:
            for name, letter in all_letters(self._log):
                if all_of_log or name not in self._consumers:
                    yield _loaded(self._log, name, letter)


def _key(letter: object) -> object:
    """What tells a letter from another."""
    if not isinstance(letter, DeadLetter):
        return None
    return letter.subscriber, letter.position, letter.event.source, letter.event.id


def _stored(letter: DeadLetter) -> Letter:
    return Letter(
        letter.position,
        letter.event.subject,
        letter.handler,
        letter.attempts,
        letter.due,
        letter.held,
        letter.reason,
        letter.traceback,
        letter.discarded,
    )


def _loaded(log: EventLog | None, subscriber: str, kept: Letter) -> DeadLetter:
    assert log is not None
    event = next(log.read(kept.position - 1, kept.position))
    return DeadLetter(
        event,
        subscriber,
        kept.handler,
        kept.attempts,
        None,
        kept.traceback,
        kept.error,
        kept.due,
        kept.held,
        kept.discarded,
    )
