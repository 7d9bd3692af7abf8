"""The railway switch: a log, branches of it, and what each comes to; the outside hears of none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import ipywidgets

from eda_workshop.errors import BadSetting
from eda_workshop.event import Event
from eda_workshop.log import EventLog
from eda_workshop.replay import Branch, Model, Rehearsal, Timeline
from eda_workshop.show.picture import Picture
from eda_workshop.show.railway import draw_railway, look_at
from eda_workshop.show.tracks import Label, Value
from eda_workshop.show.tree import draw_tree, grow
from eda_workshop.widgets.edits import KINDS, Edit, Kind, Line, Place, behind, build
from eda_workshop.widgets.given import check_known, check_switch
from eda_workshop.widgets.instrument import Frame, Instrument, button, choice, number, tick
from eda_workshop.widgets.outside import Outside


@dataclass(frozen=True)
class RailwaySettings:
    """The branches made so far, which of them is shown, and whether the graph of all is shown instead."""

    lines: tuple[Line, ...]
    shown: int = 0
    graph: bool = False


class RailwaySwitch(Instrument):
    """A log with a switch behind one of its events, and the branch that leaves there.

    log    what really happened, as it stands when the instrument is made; nothing is ever written to it
    model  what state is
    value  a number, of a state: the quantity that is drawn along both lines
    name   what that quantity is called
    ready  events that can be made up, by what they are called in the dropdown
    tells  what the service tells the outside because of an event, None for nothing
    label  an event in a word or two
    at     where the switch stands first

    >>> from eda_workshop.stories.cargo import Freight, voyage
    >>> log = open_log("memory://", clock=ManualClock("2026-03-06T09:00:00Z"))
    >>> _ = log.append(*voyage())
    >>> def marked(voyage): return sum(item.was_in_canada for item in voyage.cargo.values())
    >>> switch = RailwaySwitch(log, Freight, marked, "marked cargo")
    >>> switch.drop(2)
    Branch at 1, 1 dropped and 0 made up · marked cargo at the end: 0 instead of 1 · 1 difference · 3 events replayed · calls to the outside: 0, 4 messages kept silent.
    """

    labels: ClassVar = {"what": "Made up", "at": "Switch at", "graph": "Branch graph"}

    def __init__(
        self,
        log: EventLog,
        model: type[Model],
        value: Value,
        name: str,
        *,
        ready: Mapping[str, Event] | None = None,
        tells: Callable[[Event], Mapping[str, Any] | None] | None = None,
        label: Label | None = None,
        at: int = 1,
    ) -> None:
        self.timeline = Timeline(log, model, every=1)
        self.timeline.at()  # once through, so that each branch costs what comes after its first edit
        self._head = log.head
        self._value, self._name = value, name
        self._ready = dict(ready or {})
        self._outside = Outside(log, tells)
        self._label: Label = label or (lambda event: event.name)
        self._first = min(at, self._head)
        self.settings = self._start()
        super().__init__()

    def frame(self) -> Frame:
        branches = {line.name: self._built(line) for line in self.settings.lines}
        line = self.settings.lines[self.settings.shown]
        rehearsal = self._rehearsed(branches[line.name])
        state = look_at(
            branches[line.name],
            self._value,
            self._name,
            name=line.name,
            label=self._label,
            head=self._head,
            calls=self._outside.calls,
            silent=len(rehearsal.messages),
        )
        log, end = state.ends
        numbers = {
            "at": state.at,
            "log": log,
            "branch": end,
            "differences": len(state.differences),
            "replayed": state.replayed,
            "calls": state.calls,
            "silent": state.silent,
            "branches": len(branches),
        }
        if not self.settings.graph:
            return Frame(draw_railway(state), numbers)
        parents = {line.name: line.parent for line in self.settings.lines}
        twigs = [replace(twig, parent=parents[twig.name]) for twig in grow(branches, self._value)]
        return Frame(draw_tree(self._head, f"{log:g}", self._name, twigs), numbers)

    # --- from code ------------------------------------------------------------------------------

    def switch(self, at: int) -> Picture:
        """Let the shown branch leave after this position, 0 to the head; its edits stay, and must come after that."""
        return self._do(lambda: self._move(at))

    def drop(self, event: Place) -> Picture:
        """Leave an event out of the shown branch; it is named by its position, or a made-up one by its id."""
        return self._do(lambda: self._edit(Edit("drop", event)), f"{event} is dropped.")

    def replace(self, event: Place, what: str) -> Picture:
        """Let one of the ready events have happened in place of an event."""
        return self._do(lambda: self._edit(Edit("replace", event, what)))

    def insert(self, after: Place, what: str) -> Picture:
        """Make up one of the ready events, after an event; 0 is before the first."""
        return self._do(lambda: self._edit(Edit("insert", after, what)))

    def append(self, what: str) -> Picture:
        """Make up one of the ready events as the last."""
        return self._do(lambda: self._edit(Edit("append", what=what)))

    def branch_off(self) -> Picture:
        """A further branch, of the shown one as it is now, behind its last edit."""
        return self._do(self._branch_off, f"branch {len(self.settings.lines) + 1} leaves here, and is shown.")

    def show(self, name: str) -> Picture:
        """Show another of the branches: "branch 1", "branch 2" and so on."""
        return self._do(lambda: self._show(name), f"{name} is shown.")

    def tree(self, on: bool = True) -> Picture:
        """Show the graph of all branches, or the switch again."""
        return self._do(lambda: self._show_graph(on))

    def reset(self) -> Picture:
        """One branch, without an edit."""
        picture = self._do(lambda: setattr(self, "settings", self._start()))
        self._event.value = self._behind_the_switch()
        return picture

    # --- the controls ---------------------------------------------------------------------------

    def _controls(self) -> list[list[ipywidgets.Widget]]:
        self._line = choice("Branch", ["branch 1"])
        self._line.observe(lambda change: self._by_hand(lambda: self.show(change["new"])), names="value")
        place = number(
            "Switch at", self._first, 0, self._head, 1, lambda value: self._by_hand(lambda: self.switch(int(value)))
        )
        self._at = place[0]
        self._graph = tick("Branch graph", False, lambda on: self._by_hand(lambda: self.tree(on)))
        kind = choice("Edit", list(KINDS))
        self._event = choice("Event", self._places(), self._behind_the_switch(), width="210px")
        what = choice("Made up", list(self._ready) or [""])
        return [
            [*place, kind, self._event, what, button("Apply", lambda: self._apply(kind.value, what.value))],
            [self._line, button("Branch off", self.branch_off), self._graph, button("Start over", self.reset)],
        ]

    def _apply(self, kind: Kind, what: str) -> Picture:
        edit = Edit(kind, self._event.value, what)
        return self._do(lambda: self._edit(edit), f"{kind}: {edit.place}.")

    def _put_controls(self) -> None:
        """A refused value goes back."""
        names, shown = [line.name for line in self.settings.lines], self.settings.lines[self.settings.shown]
        if list(self._line.options) != names:
            self._line.options = names
        self._line.value, self._at.value, self._graph.value = shown.name, shown.at, self.settings.graph
        chosen, places = self._event.value, self._places()
        if list(self._event.options) != places:
            self._event.options = places
            is_there = any(place == chosen for _, place in places)
            self._event.value = chosen if is_there else self._behind_the_switch()

    def _places(self) -> list[tuple[str, Place]]:
        """What an edit can be about: the beginning, and every event of the shown branch."""
        logged = {event.id: event.position for event in self.timeline.log.read(upto=self._head)}
        rows: list[tuple[str, Place]] = [("0 the beginning", 0)]
        for event in self._built(self.settings.lines[self.settings.shown]).events:
            place: Place = logged.get(event.id, event.id)
            rows.append((f"{place} {self._label(event)}", place))
        return rows

    def _behind_the_switch(self) -> Place:
        """The first event of the shown branch that may be edited, the last event if there is none."""
        at, places = self.settings.lines[self.settings.shown].at, [place for _, place in self._places()]
        return next((place for place in places if not isinstance(place, int) or place > at), places[-1])

    # --- the settings ---------------------------------------------------------------------------

    def _start(self) -> RailwaySettings:
        return RailwaySettings((Line("branch 1", "", (Edit("branch", self._first),), 1),))

    def _built(self, line: Line) -> Branch:
        return build(self.timeline, line, self._what)

    def _show_graph(self, on: bool) -> None:
        check_switch("graph", on)
        self.settings = replace(self.settings, graph=on)

    def _what(self, name: str) -> Event:
        check_known("what", name, self._ready)
        return self._ready[name]

    def _rehearsed(self, branch: Branch) -> Rehearsal:
        return branch.rehearse(self._outside.gateways, self._outside.handle)

    def _edit(self, edit: Edit) -> None:
        line = self.settings.lines[self.settings.shown]
        self._put(replace(line, steps=(*line.steps, edit), own=line.own + 1))

    def _move(self, at: int) -> None:
        line = self.settings.lines[self.settings.shown]
        least = next((other.at for other in self.settings.lines if other.name == line.parent), 0)
        if type(at) is not int or not least <= at <= self._head:
            raise BadSetting("at", at, f"a position from {least} to {self._head}")
        steps = list(line.steps)
        steps[-line.own] = Edit("branch", at)
        self._put(replace(line, steps=tuple(steps)))

    def _put(self, line: Line) -> None:
        """Take the shown line's new steps, if they can be taken."""
        self._built(line)
        lines = list(self.settings.lines)
        lines[self.settings.shown] = line
        self.settings = replace(self.settings, lines=tuple(lines))

    def _branch_off(self) -> None:
        line, count = self.settings.lines[self.settings.shown], len(self.settings.lines)
        point = Edit("branch", behind(self._built(line), self._head, self._outside.ids))
        new = Line(f"branch {count + 1}", line.name, (*line.steps, point), 1)
        self.settings = replace(self.settings, lines=(*self.settings.lines, new), shown=count)

    def _show(self, name: str) -> None:
        names = [line.name for line in self.settings.lines]
        if name not in names:
            raise BadSetting("branch", name, f"one of: {', '.join(names)}")
        self.settings = replace(self.settings, shown=names.index(name))
