"""Tasks that wait for the disk: what came while it was busy shares one commit, made in another thread."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from eda_workshop.log.writing import Request


class WaitingRoom:
    """The appends of one event loop's tasks."""

    def __init__(self, commit: Callable[[list[Request]], None]) -> None:
        self._commit = commit
        self._line: list[tuple[Request, asyncio.Future[None]]] = []
        self._busy = False

    async def wait(self, request: Request) -> None:
        """Return when the request is done."""
        loop = asyncio.get_running_loop()
        done = loop.create_future()
        self._line.append((request, done))
        if not self._busy:
            self._busy = True
            # Soon, not now: all tasks that are ready shall come along.
            loop.call_soon(self._start, loop)
        await done

    def _start(self, loop: asyncio.AbstractEventLoop) -> None:
        turn, self._line = self._line, []
        work = loop.run_in_executor(None, self._commit, [request for request, _ in turn])
        work.add_done_callback(lambda finished: self._finish(loop, finished, turn))

    def _finish(
        self,
        loop: asyncio.AbstractEventLoop,
        finished: asyncio.Future[None],
        turn: list[tuple[Request, asyncio.Future[None]]],
    ) -> None:
        error = None if finished.cancelled() else finished.exception()
        for _, done in turn:
            if done.done():
                continue
            if error is None:
                done.set_result(None)
            else:
                done.set_exception(error)
        if self._line:
            loop.call_soon(self._start, loop)
        else:
            self._busy = False
