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
    """

    def __init__(self) -> None:
        self._mutex = Lock()
        self._line: list[Request] = []
        self._led = False

    def enter(self, request: Request) -> bool:
        """True if this thread leads now; else it waited, and its request is done."""
        with self._mutex:
            if not self._led:
                self._led = True
                return True
            latch = request.latch = Lock()
            latch.acquire()
            self._line.append(request)
        try:
            latch.acquire()
        except BaseException:
            self._withdraw(request)
            raise
        return request.leads

    def turn(self, mine: Request) -> list[Request]:
        """The requests to commit now, in the order in which they came."""
        if not self._line:
            return [mine]
        with self._mutex:
            turn = [mine, *self._line[: TURN - 1]]
            del self._line[: TURN - 1]
        return turn

    def leave(self, done: list[Request]) -> None:
        """Wake those whose requests are done, and the one that leads next."""
        for request in done:
            if request.latch is not None:
                request.latch.release()
        self._hand_on()

    def put_back(self, requests: list[Request]) -> None:
        """Let requests that were not committed be the next ones; the lead is handed on."""
        with self._mutex:
            self._line[:0] = requests
        self._hand_on()

    def _hand_on(self) -> None:
        with self._mutex:
            if not self._line:
                self._led = False
                return
            following = self._line.pop(0)
            following.leads = True
            assert following.latch is not None
            following.latch.release()

    def _withdraw(self, request: Request) -> None:
        with self._mutex:
            if request in self._line:
                self._line.remove(request)
            leads, request.leads = request.leads, False
        if leads:
            self._hand_on()
