"""Leaving the house: a coat or no coat, by asking the sensor, or by having been told."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from random import Random
from typing import Any

import simpy

from eda_workshop.bus import Bus, Subscriber
from eda_workshop.errors import BadSetting, check_number
from eda_workshop.event import Event
from eda_workshop.ids import CounterIds
from eda_workshop.log import open_log
from eda_workshop.simulate.world import SimulatedClock

MINUTES = 120
COLD = 12
"""Below so many degrees a coat is worn."""

ASK, TOLD = "ask", "be told"


@dataclass(frozen=True)
class House:
    """How the house works, and what happens to it. Times in minutes.

    style      "ask": at the door the sensor is asked; "be told": the sensor says each change, the valet keeps a copy
    delay      how long a message takes, one way
    changes    how often the temperature changes in an hour, on average
    down       when the sensor's line goes down, and for how long: (0, 0) for never
    every      how often somebody leaves
    patience   how long an answer is waited for at the door
    bootstrap  whether the valet, when it begins, hears what was said before it came
    """

    style: str = TOLD
    delay: float = 0.2
    changes: float = 6.0
    down: tuple[float, float] = (0.0, 0.0)
    every: float = 5.0
    patience: float = 2.0
    bootstrap: bool = True

    def __post_init__(self) -> None:
        if self.style not in (ASK, TOLD):
            raise BadSetting("style", self.style, f"{ASK!r} or {TOLD!r}")
        check_number("delay", self.delay, 0, 10, whole=False)
        check_number("changes", self.changes, 0, 60, whole=False)
        check_number("every", self.every, 1, MINUTES, whole=False)
        check_number("patience", self.patience, 0, MINUTES, whole=False)
        if not isinstance(self.bootstrap, bool):
            raise BadSetting("bootstrap", self.bootstrap, "True or False")
        if not isinstance(self.down, tuple) or len(self.down) != 2:
            raise BadSetting("down", self.down, "two numbers: when, and for how long")
        for value in self.down:
            check_number("down", value, 0, MINUTES, whole=False)


@dataclass(frozen=True)
class Departure:
    """Somebody left, or could not: when they came to the door, and what came of it.

    degrees  the temperature when they went; if they could not, when they came
    coat     None if nobody could say
    right    whether the coat fits that temperature
    waited   minutes at the door
    """

    at: float
    degrees: int
    coat: bool | None
    waited: float

    @property
    def blocked(self) -> bool:
        return self.coat is None

    @property
    def right(self) -> bool:
        return self.coat == (self.degrees < COLD)


@dataclass(frozen=True)
class Day:
    """What two hours came to.

    degrees     the true temperature: (minute, degrees) at each change
    copy        what the valet believed: (minute, degrees) at each change of that; () if it asks
    departures  everybody who left or wanted to
    messages    how many were sent in all, heard or not
    at_the_door how many of them while somebody stood at the door and waited
    log         how many events the log holds, changes and departures; 0 if nobody was told
    """

    house: House
    degrees: tuple[tuple[float, int], ...]
    copy: tuple[tuple[float, int], ...]
    departures: tuple[Departure, ...]
    messages: int
    at_the_door: int
    log: int

    @property
    def blocked(self) -> int:
        return sum(departure.blocked for departure in self.departures)

    @property
    def wrong(self) -> int:
        """How many left, and were dressed wrongly."""
        return sum(not departure.right for departure in self.departures if not departure.blocked)

    @property
    def waited(self) -> float:
        """Minutes at the door, of all together."""
        return sum(departure.waited for departure in self.departures)


def run_house(house: House, *, seed: int = 2) -> Day:
    """Two hours in the house. The weather and the departures of a seed are the same in both styles.

    >>> asked, told = (run_house(House(style, changes=0)) for style in ("ask", "be told"))
    >>> asked.messages, told.messages
    (92, 24)
    """
    return _World(house, seed).run()


class _World:
    """The weather, the sensor, the valet and the door, in virtual time; what is said goes over a real bus."""

    def __init__(self, house: House, seed: int) -> None:
        self.house = house
        self.env = simpy.Environment()
        self.random = Random(seed)
        self.now = 13
        self.degrees = [(0.0, self.now)]
        self.copy: list[tuple[float, int]] = []
        self.departures: list[Departure] = []
        self.messages = self.at_the_door = 0
        self.log = open_log("memory://", clock=SimulatedClock(self.env))
        self.bus = Bus(self.log, ids=CounterIds())
        self.feed: Subscriber | None = None
        self.over = False

    def run(self) -> Day:
        self._say()
        start = 0 if self.house.bootstrap else self.log.head
        self._listen(after=start)
        self.bus.subscriber("valet").on("departure.announced", lambda event: self.env.process(self._dress()))
        self.env.process(self._weather())
        self.env.process(self._outage())
        self.env.process(self._door())
        self.env.run(MINUTES)
        copy = tuple(self.copy)
        self._let_go()
        departures = tuple(sorted(self.departures, key=lambda departure: departure.at))
        messages = self.messages + self.log.head - start
        return Day(self.house, tuple(self.degrees), copy, departures, messages, self.at_the_door, len(self.log))

    def _let_go(self) -> None:
        """Who stands at the door when the time is over gets an answer, too; nothing new begins."""
        self.over = True
        self.env.run(MINUTES + 4 * self.house.delay + self.house.patience + 1)

    # --- the weather and the sensor ---------------------------------------------------------------

    def _weather(self) -> Generator[simpy.Event, Any, None]:
        while self.house.changes:
            yield self.env.timeout(self.random.expovariate(self.house.changes / 60))
            if self.over:
                return
            self.now += self.random.choice((-3, -2, 2, 3) if 8 < self.now < 16 else (-3,) if self.now >= 16 else (3,))
            self.degrees.append((self.env.now, self.now))
            self._say()

    def _say(self) -> None:
        """The sensor says what has changed: on the bus, whose log keeps it for those who can't hear now."""
        if self.house.style == TOLD:
            self.bus.publish("temperature.changed", {"degrees": self.now}, source="/sensor")

    @property
    def _cut(self) -> bool:
        at, lasts = self.house.down
        return at <= self.env.now < at + lasts

    def _outage(self) -> Generator[simpy.Event, Any, None]:
        at, lasts = self.house.down
        if lasts and self.feed:
            yield self.env.timeout(at)
            heard = self.feed.position
            self.feed.close()
            yield self.env.timeout(lasts)
            self._listen(after=heard or 0)

    # --- the valet ------------------------------------------------------------------------------

    def _listen(self, after: int) -> None:
        """Hear the sensor. Departures are heard apart from it: the cut line is the sensor's."""
        if self.house.style == TOLD:
            self.feed = self.bus.subscriber("valet's copy", after=after)
            self.feed.on("temperature.changed", lambda event: self.env.process(self._hear(event)))
            self.feed.catch_up()

    def _hear(self, event: Event) -> Generator[simpy.Event, Any, None]:
        yield self.env.timeout(self.house.delay if self.env.now else 0)
        self.copy.append((self.env.now, event.data["degrees"]))

    # --- the door -------------------------------------------------------------------------------

    def _door(self) -> Generator[simpy.Event, Any, None]:
        while True:
            yield self.env.timeout(self.house.every)
            if self.over:
                return
            if self.house.style == ASK:
                self.env.process(self._ask())
            else:
                self.at_the_door += 1
                self.bus.publish("departure.announced", source="/door")

    def _dress(self) -> Generator[simpy.Event, Any, None]:
        """The valet hears that somebody goes out, one way later, and acts on its copy."""
        came = self.env.now
        yield self.env.timeout(self.house.delay)
        self._leave(came, self.copy[-1][1] if self.copy else None, self.now)

    def _ask(self) -> Generator[simpy.Event, Any, None]:
        """Ask the sensor and get an answer, then order the coat and hear that it is there; a cut line gives none."""
        came, outside = self.env.now, self.now
        self._send()
        yield self.env.timeout(self.house.delay)
        known = self.now
        answered = not self._cut
        if answered:
            self._send()
            yield self.env.timeout(self.house.delay)
            answered = not self._cut
        if not answered:
            # Silence looks the same whichever way was cut, so it is waited for the same time.
            yield self.env.timeout(max(0, came + 2 * self.house.delay + self.house.patience - self.env.now))
            return self._leave(came, None, outside)
        for _ in range(2):
            self._send()
            yield self.env.timeout(self.house.delay)
        return self._leave(came, known, self.now)

    def _leave(self, came: float, known: int | None, outside: int) -> None:
        coat = None if known is None else known < COLD
        self.departures.append(Departure(came, outside, coat, self.env.now - came))

    def _send(self) -> None:
        self.messages += 1
        self.at_the_door += 1
