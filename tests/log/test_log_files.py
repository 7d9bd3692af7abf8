"""Logs in files: what is torn, damaged, foreign or too large is told with its place, and nothing is half done."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest
from contract.setup import an_event, numbers
from thorough import THOROUGH

from eda_workshop import BadFile, BadSetting, DuplicateEvent, Event, EventLog, ManualClock, open_log
from eda_workshop.clock import as_instant
from eda_workshop.log import files

OCCURRED = "2026-03-01T00:00:00Z"
LINE = {"specversion": "1.0", "id": "1", "source": "/", "type": "user.signed_up", "time": OCCURRED, "data": {"n": 1}}


def line(number: int = 1, **changes: Any) -> bytes:
    """A document with this id, without a line's end."""
    return msgspec.json.encode(LINE | {"id": str(number), "data": {"n": number}} | changes)


def loaded(path: Path, content: bytes) -> tuple[EventLog, Any]:
    """A new log that has loaded a file of this content, and what became of it."""
    path.write_bytes(content)
    log = open_log()
    return log, log.load(path)


def refused(path: Path, content: bytes, words: str) -> None:
    """Check that a file of this content is refused in these words, and that nothing of it was appended."""
    path.write_bytes(content)
    for restore in (False, True):
        log = open_log()
        with pytest.raises(BadFile, match=words) as caught:
            log.load(path, restore=restore)
        assert (log.head, caught.value.path) == (0, str(path))


@pytest.fixture
def three(tmp_path: Path) -> Path:
    """A file of three events, the last of them with signs of several bytes."""
    with open_log(clock=ManualClock()) as log:
        last = Event("email.sent", {"to": "Zoë 😀"}, id="last", occurred=as_instant(OCCURRED))
        log.append(an_event(1), an_event(2), last)
        log.save(tmp_path / "three.ndjson")
    return tmp_path / "three.ndjson"


# --- torn ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("restore", [False, True])
def test_a_torn_last_line_is_reported_and_left_out(three: Path, restore: bool) -> None:
    """Cut at any byte of the last line: two events are kept and line 3 is named; without its end alone it is whole."""
    whole = three.read_bytes()
    start = whole.rindex(b"\n", 0, -1) + 1
    for cut in range(start, len(whole) + 1):
        three.write_bytes(whole[:cut])
        log = open_log()
        loaded = log.load(three, restore=restore)
        complete, gone = cut >= len(whole) - 1, cut == start
        assert (log.head, loaded.appended) == ((3, 3) if complete else (2, 2))
        assert loaded.torn == (None if complete or gone else 3)
        assert log.verify() is None


def test_a_torn_file_is_loaded_on_when_it_is_whole(three: Path) -> None:
    """What was left out comes with the second load; the first said so in words."""
    whole = three.read_bytes()
    three.write_bytes(whole[:-20])
    log = open_log()
    assert str(log.load(three)) == "2 appended, 0 there already; line 3 breaks off and was left out"
    three.write_bytes(whole)
    assert str(log.load(three)) == "1 appended, 2 there already"


def test_a_file_of_one_torn_line(tmp_path: Path) -> None:
    """Nothing is left, and that is told; it is no error."""
    log, became = loaded(tmp_path / "x.ndjson", line()[:-1])
    assert (log.head, became.appended, became.torn) == (0, 0, 1)


def test_a_file_of_zeros_at_its_end_is_torn(tmp_path: Path) -> None:
    """As some disks leave it after a power cut."""
    log, became = loaded(tmp_path / "x.ndjson", line() + b"\n" + b"\x00" * 4_096)
    assert (log.head, became.torn) == (1, 2)


# --- damaged ------------------------------------------------------------------------------------

