"""One fails, the others go on, and nothing is lost."""

from __future__ import annotations

from typing import Any

from eda_workshop.bus import Bus
from eda_workshop.clock import ManualClock
from eda_workshop.errors import DeliveryFailed
from eda_workshop.event import Event
from eda_workshop.exercises.attempt import require_function
from eda_workshop.exercises.exercise import Exercise, Wrong
from eda_workshop.ids import CounterIds
from eda_workshop.log import open_log


class _MailServer:
    """A mail server that is down until it is mended."""

    def __init__(self) -> None:
        self.is_down = True
        self.mails: list[str] = []

    def welcome(self, event: Event) -> None:
        if self.is_down:
            raise ConnectionError("the mail server is down")
        self.mails.append(event.id)


def check(answer: Any) -> None:
    function = require_function(answer, "bus", "welcome", "note")
    bus, server, noted = Bus(open_log("memory://", clock=ManualClock()), ids=CounterIds()), _MailServer(), []
    function(bus, server.welcome, lambda event: noted.append(event.id))
    _publish(bus, "the mail server is down")
    if noted != ["evt-0001"]:
        raise Wrong("The audit did not hear of the first sign-up exactly once.", got=f"it noted {noted}")
    if not bus.dead_letters:
        raise Wrong(
            "The failure was swallowed: no letter waits, so nobody can ever deliver that event again.",
            called="user.signed_up, while the mail server is down",
            look="Let the failure out of the handler, and let the subscriber's policy deal with it.",
        )
    server.is_down = False
    _publish(bus, "the mail server is up again")
    if server.mails != ["evt-0002"]:
        raise Wrong(
            "After one failure the mailer gets nothing more until somebody resumes it: that is the policy 'stop'.",
            called="a second user.signed_up, when the mail server is up again",
        )
    bus.redeliver()
    if sorted(server.mails) != ["evt-0001", "evt-0002"]:
        raise Wrong("The letter of the first sign-up could not be delivered again.", got=f"mails for {server.mails}")


def _publish(bus: Bus, when: str) -> None:
    try:
        bus.publish("user.signed_up", {"user": "ada"})
    except DeliveryFailed:
        raise Wrong(
            "The publisher was disturbed: the mailer's failure was raised by publish().",
            called=f"user.signed_up, while {when}",
            look="What the failure of a subscriber leads to is chosen with on_error=.",
        ) from None


def _source(mailer: str, welcome: str = "welcome") -> str:
    return (
        f"def one_fails(bus, welcome, note):\n    mailer = bus.subscriber({mailer})\n"
        f'    mailer.on("user.signed_up", {welcome})\n    bus.subscriber("audit").on("user.signed_up", note)'
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
        _source('"mailer", on_error="park"'),
        "from eda_workshop import retry\n\n\n" + _source('"mailer", on_error=retry(2)'),
    ),
    wrong={
        _source('"mailer"'): "The publisher was disturbed",
        _SWALLOW: "The failure was swallowed",
        _source('"mailer", on_error="stop"'): "After one failure the mailer gets nothing more",
        _ONE_OWNER: "The audit did not hear",
    },
)
