"""A handler that lives with twins and with failures half-way."""

from __future__ import annotations

from typing import Any

from eda_workshop.event import Event
from eda_workshop.exercises.attempt import kind, require_function
from eda_workshop.exercises.exercise import Exercise, Wrong


class _Outbox(list[str]):
    """A mail server: it takes a user's name, and is down once for one of them."""

    def __init__(self, fails_once_for: str = "") -> None:
        super().__init__()
        self._down_for = fails_once_for

    def append(self, user: str) -> None:
        if user == self._down_for:
            self._down_for = ""
            raise ConnectionError("the mail server is down")
        super().append(user)


def check(answer: Any) -> None:
    make = require_function(answer, "outbox")
    _check_twins(make)
    _check_failure(make)
    _check_two_handlers(make)


def _event(id: str, user: str) -> Event:
    return Event("user.signed_up", {"user": user}, subject=f"user/{user}", id=id)


def _handler(make: Any, outbox: _Outbox) -> Any:
    handler = make(outbox)
    if not callable(handler):
        raise Wrong("idempotent(outbox) must return a handler, a function of one event.", got=kind(handler))
    return handler


def _check_twins(make: Any) -> None:
    outbox = _Outbox()
    handler = _handler(make, outbox)
    for id, user in (("evt-1", "ada"), ("evt-1", "ada"), ("evt-2", "grace"), ("evt-3", "ada"), ("evt-1", "ada")):
        handler(_event(id, user))
    if outbox != ["ada", "grace", "ada"]:
        called = "evt-1 (ada), evt-1 again, evt-2 (grace), evt-3 (ada has left and signs up anew), evt-1 again"
        got = ", ".join(
            mail if isinstance(mail, str) else f"something that is no name ({kind(mail)})" for mail in outbox
        )
        raise Wrong(_said(outbox), called, "mails to ada, grace, ada", f"mails to {got or 'nobody'}")


def _said(outbox: list[Any]) -> str:
    if any(mail not in ("ada", "grace") for mail in outbox):
        return "The outbox takes the name of a user, event.data['user'], and nothing else."
    if not outbox:
        return "No mail goes out at all. What is skipped, and when?"
    if outbox == ["ada"]:
        return (
            "All others were taken for twins of the first. What you compare is the same for every event of this kind."
        )
    if outbox == ["ada", "grace", "ada", "ada"]:
        return "A twin that comes later is not recognized: it is not enough to remember the last one."
    if len(outbox) == 5:
        return "Twins are not recognized: every copy of an event sends another mail."
    if outbox == ["ada", "grace"]:
        return "Ada's second sign-up was taken for a twin. It has the same user and the same data, but it is another event."
    return "The mails are not those that were due."


def _check_failure(make: Any) -> None:
    outbox = _Outbox(fails_once_for="ada")
    handler = _handler(make, outbox)
    try:
        handler(_event("evt-4", "ada"))
    except Exception:  # the failure itself, or what the learner makes of it
        handler(_event("evt-4", "ada"))
    else:
        said = "You tried again at once" if outbox else "The failure was swallowed"
        raise Wrong(f"{said}. The error must come out, or nobody knows that the event must be delivered again.")
    if outbox != ["ada"]:
        raise Wrong(
            "The mail is lost: the event was noted as done before its work was, so the second delivery was skipped.",
            called="evt-4 while the mail server is down, then evt-4 again",
            look="In which order are the work and the note?",
        )


def _check_two_handlers(make: Any) -> None:
    first, second = _Outbox(), _Outbox()
    for outbox in (first, second):
        _handler(make, outbox)(_event("evt-5", "ada"))
    if second != ["ada"]:
        raise Wrong(
            "Two handlers share one memory: what the first has done, the second takes for a twin.",
            look="Where is the set of ids made, and how often?",
        )


def _source(test: str, note: str, before: bool = False, memory: str = "    done = set()\n") -> str:
    work = ["        outbox.append(event.data['user'])", f"        {note}"]
    body = "\n".join(reversed(work) if before else work)
    return (
        f"def idempotent(outbox):\n{memory}\n    def handler(event):\n        if {test}:\n            return\n"
        f"{body}\n\n    return handler"
    )


_GOOD = _source("event.id in done", "done.add(event.id)")

IDEMPOTENT = Exercise(
    id="idempotent",
    lesson=5,
    title="Handled twice, done once",
    minutes=10,
    task=(
        'Write `idempotent(outbox)`. It returns a handler that sends a mail, `outbox.append(event.data["user"])`, once for each '
        "*event*, however often the event is delivered. If sending fails, the error must come out, and the next delivery of the same "
        "event must try again. Each handler has a memory of its own."
    ),
    stub='def idempotent(outbox):\n    """Return a handler that mails each event\'s user once."""\n    ...',
    check=check,
    hints=(
        "What do two copies of one event share that two different events never do?",
        "Make a set inside idempotent, outside the handler. Skip what is in it. When is the moment to add to it?",
        "First the work, then the note. If the work raises, the note is never written.",
    ),
    solutions=(
        _GOOD,
        "from eda_workshop import deduplicated\n\n\ndef idempotent(outbox):\n"
        "    return deduplicated(lambda event: outbox.append(event.data['user']))",
    ),
    wrong={
        "def idempotent(outbox):\n    return lambda event: outbox.append(event.data['user'])": "Twins are not recognized",
        _source("event.subject in done", "done.add(event.subject)"): "Ada's second sign-up was taken for a twin",
        _source("str(event.data) in done", "done.add(str(event.data))"): "Ada's second sign-up was taken for a twin",
        _source("event.id in done", "done.add(event.id)", before=True): "The mail is lost",
        "done = set()\n\n\n"
        + _source("event.id in done", "done.add(event.id)", memory=""): "Two handlers share one memory",
        _GOOD.replace(
            "        outbox.append(event.data['user'])\n",
            "        try:\n            outbox.append(event.data['user'])\n        except Exception:\n            return\n",
        ): "The failure was swallowed",
        _GOOD.replace(
            "        outbox.append(event.data['user'])\n",
            "        try:\n            outbox.append(event.data['user'])\n        except Exception:\n            outbox.append(event.data['user'])\n",
        ): "You tried again at once",
        _source(
            "[event.id] == done", "done[:] = [event.id]", memory="    done = []\n"
        ): "A twin that comes later is not",
        _source("event.name in done", "done.add(event.name)"): "All others were taken for twins",
        _source("event.id not in done", "done.add(event.id)"): "No mail goes out at all",
        _GOOD.replace("event.data['user']", "event"): "The outbox takes the name of a user",
        "def idempotent(outbox):\n    outbox.append('ada')": "idempotent(outbox) must return a handler",
    },
)
