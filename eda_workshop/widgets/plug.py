"""Pull the plug: which clicks a counter still knows after a crash, and from where."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar, Literal

import ipywidgets

from eda_workshop.clock import ManualClock
from eda_workshop.errors import BadSetting, Crashed
from eda_workshop.event import Event
from eda_workshop.ids import CounterIds
from eda_workshop.log import EventLog, open_log
from eda_workshop.replay import MemoryImage, Model, applies
from eda_workshop.show.picture import Picture
from eda_workshop.show.plug import PlugState, draw_plug
from eda_workshop.widgets.given import check_known
from eda_workshop.widgets.instrument import Frame, Instrument, button, choice, number, tick

Order = Literal["log first", "memory first"]
POINTS = ("between two clicks", "in the middle of a click")
SNAPSHOTS = {"never": 0, "every 4": 4, "every 10": 10}
MOST = 40


class Clicks(Model):
    """How often somebody clicked."""

    initial = 0

    @staticmethod
    @applies("button.clicked")
    def clicked(count: int, _event: Event) -> int:
        return count + 1


@dataclass(frozen=True)
class PlugSettings:
    """How many clicks there were, what keeps them, and where the plug was pulled ("": not yet)."""

    clicks: int = 7
    log: bool = True
    every: int = 0
    order: Order = "log first"
    point: str = ""


def run(settings: PlugSettings) -> PlugState:
    """Click, pull the plug, and start again from what is left."""
    if not settings.log or settings.order == "memory first":
        return _hasty(settings)
    with tempfile.TemporaryDirectory() as folder:
        return _image(settings, Path(folder) / "clicks.snapshot")


def _image(settings: PlugSettings, path: Path) -> PlugState:
    """The kit's own memory image: append, apply, publish."""
    log, ids = _new_log(), CounterIds()
    options: dict[str, Any] = {"snapshots": path, "every": settings.every} if settings.every else {}
    image = MemoryImage(log, Clicks, **options)
    for _ in range(settings.clicks):
        image.record(Event("button.clicked", id=ids()))
    shown = image.state
    if settings.point == POINTS[1]:
        image.pull_the_plug("after append")
        with suppress(Crashed):
            image.record(Event("button.clicked", id=ids()))
    again = MemoryImage(log, Clicks, **options)
    snapshot = again.recovery.snapshot or None
    if not settings.point:
        return PlugState(settings.clicks, shown, log.head, snapshot, None, 0)
    return PlugState(settings.clicks, shown, log.head, snapshot, again.state, again.recovery.replayed, settings.point)


class _Hasty:
    """A counter as many programs keep it: memory first, then the log if there is one, now and then a snapshot."""

    def __init__(self, log: EventLog | None, every: int) -> None:
        self.log = log
        self.every = every
        self.count = 0
        self.snapshot: int | None = None

    def click(self) -> None:
        self.count += 1
        if self.log is not None:
            self.log.append(Event("button.clicked"))
        if self.every and self.count % self.every == 0:
            self.snapshot = self.count

    def half_a_click(self) -> None:
        """The screen says so already; the power goes before the log has it."""
        self.count += 1

    def restart(self) -> int:
        """Come back from the snapshot and what the log has after it; return how many events that took."""
        self.count = self.snapshot or 0
        tail = 0 if self.log is None else sum(1 for _ in self.log.read(self.count))
        self.count += tail
        return tail


def _hasty(settings: PlugSettings) -> PlugState:
    counter = _Hasty(_new_log() if settings.log else None, settings.every)
    for _ in range(settings.clicks):
        counter.click()
    if settings.point == POINTS[1] and settings.order == "memory first":
        counter.half_a_click()
    shown, head = counter.count, None if counter.log is None else counter.log.head
    if not settings.point:
        return PlugState(shown, shown, head, counter.snapshot, None, 0)
    replayed = counter.restart()
    return PlugState(shown, shown, head, counter.snapshot, counter.count, replayed, settings.point)


