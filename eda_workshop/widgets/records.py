"""How a log is built: record by record, each chained to the one before; tampered with, and torn."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import ipywidgets

from eda_workshop.clock import ManualClock
from eda_workshop.drive import KINDS
from eda_workshop.errors import BadEvent, check_number
from eda_workshop.event import Event
from eda_workshop.ids import CounterIds
from eda_workshop.log import Damage, EventLog, open_log
from eda_workshop.names import check_name
from eda_workshop.show.picture import Picture
from eda_workshop.show.records import RecordRow, RecordsState, draw_records, rows_of
from eda_workshop.widgets.form import Form
from eda_workshop.widgets.instrument import Frame, Instrument, button, number

Harm = Literal["", "changed", "torn"]


@dataclass(frozen=True)
class RecordsSettings:
    """What was recorded, what harm was done to the file since, and whether it was verified after that."""

    events: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    harm: Harm = ""
    position: int = 0
    verified: bool = False


def run(settings: RecordsSettings) -> RecordsState:
    """Write a real log to a file of its own, do the harm, and look."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "drive.db"
        with open_log(path, clock=ManualClock(tick=60), durable=False) as log:
            _record(log, settings)
            if settings.harm == "torn":
                return _torn(log, Path(folder), settings)
            if settings.harm == "changed":
                _change(path, settings.position, next(iter(settings.events[settings.position - 1][1])))
            return _look(log, settings)


class LogBuilder(Instrument):
    """A log in a file, record by record. Change a record behind its back, tear the last line, and verify.

    >>> builder = LogBuilder()
    >>> builder.record("user.signed_up", {"user": "ada"})
    1 record, 190 bytes · not verified yet.
    >>> builder.verify()
    1 record, 190 bytes · verify: whole.
    """

    def __init__(self) -> None:
        self.settings = RecordsSettings()
        super().__init__()

    def frame(self) -> Frame:
        state = run(self.settings)
        damage = state.verified.position if isinstance(state.verified, Damage) else None
        return Frame(draw_records(state), {"records": len(state.rows), "bytes": state.bytes, "damaged": damage})

    def record(self, name: str, data: Mapping[str, Any] | None = None) -> Picture:
        """Append one event; a minute passes."""
        return self._do(lambda: self._append(name, data))

    def tamper(self, position: int) -> Picture:
        """Change the record at a position, as somebody with the file and an SQLite tool could."""
        return self._do(lambda: self._tamper(position))

    def tear(self) -> Picture:
        """Let the power go while the last line is written to a file of one event a line, and read what is left."""
        return self._do(lambda: self._need(1, "torn", 0))

    def verify(self) -> Picture:
        """Recompute every hash."""
        return self._do(lambda: self._set(verified=True))

    def restore(self) -> Picture:
        """Undo the harm, as from a copy."""
        return self._do(lambda: self._set(harm="", position=0, verified=False))

    def reset(self) -> Picture:
        """An empty log."""
        return self._do(lambda: setattr(self, "settings", RecordsSettings()))

    def _controls(self) -> list[list[ipywidgets.Widget]]:
        form = Form(self.record)
        form.button.description = "Record"
        self._position = number("Position", 2, 1, 7, 1, lambda _: None)[0]
        harm = [
            self._position,
            button("Change this record", lambda: self.tamper(self._position.value)),
            button("Tear the last line", self.tear),
            button("Verify", self.verify),
            button("Restore", self.restore),
            button("Start over", self.reset),
        ]
        return [form.row, harm]

    def _append(self, name: str, data: Mapping[str, Any] | None) -> None:
        if self.settings.harm:
            raise BadEvent("The log isn't whole, and nothing can be appended to it", "Restore it first.")
        check_name(name)
        example = {field.name: field.example for field in KINDS[name].fields} if name in KINDS else {}
        event = Event(name, example if data is None else data)
        self._set(events=(*self.settings.events, (event.name, event.data)), verified=False)

    def _tamper(self, position: int) -> None:
        count = len(self.settings.events)
        if not count:
            raise BadEvent("There is no record yet", "Record something first.")
        check_number("position", position, 1, count)
        self._need(1, "changed", position)

    def _need(self, least: int, harm: Harm, position: int) -> None:
        if len(self.settings.events) < least:
            raise BadEvent("There is no record yet", "Record something first.")
        self._set(harm=harm, position=position, verified=False)

    def _set(self, **changes: Any) -> None:
        self.settings = replace(self.settings, **changes)


def _record(log: EventLog, settings: RecordsSettings) -> None:
    ids = CounterIds()
    for name, data in settings.events:
        subject = KINDS[name].subject(data) if name in KINDS else ""
        log.append(Event(name, data, subject=subject, id=ids(), occurred=log.clock.now()))


def _change(path: Path, position: int, field: str) -> None:
    """What the triggers refuse, once somebody has thrown them away."""
    with closing(sqlite3.connect(path)) as db:
        db.execute("DROP TRIGGER no_update")
        values = f"$.data.{field}", position
        db.execute("UPDATE events SET event = json_set(event, ?, 'mallory') WHERE position = ?", values)
        db.commit()


def _look(log: EventLog, settings: RecordsSettings) -> RecordsState:
    rows = rows_of([(event.position, _words(event), event.hash) for event in log.read()])
    verified = log.verify() if settings.verified else ""
    return RecordsState(rows, log.statistics().bytes, verified)


def _torn(log: EventLog, folder: Path, settings: RecordsSettings) -> RecordsState:
    """The log as a file of one event a line, whose last line breaks off, read into a new log."""
    lost = list(log.read())[-1]
    path = folder / "drive.ndjson"
    log.save(path)
    content = path.read_bytes()
    path.write_bytes(content[: content.rstrip(b"\n").rfind(b"\n") + 60])
    with open_log("memory://", clock=ManualClock(tick=60)) as again:
        again.load(path, restore=True)
        state = _look(again, settings)
    torn = RecordRow(lost.position, f"{lost.name} …", "", "", torn=True)
    return replace(state, rows=(*state.rows, torn))


def _words(event: Event) -> str:
    return f"{event.name}  {', '.join(f'{name} {value}' for name, value in event.data.items())}"
