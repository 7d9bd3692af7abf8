"""The rule of two times, by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from eda_workshop.exercises.attempt import require_function
from eda_workshop.exercises.exercise import Exercise, Wrong
from eda_workshop.exercises.lesson_12.believed_answers import RIGHT, WRONG
from eda_workshop.replay import Unknown
from eda_workshop.stories.payroll import LETTERS, day, day_name

Row = tuple[datetime, datetime, int]

SALLY: list[Row] = [(letter.known, letter.start, letter.amount) for letter in LETTERS]
TOM: list[Row] = [
    (day("1 January"), day("1 January"), 5000),
    (day("10 January"), day("1 July"), 6000),
    (day("1 April"), day("1 March"), 5500),
]
LEAVE: list[Row] = [SALLY[0], (day("1 February"), day("1 March"), 0)]
MORNING: list[Row] = [SALLY[0], (day("15 March") + timedelta(hours=9), day("15 February"), 6500)]
"""The letter comes in at nine."""
BERLIN = timezone(timedelta(hours=1))


@dataclass(frozen=True)
class _Probe:
    """Rows, the two days of a question, and its answer; what other answers mean, and what all others do."""

    rows: list[Row]
    actual: datetime
    record: datetime
    right: Any
    means: dict[Any, str]
    otherwise: str

    @property
    def called(self) -> str:
        told = "; ".join(f"{_name(known)}, {_name(start)}, {value}" for known, start, value in self.rows)
        return (
            f"the rows (record, actual, value) {told}, asked for {_name(self.actual)} as known on {_name(self.record)}"
        )


def _name(moment: datetime) -> str:
    hours = "" if moment.strftime("%H%M") == "0000" else f" {moment:%H:%M}"
    zone = "" if moment.tzinfo is not BERLIN else " in Berlin"
    return f"{day_name(moment)}{hours}{zone}"


_TOO_MUCH = "You used a letter that had not come in yet: nobody knew of it on that day."
_FIRST = "Before the first value you give the first one. That it held already is more than anybody knows."
_NAMED = "Nothing is known of that day, and you name a value."
_EARLY = "The row that begins first was taken. Of those that are known and have begun, the one that begins last counts."
_SAME_DAY = "Two letters speak of the same day, and yours is not the one that stood in the end."
_PROBES = (
    _Probe(SALLY[:1], day("25 February"), day("25 February"), 6000, {}, "There is one row, it is known and it holds."),
    _Probe(SALLY, day("25 February"), day("25 February"), 6000, {6500: _TOO_MUCH, 6400: _TOO_MUCH}, _TOO_MUCH),
    _Probe(SALLY, day("25 April"), day("25 April"), 6400, {6000: _EARLY}, _SAME_DAY),
    _Probe(
        SALLY,
        day("25 February"),
        day("25 April"),
        6400,
        {6000: "The day of the question was held against the record times: when a letter came in is not from when on it holds."},
        _SAME_DAY,
    ),
    _Probe(
        TOM,
        day("15 May"),
        day("15 February"),
        5000,
        {6000: "The scheduled change holds at once: it is known, but its day has not come.", 5500: _TOO_MUCH},
        "A change that is known and lies ahead was not handled.",
    ),
    _Probe(
        TOM,
        day("15 July"),
        day("15 May"),
        6000,
        {5500: "What was recorded last hid what begins later: a late word about March says nothing about July."},
        "Of all rows that are known and hold, another one counts.",
    ),
    _Probe(TOM, day("15 March"), day("15 May"), 5500, {}, "A late word about March counts for March, once it is known."),
    _Probe(
        TOM, day("1 July"), day("1 June"), 6000, {},
        "Off by one: at the very moment at which a change begins, it holds.",
    ),
    _Probe(
        SALLY, day("25 February"), day("15 March"), 6500, {},
        "Off by one: what is recorded at that very moment is known.",
    ),
    _Probe(
        LEAVE, day("15 March"), day("15 March"), 0, {Unknown: "An unpaid month, 0, was taken for no value."},
        "A value of 0 is a value like others.",
    ),
    _Probe(SALLY, day("31 December 2025"), day("25 April"), Unknown, {6000: _FIRST}, _NAMED),
    _Probe(SALLY, day("25 February"), day("31 December 2025"), Unknown, {6000: _TOO_MUCH}, _NAMED),
    _Probe(
        MORNING, day("25 February"), day("15 March") + timedelta(hours=8), 6000, {},
        "Days were compared, not moments: the letter came in an hour later on that day.",
    ),
    _Probe(
        SALLY, datetime(2026, 2, 15, 0, 30, tzinfo=BERLIN), day("25 April"), 6000, {},
        "The time zones were dropped before comparing: half past midnight in Berlin is still the day before in UTC.",
    ),
)  # fmt: skip


def check(answer: Any) -> None:
    function = require_function(answer, "rows", "actual", "record")
    for probe in _PROBES:
        _try(function, probe)


def _try(function: Callable[..., Any], probe: _Probe) -> None:
    rows = list(probe.rows)
    got = _called(function, rows, probe)
    if rows != probe.rows:
        said = "The rows were changed. What was recorded stays as it was, also its order; only more is added."
        raise Wrong(said, probe.called, look=_LOOK)
    if got is probe.right or (type(got) is int and got == probe.right):
        return
    told = f"{got!r:.60}"
    if got is None and probe.right is not Unknown:
        said = "Nothing comes back. Does every way through the function end with a return?"
    elif got is None:
        said = "None comes back. A value could be None; what is not known has a name of its own."
    elif probe.right is Unknown and isinstance(got, str):
        said = "That is a text. What is not known is said by the kit's own Unknown, without quotation marks."
    elif got in rows:
        said, told = "The whole row comes back. Only its value was asked for.", "a row"
    elif isinstance(got, (tuple, list, dict, set)):
        said, told = "One value was asked for, and something else comes back.", f"a {type(got).__name__}"
    else:
        said = probe.means.get(got, probe.otherwise)
    raise Wrong(said, probe.called, f"{probe.right}", told, _LOOK)


def _called(function: Callable[..., Any], rows: list[Row], probe: _Probe) -> Any:
    try:
        return function(rows, probe.actual, probe.record)
    except (IndexError, ValueError, KeyError) as error:
        if probe.right is not Unknown:
            raise
        said = "Nothing is known of that yet: no row is left, and your function fell over it."
        raise Wrong(said, probe.called, "Unknown", f"{type(error).__name__}", _LOOK) from None
    except TypeError as error:
        if "offset-naive" not in str(error) and "datetime.date" not in str(error):
            raise
        said = "A time without a zone, or a mere date, was compared with a moment. They can't be: which moment would it be?"
        raise Wrong(said, probe.called, got=f"TypeError: {error}", look=_LOOK) from None


_LOOK = "Look at “The second time”."

BELIEVED = Exercise(
    id="believed",
    lesson=12,
    title="The rule of two times",
    minutes=9,
    task=(
        "Write `believed(rows, actual, record)`, the heart of a temporal property: the value that held at the moment `actual`, as it was known "
        "at the moment `record`. `rows` is a list of `(record, actual, value)`, in the order in which they were recorded: when it became "
        "known, from when on it holds, and what. Where nothing is known, return `Unknown`."
    ),
    stub='def believed(rows, actual, record):\n    """The value at one moment, as known at another; Unknown before the first."""\n    ...',
    check=check,
    hints=(
        "Two questions to each row: was it known by then, and had it begun by then?",
        "Of the rows that are left, the one that begins last counts; of several that begin together, the one that was recorded last.",
    ),
    solutions=RIGHT,
    wrong=WRONG,
)