DAMAGES = [
    (line(2)[:-5], "line 2: This is not a CloudEvents 1.0 event: it is not JSON"),
    (b"[]", "line 2: .*it is list, not a JSON object"),
    (b"null", "line 2: "),
    (b'"x"', "line 2: "),
    (line(2, type="user"), "line 2: .*'user'"),
    (line(2, specversion="0.3"), "line 2: .*specversion is '0.3'"),
    (line(2, id=""), "line 2: .*id is missing"),
    (line(2, time="noon"), "line 2: .*its time noon is wrong"),
    (line(2, data=[1]), "line 2: .*its data is an array"),
    (line(2, data_base64="AA=="), "line 2: .*binary"),
    (line(2, edaversion=0), "line 2: .*version 0"),
    (line(2, edarecorded=OCCURRED, edasequence="-1"), "line 2: .*sequence '-1' is not a position"),
    (line(2, edarecorded=OCCURRED, edasequence="0"), "line 2: .*position 0"),
    (line(2, edarecorded=OCCURRED, edasequence="9" * 30), "line 2: .*sequence '9.*is not a position"),
    (line(2, traceParent="x"), "line 2: .*'traceParent' can't be an extension"),
    (line(2, **{"trace-parent": "x"}), "line 2: .*'trace-parent' can't be an extension"),
    (line(2, spür="x"), "line 2: .*'spür' can't be an extension"),
    (line(2, ratio=0.5), "line 2: .*extension ratio is float"),
    (line(2, tags={"a": 1}), "line 2: .*extension tags is dict"),
    (line(2, big=2**31), "line 2: .*more than 32 bits"),
    (line(2, data={"text": "x" * 300_000}), "line 2: .*262,144 characters"),
    (line(2).replace(b"user", "üser".encode("latin-1")), "line 2: "),
    (b"\xff\xff\xff", "line 2: "),
    (b"\xff\xfe" + line(2).decode().encode("utf-16-le"), "is UTF-16 at line 2"),
]


@pytest.mark.parametrize(("damage", "words"), DAMAGES)
def test_damage_in_the_middle_is_refused_with_its_line(tmp_path: Path, damage: bytes, words: str) -> None:
    """Whatever is wrong with a line that is not the last, its number and the reason are named; nothing is appended."""
    record = {"edarecorded": OCCURRED, "edasequence": "1"}
    refused(tmp_path / "x.ndjson", b"\n".join([line(1, **record), damage, line(3), b""]), words)


@pytest.mark.parametrize(("damage", "words"), DAMAGES[1:21])
def test_a_whole_line_at_the_end_that_is_no_event_is_no_torn_one(tmp_path: Path, damage: bytes, words: str) -> None:
    """Only what breaks off is left out: JSON that is no event of ours is refused, with and without a line's end."""
    record = {"edarecorded": OCCURRED, "edasequence": "1"}
    for end in (b"\n", b""):
        refused(tmp_path / "x.ndjson", line(1, **record) + b"\n" + damage + end, words)


def test_a_line_that_is_too_long_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file without lines' ends is not read into memory whole; the limit is named with the line."""
    monkeypatch.setattr(files, "LINE", 300)
    record = {"edarecorded": OCCURRED, "edasequence": "1"}
    for end in (b"\n", b""):
        content = line(1, **record) + b"\n" + line(2, data={"x": "x" * 300}) + end
        refused(tmp_path / "x.ndjson", content, "more than 300 bytes in line 2")


# --- what it isn't ------------------------------------------------------------------------------

LINES = line(1) + b"\n" + line(2) + b"\n"


