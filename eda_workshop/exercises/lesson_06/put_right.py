"""Put a wrong record right without touching it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from eda_workshop.clock import ManualClock
from eda_workshop.errors import Conflict, DuplicateEvent, FrozenData
from eda_workshop.event import Event, Recorded
from eda_workshop.exercises.attempt import require_function
from eda_workshop.exercises.exercise import Exercise, Wrong
from eda_workshop.ids import CounterIds
from eda_workshop.log import EventLog, open_log

ID, RECORDED, REALLY = "evt-0002", 100, 10
NAMES = ("payment.received", "payment.corrected")
AMOUNTS = (25, RECORDED, 7)
SUM = sum(AMOUNTS) - RECORDED + REALLY


def payments() -> EventLog:
    """Three payments, the second of them recorded wrongly."""
    clock, new_id = ManualClock(tick=60), CounterIds()
    log = open_log("memory://", clock=clock)
    log.append(*(Event(NAMES[0], {"amount": amount}, id=new_id(), occurred=clock.now()) for amount in AMOUNTS))
    return log


def total(log: EventLog) -> Any:
    """What was received, as the log tells it."""
    return sum(event.data["amount"] for event in log.read(names=NAMES, raw=True))


def check(answer: Any) -> None:
    function, log = require_function(answer, "log"), payments()
    before = list(log.read(raw=True))
    _call(function, log)
    _check_untouched(log, before)
    _check_added(list(log.read(after=len(before), raw=True)))
    if total(log) != SUM:
        raise Wrong(_said(total(log)), _CALLED, f"a sum of {SUM}", f"a sum of {total(log)}", _LOOK)
    _check_twice(function, log)
    _check_another(function)
    _check_other_correction(function)
    _check_at_once(function)


def _call(function: Callable[..., Any], log: EventLog) -> None:
    try:
        function(log)
    except FrozenData:
        said = "A recorded event was to be changed. It can't be: it was said, and others may have acted on it."
        raise Wrong(said, _CALLED, look="Append what is to be said in addition.") from None
    except DuplicateEvent:
        said = f"You appended {ID} with other content. One id is one fact: a second version of it is refused."
        raise Wrong(said, _CALLED, look="A correction is an event of its own, with an id of its own.") from None


def _check_untouched(log: EventLog, before: list[Recorded]) -> None:
    if not _is_untouched(log, before):
        raise Wrong(
            "You went behind the log's back: what was recorded is not there any more as it was, and the chain of hashes shows it.",
            called=_CALLED,
            expected=f"the {len(before)} records untouched",
            look="No attribute that begins with _ is needed.",
        )


def _is_untouched(log: EventLog, before: list[Recorded]) -> bool:
    try:
        return list(log.read(upto=len(before), raw=True)) == before and log.verify() is None
    except (AttributeError, TypeError):
        return False  # there is something else now in the place of a record


def _check_added(added: list[Recorded]) -> None:
    found = [(event.name, dict(event.data)) for event in added]
    if not added:
        raise Wrong("The log is as it was before: nothing was appended.", _CALLED, look=_LOOK)
    if any(event.name == "payment.received" for event in added):
        raise Wrong("You recorded a payment that nobody made. What happened is a correction.", got=_names(added))
    if len(added) > 1 or added[0].name != "payment.corrected":
        raise Wrong("What was appended is not one payment.corrected.", _CALLED, "payment.corrected", _names(added))
    if added[0].data.get("event") != ID:
        said = (
            "The correction points elsewhere: behind 'event' stands the id of the event that it corrects."
            if "event" in added[0].data
            else "The correction doesn't say what it corrects. Whoever reads the log later sees a number from nowhere."
        )
        raise Wrong(said, _CALLED, f"data in which 'event' is {ID!r}", f"{found[0][1]!r:.120}")
    amount = added[0].data.get("amount")
    is_whole = type(amount) is int or (isinstance(amount, float) and amount.is_integer())
    if not is_whole:
        raise Wrong("The correction carries other data than it should.", expected=_DATA, got=f"{found[0][1]!r:.120}")


def _names(added: list[Recorded]) -> str:
    return " and ".join(event.name for event in added)


def _said(got: int) -> str:
    added = got - sum(AMOUNTS)
    if added == REALLY:
        return "You added the right value. But the wrong one still counts too: what is to be added is the difference."
    if added == RECORDED - REALLY:
        return "That is the right difference in the wrong direction: the sum is further off than before."
    if added == -RECORDED:
        return "The wrong payment is taken back completely, but some money did come in."
    return "The sum of the log is still not what was received."


def _check_twice(function: Callable[..., Any], log: EventLog) -> None:
    called = f"{_CALLED}, and then again, as after an answer that got lost"
    try:
        function(log)
    except DuplicateEvent:
        said = (
            "The second call was refused: your second event has the same id but a different `occurred`, because you made it "
            "again. To repeat an append, send the same event again."
        )
        raise Wrong(said, called, _QUIET, look=_TWICE) from None
    except Conflict:
        said = "The second call got a Conflict. It says that the log has grown, and not that the correction is there."
        raise Wrong(said, called, _QUIET, look=_TWICE) from None
    if total(log) != SUM:
        said = "Whoever calls it twice corrects twice: the second correction is a new fact to the log."
        raise Wrong(said, called, f"a sum of {SUM}", f"a sum of {total(log)}", _TWICE)


def _check_another(function: Callable[..., Any]) -> None:
    """On another log, which holds one event more, nothing has been corrected yet."""
    log = payments()
    log.append(Event("user.signed_up", {"user": "ada"}, id="evt-0004", occurred=log.clock.now()))
    called = f"{_CALLED} on another log, in which somebody has signed up since"
    with suppress(Conflict):
        function(log)
    if total(log) != SUM:
        said = (
            "There, nothing was put right. Whether it has been is answered by the corrections in that log, not by how long it is "
            "or by what you remember."
        )
        raise Wrong(said, called, f"a sum of {SUM}", f"a sum of {total(log)}", _TWICE)


def _check_other_correction(function: Callable[..., Any]) -> None:
    """Somebody else has corrected another payment before."""
    log = payments()
    other = {"event": "evt-0003", "amount": 1}
    log.append(Event("payment.corrected", other, id="evt-0004", occurred=log.clock.now()))
    with suppress(Conflict):
        function(log)
    if total(log) != SUM + 1:
        said = "In this log another payment was corrected before, and yours was left wrong: not every payment.corrected is about evt-0002."
        called = f"{_CALLED} on another log, in which evt-0003 was corrected"
        raise Wrong(said, called, f"a sum of {SUM + 1}", f"a sum of {total(log)}", _TWICE)


def _check_at_once(function: Callable[..., Any]) -> None:
    """Two programs look at the same time: whatever one has seen is old when it appends."""
    for method in ("read", "write"):
        log = payments()
        _let_meet(function, log, method)
        with suppress(Conflict):
            function(log)
        if total(log) == SUM:
            continue
        said = "Two programs looked at the same time, neither saw a correction, and both appended one: what was seen has to hold when it is appended."
        raise Wrong(said, _AT_ONCE, f"a sum of {SUM}", f"a sum of {total(log)}", _EXPECTED)


def _let_meet(function: Callable[..., Any], log: EventLog, method: str) -> None:
    """Another program puts it right after the first read, or before the first write."""
    plain = getattr(log, method)

    def meet(*given: Any, **more: Any) -> Any:
        setattr(log, method, plain)
        if method == "write":
            function(log)
            return plain(*given, **more)
        seen = list(plain(*given, **more))
        function(log)
        return iter(seen)

    setattr(log, method, meet)


_CALLED = "put_right(log)"
_AT_ONCE = "A looks; B looks; B appends; A appends"
_EXPECTED = "append(…, expected=…) refuses when the log has grown, and the same event again changes nothing."
_DATA = "an 'amount' that is a whole number"
_LOOK = "Look at “Wrong, and now?”: which number, added to the sum, makes it right?"
_QUIET = "nothing more is appended, and nothing is raised"
_TWICE = "How can you, or the log, tell that the correction is there already?"

_FIXED = """def put_right(log):
    data = {"event": "evt-0002", "amount": -90}
    log.append(Event("payment.corrected", data, id="correction-of-evt-0002", occurred="2026-03-06T10:00:00Z"))"""
_LOOKED = """def put_right(log):
    wrong, head = log.find("evt-0002"), log.head
    done = {event.data["event"] for event in log.read(upto=head, names="payment.corrected")}
    if wrong.id not in done:
        data = {"event": wrong.id, "amount": 10 - wrong.data["amount"]}
        log.append(Event("payment.corrected", data), expected=head)"""


_REMEMBERED = """def put_right(log):
    if not done:
        log.append(Event("payment.corrected", {"event": "evt-0002", "amount": -90}))
        done.append(1)"""


def _simple(data: str, name: str = "payment.corrected") -> str:
    return f'def put_right(log):\n    log.append(Event("{name}", {data}))'


PUT_RIGHT = Exercise(
    id="put_right",
    lesson=6,
    title="Put it right, touch nothing",
    minutes=7,
    task=(
        "The log holds three `payment.received`, each with an `amount`. The one with the id `evt-0002` says 100; it was 10. What was "
        "received is the sum over the amounts of `payment.received` *and* of `payment.corrected`. Write `put_right(log)`, which makes "
        "that sum right by appending one `payment.corrected`, whose data are `event`, the id of the event that it corrects, and "
        "`amount`, what is to be added; a reason may be there, too. What is recorded stays as it is. If `put_right` is called twice, or by two programs at once, "
        "it corrects once; the second program may get a `Conflict`."
    ),
    stub='def put_right(log):\n    """Append what makes the sum right, once."""\n    ...',
    check=check,
    hints=(
        "The wrong 100 stays in the sum for good. Which number must be added, so that 10 of it are left?",
        "Twice is harmless in two ways: look whether there is a correction of evt-0002 already, and append with expected= the head that you looked at; or let the log see that it is the same.",
        'To the log it is the same event only if all of it is the same: give it an id="…" and an occurred="2026-03-06T10:00:00Z".',
    ),
    solutions=(_FIXED, _LOOKED),
    wrong={
        'def put_right(log):\n    log.find("evt-0002").data["amount"] = 10': "A recorded event was to be changed",
        'def put_right(log):\n    log.append(log.find("evt-0002").replace(data={"amount": 10}))': "You appended evt-0002 with",
        'def put_right(log):\n    log._events[1] = log._events[1].replace(data={"amount": 10})': "You went behind the log's back",
        "def put_right(log):\n    del log._events[1]": "You went behind the log's back",
        _simple('{"amount": -90}'): "The correction doesn't say what it corrects",
        _simple('{"event": 2, "amount": -90}'): "The correction points elsewhere",
        _simple('{"event": "evt-0002", "amount": 10}'): "You added the right value",
        _simple('{"event": "evt-0002", "amount": 90}'): "That is the right difference in the wrong direction",
        _simple('{"event": "evt-0002", "amount": -100}'): "The wrong payment is taken back completely",
        _simple('{"event": "evt-0002", "amount": -90}'): "Whoever calls it twice corrects twice",
        _FIXED.replace(', occurred="2026-03-06T10:00:00Z"', ""): "The second call was refused",
        _simple('{"event": "evt-0002", "amount": -90}').replace(
            "}))", "}), expected=3)"
        ): "The second call got a Conflict",
        "done = []\n\n\n" + _REMEMBERED: "There, nothing was put right",
        _LOOKED.replace(", expected=head", ""): "Two programs looked at the same time",
        _LOOKED.replace(", expected=head", ", expected=log.head"): "Two programs looked at the same time",
        _LOOKED.replace("if wrong.id not in done", "if not done"): "In this log another payment was corrected before",
        _REMEMBERED.replace("not done", "log.head == 3").replace("\n        done.append(1)", ""): (
            "There, nothing was put right"
        ),
        _simple('{"amount": -90}', "payment.received"): "You recorded a payment that nobody made",
        _simple(
            '{"event": "evt-0002", "amount": -90}', "payment.deleted"
        ): "What was appended is not one payment.corrected",
        _simple('{"event": "evt-0002", "by": -90}'): "The correction carries other data",
        _simple('{"event": "evt-0002", "amount": -91}'): "The sum of the log is still not",
        "def put_right(log):\n    return sum(event.data['amount'] for event in log) - 90": "The log is as it was before",
    },
)
