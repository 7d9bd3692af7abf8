"""Reserve a seat by hand, while others append to the same log."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from eda_workshop.errors import Conflict
from eda_workshop.exercises.attempt import fill_the_disk, in_short, require_function
from eda_workshop.exercises.exercise import Exercise, Wrong
from eda_workshop.exercises.lesson_17.busy_log import BusyLog, Stuck
from eda_workshop.exercises.lesson_17.reserve_answers import RIGHT, WRONG

SEAT = "12A"


def check(answer: Any) -> None:
    function = require_function(answer, "log", "seat", "who")
    _check_alone(function)
    _check_taken(function)
    _check_owner(function)
    _check_overtaken(function)
    _check_disturbed(function)
    _check_herself(function)
    _check_watched(function)
    _check_two_desks(function)
    _check_disk(function)


def _check_alone(function: Callable[..., Any]) -> None:
    """Nobody else is there, and the seat is free."""
    log = _log()
    head = log.head
    got = _call(function, log)
    added = [(event.name, dict(event.data)) for event in log.all_of()[head:]]
    if not added:
        raise Wrong("The seat is free, and afterwards the log holds nothing new.", _CALLED, got=in_short(got))
    if added != [("seat.reserved", {"seat": SEAT, "who": "ada"})]:
        expected = f"one seat.reserved with seat {SEAT!r} and who 'ada'"
        raise Wrong("You appended something other than that reservation.", _CALLED, expected, f"{added!r:.120}")
    if got is not True:
        raise Wrong("You reserved the seat, but your function doesn't return True.", _CALLED, "True", in_short(got))
    if _call(function, _log(), who="grace") is not True:
        said = "Your function remembers something outside the log: on a log where nobody has the seat, it says no."
        raise Wrong(said, f"{_CALLED}, then the same for grace on a different log", look=_LOOK)


def _check_taken(function: Callable[..., Any]) -> None:
    """Somebody else has reserved the seat."""
    log = _log()
    _reserved(log, "grace")
    got = _call(function, log)
    called = f"grace has {SEAT!r}, then {_CALLED}"
    if _holders(log) != ["grace"]:
        said = "The seat went to a second person, although the log has a seat.reserved for it."
        raise Wrong(said, called, "grace alone", f"{_holders(log)}", "Which of the data do you compare?")
    if got is not False:
        raise Wrong("Grace has the seat, but your function doesn't return False.", called, "False", in_short(got))


def _check_owner(function: Callable[..., Any]) -> None:
    """Ada asks again for her own seat."""
    log = _log()
    _call(function, log)
    got = _call(function, log)
    called = f"{_CALLED}, twice"
    if len(_holders(log)) > 1:
        raise Wrong("You recorded the reservation twice. The second one is nothing new.", called, look=_LOOK)
    if got is not True:
        said = "Ada asked twice, and the seat is hers. Your function refuses it to its own holder."
        raise Wrong(said, called, "True", in_short(got))


def _check_overtaken(function: Callable[..., Any]) -> None:
    """Somebody takes the seat between reading and appending."""
    log = _log()
    log.before_appends = [lambda: _reserved(log, "grace")]
    got = _call(function, log)
    called = f"{_CALLED}, while grace reserves {SEAT!r} right before you append"
    if len(_holders(log)) > 1:
        raise Wrong(f"Two people have the seat: {_blame(log)}", called, "grace alone", f"{_holders(log)}", _LOOK)
    if got is not False:
        said = "Grace was quicker and has the seat. You swallowed the Conflict that said so."
        raise Wrong(said, called, "False", in_short(got), _LOOK)


def _check_disturbed(function: Callable[..., Any]) -> None:
    """Others append events that have nothing to do with the seat."""
    log = _log()
    log.before_appends = [
        lambda: log.others("folder.created", {"path": "/grace"}),
        lambda: log.others("seat.reserved", {"seat": "12C", "who": "grace"}, subject="seat/12C"),
        lambda: log.others("email.sent", {"to": "grace"}),
    ]
    got = _call(function, log)
    called = f"{_CALLED}, while others append other events right before you do, three times over"
    if _holders(log) != ["ada"]:
        said = "You treated a Conflict as a no. It only says that the log has grown, and the seat is still free."
        raise Wrong(said, called, "True, and the seat is ada's", f"{in_short(got)}, and {_holders(log)}", _LOOK)
    if got is not True:
        raise Wrong("In the end you got the seat, but you don't return True.", called, "True", in_short(got))


def _check_herself(function: Callable[..., Any]) -> None:
    """The seat goes to the same person, at another desk."""
    log = _log()
    log.before_appends = [lambda: _reserved(log, "ada")]
    got = _call(function, log)
    called = f"{_CALLED}, while ada reserves {SEAT!r} at another desk right before you append"
    if got is not True:
        said = "You treated a Conflict as a no. It only says that you decided on something old: now the seat is Ada's."
        raise Wrong(said, called, "True", in_short(got), _LOOK)
    if len(_holders(log)) > 1:
        raise Wrong("You recorded the reservation although Ada had it by then.", called, look=_LOOK)


def _check_watched(function: Callable[..., Any]) -> None:
    """Somebody takes the seat right after the function has looked."""
    log = _log()
    log.after_reads = [lambda: _reserved(log, "grace")]
    got = _call(function, log)
    called = f"{_CALLED}, while grace reserves {SEAT!r} right after you have read the events"
    if len(_holders(log)) > 1:
        said = (
            "Two people have the seat: you asked for the head after you read the events, so it covers one that you "
            "never saw."
        )
        raise Wrong(said, called, "grace alone", f"{_holders(log)}", "In which order do you look at the two?")
    if _holders(log) == ["grace"] and got is not False:
        raise Wrong("By now Grace has the seat, but you don't return False.", called, "False", in_short(got))


def _check_two_desks(function: Callable[..., Any]) -> None:
    """The other desk runs the same function."""
    log = _log()
    log.before_appends = [lambda: function(log, SEAT, "grace")]
    _call(function, log)
    if len(_holders(log)) > 1:
        said = (
            "Two desks run your function, and both give the seat away: your condition looks for the seat's tag, and the "
            "events that you append don't have it."
        )
        called = f"{_CALLED}, while reserve(log, {SEAT!r}, 'grace') runs right before you append"
        raise Wrong(said, called, "one of them", f"{_holders(log)}", "What is the subject of your event?")


def _check_disk(function: Callable[..., Any]) -> None:
    """An append may fail for a reason other than a conflict."""
    log = _log()
    fill_the_disk(log)
    try:
        got = _call(function, log)
    except OSError:
        return
    said = "The disk was full, and you treated that as a Conflict, so the caller never learns why."
    raise Wrong(said, f"{_CALLED}, while the disk is full", "the log's own error", in_short(got), "except Conflict")


def _log() -> BusyLog:
    log = BusyLog()
    log.others("user.signed_up", {"user": "ada"})
    _reserved(log, "alan", "12B")
    log.others("user.signed_up", {"user": "grace"})
    return log


def _reserved(log: BusyLog, who: str, seat: str = SEAT) -> None:
    log.others("seat.reserved", {"seat": seat, "who": who}, subject=f"seat/{seat}")


def _holders(log: BusyLog) -> list[Any]:
    """The people who reserved the seat, once for each reservation."""
    return [event.data.get("who") for event in log.all_of("seat.reserved") if event.data.get("seat") == SEAT]


def _call(function: Callable[..., Any], log: BusyLog, who: str = "ada") -> Any:
    """What the function returns. Raises `Wrong` if conflicts get out of it, or never stop."""
    is_alone = log.is_quiet
    try:
        return function(log, SEAT, who)
    except KeyError as error:
        if error.args not in (("seat",), ("who",)):
            raise
        said = f"An event without a {error.args[0]} stopped your function. Others append other events, too."
        raise Wrong(said, _CALLED, got=f"KeyError: {error}", look="What does log.read take?") from None
    except (Conflict, Stuck) as stopped:
        raise _endless(log, is_alone=is_alone, got_out=isinstance(stopped, Conflict)) from None


def _endless(log: BusyLog, *, is_alone: bool, got_out: bool) -> Wrong:
    """The sentence about conflicts that got out of the function, or never stopped."""
    last = log.conditions[-1]
    called = _CALLED if is_alone else f"{_CALLED}, while others append right before you do"
    if is_alone and last.unless is not None and last.after is None:
        said = "Your condition has no after=, so it is also about reservations from before you looked."
    elif is_alone:
        said = "Nobody was in your way, and yet there was a Conflict: your condition is about a position of the past."
    elif not got_out and last.unless is not None:
        said = "After a Conflict your loop appends again without looking again. Decide again: you may have to say no."
    elif not got_out:
        said = "You asked for the head once, before the first attempt. After a Conflict it is out of date, forever."
    elif log.conflicts == 1:
        said = "Your function lets the Conflict through. It isn't a failure: look again, and decide again."
    else:
        said = "After some attempts your function lets the Conflict through. It may happen any number of times."
    return Wrong(said, called, got=f"{log.conflicts} conflict{'s' * (log.conflicts > 1)}", look=_LOOK)


def _blame(log: BusyLog) -> str:
    """The reason why nothing noticed that the seat was gone."""
    if not log.had_condition:
        return "you appended without a condition, so nothing noticed that Grace was quicker."
    if not log.conflicts:
        return "your condition is about other events than Grace's reservation."
    return "after the Conflict you appended again without deciding again."


_CALLED = f"reserve(log, {SEAT!r}, 'ada')"
_LOOK = "Look at “Two desks, one book”: read, decide, append under a condition, and after a Conflict begin again."


RESERVE = Exercise(
    id="reserve",
    lesson=17,
    title="One seat, two people",
    minutes=8,
    task=(
        'Each `seat.reserved` has the data `{"seat": seat, "who": who}` and the subject `f"seat/{seat}"`. Write '
        "`reserve(log, seat, who)`, by hand, without a decider. If nobody has the seat, it appends such an event and returns `True`. "
        "If `who` has it already, it returns `True` and appends nothing. If another person has it, it returns `False`.\n\n"
        "Other desks append at any moment, even between your read and your append, and not only reservations. No seat may be given "
        "away twice, and nobody may be turned away from a free seat. `log.append` takes `after=` with `unless=Query(…)`, or "
        "`expected=`, and raises `Conflict`."
    ),
    stub='def reserve(log, seat, who):\n    """Reserve the seat unless another person has it; return whether `who` has it."""\n    ...',
    check=check,
    hints=(
        "Between your read and your append, the log may grow. Which events would change your mind?",
        "A Conflict is neither yes nor no. It says that you decided on something old, so look again and decide again.",
        "Put it all into a loop: ask for the head, read the reservations, return if the seat is taken, else append with "
        "after=head and unless=Query(…). After a Conflict, the loop goes round once more.",
    ),
    solutions=RIGHT,
    wrong=WRONG,
)
