"""Which handlers leak when they are replayed?"""

from __future__ import annotations

from typing import Any

from eda_workshop.exercises.attempt import compare, require_words
from eda_workshop.exercises.exercise import Exercise, Wrong

RIGHT = {"welcome": True, "remind": False, "age": True, "price": False, "stock": True, "total": False}
_SAID = {
    "welcome": "smtp.send goes straight out: every replay writes to the person again.",
    "remind": "mail is a gateway for updates: in a replay it keeps silent by itself.",
    "age": "The clock is outside, too: replayed next year, the person is a year older in the same event.",
    "price": "rate is a gateway for queries: in a replay it gives the answer of then.",
    "stock": "To ask is to reach outside, even if nothing is changed there: the shelf may hold something else by now.",
    "total": "Everything it uses is in the event and in the state. There is nothing outside to reach.",
}


def check(answer: Any) -> None:
    table = require_words(answer, RIGHT, (True, False), "Each handler leaks or does not.")
    if all(table.values()):
        raise Wrong("Not every handler leaks: what goes through a gateway, or stays in the event, can be replayed.")
    if not any(table.values()):
        raise Wrong("Some of them do leak. Gateways protect only what goes through them.")
    compare(table, RIGHT, _SAID, "Look at “What touches the outside”.")


_STUB = """leaks = {
    "welcome": ...,  # smtp.send(event.data["email"], "Welcome!")
    "remind": ...,  # mail(to=event.data["user"]), an update gateway
    "age": ...,  # state["age"] = date.today().year - event.data["year_born"]
    "price": ...,  # event.data["euros"] * rate("EUR"), a query gateway
    "stock": ...,  # requests.get("https://shop.example/stock").json()
    "total": ...,  # state["total"] + event.data["euros"]
}"""


def _filled(**leaks: bool) -> str:
    return f"leaks = {RIGHT | leaks}"


LEAKS = Exercise(
    id="leaks",
    lesson=9,
    title="Find the leaks",
    minutes=5,
    task=(
        "Six handlers, and the line of each that matters. Write `True` behind those that would reach the world outside in a *replay*, or "
        "give another result because of it, and `False` behind the others."
    ),
    stub=_STUB,
    check=check,
    hints=(
        "For each line: where does what it uses come from? The event, the state, a gateway, or anywhere else?",
        "Asking is reaching outside as well, and so is looking at the clock.",
    ),
    solutions=(_filled(),),
    wrong={
        f"leaks = {dict.fromkeys(RIGHT, True)}": "Not every handler leaks",
        f"leaks = {dict.fromkeys(RIGHT, False)}": "Some of them do leak",
        f"leaks = {RIGHT | {'welcome': 'yes'}}": "Each handler leaks or does not",
        _filled(welcome=False): "smtp.send goes straight out",
        _filled(remind=True): "mail is a gateway for updates",
        _filled(age=False): "The clock is outside",
        _filled(price=True): "rate is a gateway for queries",
        _filled(stock=False): "To ask is to reach outside",
        _filled(total=True): "Everything it uses is in the event",
    },
)
