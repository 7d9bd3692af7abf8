"""Lend a book with a decider."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import Any

from eda_workshop.decide import Decider, execute
from eda_workshop.errors import FrozenData, Overtaken, ReducerFailed, Rejected
from eda_workshop.event import Event
from eda_workshop.exercises.attempt import kind
from eda_workshop.exercises.exercise import Exercise, Wrong
from eda_workshop.exercises.lesson_17.busy_log import BusyLog
from eda_workshop.exercises.lesson_17.lend_answers import RIGHT, WRONG
from eda_workshop.stories.desks import LEND, borrowed, lending, reserved, returned

_Decider = type[Decider]


def check(answer: Any) -> None:
    decider = _require_decider(answer)
    _check_total(decider)
    _check_free(decider)
    _check_out(decider)
    _check_memory(decider)
    _check_line(decider)
    _check_overtaken(decider)
    _check_disturbed(decider)


def _require_decider(answer: object) -> _Decider:
    if not (isinstance(answer, type) and issubclass(answer, Decider) and answer is not Decider):
        look = "Keep the line class Lending(Decider):, and the line lend = Lending."
        raise Wrong("Your answer isn't a decider.", expected="a class of Decider", got=kind(answer), look=look)
    if LEND not in answer.decisions:
        raise Wrong(f"Your decider has no rule for {LEND}.", look=f"Is there a function with @decides({LEND!r})?")
    if answer.boundary is None:
        raise Wrong("Your decider has no boundary, so every append by anyone would be a conflict.", look=_BOUNDARY)
    return answer


def _check_total(decider: _Decider) -> None:
    """A log from before there was a rule: a book was lent twice."""
    _lend(decider, _log(borrowed("emma", "bob"), borrowed("emma", "cy"), returned("emma", "cy")))


def _check_free(decider: _Decider) -> None:
    """Nobody has it, nobody waits."""
    for day in (2, 30):
        log = _log()
        head = log.head
        if not _lend(decider, log, day=day):
            raise Wrong("Emma is in and nobody waits for it, but you refuse it to Ada.", _CALLED)
        _check_recorded(log.all_of()[head:], borrowed("emma", "ada", day), day)
    if _lend(decider, _log(borrowed("dune", "bob"))) is False:
        said = "Bob has a different book, and you refuse Emma to Ada. Your state mixes up the books."
        raise Wrong(said, "bob has Dune; ada asks for Emma", look=_BOUNDARY)


def _check_recorded(events: list[Any], expected: Event, day: int) -> None:
    """One event: its name, its data, its subject."""
    if [event.name for event in events] != [expected.name]:
        got = ", ".join(event.name for event in events) or "no event"
        raise Wrong("Your decision doesn't lead to one book.borrowed.", _CALLED, expected.name, got)
    due = events[0].data.get("due")
    if due != expected.data["due"]:
        said = (
            "The book is due on another day than the tenth after the loan."
            if _is_day_used(due, day)
            else "Your decision reads a clock, or no day at all. Executed again, it would lead to a different event."
        )
        raise Wrong(said, f"ada asks on 2026-03-{day:02}", expected.data["due"], f"{due!r:.40}", _DAY)
    if dict(events[0].data) != dict(expected.data):
        raise Wrong("The event has other data.", _CALLED, f"{dict(expected.data)}", f"{dict(events[0].data)!r:.120}")
    if events[0].subject != expected.subject:
        said = "Your event has no subject book/emma, so the next decision about Emma won't read it."
        raise Wrong(said, _CALLED, expected.subject, f"{events[0].subject!r:.40}")


def _is_day_used(due: object, day: int) -> bool:
    """Whether a due date follows the day in the command, though by a wrong distance."""
    near = [borrowed("emma", "ada", day + more).data["due"] for more in range(-10, 11)]
    return due in near


def _check_out(decider: _Decider) -> None:
    """Somebody has it, or has brought it back."""
    log = _log(borrowed("emma", "bob"))
    head = log.head
    is_lent = _lend(decider, log)
    if is_lent is None:
        raise Wrong("Bob has Emma, and nobody tells Ada no: no event, and no Rejected.", _TAKEN, look=_REFUSE)
    if is_lent or log.head > head:
        raise Wrong(
            "Two readers have Emma, although the log says that Bob borrowed it.", _TAKEN, "Rejected", look=_REFUSE
        )
    if not _lend(decider, _log(borrowed("emma", "bob"), returned("emma", "bob"))):
        called = "bob borrows Emma and brings it back; then ada asks for it"
        raise Wrong("Bob has brought Emma back, but you still refuse it to Ada.", called)


def _check_memory(decider: _Decider) -> None:
    """What was folded once leaves nothing behind."""
    _lend(decider, _log(reserved("emma", "grace")), "grace")
    _lend(decider, _log(borrowed("emma", "bob")), "cy")
    if not _lend(decider, _log()):
        said = "You keep something outside the state: on a fresh log, the decision still sees an earlier one's line."
        raise Wrong(said, "grace reserves Emma on one log; ada asks on an empty one", look="What does initial hold?")


def _check_line(decider: _Decider) -> None:
    """Grace waits first, then Cy."""
    line = (reserved("emma", "grace"), reserved("emma", "cy"))
    called = "grace reserved Emma, then cy; it is in"
    if _lend(decider, _log(*line)):
        said = "Ada got Emma, and Grace has waited longer."
        if not decider.boundary(lending("emma", "ada")).matches(line[0]):
            said = "Your boundary leaves out the reservations, so your decision never sees the line."
        raise Wrong(said, f"{called}; ada asks", "Rejected", look=_BOUNDARY)
    if _lend(decider, _log(*line), "cy"):
        raise Wrong("Cy got Emma, although Grace is before him in the line.", f"{called}; cy asks", "Rejected")
    if not _lend(decider, _log(*line), "grace"):
        raise Wrong("Grace is first in line, and you refuse her, too. So nobody will ever get Emma.", called)
    had = (*line, borrowed("emma", "grace"), returned("emma", "grace"))
    if not _lend(decider, _log(*had), "cy"):
        said = "Grace has had Emma and brought it back, and she still is before Cy in the line."
        raise Wrong(said, f"{called}; grace borrows it and brings it back; cy asks", look="What does a loan change?")


def _check_overtaken(decider: _Decider) -> None:
    """Grace is quicker."""
    for event in (borrowed("emma", "grace"), reserved("emma", "grace")):
        log = _log()
        log.before_appends = [partial(_other, log, event)]
        if _lend(decider, log):
            said = f"Ada got Emma, although {event.name} was recorded while you decided: your boundary leaves it out."
            raise Wrong(said, f"{event.name} by grace, right before ada's loan is appended", look=_BOUNDARY)


def _check_disturbed(decider: _Decider) -> None:
    """Others do what has nothing to do with it."""
    log = _log()
    strangers = [borrowed("dune", "bob"), Event("folder.created", {"path": "/grace"}), reserved("faust", "cy")]
    log.before_appends = [partial(_other, log, event) for event in strangers]
    with suppress(Overtaken):
        _lend(decider, log)
    if log.conflicts:
        said = "Right, but every stranger disturbs you: others' books made you decide again."
        raise Wrong(
            said, "others borrow Dune, create a folder and reserve Faust", "no conflict", f"{log.conflicts}", _BOUNDARY
        )


def _log(*events: Event) -> BusyLog:
    log = BusyLog()
    log.others("user.signed_up", {"user": "ada"}, subject="user/ada")
    for event in events:
        _other(log, event)
    return log


def _other(log: BusyLog, event: Event) -> None:
    log.others(event.name, dict(event.data), subject=event.subject, tags=event.tags)


def _lend(decider: _Decider, log: BusyLog, reader: str = "ada", day: int = 2) -> bool | None:
    """Whether Emma was lent: False if it was refused, None if nothing happened."""
    try:
        return bool(execute(log, decider, lending("emma", reader, day)).events) or None
    except Rejected:
        return False
    except ReducerFailed as error:
        raise _blame(error) from None


def _blame(error: ReducerFailed) -> BaseException:
    """The sentence about a reducer that fails, or else what the learner's own line raised."""
    if isinstance(error.__cause__, Rejected):
        said = (
            "Your reducer refuses what has happened. A rule belongs where the decision is; a replay takes every event."
        )
        return Wrong(said, "a log in which a book was lent twice", got=f"Rejected at {error.name}", look=_REFUSE)
    if isinstance(error.__cause__, FrozenData):
        said = "Your reducer changes the state that it gets, and the next decision would see that. Return a new one."
        return Wrong(said, got=f"FrozenData at {error.name}")
    return error.__cause__ or error


