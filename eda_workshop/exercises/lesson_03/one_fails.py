"""One fails, the others go on, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from eda_workshop.bus import Bus
from eda_workshop.clock import ManualClock
from eda_workshop.errors import DeliveryFailed, DuplicateHandler
from eda_workshop.event import Event
from eda_workshop.exercises.attempt import require_function
from eda_workshop.exercises.exercise import Exercise, Wrong
from eda_workshop.ids import CounterIds
from eda_workshop.log import open_log


class _Office:
    """A mail server that is down until it is mended, an audit's notes, and the two handlers for them."""

    def __init__(self) -> None:
        self.is_down = True
        self.asked = 0
        self.mails: list[str] = []
        self.noted: list[str] = []

    def handlers(self) -> tuple[Callable[[Event], None], Callable[[Event], None]]:
        def welcome(event: Event) -> None:
            self.asked += 1
            if self.is_down:
                raise ConnectionError("the mail server is down")
            self.mails.append(event.id)

        def note(event: Event) -> None:
            self.noted.append(event.id)

        return welcome, note


def check(answer: Any) -> None:
    function = require_function(answer, "bus", "welcome", "note")
    bus, office = Bus(open_log("memory://", clock=ManualClock()), ids=CounterIds()), _Office()
    _subscribe(function, bus, office)
    _publish(bus, "the mail server is down")
    _check_heard(office, "evt-0001")
    _check_letter(bus, office)
    office.is_down = False
    _publish(bus, "the mail server is up again")
    if office.mails != ["evt-0002"]:
        raise Wrong(
            "After one failure the mailer gets nothing more until somebody resumes it: that is the policy 'stop'.",
            called="a second user.signed_up, when the mail server is up again",
        )
    bus.redeliver()
    if sorted(office.mails) != ["evt-0001", "evt-0002"]:
        got = f"mails for {', '.join(office.mails)}"
        raise Wrong("The letter of the first sign-up could not be delivered again.", got=got)
    _check_heard(office, "evt-0001", "evt-0002")


def _subscribe(function: Callable[..., Any], bus: Bus, office: _Office) -> None:
    try:
        function(bus, *office.handlers())
    except DuplicateHandler as error:
        raise Wrong(
            f"The subscriber {error.subscriber!r} was to have two handlers for one event, and has one at most.",
            look="Mailer and audit are two subscribers.",
        ) from None
    for name in ("mailer", "audit"):
        if name not in bus.subscribers:
            got = ", ".join(bus.subscribers) or "no subscriber"
            raise Wrong(f"There is no subscriber {name!r} on the bus afterwards.", got=got)


def _check_heard(office: _Office, *ids: str) -> None:
    if office.noted != list(ids):
        said = f"The audit did not hear of each sign-up exactly once ({len(ids)} so far)."
        raise Wrong(said, got=f"it noted {', '.join(office.noted) or 'nothing'}")


def _check_letter(bus: Bus, office: _Office) -> None:
    called = "user.signed_up, while the mail server is down"
    if not office.asked:
        raise Wrong("Nobody called welcome: no subscriber has it for user.signed_up.", called)
    if not bus.dead_letters:
        raise Wrong(
            "The failure was swallowed: no letter waits, so nobody can ever deliver that event again.",
            called,
            look="Let the failure out of the handler, and let the subscriber's policy deal with it.",
        )
    if bus.dead_letters[0].subscriber != "mailer":
        raise Wrong("It is not the mailer that failed: welcome is the handler of another subscriber.", called)


def _publish(bus: Bus, when: str) -> None:
    try:
        bus.publish("user.signed_up", {"user": "ada"})
    except DeliveryFailed as failed:
        who = failed.letters[0].subscriber
        raise Wrong(
            f"The publisher was disturbed: the failure of the {who} was raised by publish().",
            called=f"user.signed_up, while {when}",
            look="What the failure of a subscriber leads to is chosen with on_error=.",
        ) from None


def _source(
    mailer: str = '"mailer", on_error="park"',
    welcome: str = "welcome",
    audit: str = 'bus.subscriber("audit")',
    note: str = "note",
    name: str = "user.signed_up",
) -> str:
    return (
        f"def one_fails(bus, welcome, note):\n    mailer = bus.subscriber({mailer})\n"
        f'    mailer.on("{name}", {welcome})\n    {audit}.on("user.signed_up", {note})'
    )


_SWALLOW = """def one_fails(bus, welcome, note):
    def safe(event):
        try:
            welcome(event)
        except Exception:
            pass

    bus.subscriber("mailer").on("user.signed_up", safe)
    bus.subscriber("audit").on("user.signed_up", note)"""

_ONE_OWNER = """def one_fails(bus, welcome, note):
    def both(event):
        welcome(event)
        note(event)

    bus.subscriber("mailer", on_error="park").on("user.signed_up", both)"""

ONE_FAILS = Exercise(
    id="one_fails",
    lesson=3,
    title="One fails, nothing is lost",
    minutes=8,
    task=(
        "Subscribe a `mailer` with the handler `welcome` and an `audit` with the handler `note` to `user.signed_up`. The mail server "
        "is down now and then, and `welcome` raises. That must disturb neither the publisher nor the audit; the next event must be "
        "tried as usual; and when the server is up again, `bus.redeliver()` must bring the mailer what it missed."
    ),
    stub='def one_fails(bus, welcome, note):\n    """Subscribe both, so that a failing welcome harms nobody."""\n    ...',
    check=check,
    hints=(
        "Don't catch anything yourself. A failure that leaves the handler becomes a dead letter.",
        "bus.subscriber takes on_error=. Which of 'raise', 'park', 'stop' and retry(n) keeps the letter and says no more?",
    ),
    solutions=(
        _source(),
        "from eda_workshop import retry\n\n\n" + _source('"mailer", on_error=retry(2)'),
    ),
    wrong={
        _source('"mailer"'): "The publisher was disturbed",
        _SWALLOW: "The failure was swallowed",
        _source('"mailer", on_error="stop"'): "After one failure the mailer gets nothing more",
        _ONE_OWNER: "There is no subscriber 'audit'",
        _source(note="lambda event: (note(event), note(event))"): "The audit did not hear of each sign-up exactly once",
        _source(welcome="lambda event: (welcome(event), note(event))"): "The audit did not hear of each sign-up",
        _source(audit="mailer"): "The subscriber 'mailer' was to have two",
        _source(name="user.sign_up"): "Nobody called welcome",
        _source(welcome="note", audit='bus.subscriber("audit", on_error="park")', note="welcome"): (
            "It is not the mailer that failed"
        ),
    },
)
