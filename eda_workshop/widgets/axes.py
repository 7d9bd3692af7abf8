"""The board of two axes: deploy the drive together or apart, and spread it over one machine or several."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, ClassVar

import ipywidgets

from eda_workshop.errors import BadSetting
from eda_workshop.show.axes import AxesState, draw_axes
from eda_workshop.show.picture import Picture
from eda_workshop.simulate import Operation, Service, System, call
from eda_workshop.widgets.instrument import Frame, Instrument, button, choice, number

DEPLOYMENTS = ("one unit", "one unit, in modules", "a unit each")
PARTS = ("screen", "web", "folders", "sharing", "mailer")
MACHINES = {
    1: (("screen", "web", "folders", "sharing", "mailer", "database"),),
    2: (("screen", "web", "folders", "sharing", "mailer"), ("database",)),
    3: (("screen",), ("web", "folders", "sharing", "mailer"), ("database",)),
    4: (("screen",), ("web",), ("folders", "sharing", "mailer"), ("database",)),
}
"""Which parts run on which machine, for one to four of them."""


@dataclass(frozen=True)
class AxesSettings:
    """How the drive is deployed, on how many machines it runs, what is changed, and milliseconds for one hop."""

    deployment: str = DEPLOYMENTS[0]
    machines: int = 3
    change: str = "sharing"
    delay: int = 5


def run(settings: AxesSettings) -> AxesState:
    """Build the system, and count what a release restarts and how far a request travels."""
    apart = settings.deployment == DEPLOYMENTS[2]
    where = {name: f"machine {n}" for n, names in enumerate(MACHINES[settings.machines], 1) for name in names}
    services = [
        Service(name, unit=name if apart or name == "database" else "drive", machine=where[name]) for name in where
    ]
    way = ("screen", "web", "sharing", "folders", "database")
    links = [call(source, target) for source, target in pairwise(way)]
    links.append(call("sharing", "mailer"))
    system = System("drive", services, links, [Operation("share", "screen")], delay=settings.delay / 1000)
    hops = 2 * sum(system.hop(link) > 0 for link in links) if settings.delay else 0
    return AxesState(
        system,
        DEPLOYMENTS.index(settings.deployment),
        settings.change,
        system.units[system.unit_of(settings.change)],
        hops,
        system.delay,
    )


class TwoAxes(Instrument):
    """What is released together is one axis, on how many machines it runs another.

    >>> TwoAxes().numbers
    {'units': 1, 'machines': 3, 'restarted': 5, 'hops': 4, 'latency': 0.02}
    """

    labels: ClassVar = {"part": "Change", "milliseconds": "Hop (ms)", "deployment": "Deploy as"}

    def __init__(self) -> None:
        self.settings = AxesSettings()
        super().__init__()

    def frame(self) -> Frame:
        state = run(self.settings)
        numbers = {
            "units": state.units,
            "machines": state.machines,
            "restarted": len(state.restarted),
            "hops": state.hops,
            "latency": round(state.hops * state.delay, 6),
        }
        return Frame(draw_axes(state), numbers)

    def deploy(self, how: str) -> Picture:
        """Deploy the parts as "one unit", "one unit, in modules" or "a unit each"."""
        return self._do(lambda: self._set(deployment=_known("deployment", how, DEPLOYMENTS)))

    def machines(self, count: int) -> Picture:
        """Spread them over 1 to 4 machines."""
        return self._do(lambda: self._set(machines=_known("machines", count, tuple(MACHINES))))

    def change(self, part: str) -> Picture:
        """Change one part, and release it."""
        return self._do(lambda: self._set(change=_known("part", part, PARTS)))

    def delay(self, milliseconds: int) -> Picture:
        """How long one hop takes, 1 to 100 ms."""
        return self._do(lambda: self._set(delay=_known("milliseconds", milliseconds, tuple(range(1, 101)))))

    def reset(self) -> Picture:
        """One unit on three machines again."""
        return self._do(lambda: setattr(self, "settings", AxesSettings()))

    def _controls(self) -> list[list[ipywidgets.Widget]]:
        self._how = choice("Deploy as", list(DEPLOYMENTS))
        self._change = choice("Change", list(PARTS), self.settings.change)
        self._machines = number("Machines", 3, 1, 4, 1, lambda value: self._by_hand(lambda: self.machines(int(value))))
        self._delay = number("Hop (ms)", 5, 1, 100, 1, lambda value: self._by_hand(lambda: self.delay(int(value))))
        self._how.observe(lambda change: self._by_hand(lambda: self.deploy(change["new"])), names="value")
        self._change.observe(lambda change: self._by_hand(lambda: self.change(change["new"])), names="value")
        return [[self._how, self._change, button("Start over", self.reset)], [*self._machines, *self._delay]]

    def _put_controls(self) -> None:
        settings = self.settings
        self._how.value, self._change.value = settings.deployment, settings.change
        self._machines[0].value, self._delay[0].value = settings.machines, settings.delay

    def _set(self, **changes: Any) -> None:
        self.settings = replace(self.settings, **changes)


def _known(what: str, given: Any, known: tuple[Any, ...]) -> Any:
    if type(given) is not type(known[0]) or given not in known:
        rule = (
            f"a whole number from {known[0]} to {known[-1]}" if type(known[0]) is int else f"one of: {', '.join(known)}"
        )
        raise BadSetting(what, given, rule)
    return given
