"""The fold: each event through its reducer, and what a bad reducer can't break."""

from __future__ import annotations

import asyncio
import math
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from accounts import Account, Accounts, Balance, a_log, a_story, added

from eda_workshop import (
    BadModel,
    Event,
    FrozenData,
    KeyedModel,
    MemoryImage,
    Model,
    Projection,
    ReducerFailed,
    Timeline,
    applies,
    fold,
    open_log,
)
from eda_workshop.drive import Count, Folders, stream

START = {"total": 0, "deep": {"list": [1, 2], "dict": {"a": 1}}, "list": [3]}


@dataclass
class Loose:
    """A state that can be changed."""

    total: int = 0


def bad_at_3(work: Any) -> type[Model]:
    """Counts events in a dict; from the third on it does the work instead."""

    class Bad(Model):
        initial = START

        @applies("money.added")
        def added(state, event):
            if event.data["amount"] >= 3:
                return work(state, event)
            return {**state, "total": state["total"] + 1}

    return Bad


def grow(state: Any, event: Any) -> Any:
    state["total"] += 1
    return state


def grow_deep(state: Any, event: Any) -> Any:
    state["deep"]["dict"]["b"] = 2
    return state


def append(state: Any, event: Any) -> Any:
    state["list"].append(4)
    return state


def append_deep(state: Any, event: Any) -> Any:
    state["deep"]["list"] += [4]
    return state


def sort_deep(state: Any, event: Any) -> Any:
    state["deep"]["list"].sort()
    return state


def write_event(state: Any, event: Any) -> Any:
    event.data["amount"] = 0
    return state


def rename_event(state: Any, event: Any) -> Any:
    event.name = "x.y"
    return state


def fail(state: Any, event: Any) -> Any:
    raise ValueError("no\nmore  paper.")


BAD = {
    "raises": (fail, "raises ValueError: no more paper."),
    "misses a key": (lambda s, e: s["absent"], "raises KeyError: 'absent'."),
    "adds a bar": (lambda s, e: s | 3, "raises TypeError: unsupported operand type(s) for |"),
    "says nothing": (lambda s, e: {}[""] if e is None else (_ for _ in ()).throw(ValueError), "raises ValueError."),
    "takes too few": (lambda s: s, "raises TypeError: "),
    "changes its state": (grow, "changes the state or the event"),
    "changes it deep in a dict": (grow_deep, "changes the state or the event"),
    "changes a list": (append, "changes the state or the event"),
    "changes a list in a dict": (append_deep, "changes the state or the event"),
    "sorts a list": (sort_deep, "changes the state or the event"),
    "changes the data": (write_event, "changes the state or the event"),
    "changes the event": (rename_event, "changes the state or the event"),
    "gives nothing": (lambda s, e: None, "gives back nothing. Return the new state"),
    "gives what can be changed": (lambda s, e: Loose(), "gives back a Loose, which can be changed"),
    "hides it in a dict": (lambda s, e: {"x": [deque()]}, "gives back a deque, which can be changed"),
    "gives an object": (lambda s, e: object(), "gives back a object, which can be changed"),
}
GOOD = {**START, "total": 2}


@pytest.mark.parametrize(("work", "words"), BAD.values(), ids=BAD)
def test_a_bad_reducer_is_one_error_and_harms_nothing(work: Any, words: str) -> None:
    """It names event and position; the log is whole, and the values are as after the event before, again and again."""
    log = a_log(*(added(n) for n in range(1, 6)))
    before, model = list(log), bad_at_3(work)
    timeline = Timeline(log, model, every=2)
    timeline.seek(1)
    for _ in range(2):
        for use in (
            lambda: timeline.at(5),
            lambda: timeline.step(3),
            lambda: timeline.seek(4),
            lambda: fold(log, model),
        ):
            with pytest.raises(ReducerFailed) as info:
                use()
            error = info.value
            assert (error.model, error.name, error.position) == ("Bad", "money.added", 3)
            assert words in str(error)
            assert "\n" not in str(error)
            assert (timeline.position, timeline.state["total"]) == (1, 1)
        assert timeline.at(2) == fold(log, model, upto=2) == GOOD
    assert timeline.step() == GOOD
    assert timeline.snapshots == (2,)
    assert (list(log), log.verify()) == (before, None)


