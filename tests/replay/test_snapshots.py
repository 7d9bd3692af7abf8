"""Snapshots in files: what comes back, what is told of and passed, and what is refused."""

from __future__ import annotations

import enum
import os
import shutil
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from threading import get_ident
from typing import Any, NamedTuple

import msgspec
import pytest
from accounts import Account, Accounts, Balance, a_log, a_story, added
from hypothesis import given
from hypothesis import strategies as st

from eda_workshop import (
    BadFile,
    BadSetting,
    BadSnapshot,
    Event,
    EventLog,
    FrozenData,
    KeyedModel,
    MemoryImage,
    Model,
    applies,
    fold,
    open_log,
)
from eda_workshop.drive import Count, Folders
from eda_workshop.replay.snapshots import read_snapshot


@dataclass(frozen=True)
class Inner:
    """A value in a value."""

    when: date
    tags: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Nested:
    """Whatever a frozen dataclass may hold, with its types."""

    inner: Inner | None = None
    money: Decimal = Decimal(0)
    pairs: tuple[tuple[str, int], ...] = ()


class Struct(msgspec.Struct, frozen=True):
    """The same, by msgspec."""

    count: int = 0
    when: datetime | None = None


class Point(NamedTuple):
    """A tuple with names."""

    x: int = 0
    y: float = 0.0


class Color(enum.Enum):
    """One of two."""

    RED = "red"
    BLUE = "blue"


def becomes(initial: Any, value: Any, base: type[Model] = Model) -> type[Model]:
    """A model that has this value after the first event."""
    function = applies("a.b")(lambda state, event: value)
    return type("Made", (base,), {"initial": initial, "one": function})


def kept(path: Path, log: EventLog, model: type[Model]) -> MemoryImage:
    """An image that has kept its state."""
    image = MemoryImage(log, model, snapshots=path)
    image.snapshot()
    return image


def discarded(path: Path, log: EventLog, model: type[Model]) -> str:
    """Why an image did not use the file; it has the right state all the same."""
    image = MemoryImage(log, model, snapshots=path)
    assert image.state == fold(log, model)
    assert (image.recovery.snapshot, image.recovery.replayed) == (0, log.head)
    return image.recovery.discarded


ROUND = {
    "int": (0, 7),
    "large int": (0, 2**63),
    "float": (0.0, 1e300),
    "text": ("", "ü€\0"),
    "bytes": (b"", b"\0\xff"),
    "bool": (False, True),
    "date": (date(2026, 1, 1), date(2026, 3, 2)),
    "datetime": (
        datetime(2026, 1, 1, tzinfo=timezone.utc),  # noqa: UP017
        datetime(2026, 3, 2, 9, 0, 0, 250, tzinfo=timezone(timedelta(hours=2))),
    ),
    "timedelta": (timedelta(), timedelta(days=-3, microseconds=1)),
    "decimal": (Decimal(0), Decimal("110.00")),
    "tuple": ((), (1, "two", 3.5, None, True)),
    "frozen set": (frozenset(), frozenset({"a", "b"})),
    "dict": ({}, {"a": [1, {"b": 2.5}], "ü": None}),
    "list": ([], [1, [2], {"a": "b"}]),
    "dataclass": (Nested(), Nested(Inner(date(2026, 3, 2), frozenset({"x"})), Decimal("1.10"), (("a", 1),))),
    "struct": (Struct(), Struct(3, datetime(2026, 3, 2, tzinfo=timezone.utc))),  # noqa: UP017
    "named tuple": (Point(), Point(1, 2.5)),
    "enum": (Color.RED, Color.BLUE),
    "from nothing to text": (None, "ada"),
    "from nothing to a dict": (None, {"a": [1]}),
}


@pytest.mark.parametrize(("initial", "value"), ROUND.values(), ids=ROUND)
@pytest.mark.parametrize("base", [Model, KeyedModel])
def test_a_state_comes_back_the_same(tmp_path: Path, initial: Any, value: Any, base: type[Model]) -> None:
    """Equal, of the same type, and frozen as it was; nothing was replayed."""
    log, model = a_log(Event("a.b", subject="x")), becomes(initial, value, base)
    before = kept(tmp_path / "s", log, model).state
    image = MemoryImage(log, model, snapshots=tmp_path / "s")
    assert (image.recovery.snapshot, image.recovery.replayed, image.recovery.discarded) == (1, 0, "")
    assert image.state == before
    one, other = (before["x"], image.state["x"]) if base is KeyedModel else (before, image.state)
    assert (type(one), repr(one)) == (type(other), repr(other)) or isinstance(one, (frozenset, datetime))
    assert one == other


