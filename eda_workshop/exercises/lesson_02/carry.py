"""Keep a copy of what events carry, and ask nobody."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from eda_workshop.event import Event
from eda_workshop.exercises.attempt import require_function
from eda_workshop.exercises.exercise import Exercise, Wrong

_ASKED = "The source is still asked. With carried state, all that is needed is in the event, and in the copy."


class _Source:
    """Who owns the addresses: can be asked, and counts how often; from some moment on it is down."""

    def __init__(self, **ada: str) -> None:
        self.facts = {"ada": ada}
        self.asked = 0
        self.is_down = False

    def ask(self, user: str) -> dict[str, str]:
        self.asked += 1
        if self.is_down:
            raise ConnectionError("the source is down")
        return dict(self.facts.get(user, {}))


def check(answer: Any) -> None:
    function = require_function(answer, "copy", "event", "ask")
    _check_fast_updates(function)
    _check_outage(function)
    _check_gap(function)
    _check_new(function)


def _event(**data: str) -> Event:
    return Event("user.address_changed", data, subject=f"user/{data['user']}", id="evt-0001")


def _call(
    function: Callable[..., Any], copy: dict[str, Any], event: Event, ask: Callable[..., Any], called: str
) -> None:
    """Call the function; what it misses in the copy, or in the event, is told."""
    try:
        function(copy, event, ask)
    except KeyError as error:
        if event.data["user"] in error.args:
            said = "You rely on it that the copy knows everybody. Each copy begins empty, and its owner has to fill it."
            raise Wrong(said, called, got=f"KeyError: {error}") from None
        if set(error.args) & ({"name", "address"} - set(event.data)):
            said = "You rely on a field that this event does not carry."
            said += " To carry state does not end the coupling: it moves into the shape of what is carried."
            raise Wrong(said, called, got=f"KeyError: {error}") from None
        raise


def _check_fast_updates(function: Callable[..., Any]) -> None:
    """Two changes are told before the consumer gets round to the first."""
    source, copy = _Source(name="Ada", address="Oak Lane 3"), dict[str, Any]()
    called = "the event for Elm Street 2, while the source is at Oak Lane 3 already"
    _call(function, copy, _event(user="ada", name="Ada", address="Elm Street 2"), source.ask, called)
    if _fact(copy, "ada", "address") == "Oak Lane 3":
        raise Wrong(
            "A callback returns what is true *now*, not what was true as of the event. Elm Street was never seen.",
            called,
            "Elm Street 2",
            "Oak Lane 3",
        )
    _expect(copy, "ada", called, name="Ada", address="Elm Street 2")
    _call(function, copy, _event(user="ada", name="Ada", address="Oak Lane 3"), source.ask, "the event for Oak Lane 3")
    _expect(copy, "ada", "the event for Oak Lane 3", address="Oak Lane 3")
    if source.asked:
        raise Wrong(_ASKED, called="two events that carry everything", expected="0 callbacks", got=f"{source.asked}")


def _check_outage(function: Callable[..., Any]) -> None:
    """An event carries the address alone, and the source is down."""
    source = _Source()
    source.is_down = True
    copy = {"ada": {"name": "Ada", "address": "Elm Street 2"}, "grace": {"name": "Grace", "address": "Mill Road 5"}}
    called = "an event with the address alone, while the source is down"
    with suppress(ConnectionError):
        _call(function, copy, _event(user="ada", address="Oak Lane 3"), source.ask, called)
    if source.asked:
        raise Wrong(
            f"{_ASKED} Just when something was missing, the source was down.", called, "0 callbacks", f"{source.asked}"
        )
    _expect(copy, "ada", called, address="Oak Lane 3")
    if _fact(copy, "ada", "name") != "Ada":
        raise Wrong(
            "What the event did not carry is gone. It did not say that Ada has no name any more; it said nothing of it.",
            called,
            "the name Ada, as before",
            repr(_fact(copy, "ada", "name")),
        )
    if copy.get("grace") != {"name": "Grace", "address": "Mill Road 5"}:
        raise Wrong("The event was about Ada. What the copy knows of others is gone, or changed.", called)


def _check_gap(function: Callable[..., Any]) -> None:
    """An event of an older kind carries nothing but who it is about."""
    source, copy = _Source(name="Ada", address="Oak Lane 3"), {"ada": {"name": "Ada", "address": "Elm Street 2"}}
    called = "an event that carries nothing but the user"
    _call(function, copy, _event(user="ada"), source.ask, called)
    if source.asked:
        raise Wrong(
            f"{_ASKED} It carries too little this time; the copy then stays as it is.",
            called,
            "0 callbacks",
            f"{source.asked}",
        )
    _expect(copy, "ada", called, name="Ada", address="Elm Street 2")


def _check_new(function: Callable[..., Any]) -> None:
    """Somebody of whom the copy has never heard."""
    copy: dict[str, Any] = {}
    called = "an event about somebody new, with the address alone"
    _call(function, copy, _event(user="edsger", address="Hill 7"), _Source().ask, called)
    _expect(copy, "edsger", called, address="Hill 7")


def _expect(copy: dict[str, Any], user: str, called: str, **facts: str) -> None:
    if not copy:
        raise Wrong(
            "The copy that you were given is as empty as before.",
            called,
            look="copy[user] = … changes it, copy = … does not.",
        )
    if user not in copy:
        raise Wrong(f"The copy has nothing under {user!r}.", called, got=f"{list(copy)!r:.60}")
    if not isinstance(copy[user], Mapping):
        raise Wrong("What the copy holds of a user is a dict: name and address.", called, got=type(copy[user]).__name__)
    for name, fact in facts.items():
        if _fact(copy, user, name) != fact:
            raise Wrong(
                f"The {name} in the copy is not the one that is known.",
                called,
                repr(fact),
                repr(_fact(copy, user, name)),
            )


def _fact(copy: dict[str, Any], user: str, name: str) -> Any:
    known = copy.get(user)
    return known.get(name) if isinstance(known, Mapping) else None


_HEAD = 'def carry(copy, event, ask):\n    user = event.data["user"]\n'


def _source(*lines: str) -> str:
    return _HEAD + "\n".join(f"    {line}" for line in lines)


_MERGE = "copy[user] = {**copy.get(user, {}), **event.data}"

CARRY = Exercise(
    id="carry",
    lesson=2,
    title="Carry it",
    minutes=7,
    task=(
        "A mailer keeps a copy of people's names and addresses. So far each event only says who has changed, and the mailer asks:\n\n"
        '```python\ndef notified(copy, event, ask):\n    user = event.data["user"]\n    copy[user] = ask(user)  # {"name": …, "address": …}\n```\n\n'
        "From now on the events carry the user and whatever has changed: the name, the address, or both. Write "
        "`carry(copy, event, ask)`, that brings the copy up to date without asking. What an event doesn't carry stays as it was. (`ask` "
        "is still handed to you, since it always was.)"
    ),
    stub='def carry(copy, event, ask):\n    """Bring the copy of this event\'s user up to date."""\n    ...',
    check=check,
    hints=(
        "event.data is a dict, of which you may read everything and change nothing.",
        "What is known of the user so far, and over it what the event says: how do you put two dicts together?",
        "copy.get(user, {}) is what is known of a user, and empty for somebody new.",
    ),
    solutions=(
        _source(_MERGE),
        _source('known = copy.setdefault(user, {"name": "", "address": ""})', "known.update(event.data)"),
        _source(
            'for field in ("name", "address"):',
            "    if field in event.data:",
            "        copy.setdefault(user, {})[field] = event.data[field]",
        ),
    ),
    wrong={
        _source("copy[user] = ask(user)"): "A callback returns what is true *now*",
        _source(
            "try:", "    copy[user] = ask(user)", "except ConnectionError:", f"    {_MERGE}"
        ): "A callback returns what is",
        _source("ask(user)", _MERGE): "The source is still asked",
        _source(
            'full = event.data if "name" in event.data else ask(user)', "copy[user] = dict(full)"
        ): "The source is still asked",
        _source('copy[user] = {"name": event.data["name"], "address": event.data["address"]}'): "You rely on a field",
        _source("copy[user] = dict(event.data)"): "What the event did not carry is gone",
        _source('copy[user] = {"name": event.data.get("name"), "address": event.data.get("address")}'): (
            "What the event did not carry is gone"
        ),
        _source(
            "known = {**copy.get(user, {}), **event.data}", "copy.clear()", "copy[user] = known"
        ): "The event was about Ada",
        _source("copy[user].update(event.data)"): "You rely on it that the copy knows everybody",
        _source(
            'if not copy: copy["ada"] = {}', "copy[user].update(event.data)"
        ): "You rely on it that the copy knows everybody",
        _source("copy = {**copy, user: dict(event.data)}"): "The copy that you were given is as empty",
        _source("copy[event.id] = dict(event.data)"): "The copy has nothing under 'ada'",
        _source('copy[user] = event.data["address"]'): "What the copy holds of a user is a dict",
    },
)
