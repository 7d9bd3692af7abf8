"""The library from what the team wrote so far, and from the kit's own parts where something is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from eda_workshop.exercises.exercise import Exercise
from eda_workshop.exercises.judge import judge
from eda_workshop.exercises.lesson_16 import EXERCISES
from eda_workshop.exercises.lesson_16.solutions import kit
from eda_workshop.exercises.outcome import Outcome
from eda_workshop.exercises.table import table
from eda_workshop.stories.lending import Part, Parts


@dataclass(frozen=True)
class HandedIn:
    """The parts of a library, and whose each is.

    parts     the parts: the team's where they are right, else the kit's
    outcomes  what a check says of the team's, by name
    """

    parts: Parts
    outcomes: Mapping[str, Outcome]

    @property
    def own(self) -> tuple[str, ...]:
        """The names of the parts that are the team's."""
        return tuple(name for name, outcome in self.outcomes.items() if outcome.state == "right")

    def with_part(self, **parts: Part) -> Parts:
        """The library with other parts, right or wrong: to see what they do to it."""
        return Parts(**{**vars(self.parts), **parts})

    def __repr__(self) -> str:
        return f"Of {len(self.outcomes)} parts {len(self.own)} are yours, and the others the kit's."

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        shown = table("The parts", ("Part", "Whose", "Yours so far"), map(self._row, EXERCISES))
        return {"text/html": f'{shown}<p role="status">{escape(repr(self))}</p>', "text/plain": repr(self)}

    def _row(self, exercise: Exercise) -> tuple[str, ...]:
        whose = "yours" if exercise.id in self.own else "the kit's"
        return tuple(map(escape, (exercise.title, whose, self.outcomes[exercise.id].state)))


def hand_in(names: Mapping[str, Any]) -> HandedIn:
    """Take the parts out of these names, such as ``globals()``; the kit's own stand in for what is not right yet."""
    outcomes = {exercise.id: judge(exercise, names.get(exercise.id, ...)) for exercise in EXERCISES}
    own = {id: names[id] for id, outcome in outcomes.items() if outcome.state == "right"}
    return HandedIn(Parts(**{**vars(kit()), **own}), outcomes)
