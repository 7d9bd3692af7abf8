"""Who handles what: at most one handler for each subscriber and event name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from eda_workshop.bus.handlers import Handler, check_handler, describe, is_async
from eda_workshop.errors import DuplicateHandler, NotRegistered
from eda_workshop.event import Event
from eda_workshop.names import check_pattern, is_pattern, matches, overlap

if TYPE_CHECKING:
    from eda_workshop.bus.subscriber import Subscriber

MAX_ROUTES = 10_000


@dataclass(eq=False)
class Registration:
    """One handler of one subscriber, bound to a name or a pattern."""

    subscriber: Subscriber
    name: str
    handler: Handler
    once: bool = False

    def __post_init__(self) -> None:
        check_pattern(self.name)
        check_handler(self.handler)
        self.is_async = is_async(self.handler)

    def __repr__(self) -> str:
        return f"{self.subscriber.name}: {self.name} → {describe(self.handler)}"


@dataclass(eq=False)
class Observer:
    """A read-only tap: sees every event its pattern stands for, and may not publish."""

    pattern: str
    handler: Callable[[Event], object]
    close: Callable[[], None]

    def __repr__(self) -> str:
        return f"observer {describe(self.handler)} on {self.pattern}"


class Row(NamedTuple):
    """One row of the registry as `Bus.registry` shows it."""

    subscriber: str
    name: str
    handler: str


@dataclass(eq=False)
class Route:
    """Everybody who gets events of one name, in the order they subscribed."""

    registrations: tuple[Registration, ...]
    observers: tuple[Observer, ...]
    published: int = 0

    def __post_init__(self) -> None:
        self.handlers = tuple(registration.handler for registration in self.registrations)
        self.subscribers = tuple(registration.subscriber.name for registration in self.registrations)

    @property
    def is_plain(self) -> bool:
        """Whether delivering is nothing but calling the handlers one after the other."""
        return not self.observers and not any(
            entry.is_async or entry.once or entry.subscriber.is_special for entry in self.registrations
        )


class Registry:
    """All registrations and observers, and the routes that follow from them."""

    def __init__(self, forget: Callable[[], None]) -> None:
        self._entries: list[Registration] = []
        self._observers: list[Observer] = []
        self._of: dict[str, dict[str, Registration]] = {}
        self._patterns: dict[str, list[str]] = {}
        self._forget = forget
        self.routes: dict[str, Route] = {}

    def add(self, entry: Registration, *, replace: bool = False) -> Registration | None:
        """Add a registration; return the one it replaced. Raises `DuplicateHandler`, and changes nothing."""
        clash = self._clash(entry)
        if clash is not None and not (replace and clash.name == entry.name):
            raise DuplicateHandler(
                entry.subscriber.name, entry.name, clash.name, describe(clash.handler), describe(entry.handler)
            )
        if clash is not None:
            self._entries[self._entries.index(clash)] = entry
        else:
            self._entries.append(entry)
            if is_pattern(entry.name):
                self._patterns.setdefault(entry.subscriber.name, []).append(entry.name)
        self._of.setdefault(entry.subscriber.name, {})[entry.name] = entry
        self.changed()
        return clash

    def remove(self, subscriber: str, name: str) -> Registration:
        """Take a registration out and return it. Raises `NotRegistered`."""
        mine = self._of.get(subscriber, {})
        if name not in mine:
            raise NotRegistered(subscriber, name, tuple(mine))
        entry = mine.pop(name)
        self._entries.remove(entry)
        if is_pattern(name):
            self._patterns[subscriber].remove(name)
        self.changed()
        return entry

    def observe(self, pattern: str, handler: Callable[[Event], object]) -> Observer:
        observer = Observer(check_pattern(pattern), check_handler(handler), lambda: self._unobserve(observer))
        self._observers.append(observer)
        self.changed()
        return observer

    def names_of(self, subscriber: str) -> tuple[str, ...]:
        """What a subscriber's handlers are bound to."""
        return tuple(self._of.get(subscriber, ()))

    def route(self, name: str) -> Route:
        """Everybody who gets events of this name. Found once, then remembered until something changes."""
        route = self.routes.get(name)
        if route is None:
            if len(self.routes) >= MAX_ROUTES:
                self.changed()
            route = self.routes[name] = Route(
                tuple(entry for entry in self._entries if matches(entry.name, name)),
                tuple(observer for observer in self._observers if matches(observer.pattern, name)),
            )
        return route

    def handler_for(self, subscriber: str, name: str) -> Registration | None:
        """The registration that would take events of this name for the subscriber now."""
        route = self.route(name)
        return next((entry for entry in route.registrations if entry.subscriber.name == subscriber), None)

    def rows(self) -> tuple[Row, ...]:
        rows = (Row(entry.subscriber.name, entry.name, describe(entry.handler)) for entry in self._entries)
        return tuple(sorted(rows))

    def changed(self) -> None:
        """Forget the routes, so that the next event finds the new ones."""
        self._forget()
        self.routes.clear()

    def _clash(self, entry: Registration) -> Registration | None:
        mine = self._of.get(entry.subscriber.name, {})
        if entry.name in mine:
            return mine[entry.name]
        others = mine if is_pattern(entry.name) else self._patterns.get(entry.subscriber.name, ())
        return next((mine[name] for name in others if overlap(name, entry.name)), None)

    def _unobserve(self, observer: Observer) -> None:
        if observer in self._observers:
            self._observers.remove(observer)
            self.changed()
