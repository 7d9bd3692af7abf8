"""Who hears what: the subscribers and observers of a bus, and the route of each name of an event."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from threading import RLock
from typing import NamedTuple

from eda_workshop.bus.subscriber import Binding, Subscriber
from eda_workshop.callbacks import check_handler, describe, is_async
from eda_workshop.errors import BadHandler
from eda_workshop.event import Event
from eda_workshop.names import check_pattern, matches

MAX_ROUTES = 10_000


class Row(NamedTuple):
    """One row of the registry as `Bus.registry` shows it."""

    subscriber: str
    name: str
    handler: str


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


class Route:
    """Everybody who gets events of one name, in the order they subscribed.

    handlers   of all bindings, if to deliver is no more than to call one after the other; else ()
    delivered  how many events all of them have handled so; counted for each subscriber when somebody asks
    is_stale   True when the registry has changed since
    """

    __slots__ = ("bindings", "delivered", "handlers", "is_stale", "observers", "subscribers")

    def __init__(self, bindings: tuple[Binding, ...], observers: tuple[Observer, ...], *, plain: bool) -> None:
        self.bindings, self.observers = bindings, observers
        self.subscribers = tuple(binding.subscriber.name for binding in bindings)
        self.handlers = tuple(binding.handler for binding in bindings) if plain else ()
        self.delivered = 0
        self.is_stale = False


class Registry:
    """The subscribers and observers of one bus. A route is found when it is first needed, and kept until something changes.

    lock         the bus's, held while something changes
    plain        whether copies arrive at once, so that to deliver may be no more than to call one handler after the other
    subscribers  by name, in the order they came
    delivered    how often each subscriber was done with an event, without what routes have not told yet; see `counted`
    """

    def __init__(self, lock: RLock, *, plain: bool) -> None:
        self.subscribers: dict[str, Subscriber] = {}
        self.delivered: Counter[str] = Counter()
        self._observers: dict[Observer, None] = {}
        self._lock, self._plain = lock, plain
        self._bound = 0
        self._exact: dict[str, list[Binding]] | None = None
        self._wide: list[Binding] = []
        self._routes: dict[str, Route] = {}

    # --- what changes ---------------------------------------------------------------------------

    def bind(self, binding: Binding, *, replace: bool) -> None:
        """Give a subscriber a handler; one that takes another's place keeps its turn. Raises `DuplicateHandler`."""

        def bind() -> None:
            old = binding.subscriber.add(binding, replace=replace)
            self._bound += 1
            binding.order = old.order if old else self._bound

        self.change(bind)

    def leave(self, subscriber: Subscriber) -> None:
        """Take a subscriber out; its name is free then."""

        def leave() -> None:
            if not subscriber.closed:
                subscriber.closed = True
                del self.subscribers[subscriber.name]

        self.change(leave)

    def observe(self, pattern: str, handler: Callable[[Event], object]) -> Observer:
        """Let an observer see what the pattern stands for, until it is closed."""
        observer = Observer(pattern, handler, lambda: self.change(lambda: self._observers.pop(observer, None)))
        self.change(lambda: self._observers.setdefault(observer))
        return observer

    def change(self, change: Callable[[], object]) -> None:
        """Change who hears what; the next event finds its new route."""
        with self._lock:
            try:
                change()
            finally:
                self._exact = None
                self.forget_routes()

    def forget_routes(self) -> None:
        """Something that routes are made from has changed."""
        for route in self._routes.values():
            self._count(route)
            route.is_stale = True
        self._routes.clear()

    # --- what is asked --------------------------------------------------------------------------

    def route(self, name: str) -> Route:
        """Everybody who gets events of this name."""
        route = self._routes.get(name)
        if route is None:
            if len(self._routes) >= MAX_ROUTES:
                self.forget_routes()
            route = self._routes[name] = self._find(name)
        return route

    def rows(self) -> tuple[Row, ...]:
        """All handlers, sorted."""
        bindings = [binding for each in [*self.subscribers.values()] for binding in each.bindings]
        return tuple(sorted(Row(one.subscriber.name, one.name, describe(one.handler)) for one in bindings))

    def _find(self, name: str) -> Route:
        if self._exact is None:
            exact, wide = dict[str, list[Binding]](), list[Binding]()
            for binding in (each for subscriber in self.subscribers.values() for each in subscriber.bindings):
                (wide if binding.is_pattern else exact.setdefault(binding.name, [])).append(binding)
            self._wide, self._exact = wide, exact
        matching = (binding for binding in self._wide if matches(binding.name, name))
        bindings = tuple(sorted([*self._exact.get(name, ()), *matching], key=lambda binding: binding.order))
        observers = tuple(observer for observer in self._observers if matches(observer.pattern, name))
        return Route(bindings, observers, plain=self._plain and not any(each.is_special for each in bindings))

    # --- counting -------------------------------------------------------------------------------

    def count_all(self, route: Route) -> None:
        """All handlers of a route have handled one event more."""
        route.delivered += 1
        if route.is_stale:
            self._count(route)

    def counted(self) -> Counter[str]:
        """How often each subscriber was done with an event."""
        for route in self._routes.values():
            self._count(route)
        return self.delivered

    def _count(self, route: Route) -> None:
        count, route.delivered = route.delivered, 0
        if count:
            self.delivered.update(dict.fromkeys(route.subscribers, count))
