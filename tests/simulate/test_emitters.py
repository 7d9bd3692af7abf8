"""Registries with other rules than the bus."""

import pytest

from eda_workshop import DuplicateHandler, NotRegistered
from eda_workshop.simulate import GlobalEmitter, ListEmitter


def test_without_a_rule_a_repeated_registration_runs_twice():
    """A list of handlers keeps every registration, the same function again included."""
    calls = []
    emitter = ListEmitter()
    for _ in range(2):
        emitter.on("mailer", "user.signed_up", calls.append)
    assert emitter.emit("user.signed_up", "ada") == 2
    assert calls == ["ada", "ada"]


def test_a_global_rule_refuses_the_second_subscriber():
    """Read globally, one handler for each event loses the fan-out, and names who was first."""
    emitter = GlobalEmitter()
    emitter.on("mailer", "user.signed_up", print)
    with pytest.raises(DuplicateHandler) as caught:
        emitter.on("audit", "user.signed_up", print)
    assert caught.value.subscriber == "mailer"
    assert emitter.emit("user.signed_up", "") == 1


def test_off_takes_all_handlers_of_one_subscriber():
    """Others keep theirs; taking off what is not there is an error that lists what is."""
    emitter = ListEmitter()
    emitter.on("mailer", "user.signed_up", print)
    emitter.on("audit", "user.signed_up", print)
    emitter.off("mailer", "user.signed_up")
    assert [owner for owner, _ in emitter.handlers["user.signed_up"]] == ["audit"]
    with pytest.raises(NotRegistered):
        emitter.off("mailer", "user.signed_up")
