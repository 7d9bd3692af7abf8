"""Come back from a snapshot and the log."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from eda_workshop.clock import ManualClock
from eda_workshop.event import Event, Recorded
from eda_workshop.exercises.attempt import require_function
from eda_workshop.exercises.exercise import Exercise, Wrong
from eda_workshop.ids import CounterIds
from eda_workshop.log import EventLog, open_log

STORY = ("button.clicked", "user.signed_up", "button.clicked", "button.clicked", "user.signed_up", "button.clicked")
CLICKS = STORY.count("button.clicked")


def _log(names: tuple[str, ...] = STORY) -> EventLog:
    log, ids = open_log("memory://", clock=ManualClock()), CounterIds()
    log.append(*(Event(name, id=ids(), occurred=log.clock.now()) for name in names))
    return log


def _watch(log: EventLog) -> list[int]:
    """The positions that are read of it from now on."""
    seen, read = list[int](), log.read

    def watched(*given: Any, **more: Any) -> Iterator[Recorded]:
        for event in read(*given, **more):
            seen.append(event.position)
            yield event

    log.read = watched  # type: ignore[method-assign]
    return seen


def check(answer: Any) -> None:
    function = require_function(answer, "log", "snapshot")
    _check_one(function, None, (CLICKS, len(STORY)), _WITHOUT)
    _check_one(function, (4, 3), (CLICKS, 2), _WITH)
    _check_one(function, (6, 4), (CLICKS, 0), _WITH)
    _check_one(function, (9, 7), (CLICKS, len(STORY)), _BEYOND)


def _check_one(
    function: Callable[..., Any], snapshot: tuple[int, int] | None, due: tuple[int, int], said: dict[Any, str]
) -> None:
    called = f"come_back(log, {snapshot}), with {CLICKS} clicks among {len(STORY)} events"
    log = _log()
    seen = _watch(log)
    try:
        got = function(log, snapshot)
    except TypeError as error:
        if snapshot is not None or "NoneType" not in str(error):
            raise
        word = "It fails without a snapshot: the first start has none."
        raise Wrong(word, called, f"{due}", type(error).__name__) from error
    except ValueError as error:
        if said is not _BEYOND:
            raise
        word = "A snapshot that doesn't belong to the log is no error: it is left out, and the log has everything."
        raise Wrong(word, called, f"{due}", type(error).__name__, _LOOK) from error
    if isinstance(got, list):
        got = tuple(got)
    if got != due:
        raise Wrong(_word(got, said), called, f"{due}", f"{got!r:.60}", _LOOK)
    if len(seen) > due[1]:
        word = "Both numbers are right, and still you read what the snapshot holds already: of a million events, a million."
        raise Wrong(word, called, f"{due[1]} events read", f"{len(seen)} events read", "read has after=.")


def _word(got: Any, said: dict[Any, str]) -> str:
    if not (isinstance(got, tuple) and len(got) == 2):
        return "Two numbers were asked for: the count, and how many events were replayed."
    return said.get(got, said["else"])


_WITHOUT: dict[Any, str] = {
    (len(STORY), len(STORY)): "Every event was counted; only button.clicked is a click.",
    (
        CLICKS,
        CLICKS,
    ): "The clicks are right. But the second number is of all events gone through, also those that are no clicks.",
    (len(STORY), CLICKS): "These are the right numbers the other way round: the clicks come first.",
    (0, 0): "Without a snapshot there is still the log: replay it.",
    "else": "Without a snapshot, the whole log gives another count.",
}
_WITH: dict[Any, str] = {
    (3, 0): "That is the snapshot alone. What was recorded after it is lost.",
    (CLICKS, len(STORY)): "The count is right, but the snapshot has spared nothing: the whole log was replayed.",
    (
        3 + CLICKS,
        len(STORY),
    ): "The whole log was replayed on top of the snapshot, which had counted its first part already.",
    (5, 3): "One event was replayed twice: the snapshot holds the one at its position.",
    (4, 1): "One event was skipped, the first after the snapshot.",
    (1, 2): "Only the clicks after the snapshot were counted. Those that it holds are missing.",
    (
        6,
        3,
    ): "The snapshot was read the other way round: first comes the position that it was taken at, then the clicks.",
    (2, 4): "These are the right numbers the other way round: the clicks come first.",
    "else": "With a snapshot, another count comes out.",
}
_BEYOND: dict[Any, str] = {
    (7, 0): "The snapshot is of position 9, and this log ends at 6: it belongs to another log and must not be trusted.",
    (11, 6): "The snapshot of another log was taken as a beginning.",
    "else": "A snapshot that does not belong to the log has to be left out, as if there were none.",
}
_LOOK = "Look at “A memory image”: what does the recovery say?"


def _source(
    begin: str = "position, count = snapshot or (0, 0)",
    guard: str = "if position > log.head:\n        position, count = 0, 0",
    read: str = "log.read(after=position)",
    body: str = 'count += event.name == "button.clicked"\n        replayed += 1',
    end: str = "return count, replayed",
) -> str:
    return (
        f"def come_back(log, snapshot):\n    {begin}\n    {guard}\n    replayed = 0\n"
        f"    for event in {read}:\n        {body}\n    {end}"
    )


COME_BACK = Exercise(
    id="come_back",
    lesson=8,
    title="After the restart",
    minutes=7,
    task=(
        "A snapshot is a pair: the position it was taken at, and how many clicks there were. Write `come_back(log, snapshot)`, which "
        "returns `(count, replayed)`: the number of `button.clicked` events in the log, and how many events, clicks or not, it went "
        "through for that. If there is a snapshot, and it belongs to this log, it begins there; without one, `snapshot` is `None`. A "
        "snapshot from beyond the log's head belongs to another log."
    ),
    stub='def come_back(log, snapshot):\n    """(clicks, events replayed), from a snapshot (position, clicks) or None."""\n    ...',
    check=check,
    hints=(
        "Three cases for where to begin: no snapshot, one that fits, one from beyond log.head.",
        "log.read(after=position) gives what the snapshot doesn't hold yet. Count each event as replayed, and clicks as clicks.",
    ),
    solutions=(_source(),),
    wrong={
        _source(end="return (snapshot[1], 0) if snapshot else (count, replayed)"): "That is the snapshot alone",
        _source(begin="position, count = 0, 0"): "The count is right, but the snapshot has spared nothing",
        _source(read="log.read()"): "The whole log was replayed on top",
        _source(
            read="log.read()",
            body='if event.position > position:\n            count += event.name == "button.clicked"\n            replayed += 1',
        ): ("Both numbers are right, and still you read"),
        _source(read="log.read(after=max(position - 1, 0))"): "One event was replayed twice",
        _source(read="log.read(after=position + 1 if position else 0)"): "One event was skipped",
        _source(guard="pass"): "The snapshot is of position 9",
        _source(begin="position, count = snapshot"): "It fails without a snapshot",
        _source(body="count += 1\n        replayed += 1"): "Every event was counted",
        _source(read='log.read(after=position, names="button.clicked")'): "The clicks are right. But",
        _source(guard="if position >= log.head:\n        position, count = 0, 0"): (
            "The count is right, but the snapshot has spared nothing"
        ),
        _source(end="return replayed, count"): "These are the right numbers the other way round",
        _source(begin="count, position = snapshot or (0, 0)"): "The snapshot was read the other way round",
        _source(begin="position, count = snapshot[0] if snapshot else 0, 0"): "Only the clicks after the snapshot",
        _source(guard='if position > log.head:\n        raise ValueError("another log")'): (
            "A snapshot that doesn't belong to the log is no error"
        ),
        _source(end="return count"): "Two numbers were asked for",
        _source(guard="if position > log.head:\n        position = 0"): "The snapshot of another log was taken",
    },
)
