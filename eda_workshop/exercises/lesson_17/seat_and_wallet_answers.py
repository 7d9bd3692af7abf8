"""Answers to a seat and a wallet: right ones, and what people write on the way there."""

from __future__ import annotations

_BY_HAND = """def seat_and_wallet(log, seat, who):
    both = Query("seat.reserved", tags=f"seat/{seat}") | Query("wallet.*", tags=f"wallet/{who}")
    while True:
        head, euros = log.head, 0
        for event in log.read(where=both):
            if event.name == "seat.reserved":
                return False
            euros += event.data["euros"] if event.name == "wallet.topped_up" else -event.data["euros"]
        if euros < 10:
            return False
        reserved = Event("seat.reserved", {"seat": seat, "who": who}, subject=f"seat/{seat}")
        charged = Event("wallet.charged", {"who": who, "euros": 10}, subject=f"wallet/{who}")
        try:
            log.append(reserved, charged, after=head, unless=both)
            return True
        except Conflict:
            pass"""
_DECIDER = """class Booking(Decider):
    initial = {"taken": False, "euros": 0}

    def boundary(command):
        return Query(tags=f"seat/{command.data['seat']}") | Query(tags=f"wallet/{command.data['who']}")

    @applies("seat.reserved")
    def reserved(state, event):
        return {**state, "taken": True}

    @applies("wallet.topped_up")
    def topped_up(state, event):
        return {**state, "euros": state["euros"] + event.data["euros"]}

    @applies("wallet.charged")
    def charged(state, event):
        return {**state, "euros": state["euros"] - event.data["euros"]}

    @decides("seat.book")
    def book(state, command):
        seat, who = command.data["seat"], command.data["who"]
        if state["taken"] or state["euros"] < 10:
            raise Rejected("the seat is taken, or the money doesn't suffice")
        yield Event("seat.reserved", {"seat": seat, "who": who}, subject=f"seat/{seat}")
        yield Event("wallet.charged", {"who": who, "euros": 10}, subject=f"wallet/{who}")


def seat_and_wallet(log, seat, who):
    try:
        execute(log, Booking, Command("seat.book", {"seat": seat, "who": who}))
    except Rejected:
        return False
    return True"""

RIGHT = (_BY_HAND, _DECIDER)

_APPEND = "log.append(reserved, charged, after=head, unless=both)"
_TWO_APPENDS = """log.append(reserved, after=head, unless=both)
            log.append(charged)"""


def _with(old: str, new: str) -> str:
    return _BY_HAND.replace(old, new)


WRONG = {
    _with(_APPEND, _TWO_APPENDS): "You append twice, so there can be a seat without a payment",
    _with("unless=both", 'unless=Query("seat.reserved", tags=f"seat/{seat}")'): "Ten euros were spent twice",
    _with(
        "unless=both", 'unless=Query("wallet.*", tags=f"wallet/{who}")'
    ): "Two people have the seat, and both have paid",
    _with(", after=head, unless=both", ""): "You appended without a condition",
    "from threading import Lock\n\nlock = Lock()\n\n\n"
    + _with("    while True:\n        head", "    with lock:\n        head").replace(", after=head, unless=both", ""): (
        "Your lock keeps out the other threads of this program"
    ),
    _with("after=head, unless=both", "expected=head"): "Right, but every stranger disturbs you",
    _with("unless=both", 'unless=Query(["seat.*", "wallet.*"])'): "Right, but every stranger disturbs you",
    _with("            pass", "            return False"): "You treated a Conflict as a no",
    _with("            pass", "            raise"): "Your function lets the Conflict through",
    _with(' if event.name == "wallet.topped_up" else -event.data["euros"]', ""): "You count what was spent as if",
    _with("euros < 10", "euros <= 10"): "Ada has exactly ten euros",
    _with("log.append(reserved, charged,", "log.append(reserved,"): "The two events that belong together",
}
