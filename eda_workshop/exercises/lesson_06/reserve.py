"""Reserve a seat, while others append to the same log."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from eda_workshop.errors import Conflict
from eda_workshop.exercises.attempt import fill_the_disk, in_short, require_function
from eda_workshop.exercises.exercise import Exercise, Wrong
from eda_workshop.exercises.lesson_06.busy_log import SEAT, BusyLog, Stuck
from eda_workshop.exercises.lesson_06.reserve_answers import RIGHT, WRONG
from eda_workshop.log.memory import MemoryLog


def check(answer: Any) -> None:
    function = require_function(answer, "log", "seat", "who")
    _check_alone(function)
    _check_taken(function)
    _check_overtaken(function)
    _check_disturbed(function)
    _check_watched(function)
    _check_disk(function)


def _check_alone(function: Callable[..., Any]) -> None:
    """Nobody else is at it."""
    log = BusyLog()
    head = log.head
    got = _call(function, log)
    if log.conflicts:
        raise Wrong(_misjudged(log, head), _CALLED, got=f"expected={log.expected[0]} on a log with {head} events")
    added = [(event.name, dict(event.data)) for event in MemoryLog.read(log, head)]
    if not added:
        raise Wrong("The seat is free, and afterwards the log holds nothing new.", _CALLED, got=in_short(got))
    if added != [("seat.reserved", {"seat": SEAT, "who": "ada"})]:
        expected = f"one seat.reserved with seat {SEAT!r} and who 'ada'"
        raise Wrong("What was appended is not that reservation.", _CALLED, expected, f"{added!r:.120}")
    if got is not True:
        raise Wrong("The seat was reserved, but the caller isn't told so.", _CALLED, "True", in_short(got))
    if _call(function, BusyLog()) is not True:
        said = (
            "On another log, where nobody has the seat, it counts as taken: something is remembered outside of the log."
        )
        raise Wrong(said, f"{_CALLED}, then the same on a fresh log", look=_LOOK)


def _check_disk(function: Callable[..., Any]) -> None:
    """An append may fail for another reason than somebody who was faster."""
    log = BusyLog()
    fill_the_disk(log)
    try:
        got = _call(function, log)
    except OSError:
        return
    said = (
        "The disk was full, and that was taken for a Conflict: every error is caught, and the caller never hears why."
    )
    raise Wrong(said, f"{_CALLED}, while the disk is full", "the error of the log", in_short(got), "except Conflict")


def _check_taken(function: Callable[..., Any]) -> None:
    """The seat is taken, first by the function itself, then by somebody else."""
    log = BusyLog()
    _call(function, log)
    got = _call(function, log, who="grace")
    if log.holders() != ["ada"]:
        said = (
            "The seat was given to a second person, though the log holds a seat.reserved with it. Is each of them looked at, "
            "and its seat compared?"
        )
        raise Wrong(said, f"{_CALLED}, then reserve(log, {SEAT!r}, 'grace')", "ada alone", f"{log.holders()}")
    if got is not False:
        raise Wrong("The seat is taken, and the caller isn't told so.", expected="False", got=in_short(got))
    log.others("seat.reserved", {"seat": "14C", "who": "alan"})
    if _call(function, log, "14C") is not False or log.holders("14C") != ["alan"]:
        raise Wrong(
            "What others reserved is not found: only what you reserved yourself counts as taken. A seat is taken as soon as any "
            "seat.reserved in the log has it in its data.",
            called="alan appends seat.reserved for '14C', then reserve(log, '14C', 'ada')",
            expected="False, and alan alone",
            got=f"{log.holders('14C')}",
            look=_LOOK,
        )


def _check_overtaken(function: Callable[..., Any]) -> None:
    """Somebody takes the seat between reading and appending."""
    log = BusyLog()
    log.before_appends = [log.event("seat.reserved", {"seat": SEAT, "who": "grace"})]
    got = _call(function, log)
    called = f"{_CALLED}, while grace reserves {SEAT!r} just before you append"
    if len(log.holders()) > 1:
        said = (
            "Two people have the seat: the append was made without expected, so nobody noticed that the log had grown."
            if None in log.expected
            else "Two people have the seat: after the Conflict you appended again without deciding again."
        )
        raise Wrong(said, called, "grace alone", f"{log.holders()}", _LOOK)
    if got is not False:
        said = (
            "Grace was quicker and has the seat. The Conflict said so, but it was swallowed, and the caller isn't told."
        )
        raise Wrong(said, called, "False", in_short(got), _LOOK)


def _check_disturbed(function: Callable[..., Any]) -> None:
    """Others append what has nothing to do with the seat."""
    log = BusyLog()
    log.before_appends = [
        log.event("folder.created", {"path": "/grace"}),
        log.event("seat.reserved", {"seat": "12C", "who": "grace"}),
        log.event("email.sent", {"to": "grace"}),
    ]
    got = _call(function, log)
    called = f"{_CALLED}, while others append other things just before you do, three times over"
    if log.holders() != ["ada"]:
        said = "A Conflict was taken for a no. It only says that the log has grown; the seat is still free."
        raise Wrong(said, called, "True, and the seat is ada's", f"{in_short(got)}, and {log.holders()}", _LOOK)
    if got is not True:
        raise Wrong("In the end the seat was reserved, but the caller isn't told so.", called, "True", in_short(got))


def _check_watched(function: Callable[..., Any]) -> None:
    """Somebody takes the seat right after the function has looked."""
    log = BusyLog()
    log.after_reads = [log.event("seat.reserved", {"seat": SEAT, "who": "grace"})]
    got = _call(function, log)
    called = f"{_CALLED}, while grace reserves {SEAT!r} right after you have read the events"
    if len(log.holders()) > 1:
        said = "Two people have the seat: the head was asked for after the events were read, so it covers what you never saw."
        raise Wrong(said, called, "grace alone", f"{log.holders()}", "In which order do you look at the two?")
    if got is not False:
        raise Wrong("Grace has the seat now, and the caller isn't told so.", called, "False", in_short(got))


def _call(function: Callable[..., Any], log: BusyLog, seat: str = SEAT, who: str = "ada") -> Any:
    """What the function returns. Raises `Wrong` if conflicts get out of it, or come for ever."""
    head = log.head
    is_alone = not log.before_appends and not log.after_reads
    try:
        return function(log, seat, who)
    except KeyError as error:
        if error.args not in (("seat",), ("who",)):
            raise
        said = f"An event that has no {error.args[0]} stopped it. Others append other things too, and only seat.reserved tells of seats."
        raise Wrong(said, _CALLED, got=f"KeyError: {error}", look="What does log.read take?") from None
    except Conflict:
        if is_alone:
            return None
        said = (
            "The Conflict was let through. It is no failure: somebody was quicker, and you are asked to decide again."
            if log.conflicts == 1
            else "After some attempts the Conflict was let through. It may come any number of times."
        )
        raise Wrong(said, f"{_CALLED}, while others append just before you do", look=_LOOK) from None
    except Stuck:
        if is_alone:
            return None
        said = (
            "The same head was expected over and over: it was asked for once, before the first attempt."
            if len(set(log.expected)) == 1
            else _misjudged(log, head)
        )
        raise Wrong(said, _CALLED, got=f"{log.conflicts} conflicts, one after the other", look=_LOOK) from None


def _misjudged(log: BusyLog, head: int) -> str:
    """What `expected` was taken for, where nobody was in the way."""
    reservations = sum(1 for _ in MemoryLog.read(log, upto=head, names="seat.reserved"))
    if log.expected[0] == reservations:
        return "You expect as many events as there are reservations. The log holds other events too, and expected counts all."
    return "Nobody was in the way, and yet there was a Conflict: expected is not where the log ended."


_CALLED = f"reserve(log, {SEAT!r}, 'ada')"
_LOOK = "Look at “Two people, one seat”: read, decide, append, and what a Conflict asks you to do."


RESERVE = Exercise(
    id="reserve",
    lesson=6,
    title="One seat, many hands",
    minutes=10,
    task=(
        "Write `reserve(log, seat, who)`. A seat is free as long as the log holds no `seat.reserved` with it. If it is free, append "
        '`seat.reserved` with the data `{"seat": seat, "who": who}` and return `True`; if it is taken, append nothing and return `False`. '
        "Other people append to the log at any moment, also between your reading and your appending, and not only reservations: no "
        "seat may ever be given away twice, and nobody may be turned away from a seat that is free."
    ),
    stub='def reserve(log, seat, who):\n    """Reserve the seat if it is free; say whether you did."""\n    ...',
    check=check,
    hints=(
        "Between looking and writing, the log may grow. Which argument of log.append says where it must still end?",
        "A Conflict is neither yes nor no. It says: what you know is out of date, so look again.",
        "Put it all into a loop: ask for the head, read the reservations, return False if the seat is there, append with that "
        "head and return True; on Conflict go round once more.",
    ),
    solutions=RIGHT,
    wrong={**WRONG, RIGHT[0].replace("except Conflict", "except Exception"): "The disk was full, and that was taken"},
)
