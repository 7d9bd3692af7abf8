"""The registry grid: one handler for each subscriber and name, and what other rules would do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

import ipywidgets

from eda_workshop.bus import Bus
from eda_workshop.errors import EdaError
from eda_workshop.event import Event
from eda_workshop.show.grid import Cell, GridState, draw_grid
from eda_workshop.show.picture import Picture
from eda_workshop.simulate import GlobalEmitter, ListEmitter
from eda_workshop.widgets.given import check_known
from eda_workshop.widgets.instrument import Frame, Instrument, button, choice

Rule = Literal["per subscriber", "global", "none"]
RULES: tuple[Rule, ...] = ("per subscriber", "global", "none")
SUBSCRIBERS = ("mailer", "folders", "audit")
_HANDLERS = {"mailer": "send_mail", "folders": "make_folder", "audit": "write_down"}
NAMES = ("user.signed_up", "folder.created", "folder.shared", "email.sent")


@dataclass(frozen=True)
class GridSettings:
    """What was done at the grid, in order: ("on" | "off", cell) and ("publish", name); and the rule."""

    acts: tuple[tuple[str, Any], ...] = ()
    rule: Rule = "per subscriber"


def run(settings: GridSettings) -> tuple[GridState, EdaError | None]:
    """Do the acts again under the rule; the state they lead to, and how the last of them was refused."""
    world = _World(settings.rule)
    error: EdaError | None = None
    for verb, what in settings.acts:
        error = world.do(verb, what)
    return world.state(), error


class RegistryGrid(Instrument):
    """Register handlers, publish, and count the e-mails. Each registration makes a new function, as a cell does.

    rule  "per subscriber": one handler for each subscriber and name, the bus's own; "global": one for each name;
          "none": any number

    >>> RegistryGrid().register("mailer", "user.signed_up")
    Rule: per subscriber · 1 handler registered · welcome e-mails sent to Ada: 0
    """

    def __init__(self, *, rule: Rule = "per subscriber") -> None:
        self.settings = GridSettings(rule=rule)
        super().__init__()

    def frame(self) -> Frame:
        state, _ = run(self.settings)
        numbers = {"handlers": sum(state.handlers.values()), "calls": sum(state.calls.values()), "mails": state.mails}
        return Frame(draw_grid(state), numbers)

    # --- the same as the controls, from code ----------------------------------------------------

    def register(self, subscriber: str, name: str) -> Picture:
        """Register a new handler of the subscriber for the name."""
        return self._do(lambda: self._act("on", (subscriber, name)))

    def off(self, subscriber: str, name: str) -> Picture:
        """Take the subscriber's handler for the name off."""
        return self._do(lambda: self._act("off", (subscriber, name)))

    def publish(self, name: str) -> Picture:
        """Publish one event of this name."""
        return self._do(lambda: self._act("publish", name))

    def run_again(self) -> Picture:
        """Run all registrations again, as re-running a notebook's cell does."""
        return self._do(self._again)

    def rule(self, rule: Rule) -> Picture:
        """Choose the rule, for everything that was done so far."""
        return self._set_control(self._rule, rule)

    def reset(self) -> Picture:
        """Begin again with an empty registry; the rule stays."""
        return self._do(lambda: self._set(acts=()))

    # --- controls -------------------------------------------------------------------------------

    def _controls(self) -> list[list[ipywidgets.Widget]]:
        self._subscriber = choice("Subscriber", list(SUBSCRIBERS))
        self._name = choice("Event", list(NAMES))
        self._rule = choice("Rule", list(RULES), self.settings.rule)
        self._rule.observe(lambda change: self._do(lambda: self._set(rule=change["new"])), names="value")
        return [
            [
                self._subscriber,
                self._name,
                button("Register", lambda: self.register(self._subscriber.value, self._name.value)),
                button("Take off", lambda: self.off(self._subscriber.value, self._name.value)),
                button("Publish", lambda: self.publish(self._name.value)),
            ],
            [
                self._rule,
                button("Run the registrations again", self.run_again),
                button("Start over", self.reset),
            ],
        ]

    def _act(self, verb: str, what: Any) -> None:
        if verb != "publish":
            check_known("subscriber", what[0], SUBSCRIBERS)
        check_known("event", what if verb == "publish" else what[1], NAMES)
        self._set(acts=(*self.settings.acts, (verb, what)))
        _, error = run(self.settings)
        if error is not None:
            self._complaint = str(error)

    def _again(self) -> None:
        """Every cell that has a handler is registered once more; the last refusal is told."""
        state, _ = run(self.settings)
        for cell in state.handlers:
            self._act("on", cell)

    def _set(self, **changes: Any) -> None:
        self.settings = replace(self.settings, **changes)


class _World:
    """A registry under one of the rules, and counts of what its handlers did."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self.handlers: dict[Cell, int] = {}
        self.calls: dict[Cell, int] = {}
        self.refused: Cell | None = None
        self.published = ""
        self.mails = 0
        self._registry = _BusRegistry() if rule == "per subscriber" else _EmitterRegistry(rule)

    def do(self, verb: str, what: Any) -> EdaError | None:
        self.refused = None
        if verb == "publish":
            self.calls, self.published = {}, what
            self._registry.publish(what)
            return None
        try:
            getattr(self, verb)(what)
        except EdaError as error:
            self.refused = what
            return error
        return None

    def on(self, cell: Cell) -> None:
        self._registry.on(cell, self._handler(cell))
        self.handlers[cell] = self.handlers.get(cell, 0) + 1

    def off(self, cell: Cell) -> None:
        self._registry.off(cell)
        self.handlers.pop(cell, None)

    def state(self) -> GridState:
        return GridState(
            SUBSCRIBERS, NAMES, self.rule, self.handlers, self.calls, self.refused, self.published, self.mails
        )

    def _handler(self, cell: Cell) -> Callable[[Any], object]:
        """A new function each time, as each run of a cell makes one, with a name that errors can show."""
        return _Handler(_HANDLERS[cell[0]], lambda: self._called(cell))

    def _called(self, cell: Cell) -> None:
        self.calls[cell] = self.calls.get(cell, 0) + 1
        self.mails += cell == ("mailer", "user.signed_up")


class _Handler:
    """A callable that errors call by its name alone."""

    def __init__(self, name: str, act: Callable[[], object]) -> None:
        self.__name__ = name
        self._act = act

    def __call__(self, _: Any) -> None:
        self._act()


class _BusRegistry:
    """The real bus: at most one handler for each subscriber and name."""

    def __init__(self) -> None:
        self.bus = Bus()
        for name in SUBSCRIBERS:
            self.bus.subscriber(name)

    def on(self, cell: Cell, handler: Callable[[Any], object]) -> None:
        self.bus.subscribers[cell[0]].on(cell[1], handler)

    def off(self, cell: Cell) -> None:
        self.bus.subscribers[cell[0]].off(cell[1])

    def publish(self, name: str) -> None:
        self.bus.publish(Event(name))


class _EmitterRegistry:
    """The same under another rule."""

    def __init__(self, rule: Rule) -> None:
        self.emitter = GlobalEmitter() if rule == "global" else ListEmitter()

    def on(self, cell: Cell, handler: Callable[[Any], object]) -> None:
        self.emitter.on(*cell, handler)

    def off(self, cell: Cell) -> None:
        self.emitter.off(*cell)

    def publish(self, name: str) -> None:
        self.emitter.emit(name, Event(name))
