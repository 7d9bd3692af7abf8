"""What every log does, whatever engine it runs on: rejections and corrections."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from contract.setup import LogSetup, SettableClock, an_event
from eda_workshop.bus import Bus
from eda_workshop.errors import BadCorrection, DuplicateEvent
from eda_workshop.event import Event
from eda_workshop.log import EventLog
from eda_workshop.replay import History, MemoryImage, Model, Projection, Timeline, applies, fold

FIRST, SECOND = "evt-0001", "evt-0002"
DAY = "2026-03-05T00:00:00Z"

MALFORMED: list[tuple[str, dict[str, Any]]] = [
    ("event.rejected", {}),
    ("event.rejected", {"event": "typo"}),
    ("event.rejected", {"event": None}),
    ("event.rejected", {"event": 1}),
    ("event.rejected", {"event": [FIRST]}),
    ("event.rejected", {"event": "itself"}),
    ("event.corrected", {"event": "typo", "data": {}}),
    ("event.corrected", {"event": FIRST}),
    ("event.corrected", {"event": FIRST, "dat": {}}),
    ("event.corrected", {"event": FIRST, "data": None}),
    ("event.corrected", {"event": FIRST, "data": 7}),
    ("event.corrected", {"event": FIRST, "data": [1]}),
    ("event.corrected", {"event": FIRST, "data": "number"}),
    ("event.corrected", {"event": FIRST, "occurred": "yesterday"}),
    ("event.corrected", {"event": FIRST, "occurred": None}),
    ("event.corrected", {"event": FIRST, "occurred": 20260305}),
    ("event.corrected", {"event": FIRST, "occurred": "2026-03-05T00:00:00"}),
    ("event.corrected", {"event": FIRST, "data": {}, "occurred": "yesterday"}),
    ("event.corrected", {"event": "right", "data": {}}),
]
"""What `append` refuses in a log with two events and a correction of the second, whose id is "right"."""


class Total(Model):
    """The sum of all numbers; anything unknown is an error."""

    initial = 0
    strict = True

    @applies("user.signed_up")
    def add(total, event):
        return total + event.data["number"]


def rejected(id: str, target: str) -> Event:
    """A rejection."""
    return Event("event.rejected", {"event": target}, id=id, occurred=DAY)  # type: ignore[arg-type]


def corrected(id: str, target: str, **changes: Any) -> Event:
    """A correction."""
    return Event("event.corrected", {"event": target, **changes}, id=id, occurred=DAY)  # type: ignore[arg-type]


def bring(log: EventLog, folder: Path, *events: Event) -> None:
    """Load events from a file, as from another program that checked nothing."""
    file = folder / f"from elsewhere {log.head}.ndjson"
    file.write_text("".join(json.dumps(event.to_cloudevent()) + "\n" for event in events))
    log.load(file)


def states(log: EventLog, model: type[Model], *, corrected: bool) -> list[Any]:
    """The state at the head, by each reader."""
    projection = Projection(log, model, corrected=corrected)
    projection.advance()
    timeline = Timeline(log, model, corrected=corrected)
    found = [
        fold(log, model, corrected=corrected),
        MemoryImage(log, model, corrected=corrected).state,
        projection.state,
    ]
    found += [timeline.at(), timeline.at(occurred="2026-04-01T00:00:00Z"), timeline.branch().state]  # type: ignore[arg-type]
    return found + ([History(log, model).state()] if corrected else [])


class CorrectingContract(LogSetup):
    """The tests of `effective` and `broken_corrections`, and of what `append` checks."""

    @pytest.fixture
    def amended(self, log: EventLog) -> EventLog:
        """Two events, and a correction of the second."""
        log.append(an_event(1, day=1), an_event(2, day=2))
        log.append(corrected("right", SECOND, data={"number": 20}))
        return log

    @pytest.mark.parametrize(("name", "data"), MALFORMED)
    def test_a_malformed_correction_is_refused(self, amended: EventLog, name: str, data: dict[str, Any]) -> None:
        """With all that was to be appended together with it; through a bus, too."""
        wrong = Event(name, data, id="itself", occurred=DAY)  # type: ignore[arg-type]
        for refused in (lambda: amended.append(an_event(3), wrong), lambda: Bus(amended).publish(wrong)):
            with pytest.raises(BadCorrection, match="Nothing was appended") as info:
                refused()
            assert (info.value.name, info.value.id) == (name, "itself")
        assert (amended.head, amended.broken_corrections()) == (3, ())

    def test_its_target_may_come_just_before_it(self, log: EventLog) -> None:
        """In the same batch, and nowhere behind it."""
        with pytest.raises(BadCorrection, match="not the id of one earlier event"):
            log.append(rejected("r", FIRST), an_event(1))
        assert log.append(an_event(1), rejected("r", FIRST), an_event(2)) == (1, 2, 3)
        assert [event.id for event in log.effective()] == [SECOND]
        assert log.append(rejected("r", FIRST)) == (2,)

    @pytest.mark.parametrize(("name", "data"), MALFORMED)
    def test_a_broken_one_from_elsewhere_is_skipped(
        self, amended: EventLog, tmp_path: Path, name: str, data: dict[str, Any]
    ) -> None:
        """By every reader and every view; it is reported, and can be taken back."""
        wrong = Event(name, data, id="itself", occurred=DAY)  # type: ignore[arg-type]
        bring(amended, tmp_path, wrong)
        (broken,) = amended.broken_corrections()
        assert (broken.event.id, broken.event.position) == ("itself", 4)
        assert str(broken).startswith(f"The {name} at position 4 ")
        assert set(states(amended, Total, corrected=True)) == {21}
        assert set(states(amended, Total, corrected=False)) == {3}
        history = History(amended, Total)
        assert history.broken == (broken,)
        assert "; 1 broken correction skipped>" in repr(history)
        assert history.withdraw("itself").commit().corrected == 21
        assert history.broken == amended.broken_corrections() == ()
        assert set(states(amended, Total, corrected=True)) == {21}

    def test_a_broken_one_can_be_rejected(self, amended: EventLog, tmp_path: Path) -> None:
        """Through a history or as a plain event; and when that is rejected, it is reported again."""
        bring(amended, tmp_path, rejected("a", "nobody"), rejected("b", "nobody"))
        assert [broken.event.id for broken in amended.broken_corrections()] == ["a", "b"]
        History(amended, Total).reject("a").commit()
        assert [broken.event.id for broken in amended.broken_corrections()] == ["b"]
        amended.append(rejected("c", "b"))
        assert amended.broken_corrections() == ()
        amended.append(rejected("d", "c"))
        assert [broken.event.id for broken in amended.broken_corrections()] == ["b"]

    def test_a_broken_one_is_copied_and_sent_again(
        self, amended: EventLog, clock: SettableClock, tmp_path: Path
    ) -> None:
        """What is in the log is in the log: a copy has it, and appending it again returns its position."""
        wrong = rejected("a", "nobody")
        bring(amended, tmp_path, wrong)
        assert amended.append(wrong) == (4,)
        with pytest.raises(DuplicateEvent):
            amended.append(wrong.replace(data={"event": "somebody"}))
        with self.another(clock, tmp_path) as copy:
            copy.restore(list(amended.read(raw=True)))
            assert copy.broken_corrections() == amended.broken_corrections() != ()

    def test_what_counts_of_one_subject(self, log: EventLog) -> None:
        """The same as of all, for that subject; what was said of others plays no part."""
        log.append(an_event(1, subject="a", day=9), an_event(2, subject="b"), an_event(3, subject="a", day=3))
        log.append(rejected("r", SECOND), corrected("c", FIRST, data={"number": 10}), rejected("s", "r"))
        for subject in ("a", "b", "c"):
            whole = [event for event in log.effective() if event.subject == subject]
            assert log.effective(subject=subject) == whole
        assert [event.data["number"] for event in log.effective(subject="a")] == [3, 10]
        assert [event.data["number"] for event in log.effective(4, subject="b")] == []

    def test_a_long_quarrel(self, log: EventLog) -> None:
        """A rejection of a rejection of a rejection, many times over."""
        log.append(an_event(1))
        log.append(*(rejected(f"r{number}", f"r{number - 1}" if number else FIRST) for number in range(400)))
        assert [event.id for event in log.effective()] == [FIRST]
        log.append(rejected("last", "r399"))
        assert log.effective() == []
