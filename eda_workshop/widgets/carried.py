"""Notification or carried state: what moves, who is asked, and what happens when the source can't be reached."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import ipywidgets

from eda_workshop.errors import BadSetting, check_number
from eda_workshop.show.carried import TrafficState, UpdatesState, draw_traffic, draw_updates
from eda_workshop.show.picture import Picture
from eda_workshop.simulate.carried import Scenario, run_traffic, run_updates
from eda_workshop.widgets.instrument import Frame, Instrument, button, choice, number

VIEWS = ("traffic and outage", "two fast updates")
VALUES = (10, 20, 30)


@dataclass(frozen=True)
class CarriedSettings:
    """Which of the two pictures, the scenario of the first, and the times in seconds of the second."""

    view: str = VIEWS[0]
    scenario: Scenario = field(default_factory=Scenario)
    gap: float = 1.0
    behind: float = 3.0

    def __post_init__(self) -> None:
        check_number("gap", self.gap, 0.5, 10, whole=False)
        check_number("behind", self.behind, 0, 10, whole=False)


def run(settings: CarriedSettings) -> TrafficState | UpdatesState:
    """Do the same twice: with events that only say who, and with events that carry what."""
    if settings.view == VIEWS[0]:
        scenario = settings.scenario
        return TrafficState(scenario, run_traffic(scenario, carried=False), run_traffic(scenario, carried=True))
    facts = {"gap": settings.gap, "behind": settings.behind}
    told, carried = (tuple(run_updates(VALUES[1:], carried=way, **facts)) for way in (False, True))
    return UpdatesState(VALUES, told, carried, settings.gap, settings.behind)


class NotificationOrState(Instrument):
    """The same changes told in two ways: who has changed, or what it is now.

    events     changes, one a second, 1 to 200
    consumers  how many are told, 1 to 8
    down_for   for how many seconds the source is cut off, from second 40 on
    view       "traffic and outage" or "two fast updates"

    >>> NotificationOrState(view="two fast updates")
    NotificationOrState: 10 → 20 → 30, 1 s apart, and consumers 3 s behind: the one that asks notes 30, 30, the one that is told notes 20, 30. Whoever asks never knew of 20.
    """

    labels: ClassVar = {
        "events": "Changes",
        "down_at": "Cut off at (s)",
        "down_for": "For (s)",
        "small": "Notification (B)",
        "large": "Full state (B)",
        "gap": "Apart (s)",
        "behind": "Behind (s)",
        "view": "Show",
    }

    def __init__(self, *, events: int = 100, consumers: int = 4, down_for: int = 0, view: str = VIEWS[0]) -> None:
        _check_view(view)
        self.settings = CarriedSettings(view, Scenario(events, consumers, down_for=down_for))
        super().__init__()

    def frame(self) -> Frame:
        state = run(self.settings)
        if isinstance(state, UpdatesState):
            numbers: dict[str, Any] = {"notification": list(state.notification), "carried": list(state.carried)}
            return Frame(draw_updates(state), numbers)
        names = ("bus_bytes", "callbacks", "callback_bytes", "failed", "stale", "oldest")
        bills = {"notification": state.notification, "carried": state.carried}
        numbers = {way: {name: getattr(bill, name) for name in names} for way, bill in bills.items()}
        return Frame(draw_traffic(state), numbers)

    # --- the same as the controls, from code ----------------------------------------------------

    def view(self, name: str) -> Picture:
        """Show "traffic and outage" or "two fast updates"."""
        return self._do(lambda: self._show(name))

    def changes(self, count: int) -> Picture:
        """How many changes there are, one a second, 1 to 200."""
        return self._do(lambda: self._plan(events=count))

    def consumers(self, count: int) -> Picture:
        """How many consumers are told, 1 to 8."""
        return self._do(lambda: self._plan(consumers=count))

    def payload(self, small: int = 40, full: int = 900) -> Picture:
        """Bytes of a payload that only says who, 30 to 200, and of one that says everything, 100 to 4000."""
        return self._do(lambda: self._plan(small=small, full=full))

    def outage(self, seconds: int, at: int = 40) -> Picture:
        """Cut the source off for so many seconds, 0 to 200, from this second on."""
        return self._do(lambda: self._plan(down_for=seconds, down_at=at))

    def times(self, behind: float = 3, gap: float = 1) -> Picture:
        """Of the two fast updates: how far the consumers are behind, 0 to 10 s, and how far apart the updates are."""
        return self._do(lambda: self._set(behind=behind, gap=gap))

    def reset(self) -> Picture:
        """100 changes to 4 consumers and no outage; 1 s apart and 3 s behind."""
        return self._do(lambda: setattr(self, "settings", CarriedSettings(self.settings.view)))

    # --- controls -------------------------------------------------------------------------------

    def _controls(self) -> list[list[ipywidgets.Widget]]:
        plan, times = self.settings.scenario, self.settings
        self._view = choice("Show", list(VIEWS), self.settings.view)
        self._view.observe(lambda change: self._by_hand(lambda: self.view(change["new"])), names="value")
        self._numbers = {
            "events": number("Changes", plan.events, 1, 200, 1, self._planned("events")),
            "consumers": number("Consumers", plan.consumers, 1, 8, 1, self._planned("consumers")),
            "small": number("Notification (B)", plan.small, 30, 200, 10, self._planned("small")),
            "full": number("Full state (B)", plan.full, 100, 4000, 100, self._planned("full")),
            "down_at": number("Cut off at (s)", plan.down_at, 1, 200, 1, self._planned("down_at")),
            "down_for": number("for (s)", plan.down_for, 0, 200, 1, self._planned("down_for")),
        }
        self._times = {
            "gap": number("Apart (s)", times.gap, 0.5, 10, 0.5, self._timed("gap")),
            "behind": number("Behind (s)", times.behind, 0, 10, 0.5, self._timed("behind")),
        }
        shown, plan_of, times_of = [self._view, button("Start over", self.reset)], self._numbers, self._times
        return [
            [*shown, *times_of["gap"], *times_of["behind"]],
            [*plan_of["events"], *plan_of["consumers"]],
            [*plan_of["down_at"], *plan_of["down_for"]],
            [*plan_of["small"], *plan_of["full"]],
        ]

    def _planned(self, name: str) -> Any:
        return lambda value: self._by_hand(lambda: self._do(lambda: self._plan(**{name: int(value)})))

    def _timed(self, name: str) -> Any:
        return lambda value: self._by_hand(lambda: self._do(lambda: self._set(**{name: value})))

    def _put_controls(self) -> None:
        self._view.value = self.settings.view
        for name, pair in self._numbers.items():
            pair[0].value = getattr(self.settings.scenario, name)
            self._show_if(pair, VIEWS[0])
        for name, pair in self._times.items():
            pair[0].value = getattr(self.settings, name)
            self._show_if(pair, VIEWS[1])

    def _show_if(self, controls: list[ipywidgets.Widget], view: str) -> None:
        """Controls that change nothing in this view are not there."""
        for control in controls:
            control.layout.display = None if self.settings.view == view else "none"

    # --- settings -------------------------------------------------------------------------------

    def _show(self, name: str) -> None:
        _check_view(name)
        self._set(view=name)

    def _plan(self, **changes: int) -> None:
        self._set(scenario=replace(self.settings.scenario, **changes))

    def _set(self, **changes: Any) -> None:
        self.settings = replace(self.settings, **changes)


def _check_view(name: str) -> None:
    if name not in VIEWS:
        raise BadSetting("view", name, f"one of: {', '.join(VIEWS)}")
