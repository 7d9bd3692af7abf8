"""Answers to one seat, two people: right ones, and what people write on the way there."""

from __future__ import annotations

_RIGHT = """def reserve(log, seat, who):
    while True:
        head = log.head
        for event in log.read(names="seat.reserved"):
            if event.data["seat"] == seat:
                return event.data["who"] == who
        reserved = Event("seat.reserved", {"seat": seat, "who": who}, subject=f"seat/{seat}")
        try:
            log.append(reserved, after=head, unless=Query("seat.reserved", tags=f"seat/{seat}"))
            return True
        except Conflict:
            pass"""
_EXPECTED = """def reserve(log, seat, who):
    events = list(log)
    for event in events:
        if event.name == "seat.reserved" and event.data["seat"] == seat:
            return event.data["who"] == who
    try:
        log.append(Event("seat.reserved", {"seat": seat, "who": who}), expected=len(events))
    except Conflict:
        return reserve(log, seat, who)
    return True"""
_WITHOUT_LOOKING = """def reserve(log, seat, who):
    reserved = Event("seat.reserved", {"seat": seat, "who": who}, subject=f"seat/{seat}")
    try:
        log.append(reserved, unless=Query("seat.reserved", tags=f"seat/{seat}"))
    except Conflict as conflict:
        return conflict.event.data["who"] == who
    return True"""

RIGHT = (_RIGHT, _EXPECTED, _WITHOUT_LOOKING)

_CONDITION = 'after=head, unless=Query("seat.reserved", tags=f"seat/{seat}")'
_OWN_LIST = """taken = {}


def reserve(log, seat, who):
    if seat in taken:
        return taken[seat] == who
    log.append(Event("seat.reserved", {"seat": seat, "who": who}), expected=log.head)
    taken[seat] = who
    return True"""
_NOT_AGAIN = """def reserve(log, seat, who):
    for event in log.read(names="seat.reserved"):
        if event.data["seat"] == seat:
            return event.data["who"] == who
    while True:
        try:
            log.append(Event("seat.reserved", {"seat": seat, "who": who}), expected=log.head)
            return True
        except Conflict:
            pass"""

_FOREVER = """def reserve(log, seat, who):
    head = log.head
    for event in log.read(names="seat.reserved"):
        if event.data["seat"] == seat:
            return event.data["who"] == who
    reserved = Event("seat.reserved", {"seat": seat, "who": who}, subject=f"seat/{seat}")
    while True:
        try:
            log.append(reserved, after=head, unless=Query("seat.reserved", tags=f"seat/{seat}"))
            return True
        except Conflict:
            pass"""


def _with(old: str, new: str) -> str:
    return _RIGHT.replace(old, new)


WRONG = {
    _with(f", {_CONDITION}", ""): "Two people have the seat: you appended without a condition",
    _with("after=head", "after=log.head"): "Two people have the seat: you asked for the head after",
    _NOT_AGAIN: "Two people have the seat: after the Conflict you appended again",
    _with(
        "Query(", "Query(tags=f'user/{who}') if seat else Query("
    ): "Two people have the seat: your condition is about",
    _with(', subject=f"seat/{seat}")', ")"): "Two desks run your function, and both give the seat away",
    _with("            pass", "            return False"): "You treated a Conflict as a no",
    _EXPECTED.replace("return reserve(log, seat, who)", "return False"): "You treated a Conflict as a no",
    _with("            pass", "            return True"): "Grace was quicker and has the seat",
    _with("            pass", "            raise"): "Your function lets the Conflict through",
    _with('return event.data["who"] == who', "return False"): "Ada asked twice, and the seat is hers",
    _RIGHT.replace("    while True:\n        head = log.head\n", "    head = log.head\n    while True:\n").replace(
        _CONDITION, "expected=head"
    ): "You asked for the head once, before the first attempt",
    _FOREVER: "After a Conflict your loop appends again without looking again",
    _with("after=head, ", "").replace(', tags=f"seat/{seat}")', ")"): "Your condition has no after=",
    _with(f"append(reserved, {_CONDITION})", "append(reserved, expected=head + 1)"): "Nobody was in your way",
    _with('event.data["seat"] == seat', 'event.data["who"] == who'): "The seat went to a second person",
    _with('(names="seat.reserved")', "()"): "An event without a seat",
    _with("Conflict:", "Exception:"): "The disk was full, and you treated that as a Conflict",
    _OWN_LIST: "Your function remembers something outside the log",
}
