"""A letter about March that comes when March is over: what it says, and what is done about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from eda_workshop.drive.billing import MARCH, Billing, day, photos
from eda_workshop.event import Event
from eda_workshop.replay import External, Outcome, Plan

Kind = Literal["came late", "never happened", "was another amount", "was on another day"]
KINDS: tuple[Kind, ...] = get_args(Kind)
Stage = Literal["planned", "committed", "settled"]

BEST = "the best"
ACCEPTED = "it was looked into, and counts all the same"
NEW = len(MARCH) + 1
"""The number of the event that comes late."""


@dataclass(frozen=True)
class Letter:
    """What turns out, about which event, and how far it has been put right.

    kind       what is wrong with the event
    event      the event's number in March; a late one has the next number
    day        when it really was, for late events and another day
    gigabytes  how much it really was, for late events and another amount
    strategy   how the state is brought up to date
    invoices   whether March's invoices went out before
    stage      planned, committed, or settled with the world outside
    accepted   whether what becomes impossible counts all the same
    """

    kind: Kind = "came late"
    event: int = 6
    day: int = 10
    gigabytes: int = 3
    strategy: str = BEST
    invoices: bool = False
    stage: Stage = "planned"
    accepted: bool = False


@dataclass(frozen=True)
class Story:
    """March as it was lived, the plan for it, and what came of it."""

    billing: Billing
    plan: Plan
    outcome: Outcome | None
    external: External


def live(settings: Letter) -> Story:
    """March, the letter, and what is done about it, from the beginning."""
    billing = Billing()
    billing.month()
    if settings.invoices:
        billing.release(34)
    plan = _plan(billing, settings)
    if settings.stage == "planned":
        return Story(billing, plan, None, plan.external)
    accept = {impossible.event.id: ACCEPTED for impossible in plan.impossible} if settings.accepted else {}
    outcome = plan.commit(None if settings.strategy == BEST else settings.strategy, accept=accept)
    return Story(billing, plan, outcome, outcome.settle() if settings.stage == "settled" else outcome.external)


def _plan(billing: Billing, settings: Letter) -> Plan:
    history, id = billing.history, f"evt-{settings.event:04}"
    if settings.kind == "came late":
        return history.late(photos(settings.day, f"evt-{NEW:04}", "ada", settings.gigabytes))
    if settings.kind == "never happened":
        return history.reject(id)
    if settings.kind == "was another amount":
        return history.correct(id, data={**recorded(billing, id).data, "gigabytes": settings.gigabytes})
    return history.correct(id, occurred=day(settings.day))


def recorded(billing: Billing, id: str) -> Event:
    """The event of March with this id, as it was recorded."""
    found = billing.log.find(id)
    assert found is not None
    return found