@pytest.mark.parametrize(("work", "words"), BAD.values(), ids=BAD)
def test_a_bad_reducer_stops_projection_and_image_at_the_event_before(work: Any, words: str) -> None:
    """However many events came at once, and however often it is tried."""
    log = a_log(added(1))
    projection, image = Projection(log, bad_at_3(work)), MemoryImage(log, bad_at_3(work))
    log.append(*(added(n) for n in range(2, 6)))
    for _ in range(2):
        for use in (projection.advance, image.catch_up):
            with pytest.raises(ReducerFailed) as info:
                use()
            assert (info.value.position, words in str(info.value)) == (3, True)
        assert (projection.position, projection.state) == (image.position, image.state) == (2, GOOD)


def test_a_reducer_that_was_mended_goes_on() -> None:
    """What failed for a reason outside works when the reason is gone: nothing was counted twice meanwhile."""
    broken = [True]

    class Fragile(Balance):
        @applies("money.added")
        def added(balance, event):
            if broken[0] and event.position == 8:
                raise OSError("no disk")
            return balance + event.data["amount"]

    log = a_log(*(added(10**n) for n in range(10)))
    timeline, image, projection = Timeline(log, Fragile, every=5), None, Projection(log, Fragile)
    for use in (timeline.at, projection.advance, lambda: timeline.step(9), lambda: MemoryImage(log, Fragile)):
        with pytest.raises(ReducerFailed, match="no disk"):
            use()
    broken[0] = False
    image = MemoryImage(log, Fragile)
    projection.advance()
    assert [timeline.at(), timeline.step(9), projection.state, image.state] == [
        1111111111,
        111111111,
        1111111111,
        1111111111,
    ]


def test_a_state_that_was_given_out_can_t_be_changed() -> None:
    """Nor can what is deep in it."""
    log = a_story(20)
    state = fold(log, Count)
    with pytest.raises(FrozenData):
        state["users"] = 7
    with pytest.raises(TypeError):
        Timeline(log, Folders).at()["folder/f1"] = 1


@pytest.mark.parametrize("value", [float("inf"), 10**30, -0.0, "ü\0", b"\0", True, (1, (2,)), frozenset({1})])
def test_any_frozen_value_is_a_state(value: Any) -> None:
    """A reducer may change the type as well."""

    class Various(Model):
        initial = 0

        @applies("a.b")
        def one(state, event):
            return value

    assert fold(a_log(Event("a.b")), Various) == value
    assert not math.isnan(hash(value))


# --- keyed models ------------------------------------------------------------------------------------


def test_each_subject_has_a_value_of_its_own() -> None:
    """An event without a subject belongs to "", and what was never touched has none."""
    log = a_log(added(1, "ada"), added(2, "bob"), added(4), added(8, "ada"))
    assert fold(log, Accounts) == {"ada": Account(9), "bob": Account(2), "": Account(4)}
    assert fold(log, Accounts, upto=1) == {"ada": Account(1)}
    assert fold(log, Accounts, upto=0) == {}


class Cargo(KeyedModel):
    """Where each ship and each crate is; what is aboard a ship goes with it."""

    initial = ""

    @applies("ship.arrived", keys=lambda event: [event.subject, *event.data["aboard"]])
    def arrived(_, event):
        if _ == event.data.get("refuse"):
            raise ValueError("refused")
        return event.data["port"]


def arrival(port: str, *aboard: str, **more: Any) -> Event:
    return Event("ship.arrived", {"port": port, "aboard": list(aboard), **more}, subject="ship")


def test_an_event_can_touch_several_keys() -> None:
    """An arrival moves the ship and all crates aboard; the others stay."""
    log = a_log(arrival("Oslo", "c1", "c2"), arrival("Bergen", "c2", "c3"))
    assert fold(log, Cargo) == {"ship": "Bergen", "c1": "Oslo", "c2": "Bergen", "c3": "Bergen"}
    timeline = Timeline(log, Cargo, every=1)
    assert timeline.at(1) == {"ship": "Oslo", "c1": "Oslo", "c2": "Oslo"}
    assert timeline.at(2) == fold(log, Cargo)


