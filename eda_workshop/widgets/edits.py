"""How the railway switch writes down a branch: as the steps that lead to it from the log."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Literal

from eda_workshop.event import Event, Hypothetical
from eda_workshop.replay import Branch, Timeline

Kind = Literal["drop", "replace", "insert", "append"]

KINDS: tuple[Kind, ...] = ("drop", "replace", "insert", "append")

Place = int | str


@dataclass(frozen=True)
class Edit:
    """One step on the way to a branch: to branch off at a place, or to edit what comes after."""

    kind: Literal["branch"] | Kind
    place: Place = 0
    what: str = ""


@dataclass(frozen=True)
class Line:
    """A branch by its name: the branch that it was made from, and all steps from the log on, that one's included.

    own  how many of the steps are its own, the first of which is to branch off
    """

    name: str
    parent: str
    steps: tuple[Edit, ...]
    own: int

    @property
    def at(self) -> int:
        """Its branch point."""
        return int(self.steps[-self.own].place)


def build(timeline: Timeline, line: Line, what: Callable[[str], Event]) -> Branch:
    """The branch that the steps of a line lead to; `what` gives a ready event by its name. Raises `BadEdit`."""
    first, *others = line.steps
    branch = timeline.branch(int(first.place))
    for count, step in enumerate(others):
        if step.kind == "branch":
            branch = branch.branch(step.place)
        elif step.kind == "drop":
            branch.drop(step.place)
        elif step.kind == "replace":
            new = what(step.what)
            branch.replace(step.place, name=new.name, data=new.data, subject=new.subject)
        else:
            new = what(step.what).replace(id=f"made-up-{count}")
            branch.append(new) if step.kind == "append" else branch.insert(new, after=step.place)
    return branch


def behind(branch: Branch, head: int, ids: Collection[str]) -> int:
    """The last position that a branch has, of those up to its last edit; `ids` are those of the log's events."""
    events = list(branch.events)
    had = {event.position for event in events if event.id in ids}
    edits = {event.position for event in events if isinstance(event, Hypothetical)}
    gone = set(range(branch.at + 1, head + 1)) - had
    last = max(edits | gone, default=branch.at)
    return max((place for place in had if branch.at < place <= last), default=branch.at)
