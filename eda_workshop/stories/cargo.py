"""Cargo on a ship: whoever was aboard in a Canadian port counts as having been in Canada."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from eda_workshop.event import Event
from eda_workshop.replay import Model, applies, reverses
from eda_workshop.values import FrozenDict

CANADIAN = ("Vancouver", "Halifax")
SEA = "at sea"


@dataclass(frozen=True)
class Cargo:
    """One piece of cargo: where it is, whether it is aboard, and whether it has been in Canada."""

    place: str = ""
    aboard: bool = False
    was_in_canada: bool = False


@dataclass(frozen=True)
class Voyage:
    """The ship's place, and every piece of cargo by name."""

    ship: str = ""
    cargo: FrozenDict = field(default_factory=FrozenDict)


class Freight(Model):
    """A ship and its cargo; every rule keeps the state before it, so each can be undone.

    >>> log = open_log("memory://")
    >>> _ = log.append(*voyage())
    >>> fold(log, Freight).cargo["books"]
    Cargo(place='San Francisco', aboard=False, was_in_canada=True)
    """

    initial = Voyage()

    @staticmethod
    @applies("cargo.loaded", keep=lambda voyage, event: voyage)
    def loaded(voyage: Voyage, event: Event) -> Voyage:
        return _with(voyage, event.data["cargo"], place=voyage.ship, aboard=True)

    @staticmethod
    @applies("cargo.unloaded", keep=lambda voyage, event: voyage)
    def unloaded(voyage: Voyage, event: Event) -> Voyage:
        return _with(voyage, event.data["cargo"], place=voyage.ship, aboard=False)

    @staticmethod
    @applies("ship.arrived", keep=lambda voyage, event: voyage)
    def arrived(voyage: Voyage, event: Event) -> Voyage:
        port = event.data["port"]
        aboard = [name for name, item in voyage.cargo.items() if item.aboard]
        voyage = replace(voyage, ship=port)
        for name in aboard:
            was_in_canada = voyage.cargo[name].was_in_canada or port in CANADIAN
            voyage = _with(voyage, name, place=port, was_in_canada=was_in_canada)
        return voyage

    @staticmethod
    @applies("ship.departed", keep=lambda voyage, event: voyage)
    def departed(voyage: Voyage, _event: Event) -> Voyage:
        at_sea = {name: replace(item, place=SEA) if item.aboard else item for name, item in voyage.cargo.items()}
        return Voyage(SEA, FrozenDict(at_sea))

    @staticmethod
    @reverses("cargo.loaded", "cargo.unloaded", "ship.arrived", "ship.departed")
    def taken_back(_now: Voyage, _event: Event, before: Voyage) -> Voyage:
        return before


def voyage() -> list[Event]:
    """Books go by Vancouver to San Francisco: five events of the first days of March 2026."""
    told: list[tuple[str, str, dict[str, Any]]] = [
        ("cargo.loaded", "cargo/books", {"cargo": "books"}),
        ("ship.arrived", "ship/king-roy", {"port": "Vancouver"}),
        ("ship.departed", "ship/king-roy", {"port": "Vancouver"}),
        ("ship.arrived", "ship/king-roy", {"port": "San Francisco"}),
        ("cargo.unloaded", "cargo/books", {"cargo": "books"}),
    ]
    return [
        Event(name, data, subject=subject, id=f"evt-{day:04}", occurred=datetime(2026, 3, day, 12, tzinfo=UTC))
        for day, (name, subject, data) in enumerate(told, 1)
    ]


def _with(voyage: Voyage, name: str, **changes: Any) -> Voyage:
    """The voyage with one piece of cargo changed."""
    item = replace(voyage.cargo.get(name, Cargo()), **changes)
    return replace(voyage, cargo=FrozenDict({**voyage.cargo, name: item}))
