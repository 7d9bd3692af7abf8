"""Four things that are called event-driven, and one that only looks so."""

from __future__ import annotations

from typing import Any

from eda_workshop.exercises.attempt import require_words
from eda_workshop.exercises.exercise import Exercise, Wrong

RIGHT = {
    "a": "carried state",
    "b": "none",
    "c": "event sourcing",
    "d": "notification",
    "e": "CQRS",
    "f": "event sourcing",
}
_WORDS = ("notification", "carried state", "event sourcing", "CQRS", "none")

_SAID = {
    (
        "a",
        "notification",
    ): "A notification leaves out what is new, and whoever wants it asks. Here nobody asks: the event has it all.",
    ("a", "event sourcing"): (
        "The copy is not the principal truth: the events bring it up to date, but the owner keeps its own state, by other means."
    ),
    (
        "b",
        "notification",
    ): "A notification doesn't care what becomes of it. This sender waits for one certain service to do its work.",
    (
        "b",
        "CQRS",
    ): "A request is in it, and an answer. But reading and writing have no separate models here: somebody is told what to do.",
    (
        "c",
        "CQRS",
    ): "Event sourcing does not need CQRS: what decides and what is read are one state here, and it comes from the log.",
    ("d", "carried state"): "Only an id is carried. What the receiver wants to know, it has to ask for.",
    (
        "d",
        "none",
    ): "It is told that something has happened, and the sender doesn't mind who hears: that is one of the four.",
    ("e", "event sourcing"): "CQRS does not imply event sourcing: no state is derived from recorded events here.",
    ("e", "none"): (
        "CQRS implies neither events nor two databases. It is two models, one for writing and one for reading; one database will do."
    ),
    ("f", "notification"): (
        "Event sourcing does not imply that anything is asynchronous, or that anybody is told. Here one function records and folds at once."
    ),
    ("f", "none"): (
        "There is no bus and no subscriber, and it need not have any: the state comes from the recorded events. What is that called?"
    ),
}
_ELSE = {
    "a": "Whom does the receiver ask for the new address here, and where is it kept from then on?",
    "b": "One service is meant, and the sender waits for it. Is that still news?",
    "c": "Where does the balance come from, and what would be left of it if only the events were kept?",
    "d": "What does the event carry, and what does the receiver do to learn the rest?",
    "e": "Nothing is published and nothing recorded. What is there two of?",
    "f": "Where does the state come from each time that it is wanted?",
}


def check(answer: Any) -> None:
    table = require_words(answer, RIGHT, _WORDS, "Five words are possible.")
    if len(set(table.values())) == 1:
        raise Wrong("These are six snippets of five kinds: “event-driven” is no single thing.")
    for name, word in table.items():
        if word != RIGHT[name]:
            said = _SAID.get((name, word), _ELSE[name])
            raise Wrong(said, got=f"{name}: {word}", look="Look at “Four meanings”.")


_TASK = """Six snippets. Write behind each `"notification"`, `"carried state"`, `"event sourcing"` or `"CQRS"`, or `"none"` for the one that
is an order in disguise. A word may come more than once.

```python
# a
def on_moved(event):
    copy[event.data["user"]] = event.data["address"]

# b
bus.publish("invoice.printing_requested", {"invoice": 7})
wait_until(printer.done)

# c
def balance(user):
    return sum(event.data["amount"] for event in log.read(subject=f"user/{user}"))

# d
def on_moved(event):
    address = accounts.ask(event.data["user"])

# e
def rename(folder, name):  # checks, and may refuse
    database.change("folders", folder, name)
    database.change("home_pages", folder, name)

def show(user):  # only reads
    return database.read("home_pages", user)

# f
def deposit(amount):
    log.append(Event("money.deposited", {"amount": amount}))
    return fold(log, Account)  # the account, computed from all that is in the log
```"""


def _filled(**words: str) -> str:
    return f"four_meanings = {RIGHT | words}"


FOUR_MEANINGS = Exercise(
    id="four_meanings",
    lesson=2,
    title="Which of the four?",
    minutes=5,
    task=_TASK,
    stub="four_meanings = {\n" + "".join(f'    "{name}": ...,\n' for name in RIGHT) + "}",
    check=check,
    hints=(
        "Ask of each: what does the event carry, and where is the truth kept? If there is no event at all, what is there two of?",
        "Where the state is computed from recorded events, it is event sourcing, with a bus or without, at once or later.",
        "Who publishes and waits for somebody's work has published nothing: that is the order.",
    ),
    solutions=(_filled(),),
    wrong={
        _filled(a="state"): "Five words are possible",
        f"four_meanings = {dict.fromkeys(RIGHT, 'notification')}": "These are six snippets of five kinds",
        _filled(a="notification"): "A notification leaves out what is new",
        _filled(a="event sourcing"): "The copy is not the principal truth",
        _filled(b="notification"): "A notification doesn't care what becomes of it",
        _filled(b="CQRS"): "A request is in it, and an answer",
        _filled(c="CQRS"): "Event sourcing does not need CQRS",
        _filled(c="carried state"): "Where does the balance come from",
        _filled(d="carried state"): "Only an id is carried",
        _filled(d="none"): "It is told that something has happened",
        _filled(e="event sourcing"): "CQRS does not imply event sourcing",
        _filled(e="none"): "CQRS implies neither events nor two databases",
        _filled(f="notification"): "Event sourcing does not imply that anything is asynchronous",
        _filled(f="none"): "There is no bus and no subscriber",
    },
)