@pytest.mark.parametrize("initial", [{"a": [1]}, [[1]], ([1], {"a": 1})])
def test_what_comes_back_can_t_be_changed(tmp_path: Path, initial: Any) -> None:
    """Deep in it neither."""
    log, model = a_log(), becomes(initial, initial)
    kept(tmp_path / "s", log, model)
    state = MemoryImage(log, model, snapshots=tmp_path / "s").state
    inner = state["a"] if isinstance(state, dict) else state[0]
    with pytest.raises(FrozenData):
        inner.append(2)


LOST = {
    "a tuple in a dict": ({}, {"a": (1, 2)}),
    "a date in a dict": ({}, {"a": date(2026, 3, 2)}),
    "a set in a list": ([], [frozenset({1})]),
    "a dataclass in a tuple": ((), (Account(),)),
    "a number too large": (0, 2**64),
    "another type": (0, "many"),
    "half a number": (0, 0.5),
    "what has no form": (None, 1j),
    "a class": (None, type("Loose", (), {"__hash__": lambda self: 1})()),
    "a number as a key": ({}, {1: {2: 3}, "a": (4,)}),
}


def test_what_is_not_a_number_comes_back(tmp_path: Path) -> None:
    """NaN equals nothing, not even itself, but it is the same as NaN."""
    log, model = a_log(Event("a.b")), becomes(0.0, float("nan"))
    kept(tmp_path / "s", log, model)
    image = MemoryImage(log, model, snapshots=tmp_path / "s")
    assert (image.recovery.snapshot, repr(image.state)) == (1, "nan")


@pytest.mark.parametrize(("initial", "value"), LOST.values(), ids=LOST)
def test_a_state_that_would_not_come_back_is_refused(tmp_path: Path, initial: Any, value: Any) -> None:
    """The error says so in a sentence, the older file stays, and the image goes on."""
    log, model = a_log(), becomes(initial, value)
    image = kept(tmp_path / "s", log, model)
    older = (tmp_path / "s").read_bytes()
    image.record(Event("a.b"))
    with pytest.raises(BadSnapshot, match="A state of Made can't be kept") as info:
        image.snapshot()
    assert "\n" not in str(info.value)
    assert (tmp_path / "s").read_bytes() == older
    assert [path.name for path in tmp_path.iterdir()] == ["s"]
    assert (image.position, image.record(Event("x.y"))) == (1, (2,))
    assert MemoryImage(log, model, snapshots=tmp_path / "s").recovery.discarded == ""


@pytest.mark.parametrize("model", [Accounts, Balance])
def test_a_torn_file_is_told_of_and_passed(tmp_path: Path, model: type[Model]) -> None:
    """Wherever it ends, also before its first byte."""
    log, path = a_log(added(1, "ada"), added(2, "bob")), tmp_path / "s"
    kept(path, log, model)
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        assert discarded(path, log, model) == "it is torn or damaged", length
    path.write_bytes(whole + b"\0")
    assert discarded(path, log, model) == "it is torn or damaged"


@pytest.mark.parametrize("flip", [0x01, 0x80, 0xFF])
def test_a_damaged_file_is_told_of_and_passed(tmp_path: Path, flip: int) -> None:
    """Whichever byte it is."""
    log, path = a_log(added(1, "ada"), added(2, "bob")), tmp_path / "s"
    kept(path, log, Accounts)
    whole = path.read_bytes()
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ flip]) + whole[place + 1 :])
        assert discarded(path, log, Accounts) == "it is torn or damaged", place


@given(st.binary(max_size=300))
def test_any_file_is_passed(tmp_path_factory: Any, content: bytes) -> None:
    """Whatever somebody put there."""
    path = tmp_path_factory.getbasetemp() / "any"
    path.write_bytes(content)
    assert read_snapshot(path, a_log(), Balance).discarded == "it is torn or damaged"


def test_without_a_file_nothing_is_said(tmp_path: Path) -> None:
    """It is the first time."""
    assert discarded(tmp_path / "none", a_log(added(1)), Balance) == ""


def test_a_file_of_another_model_is_passed(tmp_path: Path) -> None:
    """It is named."""
    log = a_log(added(1))
    kept(tmp_path / "s", log, Accounts)
    assert discarded(tmp_path / "s", log, Balance) == "it is of the model Accounts"


def test_a_file_of_the_model_before_it_was_changed_is_passed(tmp_path: Path) -> None:
    """Or an old mistake would live on in it."""
    log = a_log(added(1))
    kept(tmp_path / "s", log, Balance)
    changes: list[dict[str, Any]] = [
        {"version": 2},
        {"added": applies("money.added")(lambda balance, event: balance - event.data["amount"])},
    ]
    for change in changes:
        assert discarded(tmp_path / "s", log, type("Balance", (Balance,), change)) == "the model has changed since"


