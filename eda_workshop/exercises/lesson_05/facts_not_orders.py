"""Turn an order in disguise into an event."""

from __future__ import annotations

from typing import Any

from eda_workshop.event import Event
from eda_workshop.exercises.attempt import kind
from eda_workshop.exercises.exercise import Exercise, Wrong
from eda_workshop.exercises.lesson_02.verbs import is_past

FACTS = {"user": "ada", "folder": "f1", "path": "/ada/photos"}


def check(answer: Any) -> None:
    if not isinstance(answer, Event):
        raise Wrong("This is no event.", expected="Event(name, data, subject=…)", got=kind(answer))
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
            expected=f"the keys {', '.join(FACTS)}, with their values from the task",
            got=_differs(dict(answer.data)),
        )
    if answer.subject != "folder/f1":
        raise Wrong(
            "The subject should be what the event is about, not who sent it or who shall hear it.",
            expected="kind/id, such as user/ada for a user",
            got=answer.subject or "no subject",
        )


def _differs(data: dict[str, Any]) -> str:
    missing, more = [key for key in FACTS if key not in data], [key for key in data if key not in FACTS]
    other = [key for key in FACTS if key in data and data[key] != FACTS[key]]
    told = {"missing": missing, "too much": more, "another value": other}
    return "; ".join(f"{what}: {', '.join(keys)}" for what, keys in told.items() if keys)


def _check_name(name: str) -> None:
    if not is_past(name.rsplit(".", maxsplit=1)[-1]):
        raise Wrong("The name is an order, or no verb in the past. A fact is over.", got=name)
    if not name.startswith("folder."):
        said = (
            "It happened to a folder: the name begins with that, not with who did it, or with what others do about it."
        )
        raise Wrong(said, got=name)
    if name != "folder.created":
        look = "Which name had the new folders of this lesson's dual write?"
        raise Wrong(
            "The folder is new. The lessons have a name for that, and one fact has one name.", got=name, look=look
        )


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
        _source(name="folder.creation"): "The name is an order, or no verb",
        _source(name="user.created_folder"): "It happened to a folder",
        _source(name="mailer.notified"): "It happened to a folder",
        _source(name="folder.added"): "The folder is new",
        _source(method="POST"): "The data still tells the receiver",
        _source(subject="mailer"): "The subject should be what the event is about",
        _source(note="hello"): "The data is not what is known",
        'facts_not_orders = {"name": "folder.created"}': "This is no event",
    },
)
