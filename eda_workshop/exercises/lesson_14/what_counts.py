"""Which events count, and in which order? By hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from typing import Any

from eda_workshop.clock import as_instant
from eda_workshop.errors import BadTime
from eda_workshop.exercises.attempt import require_function
from eda_workshop.exercises.exercise import Exercise, Wrong
from eda_workshop.exercises.lesson_14.what_counts_answers import RIGHT, WRONG
from eda_workshop.exercises.lesson_14.what_counts_cases import CASES, Case, Row
from eda_workshop.log.own import CORRECTIONS

KEYS = ("position", "id", "name", "occurred", "data")


def check(answer: Any) -> None:
    function = require_function(answer, "events")
    for case in CASES:
        _try(function, case)


def _try(function: Callable[..., Any], case: Case) -> None:
    given = deepcopy(case.given)
    got = _called(function, given, case)
    if given != case.given:
        said = "The events that you were given were changed. What was recorded stays as it was, the wrong ones and their order, too."
        raise Wrong(said, case.called, look="Make new dicts and new lists of what is there.")
    if not all(isinstance(row, Mapping) and set(KEYS) <= set(row) for row in got):
        raise Wrong("Whole events were asked for, as dicts like those given.", case.called, got=f"{got!r:.80}")
    _check_ids(_ids(got), got, case)
    rows = {row["id"]: row for row in got}
    for right in case.right:
        _compare(rows[right["id"]], right, case)
    if _ids(got) != _ids(case.right):
        raise Wrong(_said_of_order(got, case), case.called, _listed(case.right), _listed(got), _LOOK)


def _called(function: Callable[..., Any], given: list[Row], case: Case) -> list[Any]:
    try:
        got = function(given)
        if isinstance(got, (str, Mapping)) or not isinstance(got, Iterable):
            raise Wrong("A list of events was asked for.", case.called, got="None" if got is None else f"{got!r:.60}")
        return list(got)
    except KeyError as error:
        if case.lacks is None or error.args != (case.lacks,):
            raise
        said = "A correction speaks of the data, of the time, or of both. What it does not speak of stays as it was."
        raise Wrong(said, case.called, got=f"KeyError: {error}", look=_LOOK) from None


def _check_ids(ids: list[Any], got: list[Any], case: Case) -> None:
    """Raise `Wrong` for other events than those that count, in whatever order."""
    right = _ids(case.right)
    if any(row["name"] in CORRECTIONS for row in got):
        said = "Rejections and corrections are in the list themselves. They speak of what happened, and are none of it."
    elif any(ids.count(id) > 1 for id in right):
        said = "What was corrected is in the list twice: the wrong one and the right one both count."
    elif any(id not in right for id in ids):
        said = case.extra
    elif any(id not in ids for id in right):
        said = case.missing
    else:
        return
    raise Wrong(said, case.called, _listed(case.right), _listed(got), _LOOK)


def _said_of_order(got: list[Any], case: Case) -> str:
    """The misconception behind the right events in another order."""
    ids, right = _ids(got), _ids(case.right)
    recorded = [row for row in case.recorded if row["id"] in right]
    # Right by the old times, which are other ones: only where a time was corrected.
    if ids == _ids(sorted(recorded, key=lambda row: (row["occurred"], row["position"]))):
        return "What was really at another time stands where it stood before. The order goes by the corrected times."
    if ids == _ids(recorded):
        return "That is the order in which they were recorded. What came late counts where it occurred."
    if ids == right[::-1]:
        return "The newest comes first. State is made from the oldest on."
    if _times(got) == _times(case.right):
        return "Some events occurred at the same moment. Then the order decides in which they were recorded."
    return "They are not in the order in which they occurred."


def _compare(row: Mapping[str, Any], right: Row, case: Case) -> None:
    """Raise `Wrong` for an event that is the right one, and is not as it should be."""
    more = [key for key in row if key not in right]
    if more:
        said = "The event has got fields that no event has. Of a correction only the right data and the right time go into it."
        raise Wrong(said, case.called, got=f"{right['id']} with {', '.join(map(str, more))}", look=_LOOK)
    for key in KEYS:
        got = _instant(row[key]) if key == "occurred" else row[key]
        if got != (_instant(right[key]) if key == "occurred" else right[key]):
            expected, found = (f"{right['id']} with {key} {each[key]!r:.80}" for each in (right, row))
            raise Wrong(_said_of(key, row[key], right[key], case), case.called, expected, found, _LOOK)


def _said_of(key: str, got: Any, right: Any, case: Case) -> str:
    """The misconception behind a wrong value in an event."""
    if key == "occurred":
        return case.time
    if key != "data":
        return "Only data and time can be corrected. All else of an event stays, its place in the log, too."
    if isinstance(got, Mapping) and "event" in got:
        return "The data is that of the correction. The right data of the event lies inside it."
    if isinstance(got, Mapping) and right.items() < got.items():
        return "Old data and new were mixed. A correction gives all of the right data, not only what is new."
    return case.data


def _ids(rows: Iterable[Any]) -> list[Any]:
    return [row["id"] for row in rows]


def _times(rows: Iterable[Any]) -> list[Any]:
    return [_instant(row["occurred"]) for row in rows]


def _instant(given: Any) -> Any:
    """A time as an instant, however it is given; what is none stays what it is."""
    try:
        return as_instant(given)
    except BadTime:
        return given


def _listed(rows: Iterable[Any]) -> str:
    return ", ".join(map(str, _ids(rows)))[:80] or "nothing"


_LOOK = "Which records speak of others, and which of those still stand?"

WHAT_COUNTS = Exercise(
    id="what_counts",
    lesson=14,
    title="What counts",
    minutes=15,
    task=(
        "Before a history folds, it finds out which events count; `log.effective()` shows them. Write that by hand: "
        "`what_counts(events)`. The events are dicts, as in a file, with `position`, `id`, `name`, "
        "`occurred` (a text like `2026-03-01T12:00:00Z`, always in UTC) and `data`. **They come in any order**; `position` says in which order they were recorded.\n\n"
        '- `event.rejected`: the event with the id `data["event"]` never happened.\n'
        '- `event.corrected`: the event with the id `data["event"]` happened with other data, `data["data"]`, at another time, '
        '`data["occurred"]`, or both. Of one event there may be several; each changes what the ones before it left.\n'
        "- Both may be rejected themselves, and that rejection in turn. What was rejected has no effect.\n\n"
        "Return a list of the events that count, as they count, in the order in which they occurred; at one moment the order recorded "
        "decides. Leave what you were given as it is."
    ),
    stub='def what_counts(events):\n    """The events that count, as they count, in the order in which they occurred."""\n    ...',
    check=check,
    hints=(
        "A rejection can only be undone by something recorded later. So go from the newest position to the oldest: whoever you meet, you know already whether it stands.",
        "First pass, newest first: skip what is void; a rejection makes its target void; a correction is noted under its target.",
        "Second pass: leave out what is void and what only speaks of others; {**event, …} is a new dict with something changed. Then sort by (occurred, position).",
    ),
    solutions=RIGHT,
    wrong=WRONG,
)
