"""A past that can't be folded: it is put right by rejecting, correcting or withdrawing what makes it so."""

from __future__ import annotations

from typing import Any

import pytest
from accounts import added, new_log

from eda_workshop import (
    Event,
    History,
    KeyedModel,
    ManualClock,
    Model,
    NoState,
    ReducerFailed,
    UnknownEvent,
    applies,
)

pytestmark = pytest.mark.usefixtures("engine")


class Total(Model):
    """It needs an amount."""

    initial = 0
    strict = True

    @applies("money.added")
    def added(total, event):
        return total + event.data["amount"]


class Totals(KeyedModel):
    """The same for each subject."""

    initial = 0
    strict = True

    @applies("money.added")
    def added(total, event):
        return total + event.data["amount"]

    @applies("money.shared", keys=lambda event: event.data["with"])
    def shared(total, event):
        return total + event.data["amount"]


BAD = {
    "no amount": Event("money.added", {}, subject="ada", id="bad"),
    "an unknown name": Event("money.burnt", {"amount": 1}, subject="ada", id="bad"),
}
KEYLESS = Event("money.shared", {"amount": 1}, subject="ada", id="bad")


def broken_by(model: type[Model], *bad: Event) -> History:
    """A history that can't be folded."""
    log = new_log(ManualClock("2026-03-02T09:00:00Z"))
    log.append(added(1, "ada", id="one"), *bad, added(2, "ada", id="two"), added(4, "bob", id="four"))
    return History(log, model)


CASES = [(model, bad) for model in (Total, Totals) for bad in BAD.values()] + [(Totals, KEYLESS)]


@pytest.mark.parametrize(("model", "bad"), CASES)
def test_exactly_that_event_can_be_rejected(model: type[Model], bad: Event) -> None:
    """That is what rejecting is for."""
    history = broken_by(model, bad)
    with pytest.raises((ReducerFailed, UnknownEvent)):
        history.state()
    plan = history.reject("bad", reason="a typo")
    assert isinstance(plan.incorrect, NoState)
    assert not plan.incorrect
    assert "at position 2" in repr(plan.incorrect)
    right = {"ada": 3} if model.keyed else 7
    assert plan.correct == right
    outcome = plan.commit()
    assert (outcome.corrected, outcome.strategy) == (right, "rebuild")
    assert outcome.steps + outcome.spared == plan.costs[outcome.strategy]
    assert history.state() == ({"ada": 3, "bob": 4} if model.keyed else 7)


@pytest.mark.parametrize("model", [Total, Totals])
def test_it_can_be_corrected(model: type[Model]) -> None:
    """With data that the model can take; with other bad data it is refused."""
    history = broken_by(model, BAD["no amount"])
    with pytest.raises(ReducerFailed, match="at position 2"):
        history.correct("bad", data={"sum": 3})
    assert history.correct("bad", data={"amount": 10}).commit().corrected == ({"ada": 13} if model.keyed else 17)


@pytest.mark.parametrize("model", [Total, Totals])
def test_one_after_the_other(model: type[Model]) -> None:
    """Rejecting the first of two is possible although there is no state yet; other events can be put right, too."""
    history = broken_by(model, BAD["no amount"], BAD["an unknown name"].replace(id="worse"))
    first = history.reject("bad").commit()
    assert isinstance(first.corrected, NoState)
    assert isinstance(history.correct("one", data={"amount": 100}).commit().corrected, NoState)
    assert history.reject("worse").commit().corrected == ({"ada": 102} if model.keyed else 106)


@pytest.mark.parametrize("model", [Total, Totals])
def test_what_makes_the_past_unfoldable_is_refused(model: type[Model]) -> None:
    """A late event, a correction, and taking back what put it right."""
    history = broken_by(model)
    attempts: list[Any] = [
        lambda: history.late(BAD["no amount"].replace(id="x", occurred="2026-03-01T00:00:00Z")),
        lambda: history.late(BAD["an unknown name"].replace(id="x", occurred="2026-03-01T00:00:00Z")),
        lambda: history.correct("two", data={}),
    ]
    for attempt in attempts:
        with pytest.raises((ReducerFailed, UnknownEvent)):
            attempt()
    history.log.append(BAD["no amount"])
    rejection = history.reject("bad").commit().position
    with pytest.raises(ReducerFailed):
        history.withdraw(next(history.log.read(rejection - 1)).id)
    assert history.state() == ({"ada": 3, "bob": 4} if model.keyed else 7)
