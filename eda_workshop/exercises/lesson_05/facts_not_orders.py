"""Turn an order in disguise into an event."""

from __future__ import annotations

from typing import Any

from eda_workshop.event import Event
from eda_workshop.exercises.exercise import Exercise, Wrong

FACTS = {"user": "ada", "folder": "f1", "path": "/ada/photos"}


def check(answer: Any) -> None:
    if not isinstance(answer, Event):
        raise Wrong("This is no event.", expected="Event(name, data, subject=…)", got=type(answer).__name__)
    _check_name(answer.name)
    orders = sorted({"method", "route"} & set(answer.data))
    if orders:
        raise Wrong(
            "The data still tells the receiver how to do its work. Whoever hears of the fact decides that for itself.",
            got=f"{' and '.join(orders)} in the data",
        )
    if dict(answer.data) != FACTS:
        raise Wrong(
            "The data is not what is known of the folder: who, which, where.",
            expected=f"{FACTS}",
            got=f"{dict(answer.data)}",
        )
    if answer.subject != "folder/f1":
        raise Wrong(
            "The subject should be what the event is about, not who sent it or who shall hear it.",
            expected="kind/id, such as user/ada for a user",
            got=repr(answer.subject),
        )


def _check_name(name: str) -> None:
    if name.rsplit(".", maxsplit=1)[-1] in ("create", "send", "notify", "make"):
        raise Wrong("The name is an order. A fact is over, and its name is in the past.", got=name)
    if not name.startswith("folder."):
        raise Wrong("It happened to a folder; whoever shall hear of it doesn't belong in the name.", got=name)
    if name != "folder.created":
        raise Wrong("The folder is new. The lessons have a name for that.", got=name, look="List drive.KINDS.")


def _source(name: str = "folder.created", subject: str = "folder/f1", **more: str) -> str:
    data = {**more, **FACTS}
    return f'from eda_workshop import Event\n\nfacts_not_orders = Event("{name}", {data!r}, subject="{subject}")'


FACTS_NOT_ORDERS = Exercise(
    id="facts_not_orders",
    lesson=5,
    title="Facts, not orders",
    minutes=5,
    task=(
        "The demo sends this when Ada has created a folder:\n\n"
        '```python\n"mailer.send", {"method": "POST", "route": "/mails/send", "user": "ada", "folder": "f1", "path": "/ada/photos"}\n```\n\n'
        "It knows its receiver, and how that one works. Tell the same as a fact that anybody may listen to: make an `Event` with a "
        "name, with the three facts as data, and with what it is about as `subject`."
    ),
    stub="from eda_workshop import Event\n\nfacts_not_orders = ...",
    check=check,
    hints=(
        "What happened, in the past, and to what? That gives the name. What would still be true if nobody listened?",
        'Event("folder.created", {...}, subject="folder/f1"): user, folder and path stay, method and route go.',
    ),
    solutions=(_source(),),
    wrong={
        _source(name="folder.create"): "The name is an order",
        _source(name="mailer.notified"): "It happened to a folder",
        _source(name="folder.added"): "The folder is new",
        _source(method="POST"): "The data still tells the receiver",
        _source(subject="mailer"): "The subject should be what the event is about",
        _source(note="hello"): "The data is not what is known",
        'facts_not_orders = {"name": "folder.created"}': "This is no event",
    },
)
