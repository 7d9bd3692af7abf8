"""Events in files that other programs read: CloudEvents, one a line or as one array."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import msgspec

from eda_workshop.errors import BadCloudEvent, BadFile, BadLog, EdaError
from eda_workshop.event import Event, Recorded
from eda_workshop.files import whole_file

_Item = TypeVar("_Item")

Append = Callable[[list[Any]], int]
"""Appends events to a log, all or none, and returns how many are new."""

BATCH = 1_000
LINE = 8 << 20
"""Bytes; no event of this kit is longer, escapes included."""
ARRAY = 256 << 20
"""Bytes; an array is read whole."""

Place = tuple[str, bytes]
"""Where a document stands, in words, and the document."""


@dataclass(frozen=True)
class Loaded:
    """What became of a file's events.

    appended  how many are new in the log
    repeated  how many it held already
    torn      the number of the last line if it broke off in the middle and was left out, else None
    """

    appended: int
    repeated: int
    torn: int | None = None

    def __str__(self) -> str:
        torn = "" if self.torn is None else f"; line {self.torn} breaks off and was left out"
        return f"{self.appended} appended, {self.repeated} there already{torn}"


# --- out ----------------------------------------------------------------------------------------


def save(events: Iterator[Recorded], path: Path) -> int:
    """Write the events to a new file, and return how many; see `EventLog.save`."""
    is_array = _is_array(path)
    try:
        if path.exists():
            raise BadFile(str(path), "is there already", "Name a file that isn't there yet.")
        with whole_file(path) as file:
            return _write(events, file, is_array=is_array)
    except OSError as error:
        problem = f"can't be written ({error.strerror})"
        raise BadFile(str(path), problem, "Choose another folder, or a shorter name.") from error


def _write(events: Iterator[Recorded], file: BinaryIO, *, is_array: bool) -> int:
    before, between, after = (b"[\n", b",\n", b"\n]\n") if is_array else (b"", b"\n", b"\n")
    count = 0
    for event in events:
        file.write((between if count else before) + msgspec.json.encode(event.to_cloudevent()))
        count += 1
    if count or is_array:
        file.write(after if count else before + after.lstrip())
    return count


# --- in -----------------------------------------------------------------------------------------


def load(path: Path, append: Append, max_batch: int | None, *, restore: bool) -> Loaded:
    """Append a file's events, after a first look at all of them; see `EventLog.load`."""
    torn: list[int] = []
    appended = repeated = 0
    _is_array(path)
    try:
        for _ in _events(path, torn, restore=restore):
            pass
        for batch in batches(_events(path, torn, restore=restore), min(BATCH, max_batch or BATCH)):
            fresh = _append(path, batch, append)
            appended, repeated = appended + fresh, repeated + len(batch) - fresh
    except OSError as error:
        raise BadFile(str(path), f"can't be read ({error.strerror})", "Check the name and your rights.") from error
    return Loaded(appended, repeated, torn[0] if torn else None)


def _append(path: Path, batch: list[tuple[str, Event]], append: Append) -> int:
    """Append a batch; if that fails, append what comes before the event that can't be, and name its place."""
    try:
        return append([event for _, event in batch])
    except BadLog:
        raise  # not the file's fault
    except EdaError as error:
        if len(batch) > 1:
            return sum(_append(path, [single], append) for single in batch)
        kept = "The events before it are in the log; fix the file, then load it again."
        problem = str(error).rstrip(".")
        raise BadFile(str(path), f"can't be taken in at {batch[0][0]}: {problem}", kept) from error


def _events(path: Path, torn: list[int], *, restore: bool) -> Iterator[tuple[str, Event]]:
    """The events in a file, each with its place."""
    for place, document in _array(path) if _is_array(path) else _lines(path, torn):
        try:
            event = Event.from_cloudevent(document)
            if restore and not isinstance(event, Recorded):
                raise BadCloudEvent("it has no recordedtime and sequence, so there is nothing to restore")
        except EdaError as error:
            said = str(error).rstrip(".")
            raise BadFile(str(path), f"is damaged at {place}: {said}", "Nothing was appended.") from error
        yield place, event


def _lines(path: Path, torn: list[int]) -> Iterator[Place]:
    with path.open("rb") as file:
        number = 0
        while line := file.readline(LINE):
            number += 1
            _check_encoding(path, number, line)
            text = line.removeprefix(b"\xef\xbb\xbf").strip()
            if not line.endswith(b"\n"):
                if len(line) == LINE:
                    remedy = "Is this a file of events, one a line? Nothing was appended."
                    raise BadFile(str(path), f"has more than {LINE:,} bytes in line {number}", remedy)
                if text and not _is_json(text):
                    torn[:] = [number]
                    return
            if text:
                yield f"line {number}", text


def _array(path: Path) -> Iterator[Place]:
    if path.stat().st_size > ARRAY:
        remedy = "Write one event a line, as .ndjson, which is read bit by bit."
        raise BadFile(str(path), f"is an array of more than {ARRAY:,} bytes", remedy)
    text = path.read_bytes()
    _check_encoding(path, 1, text)
    try:
        documents = msgspec.json.decode(text.removeprefix(b"\xef\xbb\xbf"), type=list[msgspec.Raw])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadFile(str(path), f"is not a JSON array ({error})", "Nothing was appended.") from error
    for number, document in enumerate(documents, 1):
        yield f"event {number}", bytes(document)


def _check_encoding(path: Path, number: int, line: bytes) -> None:
    if line.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise BadFile(str(path), f"is UTF-16 at line {number}", "Save it as UTF-8; nothing was appended.")


def _is_json(text: bytes) -> bool:
    try:
        msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False
    return True


def _is_array(path: Path) -> bool:
    if path.suffix not in (".ndjson", ".jsonl", ".json"):
        raise BadFile(str(path), "has no known ending", "Use .ndjson for one event a line, .json for an array.")
    return path.suffix == ".json"


def batches(items: Iterable[_Item], size: int = BATCH) -> Iterator[list[_Item]]:
    """The items in lists of this size; the last one may be shorter."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
