"""Who waits for the disk: many appends at once share one commit."""

from __future__ import annotations

from threading import Lock

from eda_workshop.log.writing import Request

TURN = 1_000
"""At most so many appends share a commit."""


class Sharing:
    """The first thread that comes leads: it commits what has come meanwhile, then hands on the lead.

    While the disk is busy the others line up, so a commit serves all that came during the one before. A thread
    that waits for a lock of its own is woken once; if all waited for the log's lock, whoever leads would take it
    again before the woken one could.

    A thread may be interrupted between any two steps here. It calls `leave` then, which does what is left to do.
    """

    def __init__(self) -> None:
        self._mutex = Lock()
        self._line: list[Request] = []
        self._leader: Request | None = None
        self._turn: list[Request] = []
        self._committed = False

    def enter(self, request: Request) -> bool:
        """True if this thread leads now; else it waited, and its request is done."""
        with self._mutex:
            if self._leader is None:
                self._leader = request
                return True
            latch = request.latch = Lock()
            latch.acquire()
            self._line.append(request)
        latch.acquire()
        return request.leads

    def turn(self, mine: Request) -> list[Request]:
        """The requests to commit now, in the order in which they came."""
        if not self._line:
            return [mine]
        with self._mutex:
            others = [request for request in self._line if request is not mine]
            self._turn = others[: TURN - 1]
            self._line = others[TURN - 1 :]
            return [mine, *self._turn]

    def done(self) -> None:
        """The turn was committed."""
        self._committed = True

    def leave(self, mine: Request, *, interrupted: bool = False) -> None:
        """Wake those whose requests are done, and the one that leads next; what was not committed stays in line."""
        with self._mutex:
            if interrupted:
                mine.gone = True
            if self._leader is mine:
                self._end_turn()
            self._hand_on()

    def _end_turn(self) -> None:
        if self._committed:
            for request in self._turn:
                _wake(request)
        else:
            self._line = [request for request in self._turn if request not in self._line] + self._line
        self._turn = []
        self._committed = False
        self._leader = None

    def _hand_on(self) -> None:
        if self._leader is None and any(request.gone for request in self._line):
            self._line = [request for request in self._line if not request.gone]
        if self._leader is None and self._line:
            self._leader = self._line[0]
        if self._line and self._leader is self._line[0]:
            self._leader.leads = True
            _wake(self._leader)
            del self._line[0]


def _wake(request: Request) -> None:
    """Let the request's thread go on; twice does no harm."""
    if request.latch is not None and request.latch.locked():
        request.latch.release()
