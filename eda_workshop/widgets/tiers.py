"""Three tiers: add servers and replicas, take some down, and let the servers keep what they should not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

import ipywidgets

from eda_workshop.show.picture import Picture
from eda_workshop.show.tiers import draw_tiers
from eda_workshop.simulate.tiers import Tiers, serve
from eda_workshop.widgets.given import check_switch
from eda_workshop.widgets.instrument import Frame, Instrument, button, number, tick


class ThreeTiers(Instrument):
    """The drive behind a load balancer, with a store in several copies.

    >>> ThreeTiers().down(servers=1).words.split("**")[0].split(". ")[0]
    '3 servers that keep nothing, 1 down; 3 replicas, 0 down'
    """

    labels: ClassVar = {"dead_servers": "Servers down", "dead_replicas": "Replicas down", "rate": "Requests a second"}

    def __init__(self) -> None:
        self.settings = Tiers()
        super().__init__()

    def frame(self) -> Frame:
        state = serve(self.settings)
        numbers = {
            "can": tuple(round(each) for each in state.can),
            "answered": round(state.answered, 3),
            "lost": state.lost,
            "writes": state.writes,
            "works": round(state.works, 6),
        }
        return Frame(draw_tiers(state), numbers)

    def build(self, *, servers: int | None = None, replicas: int | None = None) -> Picture:
        """How many servers there are, 1 to 6, and how many replicas, 1 to 5; all of them up."""
        made = self.settings
        chosen = {"servers": servers or made.servers, "replicas": replicas or made.replicas}
        return self._do(lambda: self._set(**chosen, dead_servers=0, dead_replicas=0))

    def down(self, *, servers: int = 0, replicas: int = 0) -> Picture:
        """How many servers and replicas are down."""
        return self._do(lambda: self._set(dead_servers=servers, dead_replicas=replicas))

    def rate(self, a_second: int) -> Picture:
        """How many requests come in a second, 10 to 800."""
        return self._do(lambda: self._set(rate=a_second))

    def keep_sessions(self, on: bool = True) -> Picture:
        """Let each server keep the sessions of its users in its own memory."""
        return self._do(lambda: self._set(sticky=check_switch("Servers keep sessions", on)))

    def reset(self) -> Picture:
        """Three and three, all up."""
        return self._do(lambda: setattr(self, "settings", Tiers()))

    def _controls(self) -> list[list[ipywidgets.Widget]]:
        made = self.settings
        self._servers = number(
            "Servers", made.servers, 1, 6, 1, lambda n: self._by_hand(lambda: self.build(servers=int(n)))
        )
        self._copies = number(
            "Replicas", made.replicas, 1, 5, 1, lambda n: self._by_hand(lambda: self.build(replicas=int(n)))
        )
        self._dead = number("Servers down", 0, 0, 6, 1, lambda _: self._by_hand(self._down_by_hand))[:1]
        self._gone = number("Replicas down", 0, 0, 5, 1, lambda _: self._by_hand(self._down_by_hand))[:1]
        self._rate = number(
            "Requests a second", made.rate, 10, 800, 10, lambda n: self._by_hand(lambda: self.rate(int(n)))
        )
        self._keeps = tick("Servers keep sessions", False, lambda on: self._by_hand(lambda: self.keep_sessions(on)))
        return [
            [*self._servers, *self._copies, self._keeps],
            [*self._dead, *self._gone, *self._rate, button("Start over", self.reset)],
        ]

    def _down_by_hand(self) -> None:
        self.down(servers=int(self._dead[0].value), replicas=int(self._gone[0].value))

    def _put_controls(self) -> None:
        made = self.settings
        self._servers[0].value, self._copies[0].value = made.servers, made.replicas
        self._dead[0].value, self._gone[0].value = made.dead_servers, made.dead_replicas
        self._rate[0].value, self._keeps.value = made.rate, made.sticky

    def _set(self, **changes: Any) -> None:
        self.settings = replace(self.settings, **changes)