def _new_log() -> EventLog:
    return open_log("memory://", clock=ManualClock(tick=1))


class PullThePlug(Instrument):
    """A counter in memory. Click, choose what keeps the clicks, and pull the plug.

    log        whether each click is recorded
    snapshots  "never", "every 4" or "every 10"
    order      "log first" or "memory first": what happens first at a click

    >>> PullThePlug().pull()
    Crash between two clicks: the counter showed 7, and came back from 7 replayed events at 7 · acknowledged clicks lost: 0.
    """

    labels: ClassVar = {"times": "Clicks", "point": "Crash", "snapshots": "Snapshot"}

    def __init__(self, *, log: bool = True, snapshots: str = "never", order: Order = "log first") -> None:
        self.settings = PlugSettings(log=log, every=_every(snapshots), order=order)
        super().__init__()

    def frame(self) -> Frame:
        state = run(self.settings)
        return Frame(draw_plug(state), {"clicks": state.clicks, "after": state.after, "lost": state.lost})

    def click(self, times: int = 1) -> Picture:
        """Click so often; the counter is running again if it was not."""
        return self._do(lambda: self._click(times))

    def pull(self, point: str = POINTS[0]) -> Picture:
        """Pull the plug "between two clicks" or "in the middle of a click", and start again."""
        return self._do(lambda: self._pull(point))

    def log(self, on: bool = True) -> Picture:
        """Record each click, or none."""
        return self._set_control(self._log, on)

    def snapshots(self, when: str) -> Picture:
        """Take a snapshot "never", "every 4" or "every 10" clicks."""
        return self._do(lambda: self._choose(self._snapshots, when, every=_every(when)), f"Snapshots: {when}.")

    def order(self, first: Order) -> Picture:
        """At a click, "log first" or "memory first"."""
        return self._do(lambda: self._choose(self._order, first, order=first), f"At a click: {first}.")

    def reset(self) -> Picture:
        """Seven clicks, running; what keeps them stays as it is."""
        return self._do(lambda: self._set(clicks=7, point=""))

    def _controls(self) -> list[list[ipywidgets.Widget]]:
        self._log = tick("Log", self.settings.log, self._keep)
        self._snapshots = choice("Snapshot", list(SNAPSHOTS), _name(self.settings.every))
        self._snapshots.observe(lambda change: self.snapshots(change["new"]), names="value")
        self._order = choice("First", ["log first", "memory first"], self.settings.order)
        self._order.observe(lambda change: self.order(change["new"]), names="value")
        point = choice("Crash", list(POINTS))
        times = number("Clicks", 1, 1, 10, 1, lambda _: None)[0]
        return [
            [times, button("Click", lambda: self.click(times.value)), self._log, self._snapshots, self._order],
            [point, button("Pull the plug", lambda: self.pull(point.value)), button("Start over", self.reset)],
        ]

    def _keep(self, on: bool) -> Picture:
        return self._do(lambda: self._set(log=on), f"{'Each click' if on else 'No click'} is recorded.")

    def _click(self, times: int) -> None:
        if type(times) is not int or not 1 <= times <= MOST:
            raise BadSetting("times", times, f"a whole number from 1 to {MOST}")
        self._set(clicks=min(self.settings.clicks + times, MOST), point="")

    def _pull(self, point: str) -> None:
        if point not in POINTS:
            raise BadSetting("point", point, f"one of: {', '.join(POINTS)}")
        self._set(point=point)

    def _choose(self, control: ipywidgets.Dropdown, value: str, **changes: Any) -> None:
        if value not in control.options:
            raise BadSetting(control.description.lower(), value, f"one of: {', '.join(control.options)}")
        self._set(**changes)
        control.value = value

    def _set(self, **changes: Any) -> None:
        self.settings = replace(self.settings, **changes)


def _every(when: str) -> int:
    check_known("snapshots", when, SNAPSHOTS)
    return SNAPSHOTS[when]


def _name(every: int) -> str:
    return next(name for name, number in SNAPSHOTS.items() if number == every)
