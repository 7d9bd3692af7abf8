"""A seat that is paid from a wallet: one decision about two entities."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from threading import Lock, RLock
from typing import Any

from eda_workshop.exercises.attempt import in_short, require_function
from eda_workshop.exercises.exercise import Exercise, Wrong
from eda_workshop.exercises.lesson_17.busy_log import BusyLog, call
from eda_workshop.exercises.lesson_17.seat_and_wallet_answers import RIGHT, WRONG

SEAT, PRICE = "12A", 10
_LOCKS = (type(Lock()), type(RLock()))


def check(answer: Any) -> None:
    function = require_function(answer, "log", "seat", "who")
    _check_alone(function)
    _check_refused(function)
    _check_overtaken(function)
    _check_again(function)
    _check_disturbed(function)


def _check_alone(function: Callable[..., Any]) -> None:
    """The seat is free, and the money suffices, even if only just."""
    for euros in (25, PRICE):
        log = _log(euros)
        head = log.head
        got = call(function, log, SEAT, "ada")
        added = log.all_of()[head:]
        called = f"ada has {euros} euros; {_CALLED}"
        if not added and euros == PRICE:
            raise Wrong("Ada has exactly ten euros, which is enough for the seat.", called, "True", in_short(got))
        if len(added) != 2 or {event.name: dict(event.data) for event in added} != _BOTH:
            found = ", ".join(f"{event.name} {dict(event.data)}" for event in added) or "nothing"
            said = "The two events that belong together are not in the log."
            raise Wrong(said, called, "seat.reserved and wallet.charged", f"{found:.160}")
        if len(log.conditions) > 1:
            said = (
                "You append twice, so there can be a seat without a payment: the program may stop in between, or the "
                "second append may be refused."
            )
            raise Wrong(said, called, "one append with both events", f"{len(log.conditions)} appends")
        if got is not True:
            raise Wrong("Ada has the seat and has paid, but you don't return True.", called, "True", in_short(got))
        if {event.subject for event in added} != {f"seat/{SEAT}", "wallet/ada"}:
            raise Wrong("Your events lack the subjects by which the next decision finds them.", called, look=_SUBJECTS)


def _check_refused(function: Callable[..., Any]) -> None:
    """The seat is taken, or there is too little money."""
    poor, spent, taken = _log(PRICE - 1), _log(25), _log(25)
    _charged(spent, 20)
    _reserved(taken)
    _require_no(function, poor, "Nine euros bought a seat for ten.", "ada has 9 euros")
    said = "You count what was spent as if it were still in the wallet."
    _require_no(function, spent, said, "ada was paid 25 euros and spent 20")
    _require_no(function, taken, "The seat went to a second person, although Grace has it.", "grace has the seat")


def _check_overtaken(function: Callable[..., Any]) -> None:
    """The seat, or the money, goes right before the append."""
    seat, money = _log(PRICE), _log(PRICE)
    seat.before_appends = [partial(_reserved, seat)]
    money.before_appends = [partial(_charged, money, PRICE)]
    said = _unconditional(function) or "Two people have the seat, and both have paid: you watch the wallet alone."
    _require_no(function, seat, said, "grace reserves the seat right before you append")
    said = "Ten euros were spent twice: you watch the seat alone."
    _require_no(function, money, said, "ada's ten euros are spent elsewhere right before you append")


def _unconditional(function: Callable[..., Any]) -> str:
    """The sentence about an append without a condition; "" if it had one."""
    trial = _log(PRICE)
    call(function, trial, SEAT, "ada")
    if trial.had_condition:
        return ""
    if any(isinstance(function.__globals__.get(name), _LOCKS) for name in function.__code__.co_names):
        return "Your lock keeps out the other threads of this program. Another program has a lock of its own."
    return "You appended without a condition, so nothing noticed that Grace was quicker."


def _check_again(function: Callable[..., Any]) -> None:
    """A conflict that changes nothing: more money came in."""
    log = _log(PRICE)
    log.before_appends = [partial(_topped_up, log, 5)]
    got = call(function, log, SEAT, "ada")
    if got is not True:
        said = "You treated a Conflict as a no. Money came into the wallet, and the seat is still free."
        raise Wrong(said, "5 euros more come in right before you append", "True", in_short(got))


def _check_disturbed(function: Callable[..., Any]) -> None:
    """Others buy other seats."""
    log = _log(PRICE)
    log.before_appends = [
        lambda: log.others("seat.reserved", {"seat": "14C", "who": "bob"}, subject="seat/14C"),
        lambda: log.others("wallet.charged", {"who": "bob", "euros": PRICE}, subject="wallet/bob"),
        lambda: log.others("folder.created", {"path": "/cy"}),
    ]
    call(function, log, SEAT, "ada")
    if log.conflicts:
        said = "Right, but every stranger disturbs you: others' seats and wallets made you decide again."
        raise Wrong(said, "bob buys a different seat right before you append", "no conflict", f"{log.conflicts}", _WIDE)


def _require_no(function: Callable[..., Any], log: BusyLog, said: str, when: str) -> None:
    """Raise `Wrong` unless nothing is appended and False comes back."""
    got = call(function, log, SEAT, "ada")
    mine = [event for event in log.all_of("seat.reserved") if event.data["who"] == "ada"]
    if mine or got is True:
        raise Wrong(said, f"{when}; {_CALLED}", "False, and nothing appended", in_short(got), _LOOK)
    if got is not False:
        raise Wrong("The answer is no, but you don't return False.", f"{when}; {_CALLED}", "False", in_short(got))


def _log(euros: int) -> BusyLog:
    log = BusyLog()
    _topped_up(log, euros)
    log.others("wallet.topped_up", {"who": "bob", "euros": 100}, subject="wallet/bob")
    log.others("seat.reserved", {"seat": "12B", "who": "alan"}, subject="seat/12B")
    return log


def _topped_up(log: BusyLog, euros: int) -> None:
    log.others("wallet.topped_up", {"who": "ada", "euros": euros}, subject="wallet/ada")


def _charged(log: BusyLog, euros: int) -> None:
    log.others("wallet.charged", {"who": "ada", "euros": euros}, subject="wallet/ada")


def _reserved(log: BusyLog) -> None:
    log.others("seat.reserved", {"seat": SEAT, "who": "grace"}, subject=f"seat/{SEAT}")


_BOTH = {"seat.reserved": {"seat": SEAT, "who": "ada"}, "wallet.charged": {"who": "ada", "euros": PRICE}}
_CALLED = f"seat_and_wallet(log, {SEAT!r}, 'ada')"
_SUBJECTS = f"The seat's event is about 'seat/{SEAT}', and the wallet's about 'wallet/ada'."
_LOOK = "Which events did you read to say yes? None of them may be followed by another one meanwhile."
_WIDE = "Which events would change your mind? The condition names these, and no others."


SEAT_AND_WALLET = Exercise(
    id="seat_and_wallet",
    lesson=17,
    title="One seat, one wallet, one decision",
    minutes=6,
    task=(
        "A seat costs 10 euros, paid from a wallet. A wallet holds the sum of its `wallet.topped_up` less the sum of its "
        "`wallet.charged`; their data are `who` and `euros`, their subject is `wallet/` and the name. `seat.reserved` has the data "
        "`seat` and `who`, and the subject `seat/` and the seat.\n\n"
        "Write `seat_and_wallet(log, seat, who)`. If nobody has the seat and the wallet holds enough, it appends `seat.reserved` and "
        "`wallet.charged`, both or none, and returns `True`. Else it appends nothing and returns `False`. Others buy and pay at any "
        "moment. Neither the seat nor the money may go twice, and strangers may not disturb you. You can write a decider and "
        "`execute` it, or do it by hand."
    ),
    stub='def seat_and_wallet(log, seat, who):\n    """Reserve the seat and charge the wallet, both or none."""\n    ...',
    check=check,
    hints=(
        "Two streams, one decision. Which one alone would not have noticed what happened in the other?",
        "log.append takes several events, which are recorded together or not at all; and a query can have alternatives: a | b.",
        "both = Query('seat.reserved', tags=f'seat/{seat}') | Query('wallet.*', tags=f'wallet/{who}'). Read it, decide, and append "
        "both events with after=head and unless=both; after a Conflict, begin again.",
    ),
    solutions=RIGHT,
    wrong=WRONG,
)
