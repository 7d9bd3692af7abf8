"""A board that sends what its users want, and shows what happened."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from eda_workshop.bus import Bus, Command
from eda_workshop.clock import ManualClock
from eda_workshop.errors import BadSubscriber, DuplicateHandler, NoHandler, Rejected
from eda_workshop.exercises.attempt import kind, require_function
from eda_workshop.exercises.exercise import Exercise, Wrong
from eda_workshop.exercises.lesson_08.watched import WatchedDict
from eda_workshop.ids import CounterIds
from eda_workshop.log import open_log

LEAST = 10


class _Owner:
    """Who decides on bids, and how often somebody asked for the highest."""

    def __init__(self) -> None:
        self.bus = Bus(open_log("memory://", clock=ManualClock()), ids=CounterIds())
        self.highest = 0
        self.asked = 0
        self.commands: list[int] = []
        self.bus.handle("bid.place", self._place)
        self.bus.handle("bid.ask", self._ask)

    def _place(self, command: Command) -> None:
        amount = command.data["amount"]
        self.commands.append(amount)
        if amount < self.highest + LEAST:
            raise Rejected(f"{amount} is too little")
        self.highest = amount
        self.bus.publish("bid.accepted", {"amount": amount})

    def _ask(self, _: Command) -> None:
        self.asked += 1


def check(answer: Any) -> None:
    function = require_function(answer, "bus", "shown")
    _check_bid(function)
    _check_rejected(function)
    _check_others(function)
    _check_same_amount(function)
    _check_other_events(function)
    _check_no_owner(function)
    _check_two_boards(function)
    _check_hands_off(function)


def _board(function: Callable[..., Any]) -> tuple[_Owner, WatchedDict, Any]:
    owner, shown = _Owner(), WatchedDict(highest=0)
    try:
        bid = function(owner.bus, shown)
    except DuplicateHandler:
        said = (
            "There is a handler for that command already, the owner's. A board sends bid.place and handles no command."
        )
        raise Wrong(said, "board(bus, shown)", look=_LOOK) from None
    if not callable(bid):
        raise Wrong("board(bus, shown) must return bid, a function of an amount.", got=kind(bid))
    return owner, shown, bid


def _check_bid(function: Callable[..., Any]) -> None:
    owner, shown, bid = _board(function)
    told = bid(50)
    assert owner.bus.log is not None
    published = [event.data.get("amount") for event in owner.bus.log.read(names="bid.accepted")]
    if not owner.commands:
        said = (
            "The board says itself that the bid was accepted. That is for the owner to say: send the command."
            if published
            else "The owner never gets the bid. A command is sent, with bus.send; what is published, nobody has to take."
        )
        told_all = [event.name for event in owner.bus.log]
        raise Wrong(said, _CALLED, "the command bid.place", f"{', '.join(told_all) or 'nothing'} published", _LOOK)
    if published != [50]:
        said = "The owner has published bid.accepted, and the board did so, too: now there are two."
        raise Wrong(said, _CALLED, "one bid.accepted", f"{len(published)}", _LOOK)
    if set(shown) != {"highest"}:
        said = "The event came, and what it said was written where no screen draws it."
        raise Wrong(said, _CALLED, "the key highest alone", f"the keys {', '.join(map(str, shown))}", _LOOK)
    if shown["highest"] == 0:
        said = (
            "The bid was accepted, and the board shows nothing. Either it doesn't subscribe to bid.accepted, or what it hears "
            "doesn't get into shown."
        )
        raise Wrong(said, _CALLED, look=_LOOK)
    if shown["highest"] != 50:
        said = "The bid counts twice: once when it was made, once when the event came."
        raise Wrong(said, _CALLED, "50 shown", f"{shown['highest']} shown", _LOOK)
    if told is not True:
        raise Wrong("The bid went through, and bid does not say so.", _CALLED, "True", f"{told!r:.40}")
    if owner.asked:
        raise Wrong("The board asks the owner each time. A poster lives on what it is told.", _CALLED, look=_LOOK)


def _check_rejected(function: Callable[..., Any]) -> None:
    owner, shown, bid = _board(function)
    drawn = _drawn(shown)
    bid(50)
    called = f"{_CALLED}, then bid(55), which the owner refuses"
    try:
        told = bid(55)
    except BadSubscriber:
        said = "Each bid subscribes anew. A board subscribes once, when it is put up, and then hears of every bid."
        raise Wrong(said, called, look="What belongs in board, and what in bid?") from None
    except Rejected:
        raise Wrong(
            "A refusal is no accident: it came out of bid as an exception.", called, "False", look=_LOOK
        ) from None
    if 55 in drawn:
        said = "The board shows a bid that was refused: it wrote before it knew."
        got = "55 shown" if shown["highest"] == 55 else "55 shown for a moment"
        raise Wrong(said, called, "50 shown", got, _LOOK)
    if shown["highest"] != 50:
        raise Wrong("A refused bid has changed what is shown.", called, "50 shown", f"{shown['highest']} shown", _LOOK)
    if owner.commands != [50, 55]:
        said = "The board refused the bid itself, by what it shows. That is for the owner to say, who may know more."
        raise Wrong(said, called, "commands for 50, 55", f"commands for {', '.join(map(str, owner.commands))}", _LOOK)
    if told is not False:
        raise Wrong("The bid was refused, and bid does not say so.", called, "False", f"{told!r:.40}")


def _check_others(function: Callable[..., Any]) -> None:
    """A bid from another board."""
    owner, shown, _ = _board(function)
    owner.bus.send("bid.place", {"amount": 80})
    if shown["highest"] != 80:
        said = "Somebody bid 80 on another board, and this one doesn't show it: it knows its own bids only."
        raise Wrong(said, "a bid of 80 elsewhere", "80 shown", f"{shown['highest']} shown", _LOOK)


def _check_same_amount(function: Callable[..., Any]) -> None:
    """The owner refuses a bid that another board has made already."""
    owner, _, bid = _board(function)
    owner.bus.send("bid.place", {"amount": 80})
    if bid(80) is not False:
        said = "Somebody else had bid 80 before, the owner refused a second 80, and bid says that it went through: it goes by what is shown."
        raise Wrong(said, "a bid of 80 elsewhere, then bid(80)", "False", "True", _LOOK)


def _check_other_events(function: Callable[..., Any]) -> None:
    """More is published than accepted bids."""
    owner, shown, _ = _board(function)
    owner.bus.send("bid.place", {"amount": 80})
    owner.bus.publish("bid.withdrawn", {"amount": 70})
    if shown["highest"] != 80:
        said = "The board shows a bid that was withdrawn: it hears more than bid.accepted."
        raise Wrong(
            said, "bid.withdrawn is published, with an amount of 70", "80 shown", f"{shown['highest']} shown", _LOOK
        )


def _check_no_owner(function: Callable[..., Any]) -> None:
    """Nobody decides on bids: that is no refusal."""
    bid = function(Bus(open_log("memory://", clock=ManualClock())), WatchedDict(highest=0))
    try:
        told = bid(50)
    except NoHandler:
        return
    said = "There was no owner who could decide, and bid answers as if there had been one: only Rejected is a refusal, all other errors are accidents."
    raise Wrong(said, "bid(50) on a bus without an owner", "the error NoHandler", f"{told!r:.40}", _LOOK)


def _check_two_boards(function: Callable[..., Any]) -> None:
    """Two auctions in one program."""
    (_, one, bid), (_, other, bid_there) = _board(function), _board(function)
    bid(50)
    bid_there(90)
    if (one["highest"], other["highest"]) != (50, 90):
        said = "Two boards of two auctions got into each other: something is kept outside of board."
        raise Wrong(
            said,
            "two boards, a bid of 50 on one and of 90 on the other",
            "50 and 90 shown",
            f"{one['highest']} and {other['highest']} shown",
        )


def _check_hands_off(function: Callable[..., Any]) -> None:
    """One bid, one event, one write, by the subscriber that was asked for."""
    owner, shown, bid = _board(function)
    if "board" not in owner.bus.subscribers:
        said = 'The board shows what happens, but there is no subscriber "board" on the bus.'
        raise Wrong(said, _CALLED, got=f"subscribers {list(owner.bus.subscribers)}", look=_LOOK)
    drawn = _drawn(shown)
    bid(50)
    if len(drawn) > 1:
        said = "The screen is written by two: by the event, and by bid, which should leave it alone."
        raise Wrong(said, _CALLED, "shown is written once", f"{len(drawn)} times", _LOOK)


def _drawn(shown: WatchedDict) -> list[int]:
    """What is written to the screen from now on."""
    drawn = list[int]()
    shown.after = lambda _, value: drawn.append(value)
    return drawn


_CALLED = "bid = board(bus, shown), then bid(50)"
_LOOK = "Look at “Many images, one log”: who writes, who sends, who shows?"
_HEAR = (
    '    def show(event):\n        shown["highest"] = event.data["amount"]\n\n'
    '    bus.subscriber("board").on("bid.accepted", show)\n\n'
)
_SEND = 'bus.send("bid.place", {"amount": amount})'
_TRY = f"        try:\n            {_SEND}\n        except Rejected:\n            return False\n        return True\n"


def _source(body: str = _TRY, hear: str = _HEAR) -> str:
    return f"def board(bus, shown):\n{hear}    def bid(amount):\n{body}\n    return bid"


BOARD = Exercise(
    id="board",
    lesson=8,
    title="Send, don't write",
    minutes=10,
    task=(
        "A board shows the highest bid: `shown` is a dict with the key `highest`, which the screen draws. Write `board(bus, shown)`. It "
        'subscribes as `"board"` to `bid.accepted`, whose data has an `amount`, and returns a function `bid(amount)`, which sends the '
        "command `bid.place` with the amount. The owner accepts it, and publishes `bid.accepted`, or raises `Rejected`. `bid` returns "
        "True or False accordingly."
    ),
    stub='def board(bus, shown):\n    """A display of an auction; returns bid(amount)."""\n    ...',
    check=check,
    hints=(
        "Two functions in one: what the board does when it hears, and what it does when its user wants something.",
        "Only the handler of bid.accepted writes to shown. bid sends, and turns Rejected into False.",
        'bus.subscriber("board").on("bid.accepted", …) takes a function of the event. bus.send("bid.place", {"amount": amount}) raises '
        "Rejected if the owner says no: try … except.",
    ),
    solutions=(_source(),),
    wrong={
        _source('        shown["highest"] = amount\n' + _TRY): "The board shows a bid that was refused",
        _source(
            '        shown["highest"] += amount\n' + _TRY,
            _HEAR.replace('= event.data["amount"]', '+= event.data["amount"]'),
        ): "The bid counts twice",
        _source(
            '        bus.publish("bid.accepted", {"amount": amount})\n        return True\n'
        ): "The board says itself",
        _source('        bus.log.append(Event("bid.accepted", {"amount": amount}))\n        return True\n'): (
            "The board says itself"
        ),
        _source('        bus.publish("bid.place", {"amount": amount})\n        return True\n'): (
            "The owner never gets the bid"
        ),
        _source("        return True\n"): "The owner never gets the bid",
        _source(
            _TRY,
            _HEAR + '    bus.handle("bid.place", lambda command: bus.publish("bid.accepted", command.data))\n\n',
        ): "There is a handler for that command already",
        _source("    " + _HEAR.replace("\n    ", "\n        ").rstrip() + "\n" + _TRY, ""): "Each bid subscribes anew",
        _source(
            _TRY, _HEAR.replace('shown["highest"] = event.data["amount"]', 'shown = {"highest": event.data["amount"]}')
        ): ("The bid was accepted, and the board shows nothing"),
        _source(_TRY.replace("return True", 'bus.publish("bid.accepted", {"amount": amount})\n        return True')): (
            "The owner has published bid.accepted"
        ),
        _source(_TRY, ""): "The bid was accepted, and the board shows nothing",
        _source(
            f'        {_SEND}\n        shown["highest"] = amount\n        return True\n', ""
        ): "A refusal is no accident",
        _source(
            _TRY.replace("        return True\n", '        shown["highest"] = amount\n        return True\n'), ""
        ): ("Somebody bid 80 on another board"),
        _source(
            _TRY.replace("        return True\n", '        shown["highest"] = amount\n        return True\n')
        ): "The screen is written by two",
        _source(
            '        before, shown["highest"] = shown["highest"], amount\n'
            + _TRY.replace("return False", 'shown["highest"] = before\n            return False')
        ): "The board shows a bid that was refused",
        _source(
            '        if amount < shown["highest"] + 10:\n            return False\n' + _TRY
        ): "The board refused the bid itself",
        _source(_TRY, _HEAR.replace('"board"', '"screen"')): "The board shows what happens, but there is no subscriber",
        _source(_TRY, _HEAR.replace('shown["highest"] = event.data["amount"]', "shown.update(event.data)")): (
            "The event came, and what it said was written where"
        ),
        _source(f"        {_SEND}\n        return True\n"): "A refusal is no accident",
        _source(_TRY.replace("except Rejected", "except Exception")): "There was no owner who could decide",
        _source(_TRY.replace("return False", "pass").replace("return True", 'return shown["highest"] == amount')): (
            "Somebody else had bid 80 before"
        ),
        _source(_TRY, _HEAR.replace("bid.accepted", "bid.*")): "The board shows a bid that was withdrawn",
        "screens = []\n\n\n"
        + _source(
            _TRY, "    screens.append(shown)\n" + _HEAR.replace("shown[", "screens[-1][")
        ): "Two boards of two auctions",
        _source(_TRY.replace("return False", "return True")): "The bid was refused, and bid does not say so",
        _source(_TRY.replace("        return True\n", "")): "The bid went through, and bid does not say so",
        _source('        bus.send("bid.ask", {})\n' + _TRY): "The board asks the owner each time",
    },
)