@pytest.mark.parametrize("end", [b"", b"\n"])
@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("x.ndjson", b"<!DOCTYPE html><html><body>Not found</body></html>", "seems to be an HTML or XML page"),
        ("x.json", b"\n <?xml version='1.0'?>\n<a/>", "seems to be an HTML or XML page"),
        ("x.ndjson", line(1).decode().encode("utf-16-le"), "seems to be text in UTF-16"),
        ("x.ndjson", LINES.decode().encode("utf-16-be"), "seems to be text in UTF-16"),
        ("x.json", b"[" + line(1).decode().encode("utf-16-le") + b"]", "not a JSON array"),
        ("x.json", f"[{line(1).decode()}]".encode("utf-32-be"), "seems to be text in UTF-16 or UTF-32"),
        ("x.ndjson", line(1) + b"\r" + line(2), "line ends of old Macs"),
        ("x.ndjson", line(1) + b"\r\r" + line(2)[:-9], "line ends of old Macs"),
        ("x.ndjson", b"[" + line(1) + b",\r" + line(2) + b"]", "seems to be one array.*ending .json"),
        ("x.jsonl", b"[\n" + line(1), "seems to be one array"),
        ("x.json", line(1), "is not a JSON array"),
        ("x.ndjson", b"SQLite format 3\x00...", "seems to be an SQLite file.*open_log"),
        ("x.ndjson", b"\x1f\x8b\x08...", "a gzip archive.*Unpack"),
        ("x.ndjson", b'{"a":' * 1_000 + b"1" + b"}" * 1_000, "line 1: .*(nested too deeply|not a CloudEvents)"),
        ("x.ndjson", b'{"a":' * 100_000, "line 1: .*nested too deeply"),
        ("x.json", b"[" * 100_000 + b"]" * 100_000, "nested too deeply"),
        ("x.ndjson", line(1, data={"a": [[]]}).replace(b"[[]]", b"[" * 500 + b"]" * 500), "deeper than 64 levels"),
        ("x.ndjson", b"id,type\n1,user.signed_up", "line 1: .*not JSON"),
        ("x.ndjson", b"hello", "line 1: .*not JSON"),
        ("x.ndjson", line(1, data={"n": 1}).replace(b":1}", b":" + b"9" * 5_000 + b"}"), "line 1: "),
    ],
)
def test_a_file_of_another_kind_is_called_what_it_seems(
    tmp_path: Path, name: str, content: bytes, words: str, end: bytes
) -> None:
    """Nothing of it is left out in silence, with or without a line's end: the error says what the file looks like."""
    if "UTF-16" in words and end:
        end = b"\n\x00" if content[:1] == b"{" else b"\x00\n"
    refused(tmp_path / name, content + end, words)


# --- foreign ------------------------------------------------------------------------------------


def test_unknown_fields_are_kept(tmp_path: Path) -> None:
    """They become the event's extensions, and are there again in what the log saves."""
    extra = {"traceparent": "00-x", "flag": True, "count": -3, "dataschema": "https://example.org/s", "empty": ""}
    log, _ = loaded(tmp_path / "x.ndjson", line(1, **extra) + b"\n")
    assert next(log.read()).extensions == extra
    log.save(tmp_path / "y.ndjson")
    document = msgspec.json.decode((tmp_path / "y.ndjson").read_bytes())
    assert {name: document[name] for name in extra} == extra


def test_foreign_types_are_mapped(tmp_path: Path) -> None:
    """Each gets the name that the table gives; without it the error shows how."""
    foreign = line(1, type="com.example.OrderPlaced") + b"\n"
    refused(tmp_path / "x.ndjson", foreign, r"line 1: .*load\(…, names=\{'com.example.OrderPlaced': 'order.placed'\}\)")
    (tmp_path / "x.ndjson").write_bytes(foreign + line(2) + b"\n")
    log = open_log()
    names = {"com.example.OrderPlaced": "order.placed"}
    assert str(log.load(tmp_path / "x.ndjson", names=names)) == "2 appended, 0 there already"
    assert str(log.load(tmp_path / "x.ndjson", names=names)) == "0 appended, 2 there already"
    assert [event.name for event in log] == ["order.placed", "user.signed_up"]
    with pytest.raises(BadSetting, match="restore"):
        open_log().load(tmp_path / "x.ndjson", names=names, restore=True)


