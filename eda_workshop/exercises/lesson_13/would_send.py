"""What would go out if a branch were real."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from eda_workshop.clock import ManualClock
from eda_workshop.errors import MadeUp, MissingAnswer
from eda_workshop.event import Event
from eda_workshop.exercises.attempt import require_function
from eda_workshop.exercises.exercise import Exercise, Wrong
from eda_workshop.exercises.lesson_13 import would_send_answers as answers
from eda_workshop.log import open_log
from eda_workshop.replay import Branch, Gateways, Message, Model, Rehearsal, Timeline, applies
from eda_workshop.values import freeze

RATE = 1.25


class Booked(Model):
    """How many euros came in."""

    initial = 0

    @staticmethod
    @applies("payment.received")
    def received(euros: int, event: Event) -> int:
        return euros + int(event.data["euros"])


class _World:
    """Three payments that were handled live, and a branch: one of another size, one left out, and perhaps one that is new."""

    def __init__(self, *, is_new: bool = True) -> None:
        self.log = open_log("memory://", clock=ManualClock("2026-03-02T09:00:00Z"))
        self.sent: list[Any] = []
        self.asked: list[str] = []
        self.gateways = Gateways(self.log)
        mail = self.gateways.update("mail", self.sent.append)
        rate = self.gateways.query("rate", self._rate)

        def handler(event: Event) -> None:
            dollars = event.data["euros"] * rate("EUR")
            mail(to=event.data["user"], usd=dollars)

        self.handler: Callable[[Event], None] = handler
        self.log.append(*(_payment(user, euros) for user, euros in (("ada", 100), ("bob", 40), ("cy", 8))))
        for event in list(self.log.read(upto=3)):
            self.gateways.handle(event, handler)
        self.branch: Branch = Timeline(self.log, Booked).branch(0)
        self.branch.replace(1, data={"user": "ada", "euros": 200}).drop(2)
        if is_new:
            self.branch.append(_payment("dot", 80))
        self.last, self.calls = self.log.last, (len(self.sent), len(self.asked))

    def _rate(self, currency: str) -> float:
        self.asked.append(currency)
        return RATE


def _payment(user: str, euros: int) -> Event:
    data = {"user": user, "euros": euros}
    return Event("payment.received", data, id=f"pay-{user}", occurred="2026-03-02T08:00:00Z")  # type: ignore[arg-type]


def _message(user: str, usd: float) -> Message:
    return Message("mail", freeze({"to": user, "usd": usd}), f"pay-{user}")


RIGHT = (_message("ada", 200 * RATE), _message("cy", 8 * RATE))
LOGGED = (_message("ada", 100 * RATE), _message("bob", 40 * RATE), _message("cy", 8 * RATE))


def check(answer: Any) -> None:
    function = require_function(answer, "branch", "gateways", "handler")
    world = _World()
    try:
        got = function(world.branch, world.gateways, world.handler)
    except MadeUp:
        said = "You handled a made-up event live. The outside would have been told of something that never happened."
        raise Wrong(said, _CALLED, "two messages", "MadeUp", _LOOK) from None
    except AttributeError as error:
        if "'branching'" not in str(error):
            raise
        said = "What was passed as gateways is none: branch.rehearse takes the gateways first, then the handler."
        raise Wrong(said, _CALLED, look=_LOOK) from None
    except MissingAnswer:
        said = "The first question without an answer ended everything. It concerns one event; the others can be told."
        raise Wrong(said, _CALLED, "two messages and 1", "MissingAnswer", _LOOK) from None
    _check_world(world)
    _check_answer(got)
    _check_other(function)
    _check_broken_handler(function)


def _check_broken_handler(function: Callable[..., Any]) -> None:
    """A handler that fails is no question without an answer."""
    world = _World()

    def broken(_: Event) -> None:
        raise ZeroDivisionError

    try:
        got = function(world.branch, world.gateways, broken)
    except Exception:
        return
    said = "The handler failed, and that was counted as a question that nobody answered: only MissingAnswer is one."
    raise Wrong(said, "would_send with a handler that fails", "the handler's error", f"{got!r:.60}", _LOOK)


def _check_other(function: Callable[..., Any]) -> None:
    """A branch in which nobody asks what was never asked."""
    world = _World(is_new=False)
    messages, missing = function(world.branch, world.gateways, world.handler)
    if tuple(messages) != RIGHT or missing != 0:
        said = "In another branch every question has an answer of that time, and you say otherwise: the number is not always the same."
        raise Wrong(said, _CALLED, f"{_words(RIGHT)} and 0", f"{_words(tuple(messages))} and {missing!r:.20}", _LOOK)


def _check_world(world: _World) -> None:
    if world.calls[0] < len(world.sent):
        said = "A gateway fired: somebody has a message about something that never happened."
        raise Wrong(said, _CALLED, "nothing sent", f"{world.sent[-1]} sent", _LOOK)
    if world.calls[1] < len(world.asked):
        said = "The outside was asked. It gives today's answer, and has been bothered for a mere thought."
        raise Wrong(said, _CALLED, "nobody asked", "asked", _LOOK)
    if world.log.last != world.last:
        said = "The real log has grown. What a branch would have sent or been told is no fact."
        raise Wrong(said, _CALLED, "the same tip as before", "another", _LOOK)
    if world.gateways.mode != "live":
        said = "The gateways are still cut off. From now on the real service keeps silent, too."
        raise Wrong(said, f"{_CALLED}, then gateways.mode", "'live'", f"{world.gateways.mode!r}", _LOOK)


def _check_answer(got: Any) -> None:
    if got is None:
        raise Wrong("Nothing comes back.", _CALLED, "a pair", "None", _LOOK)
    pair = tuple(got) if isinstance(got, (tuple, list)) and len(got) == 2 else ()
    if not pair or not isinstance(pair[0], (tuple, list)):
        raise Wrong(_no_pair(got, pair), _CALLED, "(messages, 1)", look=_LOOK)
    messages, missing = tuple(got[0]), got[1]
    if messages != RIGHT:
        raise Wrong(_said(messages), _CALLED, _words(RIGHT), _words(messages), _LOOK)
    if type(missing) is not int or missing != 1:
        said = "One event of the branch asked for a rate that nobody asked for then. Who looks has to be told."
        if isinstance(missing, (tuple, list)):
            raise Wrong("Those are the questions themselves. Their number was asked for.", _CALLED, "1", look=_LOOK)
        raise Wrong(said, _CALLED, "1", f"{missing!r:.40}", _LOOK)


def _no_pair(got: Any, pair: tuple[Any, ...]) -> str:
    if pair and isinstance(pair[1], (tuple, list)):
        return "The two are swapped: the messages come first, then the number."
    if pair and type(pair[0]) is int:
        return "That is how many messages there are. The messages themselves were asked for."
    if isinstance(got, Rehearsal):
        return "That is the whole rehearsal. Of what it holds, a pair was asked for: messages, and how many events asked in vain."
    return "A pair was asked for: the messages, and how many events asked in vain."


def _said(messages: tuple[Any, ...]) -> str:
    if messages == LOGGED:
        return "Those are the messages of the real log. The branch has other events."
    if not messages:
        return "Nothing would go out? Gateways that keep silent still note what they would have sent."
    if messages[-len(RIGHT) :] == RIGHT:
        return "Old messages are among them: outbound holds all since the gateways were made."
    if len(messages) > len(RIGHT):
        return "These are more messages than the branch would send."
    if any(isinstance(message, Message) for message in messages):
        return "Not all messages of the branch are there."
    return "Messages were asked for, as the gateways note them."


def _words(messages: tuple[Any, ...]) -> str:
    told = [f"{m.content['to']} {m.content['usd']:g}" if isinstance(m, Message) else f"{m!r:.30}" for m in messages]
    return f"[{', '.join(told)}]"


_CALLED = "would_send(branch, gateways, handler)"
_LOOK = "Look at “The outside hears nothing of it”."

WOULD_SEND = Exercise(
    id="would_send",
    lesson=13,
    title="What would go out",
    minutes=6,
    task=(
        "In a branch, payments came in otherwise. `handler` writes to each payer through `gateways`, and asks for the rate. Write "
        "`would_send(branch, gateways, handler)`. It returns a pair: the messages that would go out if the branch were real, and the number of "
        "events for which nobody can tell, since they ask what was never asked. Nothing goes out, nobody is asked, and nothing is recorded."
    ),
    stub=(
        "def would_send(branch, gateways, handler):\n"
        '    """The messages of the branch, and how many of its events asked in vain."""\n    ...'
    ),
    check=check,
    hints=(
        "branch.rehearse(gateways, handler) calls the handler with each event of the branch, cut off from the outside.",
        "A rehearsal has messages and unanswered. The second is a tuple; its length was asked for.",
    ),
    solutions=answers.RIGHT,
    wrong={
        **answers.WRONG,
        answers.RIGHT[1].replace(
            "except MissingAnswer", "except Exception"
        ): "The handler failed, and that was counted",
    },
)
