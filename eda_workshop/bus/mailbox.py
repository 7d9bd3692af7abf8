"""What did not arrive: dead letters, and copies that are still on their way."""

from __future__ import annotations

from eda_workshop.bus.parts import Parts
from eda_workshop.bus.receipts import DeadLetter
from eda_workshop.errors import BadSubscriber


class Mailbox(Parts):
    """The side of a bus that keeps what could not be delivered."""

    @property
    def dead_letters(self) -> tuple[DeadLetter, ...]:
        """What subscribers could not handle and nobody has redelivered yet, oldest first."""
        return tuple(self._courier.attempts.letters)

    def redeliver(self, subscriber: str | None = None) -> list[DeadLetter]:
        """Try the dead letters again, of one subscriber or of all; return those handled now.

        Whoever handles the name now gets the event; without a handler, or while the subscriber is
        stopped, the letter waits. A handler that fails again has the same consequences as the first
        time. Raises `AsyncHandler`, and changes nothing, if a handler is async.
        """
        self._check_addressee(subscriber)
        steps = self._courier.redeliver(subscriber, awaited=False)
        return self._flow.run(steps)  # type: ignore[no-any-return]

    async def redeliver_async(self, subscriber: str | None = None) -> list[DeadLetter]:
        """`redeliver` for async handlers."""
        self._check_addressee(subscriber)
        steps = self._courier.redeliver(subscriber, awaited=True)
        return await self._flow.run_async(steps)  # type: ignore[no-any-return]

    def settle(self) -> int:
        """Deliver every copy that bad delivery still holds; return how many there were.

        What their handlers publish meets bad delivery too, and may be on its way afterwards.
        """
        return self._flow.run(self._courier.settle(awaited=False))  # type: ignore[no-any-return]

    async def settle_async(self) -> int:
        """`settle` for async handlers."""
        steps = self._courier.settle(awaited=True)
        return await self._flow.run_async(steps)  # type: ignore[no-any-return]

    def _check_addressee(self, subscriber: str | None) -> None:
        known = {*self._subscribers, *(letter.subscriber for letter in self.dead_letters)}
        if subscriber is not None and subscriber not in known:
            names = ", ".join(sorted(known)) or "none yet"
            raise BadSubscriber(str(subscriber), "is not on this bus", f"There are: {names}.")