def test_files_of_earlier_versions_are_restored(three: Path) -> None:
    """With the names that a record's attributes had, which others use for things of theirs."""
    whole = three.read_bytes()
    for new, old in {b"edasequence": b"sequence", b"edarecorded": b"recordedtime", b"edahash": b"hash"}.items():
        whole = whole.replace(new, old)
    earlier = three.with_name("earlier.ndjson")
    earlier.write_bytes(whole)
    log, other = open_log(), open_log()
    assert log.load(three, restore=True).appended == other.load(earlier, restore=True).appended == 3
    assert list(log) == list(other)


def test_null_means_left_out(tmp_path: Path) -> None:
    """As CloudEvents has it: an attribute that is null is not there."""
    log, _ = loaded(tmp_path / "x.ndjson", line(1, subject=None, traceparent=None, data=None) + b"\n")
    event = next(log.read())
    assert (event.subject, event.extensions, event.data) == ("", {}, {})


@pytest.mark.parametrize(
    ("content", "count"),
    [
        (b"", 0),
        (b"\n", 0),
        (b"\n \r\n\t\n", 0),
        (b"  ", 0),
        (b"\xef\xbb\xbf", 0),
        (b"\xef\xbb\xbf" + line(1) + b"\n", 1),
        (b"\xef\xbb\xbf\n" + line(1), 1),
        (line(1) + b"\r\n" + line(2) + b"\r\n", 2),
        (line(1) + b"\r\n" + line(2), 2),
        (b"\n\n" + line(1) + b"\n\n\n  " + line(2) + b"  \n\n", 2),
        (line(1) + b"\n   ", 1),
    ],
)
def test_blanks_marks_and_line_ends_don_t_matter(tmp_path: Path, content: bytes, count: int) -> None:
    """Blank lines, a byte order mark, the line ends of Windows, no line end at all: the events come, nothing is torn."""
    log, became = loaded(tmp_path / "x.ndjson", content)
    assert (log.head, became.appended, became.repeated, became.torn) == (count, count, 0, None)


def test_blank_lines_are_counted(tmp_path: Path) -> None:
    """The number of a damaged line is the one that an editor shows."""
    (tmp_path / "x.ndjson").write_bytes(b"\n\r\n" + line(1) + b"\n\nx\n")
    with pytest.raises(BadFile, match="line 5"):
        open_log().load(tmp_path / "x.ndjson")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("name", ["x.ndjson", "x.json"])
def test_another_encoding_is_refused(tmp_path: Path, encoding: str, name: str) -> None:
    """Whether it says so by a mark or not, nothing of it is taken for an event."""
    text = f"[{line(1).decode()}]\n" if name == "x.json" else f"{line(1).decode()}\n{line(2).decode()}\n"
    refused(tmp_path / name, text.encode(encoding), "UTF-16|not JSON|not a JSON array")


def test_an_event_that_comes_twice_is_appended_once(tmp_path: Path) -> None:
    """The same id with the same content is told as repeated, near or far in the file."""
    content = b"\n".join([line(1), line(2), line(1), *(line(n) for n in range(3, 2_500)), line(2)])
    log, became = loaded(tmp_path / "x.ndjson", content)
    assert (became.appended, became.repeated, log.head) == (2_499, 2, 2_499)


@pytest.mark.parametrize("place", [3, 1_000, 1_001, 1_700])
def test_an_id_with_other_content_ends_the_load(tmp_path: Path, place: int) -> None:
    """The line is named, and what comes before it is in the log, however the file is cut into batches."""
    lines = [line(number) for number in range(1, 2_001)]
    lines[place - 1] = line(1, data={"other": True})
    (tmp_path / "x.ndjson").write_bytes(b"\n".join(lines))
    log = open_log()
    with pytest.raises(BadFile, match=f"line {place}: .*id '1' at position 1") as caught:
        log.load(tmp_path / "x.ndjson")
    assert isinstance(caught.value.__cause__, DuplicateEvent)
    assert "before it are in the log" in caught.value.remedy
    assert [event.data["n"] for event in log] == list(range(1, place))
    lines[place - 1] = line(place)
    (tmp_path / "x.ndjson").write_bytes(b"\n".join(lines))
    assert log.load(tmp_path / "x.ndjson").appended == 2_001 - place


