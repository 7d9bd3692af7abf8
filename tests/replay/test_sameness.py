"""One equality: whoever compares values or states, 1, 1.0 and True differ, and all that a state holds counts."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from accounts import a_log

from eda_workshop import (
    BadTarget,
    Event,
    Gateways,
    History,
    KeyedModel,
    MemoryImage,
    Message,
    Model,
    TemporalProperty,
    applies,
    diff,
    fold,
    open_log,
    outbound_diff,
)
from eda_workshop.clock import ManualClock
from eda_workshop.values import freeze

JAN, FEB, MARCH = "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z"
KINDS = (True, 1, 1.0)


@dataclass(frozen=True)
class Reading:
    """A number, and one that the class itself doesn't compare."""

    amount: int = 0
    noted: int = field(default=0, compare=False)


class Last(KeyedModel):
    """The last value of each subject, just as it came."""

    initial = None

    @applies("value.set")
    def was_set(last, event):
        return event.data["value"]


class Notes(KeyedModel):
    """The same, in a field that the class doesn't compare."""

    initial = Reading()

    @applies("value.set")
    def was_set(reading, event):
        return replace(reading, noted=event.data["value"])


def setting(value: Any, id: str, moment: str = JAN, subject: str = "x") -> Event:
    """A value."""
    return Event("value.set", {"value": value}, id=id, occurred=moment, subject=subject)  # type: ignore[arg-type]


@pytest.mark.parametrize("old", KINDS)
@pytest.mark.parametrize("new", KINDS)
def test_a_correction_from_one_kind_to_another(old: Any, new: Any) -> None:
    """It changes something exactly if the JSON is another."""
    log = a_log(setting(old, "1"))
    history, other = History(log, Last), History(log, Last)
    assert (repr(other.state()), repr(history.state())) == (repr({"x": old}),) * 2
    if type(old) is type(new):
        with pytest.raises(BadTarget, match="counts exactly so already"):
            history.correct("1", data={"value": new})
        return
    history.correct("1", data={"value": new}).commit()
    for reader in (history, other):
        assert repr(reader.state()) == repr({"x": new})
    assert repr(fold(log, Last, corrected=True)) == repr({"x": new})


@pytest.mark.parametrize("every", [1, 2, 100])
@pytest.mark.parametrize("strategy", ["rebuild", "selective"])
def test_a_refold_does_not_stop_early(every: int, strategy: str) -> None:
    """Neither where True meets 1, nor where only an uncompared field differs."""
    for model, old, new in ((Last, True, 1), (Notes, 3, 4)):
        log = a_log(*(setting(old, f"{n}", f"2026-01-{n:02}T00:00:00Z", "xyz"[n % 3]) for n in range(1, 10)))
        history = History(log, model, every=every)
        history.state()
        outcome = history.correct("9", data={"value": new}).commit(strategy)
        assert repr(history.state()) == repr(fold(log, model, corrected=True))
        assert repr(outcome.corrected["x"]) == repr(fold(log, model, corrected=True)["x"])


def test_the_history_of_a_value() -> None:
    """A change from True to 1 to 1.0 is a change; from 1 to 1 it is none."""
    changing = TemporalProperty().put(JAN, True).put(FEB, 1).put(MARCH, 1.0)
    assert [repr(period.value) for period in changing.history()] == ["True", "1", "1.0"]
    assert len(TemporalProperty().put(JAN, 1).put(FEB, 1).history()) == 1
    noted = TemporalProperty().put(JAN, Reading(1, 1)).put(FEB, Reading(1, 2))
    assert [period.value.noted for period in noted.history()] == [1, 2]


@pytest.mark.parametrize("left", KINDS)
@pytest.mark.parametrize("right", KINDS)
def test_the_difference_of_states(left: Any, right: Any) -> None:
    """At any depth."""
    expected = int(type(left) is not type(right))
    assert len(diff({"a": [left]}, {"a": [right]})) == len(diff(left, right)) == expected
    assert len(diff(Reading(1, left), Reading(1, right))) == expected


def test_not_a_number_is_the_same_as_itself() -> None:
    """And differs from everything else; a tolerance is for numbers."""
    nan = float("nan")
    assert diff({"a": nan}, {"a": float("nan")}) == []
    assert len(diff(nan, 0.0, tolerance=5)) == len(diff(nan, None)) == 1
    assert diff(1, 1.25, tolerance=0.5) == diff(1, 1.0, tolerance=0.5) == []
    assert len(diff(True, 1.0, tolerance=0.5)) == 1


def test_messages() -> None:
    """A message with 1 is not the one with True; the order of keys doesn't matter."""
    one, true = (Message("mail", freeze({"n": value, "to": "ada"}), "1") for value in (1, True))
    other = Message("mail", freeze({"to": "ada", "n": 1}), "1")
    assert outbound_diff([one], [true]) == {"same": [], "missing": [true], "wrong": [one]}
    assert outbound_diff([one], [other])["same"] == [one]
    log, sorry = a_log(Event("a.b", id="1")), list[Any]()
    gateways = Gateways(log)
    mail = gateways.update("mail", lambda content: None, retract=sorry.append)
    gateways.handle(next(log.read()), lambda event: mail(n=1, to="ada"))
    assert gateways.retract(true)
    assert sorry == []
    assert gateways.retract(other)
    assert len(sorry) == 1


def test_a_correction_of_another_process(tmp_path: Path) -> None:
    """From True to 1: a reader that has folded already sees it."""
    clock = ManualClock(MARCH)
    with open_log(tmp_path / "a.db", clock=clock) as here, open_log(tmp_path / "a.db", clock=clock) as there:
        here.append(setting(True, "1"))
        history, image = History(here, Last), MemoryImage(here, Last, corrected=True)
        assert history.state() == image.state == {"x": True}
        History(there, Last).correct("1", data={"value": 1}).commit()
        assert repr(history.state()) == repr({"x": 1}) == repr(image.catch_up())


def test_a_model_of_the_whole_with_a_field_that_is_not_compared() -> None:
    """The early stop of a refold looks at what the state holds."""

    class Noted(Model):
        initial = Reading()

        @applies("value.set")
        def was_set(reading, event):
            return replace(reading, noted=event.data["value"])

    log = a_log(*(setting(n, f"{n}", f"2026-01-{n:02}T00:00:00Z") for n in range(1, 6)))
    history = History(log, Noted, every=1)
    assert history.state().noted == 5
    history.correct("5", data={"value": 50}).commit()
    assert history.state().noted == fold(log, Noted, corrected=True).noted == 50
