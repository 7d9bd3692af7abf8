"""A history of the library, while others are at their desks, too."""

from __future__ import annotations

from typing import Any

from eda_workshop.clock import ManualClock
from eda_workshop.event import Event
from eda_workshop.exercises.lesson_16.solutions import kit
from eda_workshop.log import open_log
from eda_workshop.replay import History
from eda_workshop.stories.library import day, model_of

PATIENCE = 12


class Stuck(BaseException):
    """One conflict after the other; no `except Exception` stops it."""


class BusyHistory(History):
    """A history whose log others append to, right after somebody has looked at a book.

    others  what they append, one after each look
    """

    def __init__(self) -> None:
        log = open_log("memory://", clock=ManualClock(day(20)))
        super().__init__(log, model_of(kit().shelf))
        self.others: list[Event] = []
        self.looks = 0

    def state(self, **wanted: Any) -> Any:
        book = super().state(**wanted)
        self.looks += 1
        if self.looks > PATIENCE:
            raise Stuck
        if self.others:
            self.log.append(self.others.pop(0))
        return book
