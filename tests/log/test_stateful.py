"""Any order of calls: the logs do what a plain list would do."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from contract import SettableClock
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from eda_workshop import Conflict, DuplicateEvent, Event, EventLog, open_log
from eda_workshop.clock import as_instant
from eda_workshop.log import Upcasters

START = as_instant("2026-03-02T09:00:00Z")
NAMES = ("user.signed_up", "user.renamed", "folder.created", "folder.sub.moved")
SUBJECTS = ("", "user/ada", "folder/ü")

PLAIN = st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    PLAIN | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)
DATA = st.dictionaries(st.text(max_size=3), VALUES, max_size=3)
IDS = st.integers(0, 30).map(str)
EVENTS = st.builds(
    Event,
    st.sampled_from(NAMES),
    DATA,
    id=IDS,
    subject=st.sampled_from(SUBJECTS),
    occurred=st.integers(-3, 3).map(lambda days: START + timedelta(days=days, microseconds=days)),
    version=st.integers(1, 3),
)
MOMENTS = st.none() | st.integers(-2, 6).map(lambda hours: START + timedelta(hours=hours))
POSITIONS = st.integers(0, 40)
FILTERS = st.fixed_dictionaries(
    {},
    optional={
        "after": POSITIONS,
        "upto": st.none() | POSITIONS,
        "names": st.sampled_from([None, "user.*", "folder.>", ["user.renamed"], ["user.signed_up", "*.created"], []]),
        "subject": st.none() | st.sampled_from((*SUBJECTS, "nobody")),
        "occurred": st.tuples(MOMENTS, MOMENTS),
        "recorded": st.tuples(MOMENTS, MOMENTS),
        "limit": st.none() | st.integers(0, 5),
        "reverse": st.booleans(),
        "raw": st.booleans(),
    },
)


class Entry(NamedTuple):
    """What the list holds of an event."""

    event: Event
    recorded: Any


def same(one: Event, other: Event) -> bool:
    """Whether two events say the same; repr tells 1, 1.0 and True apart, and the order of keys doesn't matter."""
    return one == other and canonical(one.data) == canonical(other.data)