@pytest.mark.parametrize("twin", ["same", "other id", "other hash", "earlier"])
def test_a_restore_takes_no_forged_record(three: Path, twin: str) -> None:
    """A line twice is harmless; a record that fits the chain but takes an id or a time back is refused."""
    first, second, _ = [msgspec.json.decode(text) for text in three.read_bytes().splitlines()]
    log, source = open_log(), open_log(clock=ManualClock(OCCURRED))
    if twin == "same":
        three.write_bytes(b"\n".join(map(msgspec.json.encode, (first, second, first, second))))
        became = log.load(three, restore=True)
        assert (became.appended, became.repeated) == (2, 2)
        return
    forged = forge(source, first, twin)
    three.write_bytes(b"\n".join(map(msgspec.json.encode, (first, forged))))
    with pytest.raises(BadFile, match=r"line 2: The record at position 2"):
        log.load(three, restore=True)
    assert log.head == 1
    assert log.verify() is None


def forge(source: EventLog, first: dict[str, Any], twin: str) -> dict[str, Any]:
    """A second record, wrong in one way, chained to the first as if it were right."""
    from eda_workshop.log.records import seal

    id = first["id"] if twin == "other id" else "forged"
    recorded = as_instant("2020-01-01T00:00:00Z" if twin == "earlier" else first["edarecorded"])
    record, _ = seal(Event("a.b", id=id, occurred=as_instant(OCCURRED)), 2, recorded, first["edahash"])
    return record.to_cloudevent() | ({"edahash": "0" * 64} if twin == "other hash" else {})


def test_what_was_never_recorded_can_t_be_restored(tmp_path: Path) -> None:
    """Events of another producer have no position; they can be loaded, not restored."""
    (tmp_path / "x.ndjson").write_bytes(line(1) + b"\n")
    log = open_log()
    with pytest.raises(BadFile, match="line 1: .*nothing to restore"):
        log.load(tmp_path / "x.ndjson", restore=True)
    assert log.load(tmp_path / "x.ndjson").appended == 1


# --- arrays -------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"", b"{}", b"[", b"[{}", b"[1,]", b'"[]"', line(1), line(1) + b"\n" + line(2)])
def test_an_array_that_is_none_is_refused(tmp_path: Path, content: bytes) -> None:
    """A file for one array that holds anything else, or breaks off: an array has no last line to leave out."""
    refused(tmp_path / "x.json", content, "is not a JSON array")


def test_damage_in_an_array_is_refused_with_its_number(tmp_path: Path) -> None:
    """Events are counted from 1, wherever the line ends are."""
    record = line(1, edarecorded=OCCURRED, edasequence="1")
    refused(tmp_path / "x.json", b"[" + record + b",\n7]", "is damaged at event 2: .*int, not a JSON object")


def test_an_array_with_a_mark_and_spaces(tmp_path: Path) -> None:
    """Any JSON array of events will do."""
    log, became = loaded(tmp_path / "x.json", b"\xef\xbb\xbf [\r\n " + line(1) + b" , " + line(2) + b"]  \n")
    assert (log.head, became.appended) == (2, 2)


