"""Leaving the house: ask the sensor at the door, or have been told before."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

import ipywidgets

from eda_workshop.show.house import draw_house
from eda_workshop.show.picture import Picture
from eda_workshop.simulate.house import ASK, TOLD, House, run_house
from eda_workshop.widgets.given import check_switch
from eda_workshop.widgets.instrument import Frame, Instrument, button, choice, number, tick


class LeavingTheHouse(Instrument):
    """Somebody leaves every five minutes, and needs a coat below 12 degrees.

    style  "ask": the sensor is asked at the door; "be told": it says each change, and the valet keeps a copy

    >>> LeavingTheHouse("ask").numbers
    {'departures': 23, 'blocked': 0, 'wrong': 0, 'messages': 92, 'at the door': 92}
    """

    labels: ClassVar = {"changes": "Changes an hour", "down": "Line down", "delay": "Delay (min)"}

    def __init__(self, style: str = ASK) -> None:
        self.settings = House(style)
        super().__init__()

    def frame(self) -> Frame:
        day = run_house(self.settings)
        numbers = {
            "departures": len(day.departures),
            "blocked": day.blocked,
            "wrong": day.wrong,
            "messages": day.messages,
            "at the door": day.at_the_door,
        }
        return Frame(draw_house(day), numbers)

    def style(self, name: str) -> Picture:
        """ "ask" or "be told"."""
        return self._do(lambda: self._set(style=name))

    def cut(self, at: float, minutes: float) -> Picture:
        """Take the sensor's line down at this minute, for so many minutes; 0 for not at all."""
        return self._do(
            lambda: self._set(down=(at, minutes)), lambda: f"The line is down from {at:g} to {at + minutes:g} min."
        )

    def changes(self, an_hour: float) -> Picture:
        """How often the temperature changes in an hour, 0 to 60."""
        return self._do(lambda: self._set(changes=an_hour), lambda: f"{an_hour:g} changes an hour.")

    def delay(self, minutes: float) -> Picture:
        """How long a message takes, 0 to 10 minutes."""
        return self._do(lambda: self._set(delay=minutes), lambda: f"A message takes {minutes:g} min.")

    def bootstrap(self, on: bool = True) -> Picture:
        """Whether the valet hears, when it begins, what was said before it came."""
        return self._do(lambda: self._set(bootstrap=check_switch("Valet hears what was said before", on)))

    def reset(self) -> Picture:
        """The line is up, six changes an hour, twelve seconds for a message."""
        return self._do(lambda: setattr(self, "settings", House(self.settings.style)))

    def _controls(self) -> list[list[ipywidgets.Widget]]:
        self._style = choice("Style", [ASK, TOLD], self.settings.style)
        self._style.observe(lambda change: self._by_hand(lambda: self.style(change["new"])), names="value")
        self._at = number("Line down at (min)", 0, 0, 110, 5, lambda at: self._by_hand(lambda: self._cut_at(at)))
        self._for = number("for (min)", 0, 0, 120, 5, lambda lasts: self._by_hand(lambda: self._cut_for(lasts)))
        self._changes = number("Changes an hour", 6, 0, 60, 1, lambda n: self._by_hand(lambda: self.changes(n)))
        self._delay = number("Delay (min)", 0.2, 0, 10, 0.2, lambda n: self._by_hand(lambda: self.delay(n)))
        self._first = tick(
            "Valet hears what was said before", True, lambda on: self._by_hand(lambda: self.bootstrap(on))
        )
        return [
            [self._style, *self._at, *self._for],
            [*self._changes, *self._delay],
            [self._first, button("Start over", self.reset)],
        ]

    def _put_controls(self) -> None:
        house = self.settings
        self._style.value, self._first.value = house.style, house.bootstrap
        self._at[0].value, self._for[0].value = round(house.down[0]), round(house.down[1])
        self._changes[0].value, self._delay[0].value = round(house.changes), house.delay

    def _cut_at(self, at: float) -> Picture:
        return self.cut(at, self.settings.down[1])

    def _cut_for(self, lasts: float) -> Picture:
        return self.cut(self.settings.down[0], lasts)

    def _set(self, **changes: Any) -> None:
        self.settings = replace(self.settings, **changes)
