"""Find the fact behind an order."""

from __future__ import annotations

from typing import Any

from eda_workshop.errors import BadName
from eda_workshop.exercises.attempt import kind, require_table
from eda_workshop.exercises.exercise import Exercise, Wrong
from eda_workshop.exercises.lesson_02.verbs import ASKS, is_past
from eda_workshop.names import check_name

_STORIES = {
    "notify_billing": (
        "a plan was canceled",
        ("plan", "subscription", "membership", "contract", "account", "user", "customer"),
    ),
    "search.reindex": ("a file was renamed", ("file", "document")),
    "thumbnail.create": ("a photo was uploaded", ("photo", "picture", "image", "file")),
    "mailer.say_goodbye": ("a user closed her account", ("user", "account", "customer")),
    "order": ("one was paid", ("order", "payment", "bill", "invoice")),
    "folder.moving": ("it is there now", ("folder",)),
    "audit.note_login_failure": (
        "a login failed",
        ("login", "user", "account", "password", "sign_in", "authentication"),
    ),
}
"""Name → what had happened, and what it may be said to have happened to."""

_RECEIVERS = {"billing", "search", "mailer", "audit", "audits", "auditor", "thumbnailer", "indexer"}
_REACTIONS = {
    "notify_billing": ("notif", "bill", "refund"),
    "search.reindex": ("index", "reindex", "search"),
    "thumbnail.create": ("thumbnail", "shrunk", "scaled"),
    "mailer.say_goodbye": ("goodbye", "said", "mail", "email", "greet"),
    "order": ("ship", "deliver"),
    "folder.moving": (),
    "audit.note_login_failure": ("note", "audit", "record"),
}
"""Name → how words begin that tell of somebody's reaction."""

_OTHER_FACTS = {
    "notify_billing": ("created", "signed", "paid", "ordered"),
    "search.reindex": ("created", "deleted", "moved", "uploaded", "shared", "removed"),
    "thumbnail.create": ("deleted", "renamed", "moved", "shared", "removed"),
    "mailer.say_goodbye": ("created", "signed", "opened", "registered"),
    "order": ("placed", "created", "fulfilled", "shipped", "sent", "canceled", "cancelled"),
    "folder.moving": ("created", "deleted", "shared", "renamed", "removed"),
    "audit.note_login_failure": ("succeeded", "created", "closed"),
}
"""Name → words in the past that tell of something else than what had happened."""


def check(answer: Any) -> None:
    for old, new in require_table(answer, tuple(_STORIES)).items():
        _check_form(old, new)
        _check_meaning(old, new)


def _check_form(old: str, new: Any) -> None:
    if not isinstance(new, str):
        raise Wrong("A name is text, in quotes.", got=f"{kind(new)} for {old}")
    if new and "." not in new and any(noun in new for noun in _STORIES[old][1]):
        said = "It is said what it happened to, and what happened; but a dot has to part the two."
        raise Wrong(said, expected="noun.verb_past", got=f"{new} for {old}")
    if new and "." not in new:
        said = "A flat name doesn't say what it happened to: an order, a file and a user can all be “closed”."
        raise Wrong(said, expected="noun.verb_past", got=f"{new} for {old}")
    try:
        check_name(new)
    except BadName as error:
        raise Wrong(f"The new name for {old} is no name at all.", got=str(error)) from None


