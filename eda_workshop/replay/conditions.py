"""What can't have happened: events that a model's conditions refuse in the state that they would meet."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from eda_workshop.errors import ReducerFailed, UnknownEvent
from eda_workshop.event import Recorded
from eda_workshop.replay.fold import Fold, Values


@dataclass(frozen=True)
class Impossible:
    """An event that could not have happened in the state before it.

    event    the event, as it would count
    problem  why not: the sentence of the model's condition
    """

    event: Recorded
    problem: str

    def __str__(self) -> str:
        return f"{self.event.id} ({self.event.name}) is impossible: {self.problem}"


def objections(
    fold: Fold, values: Values, events: Iterable[Recorded], only: Collection[str] | None = None
) -> dict[int, Impossible]:
    """The impossible ones among events, by position; they are folded into the values, as far as that goes.

    only  the keys whose values are wanted; None means all
    """
    found: dict[int, Impossible] = {}
    for event in events:
        try:
            if problem := fold.objection(values, event, only):
                found[event.position] = Impossible(event, problem)
            fold.run(values, (event,), only)
        except (ReducerFailed, UnknownEvent):
            break
    return found
