"""Two registries that follow other rules than the bus, to see what its rule is good for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from eda_workshop.callbacks import describe
from eda_workshop.errors import DuplicateHandler, NotRegistered

Handler = Callable[[Any], object]


class ListEmitter:
    """No rule: every registration is added, as in Node's EventEmitter. A repeated `on` runs twice.

    >>> emitter = ListEmitter()
    >>> emitter.on("mailer", "user.signed_up", print); emitter.on("mailer", "user.signed_up", print)
    >>> emitter.emit("user.signed_up", "Welcome")
    Welcome
    Welcome
    2
    """

    def __init__(self) -> None:
        self.handlers: dict[str, list[tuple[str, Handler]]] = {}

    def on(self, subscriber: str, name: str, handler: Handler) -> None:
        self.handlers.setdefault(name, []).append((subscriber, handler))

    def off(self, subscriber: str, name: str) -> None:
        """Take every handler of the subscriber for this name off. Raises `NotRegistered` if there is none."""
        registered = self.handlers.get(name, [])
        kept = [entry for entry in registered if entry[0] != subscriber]
        if kept == registered:
            mine = [known for known, entries in self.handlers.items() if subscriber in dict(entries)]
            raise NotRegistered(subscriber, name, tuple(mine))
        self.handlers[name] = kept

    def emit(self, name: str, event: Any) -> int:
        """Call every handler of this name; return how many there were."""
        registered = self.handlers.get(name, [])
        for _, handler in registered:
            handler(event)
        return len(registered)


class GlobalEmitter(ListEmitter):
    """The rule read globally: one handler for each name on the whole bus. Fan-out is lost."""

    def on(self, subscriber: str, name: str, handler: Handler) -> None:
        for owner, existing in self.handlers.get(name, []):
            raise DuplicateHandler(owner, name, name, describe(existing), describe(handler))
        super().on(subscriber, name, handler)