def test_a_file_whose_values_no_longer_fit_is_passed(tmp_path: Path) -> None:
    """A field's type may change where the model itself does not show it."""

    def with_note(kind: Any) -> type[Model]:
        note = dataclass(frozen=True)(
            type("Note", (), {"__annotations__": {"value": kind}, "value": None, "__module__": "x"})
        )
        function = applies("a.b")(lambda state, event: type(state)(event.data["value"]))
        return type("Made", (Model,), {"initial": note(), "one": function})

    log = a_log(Event("a.b", {"value": 3}))
    kept(tmp_path / "s", log, with_note(int | None))
    model = with_note(str | None)
    image = MemoryImage(log, model, snapshots=tmp_path / "s")
    assert "its values no longer fit the model" in image.recovery.discarded
    assert "\n" not in image.recovery.discarded
    assert (image.state.value, image.recovery.replayed) == (3, 1)


def test_a_file_of_another_log_is_passed(tmp_path: Path) -> None:
    """Also when that is as long."""
    kept(tmp_path / "s", a_log(added(1)), Balance)
    reason = discarded(tmp_path / "s", a_log(added(2)), Balance)
    assert reason == "it is of another log, with another event at position 1"


def test_a_file_from_beyond_the_log_is_passed(tmp_path: Path) -> None:
    """The log was put back to an older copy."""
    with open_log(tmp_path / "drive.db") as log:
        log.append(added(1))
    shutil.copy(tmp_path / "drive.db", tmp_path / "old.db")
    with open_log(tmp_path / "drive.db") as log:
        log.append(added(2))
        kept(tmp_path / "s", log, Balance)
    with open_log(tmp_path / "old.db") as log:
        assert discarded(tmp_path / "s", log, Balance) == "it is of position 2, and this log ends at 1"
        log.append(added(3), added(4))
        assert discarded(tmp_path / "s", log, Balance).startswith("it is of another log")


def test_a_folder_that_is_missing_is_one_error(tmp_path: Path) -> None:
    """The image goes on, and can be given one later."""
    image = MemoryImage(a_log(added(1)), Balance, snapshots=tmp_path / "none" / "s")
    with pytest.raises(BadFile, match=r"can't be written \(No such file or directory\)"):
        image.snapshot()
    assert image.state == 1
    (tmp_path / "none").mkdir()
    image.snapshot()
    assert MemoryImage(image.log, Balance, snapshots=tmp_path / "none" / "s").recovery.snapshot == 1


def test_a_folder_in_the_place_of_the_file_is_one_error(tmp_path: Path) -> None:
    """It can neither be read nor written."""
    log = a_log(added(1))
    assert discarded(tmp_path, log, Balance) == "it can't be read (Is a directory)"
    with pytest.raises(BadFile, match="can't be written"):
        MemoryImage(log, Balance, snapshots=tmp_path).snapshot()


def test_a_disk_that_is_full_leaves_the_older_file(tmp_path: Path) -> None:
    """The new one is written beside it first."""
    if not Path("/dev/full").exists():
        pytest.skip("There is no /dev/full here.")
    log = a_log(added(1))
    image = kept(tmp_path / "s", log, Balance)
    older = (tmp_path / "s").read_bytes()
    (tmp_path / f"s.{os.getpid()}-{get_ident()}.part").symlink_to("/dev/full")
    image.record(added(2))
    with pytest.raises(BadFile, match=r"can't be written \(No space left on device\)"):
        image.snapshot()
    assert (tmp_path / "s").read_bytes() == older


def test_a_snapshot_needs_a_file() -> None:
    """The line that is missing is given."""
    with pytest.raises(BadSetting, match="snapshots='drive.snapshot'"):
        MemoryImage(a_log(), Balance).snapshot()


@pytest.mark.parametrize("model", [Folders, Count])
@pytest.mark.parametrize("cut", [0, 1, 7, 50, 119, 120])
def test_a_snapshot_and_the_tail_are_the_whole(tmp_path: Path, model: type[Model], cut: int) -> None:
    """Wherever it was taken."""
    log, short = a_story(120), a_log()
    short.restore(list(log.read(0, cut)))
    kept(tmp_path / "s", short, model)
    image = MemoryImage(log, model, snapshots=tmp_path / "s")
    assert (image.recovery.snapshot, image.recovery.replayed, image.recovery.discarded) == (cut, 120 - cut, "")
    assert image.state == fold(log, model)
