"""The small models and logs that the replay's tests share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from eda_workshop import Clock, Event, EventLog, KeyedModel, ManualClock, Model, applies, open_log, reverses
from eda_workshop.drive import stream


class Balance(Model):
    """One number: what was put in and taken out; setting it can be undone because what it was is kept."""

    initial = 0

    @applies("money.added")
    def added(balance, event):
        return balance + event.data["amount"]

    @applies("money.set", keep=lambda balance, event: balance)
    def was_set(balance, event):
        return event.data["amount"]

    @applies("money.doubled")
    def doubled(balance, event):
        return 2 * balance

    @reverses("money.added")
    def not_added(balance, event, _):
        return balance - event.data["amount"]

    @reverses("money.set")
    def not_set(balance, event, before):
        return before


@dataclass(frozen=True)
class Account:
    """Somebody's money, and a note beside it."""

    amount: int = 0
    note: str = ""


class Accounts(KeyedModel):
    """An account for each subject; a fee touches all that it names."""

    initial = Account()

    @applies("money.added")
    def added(account, event):
        return replace(account, amount=account.amount + event.data["amount"])

    @applies("money.noted", keep=lambda account, event: account.note)
    def noted(account, event):
        return replace(account, note=event.data["note"])

    @applies("money.charged", keys=lambda event: event.data["whom"])
    def charged(account, event):
        return replace(account, amount=account.amount - event.data["amount"])

    @reverses("money.added")
    def not_added(account, event, _):
        return replace(account, amount=account.amount - event.data["amount"])

    @reverses("money.noted")
    def not_noted(account, event, note):
        return replace(account, note=note)

    @reverses("money.charged")
    def not_charged(account, event, _):
        return replace(account, amount=account.amount + event.data["amount"])


def added(amount: int, whose: str = "", **more: Any) -> Event:
    """Money comes in."""
    return Event("money.added", {"amount": amount}, subject=whose, **more)


places: list[Callable[[], str | Path]] = [lambda: "memory://"]
"""The last one gives the address of each new log; the fixture `engine` adds the other engines'."""


logs: list[EventLog] = []
"""Those that `new_log` made, to be closed after the test."""


def new_log(clock: Clock) -> EventLog:
    """An empty log, on the engine that is tested now."""
    logs.append(open_log(places[-1](), clock=clock))
    return logs[-1]


def a_log(*events: Event, tick: float = 60) -> EventLog:
    """A log whose clock moves on by a minute with every append."""
    log = new_log(ManualClock("2026-03-02T09:00:00Z", tick=tick))
    for event in events:
        log.append(event)
    return log


def a_story(count: int, **more: Any) -> EventLog:
    """A log in memory that tells the drive's story."""
    log = open_log(clock=ManualClock("2026-03-02T09:00:00Z"))
    log.append(*stream(count, **more))
    return log
