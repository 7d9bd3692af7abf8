"""Events in files that other programs read: CloudEvents, one a line or as one array."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import msgspec

from eda_workshop.errors import BadCloudEvent, BadFile, BadLog, BadName, EdaError, UnsupportedEvent, cut
from eda_workshop.event import Event, Recorded
from eda_workshop.files import whole_file
from eda_workshop.values import NOTHING, parsed

_Item = TypeVar("_Item")

Append = Callable[[list[Any]], int]
"""Appends events to a log, all or none, and returns how many are new."""

BATCH = 1_000
LINE = 8 << 20
"""Bytes; no event of this kit is longer, escapes included."""
ARRAY = 256 << 20
"""Bytes; an array is read whole."""

_MARK = b"\xef\xbb\xbf"
"""The byte order mark of UTF-8."""

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


def load(
    path: Path, append: Append, max_batch: int | None, *, restore: bool, names: Mapping[str, str] = NOTHING
) -> Loaded:
    """Append a file's events, after a first look at all of them; see `EventLog.load`."""
    torn: list[int] = []
    appended = repeated = 0
    _is_array(path)
    try:
        _check_kind(path)
        for _ in _events(path, torn, restore, names):
            pass
        for batch in batches(_events(path, torn, restore, names), min(BATCH, max_batch or BATCH)):
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


def _events(path: Path, torn: list[int], restore: bool, names: Mapping[str, str]) -> Iterator[tuple[str, Event]]:
    """The events in a file, each with its place."""
    for place, document in _array(path) if _is_array(path) else _lines(path, torn):
        try:
            event = Event.from_cloudevent(document, names=names)
            if restore and not isinstance(event, Recorded):
                raise BadCloudEvent("it has no edarecorded and edasequence, so there is nothing to restore")
        except BadName as error:
            remedy = f"Or give it a name of yours: load(…, names={{{cut(error.text)!r}: 'order.placed'}})."
            raise _unloadable(path, place, error, f"{remedy} Nothing was appended.") from error
        except UnsupportedEvent as error:
            raise _unloadable(path, place, error, "Nothing was appended.") from error
        except EdaError as error:
            said = str(error).rstrip(".")
            raise BadFile(str(path), f"is damaged at {place}: {said}", "Nothing was appended.") from error
        yield place, event


def _unloadable(path: Path, place: str, error: EdaError, remedy: str) -> BadFile:
    return BadFile(str(path), f"can't be loaded because of {place}: {str(error).rstrip('.')}", remedy)


_SIGNS = {
    b"<": ("an HTML or XML page", "Save the file that the page shows or links to."),
    b"SQLite format 3\x00": ("an SQLite file", "If it is a log, open it with open_log, or copy it with copy_log."),
    b"\x1f\x8b": ("a gzip archive", "Unpack it first."),
    b"PK\x03\x04": ("a zip archive", "Unpack it first."),
    b"%PDF": ("a PDF", "Ask for the events as CloudEvents."),
}
"""How files begin that people take for files of events, what they are, and what to do."""


def _check_kind(path: Path) -> None:
    """Raise `BadFile` for a file that can't be one of events, and say what it seems to be."""
    with path.open("rb") as file:
        beginning = file.read(LINE)
    text = beginning.removeprefix(_MARK).lstrip()
    kind, remedy = next((it for sign, it in _SIGNS.items() if text.startswith(sign)), ("", ""))
    if b"\x00" in text[:2] and text.strip(b"\x00"):
        kind, remedy = "text in UTF-16 or UTF-32", "Save it as UTF-8."
    elif _has_old_line_ends(text):
        kind, remedy = "text with the line ends of old Macs (CR)", "Save it with the line ends of Unix or Windows."
    elif text.startswith(b"[") and not _is_array(path):
        kind, remedy = "one array", "Give its name the ending .json."
    if kind:
        wanted = "an array of events" if _is_array(path) else "a file of events, one a line"
        raise BadFile(str(path), f"seems to be {kind}, and not {wanted}", f"{remedy} Nothing was appended.")


def _has_old_line_ends(text: bytes) -> bool:
    """Whether one event ends, and another begins, with a carriage return alone."""
    first, _, rest = text.strip().partition(b"\r")
    return bool(first and rest) and b"\n" not in rest and not _breaks_off(first)


def _lines(path: Path, torn: list[int]) -> Iterator[Place]:
    with path.open("rb") as file:
        number, begun = 0, False
        while line := file.readline(LINE):
            number += 1
            _check_encoding(path, number, line)
            text = line.removeprefix(_MARK).strip()
            if not line.endswith(b"\n"):
                if len(line) == LINE:
                    remedy = "Is this a file of events, one a line? Nothing was appended."
                    raise BadFile(str(path), f"has more than {LINE:,} bytes in line {number}", remedy)
                if text and _breaks_off(text) and (begun or text.startswith(b"{") or not text.strip(b"\x00")):
                    torn[:] = [number]
                    return
            if text:
                begun = True
                yield f"line {number}", text


def _array(path: Path) -> Iterator[Place]:
    if path.stat().st_size > ARRAY:
        remedy = "Write one event a line, as .ndjson, which is read bit by bit."
        raise BadFile(str(path), f"is an array of more than {ARRAY:,} bytes", remedy)
    text = path.read_bytes()
    _check_encoding(path, 1, text)
    try:
        documents = parsed(text, list[msgspec.Raw])
    except ValueError as error:
        raise BadFile(str(path), f"is not a JSON array: {error}", "Nothing was appended.") from error
    for number, document in enumerate(documents, 1):
        yield f"event {number}", bytes(document)


def _check_encoding(path: Path, number: int, line: bytes) -> None:
    if line.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise BadFile(str(path), f"is UTF-16 at line {number}", "Save it as UTF-8; nothing was appended.")


def _breaks_off(text: bytes) -> bool:
    """Whether this may be the beginning of JSON, and not all of it."""
    if text.endswith(b"}") and text.count(b"{") == text.count(b"}"):
        return False  # it is whole, though perhaps wrong
    try:
        msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return True
    except RecursionError:
        pass
    return False


def _is_array(path: Path) -> bool:
    if path.suffix not in (".ndjson", ".jsonl", ".json"):
        raise BadFile(str(path), "has no known ending", "Use .ndjson for one event a line, .json for an array.")
    return path.suffix == ".json"


def batches(items: Iterable[_Item], size: int = BATCH) -> Iterator[list[_Item]]:
    """The items in lists of this size; the last one may be shorter."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
