"""What every log does, whatever engine it runs on: looking after what it keeps, and carrying it elsewhere."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from contract.setup import LogSetup, SettableClock, an_event
from eda_workshop.clock import as_instant
from eda_workshop.errors import BadFile, BadLog, BadRecord, BadTime, DuplicateEvent
from eda_workshop.event import Event
from eda_workshop.log import EventLog, open_log
from eda_workshop.log.consumers import Letter
from eda_workshop.log.records import text_of

LARGEST: list[dict[str, Any]] = [
    {"x": "\x01" * 131_070},
    {"x": "😀" * 196_605},
    {"x": "x" * 262_143},
    {"x": [10**17] * 41_390},
    {"x": [1] * 393_212},
]
"""Data that nothing can be added to: as text, as bytes, as numbers."""

KINDS = pytest.mark.parametrize("name", ["events.ndjson", "events.jsonl", "events.json"])


def full_disk(monkeypatch: pytest.MonkeyPatch, beginning: str) -> None:
    """From now on there is room for one page in each SQLite file whose name begins so."""
    connect = sqlite3.connect

    def limited(name: Any, *arguments: Any, **settings: Any) -> sqlite3.Connection:
        db: sqlite3.Connection = connect(name, *arguments, **settings)
        if Path(str(name).partition("?")[0]).name.startswith(beginning):
            db.execute("PRAGMA max_page_count = 1")
        return db

    monkeypatch.setattr(sqlite3, "connect", limited)


class KeepingContract(LogSetup):
    """The tests of `verify`, `last`, `statistics`, `position_at`, `save`, `load`, `restore` and `backup`."""

    @pytest.fixture
    def full(self, log: EventLog, clock: SettableClock) -> EventLog:
        """Six events a second apart, in two batches of two and two single ones, with all that JSON can hold."""
        data = {"text": "Zoë 😀\n\u2028", "list": [1, 2.5, -0.0, True, None], "deep": {"": {}}, "big": 2**63 - 1}
        rich = Event("folder.created", data, subject="folder/ü", source="/drive", id="rich", correlation="evt-0001")
        log.append(an_event(1), an_event(2))
        clock.move(seconds=1)
        log.append(rich.replace(occurred="2026-03-01T23:59:59.999999+14:00", causation="evt-0002", version=3))
        clock.move(seconds=1)
        log.append(an_event(4).replace(extensions={"traceparent": "00-x", "flag": True, "count": -3}))
        clock.move(seconds=1)
        log.append(an_event(5, "user.renamed"), an_event(6))
        return log

    def test_a_log_is_whole(self, log: EventLog) -> None:
        """Nothing is wrong with an empty log, nor with one event, nor with a subscriber's position."""
        assert log.verify() is None
        log.append(an_event(1))
        log.keep_position("mailer", 1)
        assert log.verify() is None

    def test_a_full_log_is_whole(self, full: EventLog) -> None:
        """Batches, repeats, refused events and restored ones leave a chain without a break."""
        full.append(an_event(1), an_event(7))
        with pytest.raises(DuplicateEvent):
            full.append(an_event(8), an_event(1).replace(data={}))
        full.keep_position("mailer", 3)
        assert full.verify() is None

    def test_the_last_record(self, log: EventLog) -> None:
        """It comes as it is stored, with its position, time and hash; None in an empty log."""
        assert log.last is None
        for number in (1, 2):
            log.append(an_event(number))
            last = list(log)[-1]
            assert log.last == last
            assert (last.position, log.last and log.last.hash) == (number, last.hash)

    def test_statistics_of_an_empty_log(self, log: EventLog) -> None:
        """Nothing is counted, and there are no times."""
        statistics = log.statistics()
        assert (statistics.events, statistics.bytes, statistics.names) == (0, 0, {})
        assert (statistics.first, statistics.last) == (None, None)

    def test_statistics_count_events_names_and_bytes(self, full: EventLog, clock: SettableClock) -> None:
        """Names come in the order of first appearance; bytes are those of the records in UTF-8."""
        statistics = full.statistics()
        names = {"user.signed_up": 4, "folder.created": 1, "user.renamed": 1}
        assert (statistics.events, statistics.names, list(statistics.names)) == (6, names, list(names))
        assert statistics.bytes == sum(len(text_of(event).encode()) for event in full)
        assert statistics.stored >= statistics.bytes
        assert (statistics.first, statistics.last) == (clock.moment - timedelta(seconds=3), clock.moment)

    def test_position_at_counts_what_was_recorded_by_then(self, full: EventLog) -> None:
        """The last event of that very moment counts; what came a microsecond later does not."""
        times = [event.recorded for event in full]
        for moment in {*times, as_instant("2020-01-01T00:00:00Z"), as_instant("2030-01-01T00:00:00Z")}:
            for asked in (moment - timedelta(microseconds=1), moment, moment + timedelta(microseconds=1)):
                assert full.position_at(asked) == sum(time <= asked for time in times)

    def test_position_at_takes_instants(self, log: EventLog) -> None:
        """It is 0 in an empty log, takes any zone, and refuses what is no instant."""
        assert log.position_at("2026-03-02T09:00:00Z") == 0
        log.append(an_event(1))
        assert log.position_at("2026-03-02T10:00:00+01:00") == 1
        with pytest.raises(BadTime):
            log.position_at("2026-03-02T09:00:00")

    # --- files ----------------------------------------------------------------------------------

    @KINDS
    def test_a_saved_log_is_restored_exactly(
        self, full: EventLog, clock: SettableClock, tmp_path: Path, name: str
    ) -> None:
        """The copy has the same events, positions, times and hashes, and is whole; appending goes on from there."""
        assert full.save(tmp_path / name) == 6
        clock.move(days=1)
        with self.another(clock, tmp_path) as copy:
            loaded = copy.load(tmp_path / name, restore=True)
            assert (loaded.appended, loaded.repeated, loaded.torn) == (6, 0, None)
            assert list(copy) == list(full)
            assert (copy.last, copy.verify()) == (full.last, None)
            assert copy.append(an_event(7)) == full.append(an_event(7)) == (7,)
            assert copy.last == full.last

    @KINDS
    def test_a_saved_log_is_loaded_anew(self, full: EventLog, clock: SettableClock, tmp_path: Path, name: str) -> None:
        """Without `restore` the events are the same, but recorded now; a second time they are all there already."""
        full.save(tmp_path / name)
        clock.move(days=1)
        with self.another(clock, tmp_path) as copy:
            assert copy.load(tmp_path / name).appended == 6
            assert [event.event for event in copy] == [event.event for event in full]
            assert {event.recorded for event in copy} == {clock.moment}
            again = copy.load(tmp_path / name)
            assert (again.appended, again.repeated, copy.head) == (0, 6, 6)

    @KINDS
    def test_an_empty_log_is_saved_and_loaded(
        self, log: EventLog, clock: SettableClock, tmp_path: Path, name: str
    ) -> None:
        """Its file holds no event, and is a file of that kind all the same."""
        assert log.save(tmp_path / name) == 0
        with self.another(clock, tmp_path) as copy:
            assert copy.load(tmp_path / name).appended == copy.load(tmp_path / name, restore=True).appended == 0
            assert copy.head == 0

    def test_a_restore_goes_on_where_it_was(self, full: EventLog, clock: SettableClock, tmp_path: Path) -> None:
        """Done twice it changes nothing; after a part, or after the source has grown, only the rest is copied."""
        full.save(tmp_path / "all.ndjson")
        with self.another(clock, tmp_path) as copy:
            assert copy.restore(list(full.read(upto=2))) == 2
            loaded = copy.load(tmp_path / "all.ndjson", restore=True)
            assert (loaded.appended, loaded.repeated) == (4, 2)
            assert copy.load(tmp_path / "all.ndjson", restore=True).appended == 0
            full.append(an_event(7))
            full.save(tmp_path / "more.json")
            assert copy.load(tmp_path / "more.json", restore=True).appended == 1
            assert list(copy) == list(full)

    def test_a_restore_into_another_log_is_refused(self, full: EventLog, clock: SettableClock, tmp_path: Path) -> None:
        """The file's error names the place, the record's error what doesn't fit; the log is as it was."""
        full.save(tmp_path / "all.ndjson")
        with self.another(clock, tmp_path) as copy:
            copy.append(an_event(1))
            clock.move(seconds=1)
            copy.append(an_event(99))
            before = list(copy)
            with pytest.raises(BadFile, match="line 1:") as caught:
                copy.load(tmp_path / "all.ndjson", restore=True)
            cause = caught.value.__cause__
            assert isinstance(cause, BadRecord)
            assert (cause.position, cause.id, cause.head) == (1, "evt-0001", 2)
            assert list(copy) == before

    def test_only_what_continues_the_log_is_restored(
        self, full: EventLog, clock: SettableClock, tmp_path: Path
    ) -> None:
        """A gap, another order, a changed hash: the record is refused, and with it all that were passed."""
        one, two, three, *_ = full
        forged = type(two)(**{name: getattr(two, name) for name in two.__struct_fields__} | {"hash": "0" * 64})
        with self.another(clock, tmp_path) as copy:
            for wrong in ([two], [one, three], [two, one], [one, forged], [one, two, three, forged]):
                with pytest.raises(BadRecord):
                    copy.restore(wrong)
                assert copy.head == 0
            assert copy.restore([one, two, one]) == 2

    @KINDS
    def test_what_append_takes_comes_back(self, log: EventLog, clock: SettableClock, tmp_path: Path, name: str) -> None:
        """The largest events that can be made go into any engine, into a file, and into another log."""
        for number, data in enumerate(LARGEST):
            log.append(Event("a.b", data, id=str(number)))
        names = {f"x{number}": "\x01" * 72 for number in range(100)}
        log.append(Event("a.b", LARGEST[0], id="x" * 8_192, extensions=names))
        assert log.save(tmp_path / name) == len(LARGEST) + 1
        with self.another(clock, tmp_path) as copy:
            assert copy.load(tmp_path / name, restore=True).appended == len(LARGEST) + 1
            assert list(copy) == list(log)

    @KINDS
    def test_an_undated_event_gets_the_log_s_time_once(
        self, log: EventLog, clock: SettableClock, tmp_path: Path, name: str
    ) -> None:
        """An event from elsewhere that says no time occurred when this log took it in; a second load changes nothing."""
        document = '{"specversion":"1.0","id":"1","source":"/x","type":"user.signed_up","data":{"n":1}}\n'
        (tmp_path / name).write_text(f"[{document}]" if name.endswith(".json") else document)
        assert str(log.load(tmp_path / name)) == "1 appended, 0 there already"
        event = log.last
        assert event is not None
        assert (event.occurred, event.recorded, event.undated) == (clock.moment, clock.moment, False)
        clock.move(days=1)
        assert str(log.load(tmp_path / name)) == "0 appended, 1 there already"
        assert log.append(Event.from_cloudevent(document)) == (1,)
        assert (log.last, log.verify()) == (event, None)
        with pytest.raises(DuplicateEvent, match="data differs"):
            log.append(Event.from_cloudevent(document.replace('{"n":1}', '{"n":2}')))

    # --- copies ---------------------------------------------------------------------------------

    def test_a_backup_is_the_same_log_in_a_file(self, full: EventLog, clock: SettableClock, tmp_path: Path) -> None:
        """Records, positions of subscribers and their letters; it is a log of its own from then on."""
        full.keep_position("Zoë's folders", 0)
        mailer = full.consumer("mailer")
        mailer.keep(Letter(2, key="user/ada", handler="welcome", attempts=3, due=clock.moment, error="no"))
        mailer.move(4)
        full.backup(tmp_path / "copy.db")
        full.append(an_event(7))
        with open_log(tmp_path / "copy.db", create=False) as copy:
            assert list(copy) == list(full.read(upto=6))
            assert (copy.verify(), copy.subscribers()) == (None, {"Zoë's folders": 0, "mailer": 4})
            assert copy.consumer("mailer").letters() == mailer.letters()
            assert copy.append(an_event(8)) == (7,)
        assert (full.head, [path.name for path in tmp_path.glob("copy*")]) == (7, ["copy.db"])

    def test_a_backup_of_an_empty_log(self, log: EventLog, tmp_path: Path) -> None:
        """It is an empty log."""
        log.backup(tmp_path / "copy.db")
        with open_log(tmp_path / "copy.db", create=False) as copy:
            assert (copy.head, copy.verify()) == (0, None)

    def test_a_backup_overwrites_nothing(self, full: EventLog, tmp_path: Path) -> None:
        """Not even an empty file: the error says what to do, and the file is as it was."""
        (tmp_path / "copy.db").write_bytes(b"")
        with pytest.raises(BadLog, match="is there already"):
            full.backup(tmp_path / "copy.db")
        assert [(path.name, path.read_bytes()) for path in tmp_path.glob("copy*")] == [("copy.db", b"")]

    def test_a_backup_that_fails_leaves_no_file(
        self, full: EventLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """On a full disk, here one of one page, and where there is no folder; afterwards it works."""
        with monkeypatch.context() as small:
            full_disk(small, "copy.db")
            with pytest.raises(BadLog, match="the disk is full") as caught:
                full.backup(tmp_path / "copy.db")
        assert caught.value.url == str(tmp_path / "copy.db")
        with pytest.raises(BadLog, match="there is no folder"):
            full.backup(tmp_path / "nowhere" / "copy.db")
        assert list(tmp_path.glob("copy*")) == []
        full.backup(tmp_path / "copy.db")

    @pytest.mark.parametrize("wrong", ["a\0.ndjson", "\ud800.ndjson", "", None, 3, Path("a\0.ndjson")])
    def test_what_names_no_file_is_refused(self, full: EventLog, wrong: Any) -> None:
        """To save, to load and to back up, in words and not as the system's error."""
        for ask in (full.save, full.load, full.backup):
            with pytest.raises(BadFile, match="has no name|has a character that no file's name can have"):
                ask(wrong)

    def test_a_closed_log_is_neither_saved_nor_loaded(self, full: EventLog, tmp_path: Path) -> None:
        """It says that it is closed, and leaves no file behind."""
        full.save(tmp_path / "all.ndjson")
        full.close()
        file = tmp_path / "all.ndjson"
        asks = (full.verify, full.statistics, lambda: full.last, lambda: full.position_at("2026-03-02T09:00:00Z"))
        loads = (lambda: full.load(file), lambda: full.load(file, restore=True))
        asks = (*asks, lambda: full.backup(tmp_path / "again.db"))
        for ask in (*asks, *loads, lambda: full.save(tmp_path / "again.ndjson"), lambda: list(full.pages())):
            with pytest.raises(BadLog, match="closed"):
                ask()
        assert [path.name for path in tmp_path.glob("a*")] == ["all.ndjson"]