def _check_meaning(old: str, new: str) -> None:
    last = new.rsplit(".", maxsplit=1)[-1]
    words = set(new.replace(".", " ").replace("_", " ").split())
    got = f"{new} for {old}"
    happened, nouns = _STORIES[old]
    if words & _RECEIVERS:
        raise Wrong(
            "The receiver is still in the name. Tomorrow another one listens as well: whose name shall it bear then?",
            got=got,
        )
    if words & ASKS:
        raise Wrong("The tense is past, and still it is an order: it says what somebody is asked to do.", got=got)
    if any(word.startswith(_REACTIONS[old]) for word in words):
        raise Wrong(
            "This is what somebody does about it, or did. The fact comes before that.",
            got=got,
            look=f"Story: {happened}.",
        )
    if last.endswith("ing") or "being" in words:
        raise Wrong("This still goes on. A fact is over.", got=got)
    if "is" in words:
        raise Wrong("This says how things are now. A fact says what has happened.", got=got)
    if not is_past(last) and is_past(new.split(".", maxsplit=1)[0]):
        raise Wrong("The two stand the wrong way round: first what it happened to, then what happened.", got=got)
    if not is_past(last):
        raise Wrong(
            "This is still an order, or only a noun. Say what has happened, and leave to others what follows.", got=got
        )
    if not any(noun in new for noun in nouns):
        raise Wrong(f"It is not clear any more what happened to what: {happened}.", expected=f"{nouns[0]}.…", got=got)
    if set(last.split("_")) & set(_OTHER_FACTS[old]):
        raise Wrong("This is a fact, but another one than the story tells of.", got=got, look=f"Story: {happened}.")


_GOOD = {
    "notify_billing": "plan.canceled",
    "search.reindex": "file.renamed",
    "thumbnail.create": "photo.uploaded",
    "mailer.say_goodbye": "account.closed",
    "order": "order.paid",
    "folder.moving": "folder.moved",
    "audit.note_login_failure": "login.failed",
}
_OTHER = {
    "notify_billing": "user.plan.canceled",
    "search.reindex": "file.name_changed",
    "thumbnail.create": "photo.added",
    "mailer.say_goodbye": "user.left",
    "order": "payment.received",
    "folder.moving": "folder.moved",
    "audit.note_login_failure": "user.login_failed",
}


def _filled(name: str = "order", new: str = "order.paid") -> str:
    return f"past_tense = {_GOOD | {name: new}}"


PAST_TENSE = Exercise(
    id="past_tense",
    lesson=2,
    title="The fact behind the order",
    minutes=5,
    task=(
        "Seven things that a system publishes. Each tells somebody what to do; behind each is something that had happened, told beside it. "
        "Give each the name of that fact: `noun.verb_past`, in small letters, without saying who shall react, or how."
    ),
    stub="past_tense = {\n" + "".join(f'    "{old}": ...,  # {told}\n' for old, (told, _) in _STORIES.items()) + "}",
    check=check,
    hints=(
        "Read the story as a headline. Its noun comes first, its verb last, in the past: folder.moved.",
        "Strike out billing, search, mailer and audit. If they were all switched off, what would still have happened?",
    ),
    solutions=(_filled(), f"past_tense = {_OTHER}"),
    wrong={
        _filled("notify_billing", "billing.plan_canceled"): "The receiver is still in the name",
        _filled("mailer.say_goodbye", "account.closed_for_mailer"): "The receiver is still in the name",
        _filled("thumbnail.create", "thumbnail.requested"): "The tense is past, and still it is an order",
        _filled("thumbnail.create", "thumbnail.created"): "This is what somebody does about it",
        _filled("search.reindex", "file.reindexed"): "This is what somebody does about it",
        _filled("search.reindex", "file.rename"): "This is still an order",
        _filled("order", "order.pay"): "This is still an order",
        _filled("order", "paid"): "A flat name doesn't say",
        _filled("order", "order_paid"): "It is said what it happened to",
        _filled("order", "paid.order"): "The two stand the wrong way round",
        _filled("order", "order.is_paid"): "This says how things are now",
        _filled("order", "order.placed"): "This is a fact, but another one",
        _filled("audit.note_login_failure", "login.succeeded"): "This is a fact, but another one",
        f"past_tense = {_GOOD | {'order': None}}": "A name is text",
        _filled("folder.moving", "folder.moving"): "This still goes on",
        _filled("folder.moving", "Folder.Moved"): "The new name for folder.moving is no name at all",
        _filled("order", "folder.paid"): "It is not clear any more what happened to what",
    },
)
