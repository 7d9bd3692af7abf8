"""The instructor's cell: paste the codes that a room shared, and see how far it is."""

from __future__ import annotations

import ipywidgets

from eda_workshop.exercises import registry
from eda_workshop.exercises.map import Entry
from eda_workshop.exercises.sharing import Share, read_codes
from eda_workshop.show.picture import Picture
from eda_workshop.show.room import Field, RoomState, draw_room
from eda_workshop.widgets.instrument import Frame, Instrument, button


class Room(Instrument):
    """How far the learners of a room are, from the codes that they chose to share. Nothing is sent or kept.

    lessons  the lessons to show, such as `LESSONS`
    codes    the codes, in any text, such as a chat that was copied; of each nickname the last one counts

    >>> Room((), "")
    Room: Nobody has shared a code yet.
    """

    def __init__(self, lessons: tuple[Entry, ...], codes: str = "") -> None:
        self.lessons = lessons
        self.settings = codes
        super().__init__()

    def frame(self) -> Frame:
        shares, wrong = read_codes(self.settings)
        state = RoomState(tuple(_row(lesson, shares) for lesson in self.lessons), len(shares))
        return Frame(draw_room(state), {"shares": shares, "wrong": wrong})

    def codes(self, text: str) -> Picture:
        """Take these codes, in the place of those before; one that can't be read is told of, and left out."""
        return self._do(lambda: self._take(text))

    def _controls(self) -> list[list[ipywidgets.Widget]]:
        layout = {"width": "560px", "height": "72px"}
        self._text = ipywidgets.Textarea(
            description="Codes", value=self.settings, layout=layout, placeholder="EDA-… EDA-…"
        )
        return [[self._text, button("Show the room", lambda: self.codes(self._text.value))]]

    def _take(self, text: str) -> None:
        self.settings = text
        self._text.value = text
        wrong = self.numbers["wrong"]
        if wrong:
            more = f" {len(wrong) - 1} more could not be read." if len(wrong) > 1 else ""
            self._complaint = f"{wrong[0]}{more} The others are shown."


def _row(lesson: Entry, shares: tuple[Share, ...]) -> tuple[int, str, tuple[Field, ...]]:
    return (
        lesson.number,
        lesson.title.partition(":")[0],
        tuple(_field(each.id, shares) for each in registry.of(lesson.number)),
    )


def _field(id: str, shares: tuple[Share, ...]) -> Field:
    states = [share.states[id] for share in shares]
    return Field(id, states.count("right"), states.count("tried"))