def test_an_array_that_is_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An array is read whole, so there is a limit; the error says which kind of file has none."""
    monkeypatch.setattr(files, "ARRAY", 100)
    (tmp_path / "x.json").write_bytes(b"[" + line(1) + b"]")
    with pytest.raises(BadFile, match="more than 100 bytes") as caught:
        open_log().load(tmp_path / "x.json")
    assert ".ndjson" in caught.value.remedy


# --- files --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["events.csv", "events", "events.ndjson.gz", ".ndjson"])
def test_another_ending_is_refused(three: Path, name: str) -> None:
    """Both ways, before a file is made or read."""
    log = open_log()
    for ask in (log.save, log.load):
        with pytest.raises(BadFile, match="no known ending"):
            ask(three.with_name(name))
    assert not three.with_name(name).exists()


@pytest.mark.parametrize("name", ["missing.ndjson", "missing.json", "no/where.ndjson", "folder.ndjson", "folder.json"])
def test_what_can_t_be_read_is_one_error(tmp_path: Path, name: str) -> None:
    """A file that isn't there, a folder that isn't there, a folder in the place of a file."""
    (tmp_path / "folder.ndjson").mkdir()
    (tmp_path / "folder.json").mkdir()
    with pytest.raises(BadFile, match=r"can't be read \("):
        open_log().load(tmp_path / name)


@pytest.mark.parametrize("name", ["no/where.ndjson", "file.ndjson/x.ndjson", "x" * 300 + ".ndjson"])
def test_what_can_t_be_written_is_one_error(tmp_path: Path, name: str) -> None:
    """A folder that isn't there, a file in the place of a folder, a name that is too long; nothing is left behind."""
    (tmp_path / "file.ndjson").touch()
    log = open_log()
    with pytest.raises(BadFile, match=r"can't be written \("):
        log.save(tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == ["file.ndjson"]


def test_save_overwrites_nothing(three: Path) -> None:
    """A file that is there already keeps every byte."""
    before = three.read_bytes()
    with pytest.raises(BadFile, match="is there already"):
        open_log().save(three)
    assert three.read_bytes() == before


def test_a_save_that_breaks_off_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither half a file under the name, nor a scrap beside it."""
    log = open_log()
    log.append(*(an_event(number) for number in range(5)))
    made = iter([{}, {}])

    def break_off(self: Event) -> dict[str, Any]:
        if (document := next(made, None)) is None:
            raise KeyboardInterrupt
        return document

    monkeypatch.setattr(Event, "to_cloudevent", break_off)
    with pytest.raises(KeyboardInterrupt):
        log.save(tmp_path / "x.ndjson")
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_plain_cloudevents(three: Path) -> None:
    """One document a line in UTF-8, letters as they are, each line ended."""
    text = three.read_bytes().decode()
    assert "Zoë 😀" in text
    assert text.endswith("}\n")
    documents = [msgspec.json.decode(part) for part in text.splitlines()]
    assert [(document["specversion"], document["edasequence"]) for document in documents] == [
        ("1.0", f"{number:012}") for number in (1, 2, 3)
    ]


def test_an_array_is_the_same_documents(three: Path, tmp_path: Path) -> None:
    """The batch of the specification holds what the lines hold."""
    log = open_log()
    log.load(three, restore=True)
    log.save(tmp_path / "x.json")
    assert msgspec.json.decode((tmp_path / "x.json").read_bytes()) == [
        msgspec.json.decode(text) for text in three.read_bytes().splitlines()
    ]
    assert numbers(log.read(upto=2)) == [1, 2]


STREAM = """
import resource, sys
from eda_workshop import open_log
from eda_workshop.log import files
with open_log(sys.argv[1] + ".db", durable=False) as log:
    log.load(sys.argv[2])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(log.load(sys.argv[1]).appended, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_a_large_file_is_streamed(tmp_path: Path) -> None:
    """However many events a file of lines has, loading it takes a few megabytes: a fraction of the file."""
    pytest.importorskip("resource")
    count = 12_000 if THOROUGH else 3_000
    with (tmp_path / "large.ndjson").open("wb") as file:
        file.writelines(line(number, data={"text": "x" * 10_000}) + b"\n" for number in range(count))
    (tmp_path / "small.ndjson").write_bytes(line(-1) + b"\n")
    command = [sys.executable, "-c", STREAM, tmp_path / "large.ndjson", tmp_path / "small.ndjson"]
    appended, grown = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert int(appended) == count
    assert int(grown) * 1_024 < (tmp_path / "large.ndjson").stat().st_size / 2, grown
