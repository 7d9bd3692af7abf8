"""KeyedState: the mapping that a keyed model's timeline gives, and what its positions share."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import pytest
from accounts import Account, Accounts, a_log, a_story, added

from eda_workshop import Event, KeyedModel, KeyedState, Timeline, applies, fold
from eda_workshop.drive import Folders


class Objects(KeyedModel):
    """A value that only its own event makes anew."""

    initial = ()

    @applies("a.b")
    def one(state, event):
        return (event.id, *state)


def three(every: int) -> KeyedState:
    log = a_log(added(1, "zoe"), added(2, "ada"), added(3, "zoe"), added(4, "mia"))
    state = Timeline(log, Accounts, every=every).at(4)
    assert isinstance(state, KeyedState)
    return state


@pytest.mark.parametrize("every", [1, 2, 3, 4, 1000])
def test_states_are_a_mapping(every: int) -> None:
    """They answer as a dict does, wherever the snapshots lie."""
    state = three(every)
    assert isinstance(state, Mapping)
    assert state == {"zoe": Account(4), "ada": Account(2), "mia": Account(4)}
    assert state == three(1)
    assert state != {"zoe": Account(4)}
    assert state != {"zoe": Account(4), "ada": Account(2), "mia": Account(5)}
    assert state != [("zoe", Account(4))]
    assert len(state) == 3
    assert list(state) == list(state.keys()) == ["zoe", "ada", "mia"]
    assert dict(state.items())["ada"] == state["ada"] == state.get("ada") == Account(2)
    assert "ada" in state
    assert "bob" not in state
    assert (state.get("bob"), state.get("bob", 7)) == (None, 7)
    assert repr(state) == repr(dict(state))
    assert bool(state)


@pytest.mark.parametrize("every", [1, 1000])
def test_an_unknown_key_is_a_key_error(every: int) -> None:
    """With the key, as for a dict."""
    with pytest.raises(KeyError) as info:
        three(every)["bob"]
    assert info.value.args == ("bob",)


def test_nothing_yet() -> None:
    """Position 0 of a keyed model has no key."""
    state = Timeline(a_log(added(1)), Accounts).at(0)
    assert (dict(state), len(state), list(state), bool(state)) == ({}, 0, [], False)


@pytest.mark.parametrize("change", ["__setitem__", "__delitem__", "update", "pop", "clear", "setdefault"])
def test_states_can_t_be_changed(change: str) -> None:
    """There is nothing to do it with."""
    assert not hasattr(three(1), change)
    with pytest.raises(TypeError):
        hash(three(1))


@pytest.mark.parametrize("every", [1, 3, 10, 1000])
def test_states_never_change(every: int) -> None:
    """What was given out stays, whatever the timeline does afterwards."""
    log = a_story(40)
    timeline = Timeline(log, Folders, every=every)
    given: list[tuple[Any, dict[str, Any]]] = []

    def keep(state: Any) -> None:
        given.append((state, dict(state)))

    for position in range(0, 41, 4):
        keep(timeline.at(position))
    for count in (3, 1, 1, 20, -7, 1, 30):
        keep(timeline.step(count))
    for _ in range(20):
        keep(timeline.undo())
    for _, state in timeline.play():
        keep(state)
    log.append(Event("folder.created", {"user": "eve", "path": "/x"}, subject="folder/new"))
    keep(timeline.at())
    assert all(dict(state) == copy and list(state) == list(copy) for state, copy in given)


@pytest.mark.parametrize("every", [1, 2, 5, 30, 1000])
def test_keys_come_in_the_order_of_their_first_event(every: int) -> None:
    """At every position as in the plain fold."""
    log = a_story(60, seed=3)
    timeline = Timeline(log, Folders, every=every)
    for position in (60, 0, *range(61)):
        assert list(timeline.at(position)) == list(fold(log, Folders, upto=position))


def test_the_order_of_keys_is_the_same_in_every_process() -> None:
    """Texts hash to something else in each."""
    source = (
        "from eda_workshop import Timeline, open_log\n"
        "from eda_workshop.drive import Folders, stream\n"
        "log = open_log()\n"
        "log.append(*stream(80))\n"
        "print(list(Timeline(log, Folders, every=20).at(80)))\n"
    )
    said = set()
    for seed in ("1", "2"):
        environment = {"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)}
        command = [sys.executable, "-c", source]
        said.add(subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout)
    assert len(said) == 1


def test_positions_share_what_did_not_change() -> None:
    """A value is one object from the event that made it to the next that touches its key."""
    log = a_log(*(Event("a.b", subject="hot" if n % 10 else "cold", id=str(n)) for n in range(1, 41)))
    timeline = Timeline(log, Objects, every=5)
    states = [timeline.at(position) for position in range(41)]
    again = [timeline.at(position) for position in range(41)]
    assert states[20]["cold"] is states[29]["cold"] is again[25]["cold"] is again[20]["cold"]
    assert states[20]["cold"] is not states[19]["cold"]
    assert states[35]["hot"] is again[35]["hot"]


def test_a_snapshot_for_every_event_holds_each_value_once() -> None:
    """2,000 events made 2,000 values, however many keys each of 2,000 snapshots has."""
    log = a_log()
    log.append(*(Event("a.b", subject=f"s{n % 500}", id=str(n)) for n in range(2_000)))
    timeline = Timeline(log, Objects, every=1)
    timeline.at()
    objects = {id(value) for position in range(500, 2_001, 100) for value in timeline.at(position).values()}
    assert len(timeline.snapshots) == 2_000
    assert len(objects) <= 2_000
