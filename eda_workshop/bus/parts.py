"""What a bus is made of: the parts that its methods work with."""

from __future__ import annotations

from eda_workshop.bus.commands import Commands
from eda_workshop.bus.courier import Courier
from eda_workshop.bus.faults import Delivery
from eda_workshop.bus.flow import Flow
from eda_workshop.bus.intake import Intake
from eda_workshop.bus.ledger import Ledger
from eda_workshop.bus.registry import Registry, Route
from eda_workshop.bus.subscriber import Subscriber
from eda_workshop.clock import Clock, WallClock
from eda_workshop.errors import BadSetting, check_number
from eda_workshop.event import Event
from eda_workshop.ids import NewId
from eda_workshop.log import EventLog


class Detour(Exception):
    """Raised on the short way by a route that was forgotten a moment ago."""


def _detour(_: Event) -> None:
    raise Detour


class Parts:
    """The parts of a bus, wired up, and the routes of its short way."""

    def __init__(
        self,
        log: EventLog | None,
        clock: Clock | None,
        ids: NewId,
        delivery: Delivery | None,
        max_hops: int,
    ) -> None:
        _check_log(log)
        check_number("max_hops", max_hops, 1)
        self.log = log
        self.clock: Clock = clock or (log.clock if log is not None else WallClock())
        self._subscribers: dict[str, Subscriber] = {}
        self._commands = Commands()
        self._direct: dict[str, Route] = {}
        self._running: list[Route] = []
        self._ledger = Ledger()
        self._registry = Registry(self._forget)
        self._courier = Courier(self._registry, self._ledger, log, self.clock, delivery)
        self._flow = Flow(self._courier)
        self._intake = Intake(self._flow, self._courier, self._registry, log, self.clock, ids, max_hops)

    def _learn(self, name: str) -> None:
        """Remember the route for the short way, if nothing else has to be done for its events."""
        if self.log is None and self._courier.faults is None:
            route = self._registry.route(name)
            if route.is_plain:
                self._direct[name] = route

    def _count(self) -> None:
        """Take over what the short way has counted."""
        for route in (*self._direct.values(), *self._running):
            self._ledger.fold(route)

    def _forget(self) -> None:
        """Leave the short way: the routes are about to change."""
        self._count()
        event = self._flow.current
        if isinstance(event, Event) and event.name in self._direct:
            # It may be running now, and will count itself when it is done.
            self._running = [self._direct[event.name]]
        for route in self._direct.values():
            # A thread that has just looked the route up must not deliver by it any more.
            route.handlers = (_detour,)
        self._direct.clear()


def _check_log(log: object) -> None:
    if log is not None and not isinstance(log, EventLog):
        raise BadSetting("log", log, 'a log: Bus(open_log("memory://"))')