def test_each_key_is_touched_once() -> None:
    """Naming it twice changes nothing."""
    log = a_log(added(10, "ada"), Event("money.charged", {"whom": ["ada", "bob", "ada"], "amount": 3}))
    assert fold(log, Accounts) == {"ada": Account(7), "bob": Account(-3)}


def test_no_key_is_touched_when_one_fails() -> None:
    """All or none, whichever it is."""
    log = a_log(arrival("Oslo", "c1", "c2"), arrival("Bergen", "c1", "c3", refuse=""))
    timeline = Timeline(log, Cargo)
    with pytest.raises(ReducerFailed, match="refused"):
        timeline.seek(2)
    assert timeline.seek(1) == {"ship": "Oslo", "c1": "Oslo", "c2": "Oslo"}
    image = MemoryImage(a_log(), Cargo)
    image.record(arrival("Oslo", "c1", "c2"))
    with pytest.raises(ReducerFailed, match="refused"):
        image.record(arrival("Bergen", "c1", "c3", refuse=""))
    assert image.state == timeline.state


def test_an_event_may_touch_no_key() -> None:
    """It is passed."""
    log = a_log(Event("money.charged", {"whom": [], "amount": 3}))
    assert fold(log, Accounts) == {}


def test_keys_that_fail_are_the_reducer_s_fault() -> None:
    """The error names the event as for a reducer."""
    log = a_log(Event("money.charged", {"amount": 3}))
    with pytest.raises(ReducerFailed, match="raises KeyError: 'whom'"):
        fold(log, Accounts)


def test_one_subject_can_be_folded_alone() -> None:
    """Only its events are read, and it has what it has in the whole; an unknown one has the beginning."""
    log, seen = a_story(200), []

    class Watched(Folders):
        @applies("folder.moved")
        def moved(folder, event):
            seen.append(event.subject)
            return Folders.moved(folder, event)

    whole = fold(log, Folders)
    for subject in whole:
        assert fold(log, Watched, subject=subject) == whole[subject]
        assert fold(log, Watched, upto=50, subject=subject) == fold(log, Folders, upto=50).get(subject, Folders.initial)
    seen.clear()
    fold(log, Watched, subject="folder/f1")
    assert set(seen) == {"folder/f1"}
    assert fold(log, Folders, subject="folder/none") == Folders.initial


def test_a_subject_alone_is_refused_where_it_would_be_wrong() -> None:
    """Where other events touch it too, and where there is one state for all."""
    with pytest.raises(BadModel, match="lets money.charged touch several keys"):
        fold(a_log(), Accounts, subject="ada")
    with pytest.raises(BadModel, match="one state for all subjects"):
        fold(a_log(), Balance, subject="ada")


def test_a_fold_is_the_same_whatever_the_log_s_engine(tmp_path: Path) -> None:
    """In memory and in a file, now and after it was opened again."""
    here = a_story(300)
    with open_log(tmp_path / "drive.db") as log:
        log.append(*stream(300))
        assert (fold(log, Folders), fold(log, Count)) == (fold(here, Folders), fold(here, Count))
    with open_log(tmp_path / "drive.db") as log:
        assert fold(log, Folders) == fold(here, Folders)
        assert list(fold(log, Folders)) == list(fold(here, Folders))


def test_an_interruption_in_a_reducer_goes_through() -> None:
    """Ctrl-C and a cancelled task are no fault of the reducer, and nothing is applied twice afterwards."""
    interruptions: list[BaseException] = [KeyboardInterrupt(), SystemExit(), asyncio.CancelledError()]

    class Slow(Balance):
        @applies("money.added")
        def added(balance, event):
            if event.position == 5 and interruptions:
                raise interruptions.pop()
            return balance + event.data["amount"]

    log = a_log(*(added(10**n) for n in range(7)))
    timeline, projection, image = Timeline(log, Slow, every=6), Projection(log, Slow), MemoryImage(a_log(), Slow)
    image.record(added(1))
    with pytest.raises(asyncio.CancelledError):
        timeline.at()
    with pytest.raises(SystemExit):
        projection.advance()
    with pytest.raises(KeyboardInterrupt):
        image.record(*(added(10**n) for n in range(1, 7)))
    projection.advance()
    assert timeline.at() == projection.state == image.catch_up() == 1111111
    assert (image.position, projection.position) == (7, 7)
