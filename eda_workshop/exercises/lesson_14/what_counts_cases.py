"""Small logs, and what counts in each, as the engine sees it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from eda_workshop.clock import ManualClock, iso
from eda_workshop.event import Event, Recorded
from eda_workshop.log import open_log

Row = dict[str, Any]
Told = tuple[str, str, int, dict[str, Any]]
"""An event's id, its name, the day of March on which it occurred, and its data."""


@dataclass(frozen=True)
class Case:
    """A log as rows, and the rows that count.

    recorded  in the order recorded
    given     in the order in which they are given
    lacks     a key of data that a correction here does not have
    extra     said of an event too many, and so on for one that is missing, and for wrong data and a wrong time
    """

    recorded: list[Row]
    given: list[Row]
    right: list[Row]
    lacks: str | None = None
    extra: str = "A rejected event is still there. It stays in the log, and counts no more."
    missing: str = "An event that happened is missing."
    data: str = "The event counts with data that is not right."
    time: str = "The event counts at a time that is not right."

    @property
    def called(self) -> str:
        return f"the events {'; '.join(map(_words, self.given))}" if self.given else "no events at all"


def _words(row: Row) -> str:
    told = {key: value for key, value in row["data"].items() if key != "occurred"}
    if "occurred" in row["data"]:
        told["occurred"] = _day(row["data"]["occurred"])
    return f"{row['position']} {row['id']} {row['name']} {_day(row['occurred'])} {told}"


def _day(text: str) -> str:
    return f"{int(text[8:10])} March"


def _at(day: int) -> str:
    return f"2026-03-{day:02}T12:00:00Z"


def case(*told: Told, order: str = "", **said: str) -> Case:
    """A case from what was recorded; `order` has the ids as they are given, if it is another order."""
    log = open_log("memory://", clock=ManualClock(_at(20)))
    log.append(*(Event(name, data, id=id, occurred=_at(day)) for id, name, day, data in told))  # type: ignore[arg-type]
    recorded = _rows(log)
    given = sorted(recorded, key=lambda row: order.split().index(row["id"])) if order else recorded
    return Case(recorded, given, _rows(log.effective()), **said)


def _rows(events: Iterable[Recorded]) -> list[Row]:
    return [
        {"position": e.position, "id": e.id, "name": e.name, "occurred": iso(e.occurred), "data": _plain(e.data)}
        for e in events
    ]


def _plain(value: Any) -> Any:
    """Frozen data as one would read it from a file."""
    return {key: _plain(part) for key, part in value.items()} if isinstance(value, dict) else value


def _rejected(id: str, target: str, day: int) -> Told:
    return id, "event.rejected", day, {"event": target}


def _corrected(id: str, target: str, day: int, **changes: Any) -> Told:
    return id, "event.corrected", day, {"event": target, **changes}


_LOADED: Told = ("k7", "cargo.loaded", 1, {"cargo": "books"})
_ARRIVED: Told = ("m2", "ship.arrived", 2, {"port": "Vancouver", "pilot": "Ames"})
_DEPARTED: Told = ("c5", "ship.departed", 3, {"port": "Vancouver"})
_UNLOADED: Told = ("a9", "cargo.unloaded", 2, {"cargo": "tea"})
_LOS_ANGELES = {"port": "Los Angeles"}

_OLD_DATA = "The event counts with its old data. The correction has no effect."
_OLD_TIME = "The event counts at its old time. A correction may be about the time, too."
_WITHDRAWN = "The rejection was rejected itself. So it has no effect any more, and the event is back."
_ORDER = "You went by the order of the list. Which record came later, and so has the last word, its position says."

CASES = (
    case(_LOADED, _ARRIVED, _DEPARTED),
    case(_ARRIVED, _DEPARTED, _LOADED),
    case(_LOADED, _ARRIVED, _UNLOADED, _DEPARTED),
    case(
        _LOADED, _ARRIVED, _DEPARTED, _rejected("x1", "m2", 9),
        missing="More is gone than what was rejected.",
    ),
    case(
        _LOADED, _ARRIVED, _DEPARTED, _corrected("x1", "m2", 9, data=_LOS_ANGELES, reason="misheard"),
        lacks="occurred",
        missing="The wrong event is out, and the right one is not in. It did happen, otherwise.",
        data=_OLD_DATA,
        time="The time of the event is another one now. That it was corrected on 9 March is not when it occurred.",
    ),
    case(
        _LOADED, _ARRIVED, _DEPARTED, _corrected("x1", "k7", 9, occurred=_at(5)),
        lacks="data", data="Only the time was corrected. The data stays.", time=_OLD_TIME,
    ),
    case(
        _LOADED, _ARRIVED, _DEPARTED, _corrected("x1", "k7", 8, occurred=_at(2)),
        lacks="data", data="Only the time was corrected. The data stays.", time=_OLD_TIME,
    ),
    case(
        _LOADED, _ARRIVED, _corrected("x1", "m2", 8, data=_LOS_ANGELES), _corrected("x2", "m2", 9, data={"port": "Seattle"}),
        lacks="occurred", data="The event was corrected twice, and the last word does not count.",
    ),
    case(
        _LOADED, _ARRIVED, _corrected("x1", "m2", 8, data=_LOS_ANGELES), _corrected("x2", "m2", 9, occurred=_at(4)),
        data="The second correction is about the time only. What the first said about the data still holds.", time=_OLD_TIME,
    ),
    case(
        _LOADED, _ARRIVED, _rejected("x1", "m2", 8), _rejected("x2", "x1", 9),
        missing=_WITHDRAWN,
    ),
    case(
        _LOADED, _ARRIVED, _corrected("x1", "m2", 8, data=_LOS_ANGELES), _rejected("x2", "x1", 9),
        missing="What was rejected is the correction. The event itself happened, as it was recorded.",
        data="The correction was rejected, and has an effect all the same.",
    ),
    case(
        _LOADED, _ARRIVED, _rejected("x1", "m2", 7), _rejected("x2", "x1", 8), _rejected("x3", "m2", 9),
        extra="The first rejection was taken back, and the event was rejected once more. The second one stands.",
    ),
    case(
        _LOADED, _ARRIVED, _rejected("x1", "m2", 7), _rejected("x2", "x1", 8), _rejected("x3", "x2", 9),
        extra="Even what takes a rejection back may be rejected. Then the first rejection stands.",
    ),
    case(
        _LOADED, _UNLOADED, _ARRIVED, _DEPARTED, order="c5 m2 k7 a9",
    ),
    case(
        _LOADED, _ARRIVED, _DEPARTED, _corrected("x1", "m2", 7, data=_LOS_ANGELES),
        _corrected("x2", "m2", 8, data={"port": "Seattle"}), _rejected("x3", "c5", 8), _rejected("x4", "x3", 9),
        order="x4 c5 x2 m2 x1 k7 x3", lacks="occurred", missing=_ORDER, extra=_ORDER, data=_ORDER,
    ),
    case(),
)  # fmt: skip
