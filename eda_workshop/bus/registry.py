"""Who handles what: at most one handler for each subscriber and event name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from eda_workshop.bus.handlers import Handler, check_handler, describe, is_async
from eda_workshop.errors import AsyncHandler, BadHandler, DuplicateHandler, NotRegistered
from eda_workshop.event import Event
from eda_workshop.names import check_pattern, is_pattern, matches, overlap

if TYPE_CHECKING:
    from eda_workshop.bus.subscriber import Subscriber

MAX_ROUTES = 10_000


@dataclass(eq=False)
class Registration:
    """One handler of one subscriber, bound to a name or a pattern.

    `order` is its place among all of the bus; `spent` becomes True when a `once` handler has run.
    """

    subscriber: Subscriber
    name: str
    handler: Handler
    once: bool = False
    order: int = field(default=0, init=False)
    spent: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        self.name = check_pattern(self.name)
        check_handler(self.handler)
        self.is_async = is_async(self.handler)

    def __repr__(self) -> str:
        return f"{self.subscriber.name}: {self.name} → {describe(self.handler)}"


@dataclass(eq=False)
class Observer:
    """A read-only tap: sees every event its pattern stands for, and may not publish.

    Made by `Bus.observe`; call `close` to take it off.
    """

    pattern: str
    handler: Callable[[Event], object]
    close: Callable[[], None]

    def __post_init__(self) -> None:
        self.pattern = check_pattern(self.pattern)
        if is_async(check_handler(self.handler)):
            raise self.refusal()

    def refusal(self) -> BadHandler:
        """The error for a handler that would have to be awaited."""
        problem = "an observer looks on while the event passes, and can't be awaited"
        return BadHandler(describe(self.handler), problem, "Write a plain def.")

    def __repr__(self) -> str:
        return f"observer {describe(self.handler)} on {self.pattern}"


class Row(NamedTuple):
    """One row of the registry as `Bus.registry` shows it."""

    subscriber: str
    name: str
    handler: str


@dataclass(eq=False)
class Route:
    """Everybody who gets events of one name, in the order they subscribed.

    `published` counts the events that went the short way since somebody last asked.
    """

    name: str
    registrations: tuple[Registration, ...]
    observers: tuple[Observer, ...]
    published: int = 0

    def __post_init__(self) -> None:
        self.handlers = tuple(registration.handler for registration in self.registrations)
        self.subscribers = tuple(entry.subscriber.name for entry in self.registrations)

    @property
    def is_plain(self) -> bool:
        """Whether delivering is nothing but calling the handlers, each known by itself, one after the other."""
        special = any(entry.is_async or entry.once or entry.subscriber.is_special for entry in self.registrations)
        distinct = len(set(map(id, self.handlers))) == len(self.handlers)
        return distinct and not special and not self.observers

    def place_of(self, handler: Handler) -> int:
        """The index of the registration with this very handler; -1 if it is none of the route's."""
        return next((index for index, entry in enumerate(self.registrations) if entry.handler is handler), -1)