def canonical(value: Any) -> str:
    """A text that is the same for the same JSON only."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key!r}: {canonical(value[key])}' for key in sorted(value))}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(canonical, value))}]"
    return repr(value)


class Logs(RuleBasedStateMachine):
    """A log in memory, one in a file and a second handle on that file, beside a list that is searched naively."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.clock = SettableClock(START)
        self.memory = open_log(clock=self.clock)
        self.file, self.twin = self.reopened(), self.reopened()
        self.entries: list[Entry] = []
        self.positions: dict[str, int] = {}
        self.copies = 0

    def teardown(self) -> None:
        for log in (self.memory, self.file, self.twin):
            log.close()
        shutil.rmtree(self.folder)

    def reopened(self) -> EventLog:
        return open_log(self.folder / "drive.db", clock=self.clock, durable=False)

    # --- what the list says ---------------------------------------------------------------------

    def place(self, id: str) -> int:
        """The position of an id, 0 if it isn't there."""
        return next((place for place, entry in enumerate(self.entries, 1) if entry.event.id == id), 0)

    def judge(self, events: list[Event], expected: int | None) -> Any:
        """The positions, or the kind of error; what is new is in the list afterwards."""
        if expected is not None and expected != len(self.entries):
            return Conflict
        before, places = self.entries[:], []
        last = before[-1].recorded if before else self.clock.moment
        for event in events:
            place = self.place(event.id)
            if not place:
                self.entries.append(Entry(event, max(last, self.clock.moment)))
                place = len(self.entries)
            elif not same(self.entries[place - 1].event, event):
                self.entries = before
                return DuplicateEvent
            places.append(place)
        return tuple(places)

    def wanted(self, **filters: Any) -> list[int]:
        """The positions that a read gives."""
        names = filters.get("names")
        places = [
            place
            for place, (event, recorded) in enumerate(self.entries, 1)
            if filters.get("after", 0) < place
            and (filters.get("upto") is None or place <= filters["upto"])
            and (names is None or any(fits(name, event.name) for name in ([names] if type(names) is str else names)))
            and filters.get("subject") in (None, event.subject)
            and within(event.occurred, *filters.get("occurred", (None, None)))
            and within(recorded, *filters.get("recorded", (None, None)))
        ]
        return (places[::-1] if filters.get("reverse") else places)[: filters.get("limit")]

    # --- what is done ---------------------------------------------------------------------------

    @rule(
        events=st.lists(EVENTS, max_size=4),
        handle=st.booleans(),
        expected=st.sampled_from([None, None, None, 0, -1, 1]),
    )
    def append(self, events: list[Event], handle: bool, expected: int | None) -> None:
        """`expected` is the distance from the true head."""
        head = None if expected is None else max(0, len(self.entries) + expected)
        answer = self.judge(events, head)
        for log in (self.memory, self.file if handle else self.twin):
            if isinstance(answer, tuple):
                assert log.append(*events, expected=head) == answer
            else:
                with pytest.raises(answer):
                    log.append(*events, expected=head)

    @precondition(lambda self: self.entries)
    @rule(place=POSITIONS, fresh=EVENTS, handle=st.booleans())
    def append_again(self, place: int, fresh: Event, handle: bool) -> None:
        """An event that is there already, with its keys in another order, beside one that may be new."""
        old = self.entries[place % len(self.entries)].event
        self.append([old.replace(data=dict(reversed(old.data.items()))), fresh], handle, None)

    @precondition(lambda self: self.entries)
    @rule(place=POSITIONS, fresh=EVENTS, handle=st.booleans())
    def contradict(self, place: int, fresh: Event, handle: bool) -> None:
        """An event of which something was changed after the fact."""
        old = self.entries[place % len(self.entries)].event
        self.append([fresh, old.replace(version=old.version + 1)], handle, None)

    @rule(minutes=st.integers(-30, 90))
    def let_time_pass(self, minutes: int) -> None:
        self.clock.move(minutes=minutes)

    @rule(filters=FILTERS)
    def read(self, filters: dict[str, Any]) -> None:
        for log in (self.memory, self.file, self.twin):
            assert [event.position for event in log.read(**filters)] == self.wanted(**filters)

    @rule(after=POSITIONS, upto=st.none() | POSITIONS, subject=st.none() | st.sampled_from(SUBJECTS))
    def read_pages(self, after: int, upto: int | None, subject: str | None) -> None:
        for log in (self.memory, self.file):
            pages = log.pages(after, upto, subject=subject)
            places = self.wanted(after=after, upto=upto, subject=subject)
            assert [event.position for page in pages for event in page] == places

    @rule(id=IDS)
    def find(self, id: str) -> None:
        place = self.place(id)
        for log in (self.memory, self.file, self.twin):
            found = log.find(id)
            assert (found.position if found else 0) == place

    @rule(hours=st.integers(-1, 8))
    def position_at(self, hours: int) -> None:
        moment = START + timedelta(hours=hours)
        place = sum(entry.recorded <= moment for entry in self.entries)
        assert self.memory.position_at(moment) == self.file.position_at(moment) == place

    @rule(name=st.sampled_from(["mailer", "", "Zoë"]), back=st.integers(0, 5), handle=st.booleans())
    def keep_position(self, name: str, back: int, handle: bool) -> None:
        self.positions[name] = max(0, len(self.entries) - back)
        for log in (self.memory, self.twin if handle else self.file):
            log.keep_position(name, self.positions[name])

    @rule(handle=st.booleans())
    def close_and_reopen(self, handle: bool) -> None:
        if handle:
            self.file.close()
            self.file = self.reopened()
        else:
            self.twin.close()
            self.twin = self.reopened()

    @rule(handle=st.booleans())
    def upcast(self, handle: bool) -> None:
        """Reading through upcasters gives the newest versions, and leaves what is stored alone."""
        log = self.file if handle else self.memory
        log.upcasters = Upcasters()
        for version in (1, 2):
            log.upcasters.step("user.renamed", version)(lambda data: {"renewed": True})
        for event, raw in zip(log, log.read(raw=True), strict=True):
            old = raw.name == "user.renamed" and raw.version < 3
            assert (event.version, event.data) == ((3, {"renewed": True}) if old else (raw.version, raw.data))
        log.upcasters = Upcasters()

    @rule(part=POSITIONS, kind=st.sampled_from(["ndjson", "json"]), from_file=st.booleans())
    def save_and_restore(self, part: int, kind: str, from_file: bool) -> None:
        """A copy that begins with a part and goes on with the whole is the log again."""
        self.copies += 1
        source, path = self.file if from_file else self.memory, self.folder / f"{self.copies}.{kind}"
        assert source.save(path) == len(self.entries)
        with open_log(self.folder / f"{self.copies}.db", durable=False) as copy:
            copy.restore(list(source.read(upto=part)))
            copy.load(path, restore=True)
            assert list(copy) == list(source)
            assert (copy.last, copy.verify()) == (source.last, None)

    # --- what always holds ----------------------------------------------------------------------

    @invariant()
    def all_are_one(self) -> None:
        events = list(self.memory)
        assert list(self.file) == list(self.twin) == events
        assert self.memory.last == self.file.last == self.twin.last
        assert [event.position for event in events] == list(range(1, len(self.entries) + 1))
        for event, entry in zip(events, self.entries, strict=True):
            assert same(event.event, entry.event)
            assert event.recorded == entry.recorded
        assert list(texts(self.file)) == list(texts(self.memory))

    @invariant()
    def all_are_whole(self) -> None:
        for log in (self.memory, self.file, self.twin):
            assert log.verify() is None
            assert {name: log.position_of(name) for name in self.positions} == self.positions


def texts(log: EventLog) -> Iterator[str]:
    """The data of all events as they print."""
    return (repr(event.data) for event in log)


def within(moment: Any, first: Any, until: Any) -> bool:
    """Whether a moment is in a half-open span."""
    return (first is None or moment >= first) and (until is None or moment < until)


def fits(pattern: str, name: str) -> bool:
    """The rules of patterns, for those that are used here."""
    if pattern.endswith(".>"):
        return name.startswith(pattern[:-1])
    parts, tokens = pattern.split("."), name.split(".")
    return len(parts) == len(tokens) and all(part in ("*", token) for part, token in zip(parts, tokens, strict=True))


TestLogs = Logs.TestCase
TestLogs.settings = settings(max_examples=settings().max_examples // 2, stateful_step_count=25)


def test_the_list_tells_events_apart_as_the_logs_do() -> None:
    """The model itself: 1 is not True, and the order of keys is not content."""
    event = Event("a.b", {"x": 1, "y": 2}, id="1", occurred=START)
    assert same(event, event.replace(data={"y": 2, "x": 1}))
    assert not same(event, event.replace(data={"x": True, "y": 2}))
