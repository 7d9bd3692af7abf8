"""Answers to one seat, many hands: those that are right, and what people write on the way there."""

from __future__ import annotations


def _source(before: str = "", head: str = "log.head", events: str = "log.read(names='seat.reserved')") -> str:
    return (
        f"def reserve(log, seat, who):\n{before}    while True:\n        head = {head}\n"
        f"        if any(event.data['seat'] == seat for event in {events}):\n            return False\n"
        "        try:\n            log.append(Event('seat.reserved', {'seat': seat, 'who': who}), expected=head)\n"
        "            return True\n        except Conflict:\n            pass"
    )


_GOOD = _source()
_NOTHING_EXPECTED = """def reserve(log, seat, who):
    if any(event.data['seat'] == seat for event in log.read(names='seat.reserved')):
        return False
    log.append(Event('seat.reserved', {'seat': seat, 'who': who}))
    return True"""
_LET_THROUGH = """def reserve(log, seat, who):
    head = log.head
    if any(event.data['seat'] == seat for event in log.read(names='seat.reserved')):
        return False
    log.append(Event('seat.reserved', {'seat': seat, 'who': who}), expected=head)
    return True"""
_NOT_AGAIN = """def reserve(log, seat, who):
    if any(event.data['seat'] == seat for event in log.read(names='seat.reserved')):
        return False
    while True:
        try:
            log.append(Event('seat.reserved', {'seat': seat, 'who': who}), expected=log.head)
            return True
        except Conflict:
            continue"""
_ONCE_AGAIN = """def reserve(log, seat, who, again=True):
    head = log.head
    if any(event.data['seat'] == seat for event in log.read(names='seat.reserved')):
        return False
    try:
        log.append(Event('seat.reserved', {'seat': seat, 'who': who}), expected=head)
        return True
    except Conflict:
        if not again:
            raise
        return reserve(log, seat, who, False)"""
_HEAD_LAST = """def reserve(log, seat, who):
    while True:
        events = list(log.read(names='seat.reserved'))
        head = log.head
        if any(event.data['seat'] == seat for event in events):
            return False
        try:
            log.append(Event('seat.reserved', {'seat': seat, 'who': who}), expected=head)
            return True
        except Conflict:
            continue"""
_OWN_LIST = """taken = []


def reserve(log, seat, who):
    if (log, seat) in taken:
        return False
    log.append(Event('seat.reserved', {'seat': seat, 'who': who}), expected=log.head)
    taken.append((log, seat))
    return True"""

RIGHT = (
    _GOOD,
    "def reserve(log, seat, who):\n    events = list(log)\n"
    "    if any(event.name == 'seat.reserved' and event.data['seat'] == seat for event in events):\n        return False\n"
    "    try:\n        log.append(Event('seat.reserved', {'seat': seat, 'who': who}), expected=len(events))\n"
    "    except Conflict:\n        return reserve(log, seat, who)\n    return True",
)

WRONG = {
    _NOTHING_EXPECTED: "Two people have the seat: the append was made without expected",
    _GOOD.replace("            pass", "            return False"): "A Conflict was taken for a no",
    _GOOD.replace("            pass", "            return True"): "Grace was quicker and has the seat",
    _NOT_AGAIN: "Two people have the seat: after the Conflict you appended again",
    _OWN_LIST: "What others reserved is not found",
    _source(events="log.read(subject=seat)").replace("'who': who}", "'who': who}, subject=seat"): (
        "What others reserved is not found"
    ),
    _source(events="log.read(names='seat.reserved')").replace(
        "event.data['seat'] == seat", "event.data['who'] == who"
    ): ("The seat was given to a second person"),
    _OWN_LIST.replace("(log, seat)", "seat"): "On another log, where nobody has the seat, it counts as taken",
    _source(head="len(list(log.read(names='seat.reserved')))"): "You expect as many events as there are reservations",
    _source(events="log"): "An event that has no seat stopped it",
    _source(head="log.head + 1"): "Nobody was in the way, and yet there was a Conflict",
    _source(before="    start = log.head\n", head="start"): "The same head was expected over and over",
    _LET_THROUGH: "The Conflict was let through",
    _ONCE_AGAIN: "After some attempts the Conflict was let through",
    _HEAD_LAST: "Two people have the seat: the head was asked for after the events were read",
    "def reserve(log, seat, who):\n"
    "    log.append(Event('seat.reserved', {'seat': seat, 'who': who}), expected=log.head)\n"
    "    return True": "The seat was given to a second person",
    _LET_THROUGH.replace("    return True", ""): "The seat was reserved, but the caller isn't told so",
    "def reserve(log, seat, who):\n    return True": "The seat is free, and afterwards the log holds nothing new",
    _LET_THROUGH.replace("{'seat': seat, 'who': who}", "{'seat': seat}"): "What was appended is not that reservation",
}