class Registry:
    """All registrations and observers, and the routes that follow from them."""

    def __init__(self, forget: Callable[[], None]) -> None:
        self._observers: list[Observer] = []
        self._of: dict[str, dict[str, Registration]] = {}
        self._bound: dict[str, list[Registration]] = {}
        self._patterns: list[Registration] = []
        self._forget = forget
        self._made = 0
        self._routes: dict[str, Route] = {}

    def add(self, entry: Registration, *, replace: bool = False) -> Registration | None:
        """Add a registration; return the one it replaced.

        Raises `DuplicateHandler`, and changes nothing then.
        """
        mine = self._of.setdefault(entry.subscriber.name, {})
        clash = self._clash(entry, mine)
        if clash is not None and not (replace and clash.name == entry.name):
            existing, new = describe(clash.handler), describe(entry.handler)
            raise DuplicateHandler(entry.subscriber.name, entry.name, clash.name, existing, new)
        if clash is not None:
            self._bucket(entry.name).remove(clash)
            entry.order = clash.order
        else:
            self._made += 1
            entry.order = self._made
        mine[entry.name] = entry
        self._bucket(entry.name).append(entry)
        self.changed()
        return clash

    def remove(self, subscriber: str, name: str) -> Registration:
        """Take a registration out and return it. Raises `NotRegistered`."""
        mine = self._of.get(subscriber, {})
        if not isinstance(name, str) or name not in mine:
            raise NotRegistered(subscriber, str(name), tuple(mine))
        entry = mine.pop(name)
        bucket = self._bucket(name)
        bucket.remove(entry)
        if not bucket:
            self._bound.pop(name, None)
        self.changed()
        return entry

    def discard(self, entry: Registration) -> None:
        """Take out this very registration, if it is still there."""
        if self._of.get(entry.subscriber.name, {}).get(entry.name) is entry:
            self.remove(entry.subscriber.name, entry.name)

    def observe(self, observer: Observer) -> None:
        """Let the observer see what comes from now on."""
        self._observers.append(observer)
        self.changed()

    def unobserve(self, observer: Observer) -> None:
        """Take the observer off, if it is still there."""
        if observer in self._observers:
            self._observers.remove(observer)
            self.changed()

    def names_of(self, subscriber: str) -> tuple[str, ...]:
        """What a subscriber's handlers are bound to."""
        return tuple(self._of.get(subscriber, ()))

    def entries_of(self, subscriber: str) -> tuple[Registration, ...]:
        """A subscriber's registrations."""
        return tuple(self._of.get(subscriber, {}).values())

    def route(self, name: str) -> Route:
        """Everybody who gets events of this name, found once and kept until something changes."""
        route = self._routes.get(name)
        if route is None:
            if len(self._routes) >= MAX_ROUTES:
                self.changed()
            route = self._routes[name] = self._find(name)
        return route

    def handler_for(self, subscriber: str, name: str) -> Registration | None:
        """The registration that would take events of this name for the subscriber now."""
        found = (one for one in self.route(name).registrations if one.subscriber.name == subscriber)
        return next(found, None)

    def rows(self) -> tuple[Row, ...]:
        """Every registration, sorted by subscriber and name."""
        entries = [entry for mine in list(self._of.values()) for entry in list(mine.values())]
        rows = (Row(entry.subscriber.name, entry.name, describe(entry.handler)) for entry in entries)
        return tuple(sorted(rows))

    def changed(self) -> None:
        """Forget the routes, so that the next event finds the new ones."""
        self._forget()
        self._routes.clear()

    def _find(self, name: str) -> Route:
        wide = [entry for entry in self._patterns if matches(entry.name, name)]
        entries = sorted([*self._bound.get(name, ()), *wide], key=lambda entry: entry.order)
        watching = (observer for observer in self._observers if matches(observer.pattern, name))
        return Route(name, tuple(entries), tuple(watching))

    def _bucket(self, name: str) -> list[Registration]:
        return self._patterns if is_pattern(name) else self._bound.setdefault(name, [])

    def _clash(self, entry: Registration, mine: dict[str, Registration]) -> Registration | None:
        if entry.name in mine:
            return mine[entry.name]
        if is_pattern(entry.name):
            others = list(mine.values())
        else:
            others = [wide for wide in self._patterns if wide.subscriber is entry.subscriber]
        return next((other for other in others if overlap(other.name, entry.name)), None)


def refuse_async(entries: Iterable[Registration | None], call: str, name: str = "") -> None:
    """Raise `AsyncHandler` if one of them is async; `call` is what can't wait for it."""
    for entry in entries:
        if entry is not None and entry.is_async:
            handler = describe(entry.handler)
            raise AsyncHandler(entry.subscriber.name, name or entry.name, handler, call)