_CALLED = "ada asks for Emma, which is in"
_TAKEN = "bob has Emma; ada asks for it"
_BOUNDARY = "Which events would change your mind? The boundary names these, and no others."
_REFUSE = "@decides may say no, with raise Rejected('…'); @applies takes whatever happened."
_DAY = "The day is in the command."


LEND_BY_RULE = Exercise(
    id="lend",
    lesson=17,
    title="Lend by rule",
    minutes=8,
    task=(
        "A library has one copy of each book. Write a decider for `book.lend`, whose data are `title`, `reader` and `day`, such as "
        '`"2026-03-02"`. It leads to `book.borrowed` with the data `title`, `reader` and `due`, ten days after `day`, as text; its '
        "subject is `book/` and the title. Refuse a book that is out. If readers wait for it, only the first of them may have it.\n\n"
        "`book.returned` and `book.reserved` have the data `title` and `reader` and the same subject. You choose what a state holds. "
        "The decision must notice if another desk lends or reserves the same book meanwhile, and nothing else may disturb it. "
        "`date.fromisoformat(day)` gives a date, to which `timedelta(days=10)` can be added."
    ),
    stub=(
        'class Lending(Decider):\n    initial = ("", ())  # who has the book, and who waits for it\n\n'
        "    def boundary(command): ...\n\n"
        '    @applies("book.borrowed", "book.returned", "book.reserved")\n    def follow(state, event): ...\n\n'
        '    @decides("book.lend")\n    def lend(state, command): ...\n\n\nlend = Lending'
    ),
    check=check,
    hints=(
        "Three questions, three functions: which events matter, what do they add up to, and may this reader have the book now?",
        "The reducer asks no rule: it notes who has the book and who waits. After a loan, the reader is no longer in the line.",
        "boundary returns Query(tags=f\"book/{command.data['title']}\"). lend raises Rejected if a reader has it, or if the line begins "
        "with a different reader; otherwise it returns Event('book.borrowed', …, subject=…).",
    ),
    solutions=RIGHT,
    wrong=WRONG,
)
