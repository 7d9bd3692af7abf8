"""Links or bus: how ties and availability grow with the number of parts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import ipywidgets

from eda_workshop.errors import check_number
from eda_workshop.show.links import LinksState, draw_links
from eda_workshop.show.picture import Picture
from eda_workshop.simulate import Operation, Service, System, availability, call, event
from eda_workshop.widgets.given import check_switch
from eda_workshop.widgets.instrument import Frame, Instrument, button, number, tick

UP = 0.99


@dataclass(frozen=True)
class LinksSettings:
    """How many parts there are, and whether the bus counts as one that can fail."""

    parts: int = 4
    counts: bool = False


def run(settings: LinksSettings) -> LinksState:
    """Build both as systems, count their links, and ask how often a part can do its work."""
    names = [f"part {number}" for number in range(1, settings.parts + 1)]
    services = [Service(name, up=UP) for name in names]
    work = [Operation("work", names[0])]
    chain = System("chain", services, [call(one, other) for one, other in pairwise(names)], work)
    log = Service("log", up=UP if settings.counts else 1)
    told = [event(names[0], "work.done", name, via="log") for name in names[1:]]
    bus = System("bus", [*services, log], told, work)
    pairs = [(one, other) for one in names for other in names if one != other]
    return LinksState(settings.parts, len(pairs), len(names), availability(chain), availability(bus), settings.counts)


class LinksOrBus(Instrument):
    """Two to eight parts, each of which may need each other one.

    >>> LinksOrBus().parts(8).words.split(".")[0]
    '8 parts: 56 links if each calls each, 8 with a bus'
    """

    def __init__(self) -> None:
        self.settings = LinksSettings()
        super().__init__()

    def frame(self) -> Frame:
        state = run(self.settings)
        numbers = {
            "direct": state.direct,
            "bus": state.bus,
            "chain": round(state.chain, 4),
            "tied": round(state.tied, 4),
        }
        return Frame(draw_links(state), numbers)

    def parts(self, count: int) -> Picture:
        """How many parts there are, 2 to 8."""
        return self._do(lambda: self._parts(count))

    def count_the_bus(self, on: bool = True) -> Picture:
        """Count the bus as a part that can fail, or not."""
        return self._do(lambda: self._set(counts=check_switch("The bus can fail, too", on)))

    def reset(self) -> Picture:
        """Four parts, the bus not counted."""
        return self._do(lambda: setattr(self, "settings", LinksSettings()))

    def _controls(self) -> list[list[ipywidgets.Widget]]:
        self._count = number("Parts", 4, 2, 8, 1, lambda value: self._by_hand(lambda: self.parts(int(value))))
        self._bus = tick("The bus can fail, too", False, lambda on: self._by_hand(lambda: self.count_the_bus(on)))
        return [[*self._count, self._bus, button("Start over", self.reset)]]

    def _put_controls(self) -> None:
        self._count[0].value, self._bus.value = self.settings.parts, self.settings.counts

    def _parts(self, count: int) -> None:
        check_number("parts", count, 2, 8)
        self._set(parts=count)

    def _set(self, **changes: Any) -> None:
        self.settings = replace(self.settings, **changes)
