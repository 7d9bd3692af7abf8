"""Shards: users spread by their hash, one of them busier than all others, and one shard more."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

import ipywidgets

from eda_workshop.show.picture import Picture
from eda_workshop.show.shards import draw_shards
from eda_workshop.simulate.shards import HASHED, OWN, ROUTERS, SPLIT, Sharding, spread
from eda_workshop.widgets.instrument import Frame, Instrument, button, choice, number


class Shards(Instrument):
    """A thousand users of the drive, spread over copies of it.

    shards   how many there are, 1 to 8
    skew     how unequal the users are: 0, all the same; 2, one of them makes more events than all others together

    >>> Shards(4, skew=2).numbers["hot"]
    3.04
    """

    labels: ClassVar = {"biggest": "Busiest user", "skew": "Skew of users"}

    def __init__(self, shards: int = 4, *, skew: float = 0.0) -> None:
        self.settings = self._first = Sharding(shards, skew)
        super().__init__()

    def frame(self) -> Frame:
        state = spread(self.settings)
        numbers = {
            "hot": round(state.hot, 2),
            "loads": state.loads,
            "biggest": state.biggest,
            "swapped": round(state.swapped, 3),
            "torn": round(state.torn, 3),
            "moved": state.moved,
            "asked": state.asked,
        }
        return Frame(draw_shards(state), numbers)

    def shards(self, count: int) -> Picture:
        """How many shards the router knows, 1 to 8."""
        return self._do(lambda: self._set(shards=count))

    def skew(self, exponent: float) -> Picture:
        """How unequal the users are, 0 to 2: the Zipf exponent."""
        return self._do(lambda: self._set(skew=exponent))

    def router(self, name: str) -> Picture:
        """ "hash mod n" or "rendezvous"."""
        return self._set_control(self._router, name)

    def biggest(self, where: str) -> Picture:
        """Where the busiest user goes: "as its hash says", "on a shard of its own" or "split over all"."""
        return self._set_control(self._biggest, where)

    def reset(self) -> Picture:
        """As it was at first."""
        return self._do(lambda: setattr(self, "settings", self._first))

    def _controls(self) -> list[list[ipywidgets.Widget]]:
        first = self.settings
        self._count = number("Shards", first.shards, 1, 8, 1, lambda n: self._by_hand(lambda: self.shards(int(n))))
        self._skew = number("Skew of users", first.skew, 0, 2, 0.1, lambda s: self._by_hand(lambda: self.skew(s)))
        self._router = choice("Router", list(ROUTERS), first.router)
        self._biggest = choice("Busiest user", [HASHED, OWN, SPLIT], first.biggest)
        self._router.observe(
            lambda change: self._by_hand(lambda: self._do(lambda: self._set(router=change["new"]))), names="value"
        )
        self._biggest.observe(
            lambda change: self._by_hand(lambda: self._do(lambda: self._set(biggest=change["new"]))), names="value"
        )
        return [[*self._count, *self._skew], [self._router, self._biggest, button("Start over", self.reset)]]

    def _put_controls(self) -> None:
        made = self.settings
        self._count[0].value, self._skew[0].value = made.shards, made.skew
        self._router.value, self._biggest.value = made.router, made.biggest

    def _set(self, **changes: Any) -> None:
        self.settings = replace(self.settings, **changes)
