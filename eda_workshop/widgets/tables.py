"""Stream and table: step through a log, see its table, and ask what is left of the past when it is compacted."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import ipywidgets

from eda_workshop.show.picture import Picture
from eda_workshop.show.tables import draw_two_views
from eda_workshop.simulate.tables import FOLDERS, STORY, Question, views
from eda_workshop.widgets.instrument import Frame, Instrument, button, choice, number


@dataclass(frozen=True)
class ViewSettings:
    """How far the stream is read, and what is asked."""

    position: int = len(STORY)
    question: Question = field(default_factory=Question)


class StreamAndTable(Instrument):
    """Ten events of four folders: as a stream, as a table, and compacted.

    >>> StreamAndTable().ask("f1", 3).words.split(": ")[-1]
    'all events say “/home”, the compacted say “nobody knows”.'
    """

    labels: ClassVar = {"folder": "Where was", "position": "Read up to"}

    def __init__(self) -> None:
        self.settings = ViewSettings()
        super().__init__()

    def frame(self) -> Frame:
        state = views(self.settings.position, self.settings.question)
        numbers = {
            "position": state.position,
            "rows": len(state.table),
            "kept": len(state.kept),
            "told": state.told,
            "answers": state.answers,
            "same": state.same,
        }
        return Frame(draw_two_views(state), numbers)

    def seek(self, position: int) -> Picture:
        """Read the stream up to a position, 0 to 10."""
        return self._do(lambda: self._set(position=position))

    def step(self) -> Picture:
        """Read one more event; at the end nothing changes."""
        return self._do(lambda: self._set(position=min(self.settings.position + 1, len(STORY))))

    def ask(self, folder: str, position: int) -> Picture:
        """Where was this folder after this position?"""
        return self._do(lambda: self._set(question=Question(folder, position)))

    def reset(self) -> Picture:
        """All events read, and the first question."""
        return self._do(lambda: setattr(self, "settings", ViewSettings()))

    def _controls(self) -> list[list[ipywidgets.Widget]]:
        first, last = self.settings, len(STORY)
        self._read = number(
            "Read up to", first.position, 0, last, 1, lambda n: self._by_hand(lambda: self.seek(int(n)))
        )
        self._folder = choice("Where was", list(FOLDERS), first.question.folder)
        self._after = number("after", first.question.position, 0, last, 1, lambda _: self._by_hand(self._ask_by_hand))
        self._folder.observe(lambda _: self._by_hand(self._ask_by_hand), names="value")
        return [
            [*self._read, button("Read one more", self.step)],
            [self._folder, *self._after, button("Start over", self.reset)],
        ]

    def _ask_by_hand(self) -> None:
        self.ask(self._folder.value, int(self._after[0].value))

    def _put_controls(self) -> None:
        made = self.settings
        self._read[0].value = made.position
        self._folder.value, self._after[0].value = made.question.folder, made.question.position

    def _set(self, **changes: Any) -> None:
        self.settings = replace(self.settings, **changes)
        views(self.settings.position, self.settings.question)
