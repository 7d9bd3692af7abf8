"""Writing to a log: alone, at once with others, and from a copy."""

from __future__ import annotations

from collections.abc import MutableMapping, Sequence
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from eda_workshop.errors import check_number
from eda_workshop.event import Event, Recorded, as_event
from eda_workshop.log.engine import Engine
from eda_workshop.log.sharing import Sharing
from eda_workshop.log.writing import Copy, Draft, Find, Request, Tip, Written

if TYPE_CHECKING:
    from eda_workshop.log.awaiting import WaitingRoom


class Appending(Engine):
    """The part of a log that writes."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._sharing = Sharing()
        self._rooms: MutableMapping[object, WaitingRoom] = WeakKeyDictionary()

    def append(self, *events: Event, expected: int | None = None) -> tuple[int, ...]:
        """Append the events, all or none, and return their positions.

        `expected` is the position at which the log must end now, 0 for an empty log; else
        `Conflict`, which is checked first. An event whose id is there already with the same content
        gives back its old position; with other content `DuplicateEvent`. After an error nothing has
        been appended. Appends that wait for each other are committed together.

        >>> log = open_log("memory://")
        >>> log.append(Event("user.signed_up"), Event("email.sent"), expected=0)
        (1, 2)
        """
        return tuple(written.event.position for written in self.write(events, expected))

    async def append_async(self, *events: Event, expected: int | None = None) -> tuple[int, ...]:
        """`append` for tasks: others run while the disk is busy, and those that wait share a commit.

        A task that is canceled while it waits may have appended: append again, the id makes it harmless.

        >>> import asyncio
        >>> log = open_log("memory://")
        >>> asyncio.run(log.append_async(Event("user.signed_up")))
        (1,)
        """
        import asyncio

        request, loop = self._request(events, expected), asyncio.get_running_loop()
        await (self._rooms.get(loop) or self._open_room(loop)).wait(request)
        self._tell()
        return tuple(written.event.position for written in request.outcome())

    def write(self, events: Sequence[Event], expected: int | None = None) -> list[Written]:
        """Like `append`, but returns what became of each event."""
        request, sharing = self._request(events, expected), self._sharing
        try:
            if sharing.enter(request):
                self._commit_turn(sharing.turn(request))
                sharing.done()
                sharing.leave(request)
                self._tell()
        except BaseException:
            sharing.leave(request, interrupted=True)
            raise
        return request.outcome()

    def restore(self, events: Sequence[Recorded]) -> int:
        """Copy records of another log, all or none, with their positions, times and hashes; return how many are new.

        They must continue this log without a gap, and those that are here already must be the same; else
        `BadRecord`. So a copy that broke off can be done again.

        >>> here, there = open_log("memory://"), open_log("memory://")
        >>> _ = here.append(Event("user.signed_up"))
        >>> there.restore(list(here)), there.tip == here.tip
        (1, True)
        """
        copies: list[Copy] = []

        def draft(tip: Tip, find: Find) -> Draft:
            copies[:] = [Copy(tip, self.clock, find)]
            copies[0].copy(list(events))
            return copies[0]

        with self._lock:
            self._commit(draft)
        self._tell()
        return len(copies[0].records)

    def _open_room(self, loop: object) -> WaitingRoom:
        from eda_workshop.log.awaiting import WaitingRoom

        return self._rooms.setdefault(loop, WaitingRoom(self._commit_turn))

    def _request(self, events: Sequence[Event], expected: int | None) -> Request:
        if expected is not None:
            check_number("expected", expected, 0)
        return Request([as_event(event) for event in events], expected)

    def _commit_turn(self, turn: list[Request]) -> None:
        def draft(tip: Tip, find: Find) -> Draft:
            drafted = Draft(tip, self.clock, find)
            for request in turn:
                drafted.add(request)
            return drafted

        try:
            with self._lock:
                self._commit(draft)
        except Exception as error:
            for request in turn:
                request.written, request.error = None, error

    def _tell(self) -> None:
        if self.news is not None:
            with self.news:
                self.news.notify_all()
