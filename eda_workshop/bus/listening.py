"""Hearing what other processes append: a bus that follows its log."""

from __future__ import annotations

from eda_workshop.bus.mailbox import Mailbox
from eda_workshop.bus.subscriber import Subscriber
from eda_workshop.errors import NoLog
from eda_workshop.log import Follower


class Listening(Mailbox):
    """The side of a bus that hears of other processes."""

    _follower: Follower | None = None

    def listen(self, *, patience: float | None = None) -> int:
        """Bring to the subscribers with a position what the log holds, and what any process appends; return how many.

        It returns when nothing was appended for `patience` seconds, or when another thread calls `stop_listening`;
        None waits for ever, and Ctrl-C ends it. What a handler raises ends it, too, as in `Subscriber.catch_up`. Raises
        `NoLog`; `AsyncHandler` if a handler is async.

        >>> log = open_log("memory://")
        >>> here, there = Bus(log), Bus(log)
        >>> there.subscriber("mailer", after=0).on("user.signed_up", lambda event: print("Welcome"))  # doctest: +ELLIPSIS
        <function ...
        >>> _ = here.publish("user.signed_up")
        >>> there.listen(patience=0)
        Welcome
        1
        """
        if self.log is None:
            raise NoLog("A bus that listens")
        handled = 0
        with self.log.follow(self.log.head, patience=patience) as self._follower:
            handled += self._catch_up()
            for _ in self._follower:
                handled += self._catch_up()
        return handled

    def stop_listening(self) -> None:
        """End `listen`, from any thread; does nothing while nobody listens."""
        if self._follower is not None:
            self._follower.close()

    def _catch_up(self) -> int:
        return sum(each.catch_up() for each in [*self._subscribers.values()] if _hears(each))


def _hears(subscriber: Subscriber) -> bool:
    return subscriber.position is not None and not subscriber.stopped and not subscriber.closed
