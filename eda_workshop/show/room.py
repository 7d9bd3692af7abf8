"""How far a room is: a row for each lesson, a field for each exercise, filled by how many have done it."""

from __future__ import annotations

from dataclasses import dataclass

from eda_workshop.show import palette, svg
from eda_workshop.show.picture import Picture

LEFT, TOP, ROW, FIELD = 272, 44, 21, 62


@dataclass(frozen=True)
class Field:
    """One exercise: its id, how many have done it, and how many tried and have not."""

    id: str
    done: int
    tried: int


@dataclass(frozen=True)
class RoomState:
    """The lessons with their exercises, as (number, title, fields), and how many learners shared a code."""

    lessons: tuple[tuple[int, str, tuple[Field, ...]], ...]
    learners: int

    @property
    def fields(self) -> tuple[Field, ...]:
        """All exercises."""
        return tuple(field for _, _, fields in self.lessons for field in fields)


def draw_room(state: RoomState) -> Picture:
    """The rows under each other, and a sentence that says where help is needed."""
    body = svg.text(24, 26, f"{state.learners} learners", weight="600")
    body += svg.text(LEFT, 26, "each exercise: done by how many; ring: tried, not done", size=12, color=palette.MUTED)
    for index, (number, title, fields) in enumerate(state.lessons):
        y = TOP + ROW * index
        body += svg.text(24, y + 14, f"{number:02} {title}", size=12, width=LEFT - 36)
        body += "".join(_field(field, LEFT + FIELD * place, y, state.learners) for place, field in enumerate(fields))
    return Picture(body, TOP + ROW * len(state.lessons) + 12, _sentence(state))


def _field(field: Field, x: float, y: float, learners: int) -> str:
    width, height = FIELD - 6, ROW - 5
    part = width * field.done / learners if learners else 0
    frame = svg.rect(x, y + 1, width, height, rx=3, fill=palette.PAPER, stroke=palette.EDGE)
    bar = svg.rect(x, y + 1, part, height, rx=3, fill=palette.SUBSCRIBER, opacity=0.55) if part else ""
    words = svg.text(x + 6, y + 13.5, str(field.done), size=11, weight="600") if field.done else ""
    ring = ""
    if field.tried:
        ring = svg.circle(x + width - 10, y + 9, 6.5, fill=palette.PAPER, stroke=palette.LOST, stroke_width=1.5)
        ring += svg.text(x + width - 10, y + 12.5, str(field.tried), size=9.5, anchor="middle")
    return svg.group(frame, bar, words, ring, title=f"{field.id}: {field.done} done, {field.tried} tried")


def _sentence(state: RoomState) -> str:
    if not state.learners:
        return "Nobody has shared a code yet."
    fields, count = state.fields, state.learners
    done = sum(field.done for field in fields)
    people = f"{count} learner{'s' * (count != 1)} {'have' if count != 1 else 'has'}"
    head = f"{people} done **{done}** of {count * len(fields)} exercises"
    by_all = sum(field.done == count for field in fields)
    told = f"{head}; {by_all} of {len(fields)} are done by everybody"
    stuck = max(fields, key=lambda field: field.tried)
    if not stuck.tried:
        return f"{told}. Nobody is stuck."
    return f"{told}. Most are stuck at {stuck.id}: {stuck.tried} tried it and {'are' if stuck.tried > 1 else 'is'} not through."
