"""Give eight badly named things the names of facts."""

from __future__ import annotations

from typing import Any

from eda_workshop.errors import BadName
from eda_workshop.exercises.attempt import require_table
from eda_workshop.exercises.exercise import Exercise, Wrong
from eda_workshop.names import check_name

NOUNS = {
    "signup": ("user", "account"),
    "SEND_MAIL": ("email", "mail"),
    "folder.create": ("folder",),
    "MovedFolder": ("folder",),
    "share-folder": ("folder",),
    "deleted": ("folder", "file", "user", "account", "email"),
    "mailer.user_is_new": ("user", "account"),
    "email.opening": ("email", "mail"),
}
RECEIVERS = ("mailer", "audit", "folders", "search", "billing")
_PAST = ("sent", "begun", "made", "left", "gone", "up", "read", "written")


def check(answer: Any) -> None:
    for old, new in require_table(answer, tuple(NOUNS)).items():
        try:
            check_name(new)
        except BadName as error:
            raise Wrong(f"The new name for {old} is no name at all.", got=str(error)) from None
        _check_meaning(old, new)


def _check_meaning(old: str, new: str) -> None:
    noun, last = new.split(".", maxsplit=1)[0], new.rsplit(".", maxsplit=1)[-1]
    if noun in RECEIVERS:
        raise Wrong(
            "A name that begins with the receiver tells somebody what to hear. Begin with what it happened to.",
            got=f"{new} for {old}",
        )
    if not _is_past(last):
        raise Wrong(
            "This sounds like an order, or like something that still goes on. A fact is over: noun.verb_past.",
            got=f"{new} for {old}",
            look="Say it aloud: “A user has …”, “An e-mail was …”.",
        )
    if noun not in NOUNS[old]:
        raise Wrong(f"It is not clear any more what {old} happened to.", expected=f"{NOUNS[old][0]}.…", got=new)


def _is_past(verb: str) -> bool:
    words = verb.split("_")
    return any(word.endswith("ed") and len(word) > 3 for word in words) or words[-1] in _PAST or words[0] in _PAST


_GOOD = {
    "signup": "user.signed_up",
    "SEND_MAIL": "email.sent",
    "folder.create": "folder.created",
    "MovedFolder": "folder.moved",
    "share-folder": "folder.shared",
    "deleted": "folder.deleted",
    "mailer.user_is_new": "user.registered",
    "email.opening": "email.opened",
}


def _filled(**changes: str) -> str:
    """The good names, some of them spoiled."""
    return f"rename = {_GOOD | changes}"


RENAME = Exercise(
    id="rename",
    lesson=4,
    title="Facts, not shouts",
    minutes=6,
    task=(
        "Eight names from a system that grew. Give each the name of a fact: lower-case tokens with dots, first what it happened to, "
        "last a verb in the past, such as `user.signed_up`. The name doesn't say who shall listen, or do what."
    ),
    stub="rename = {\n" + "".join(f"    {old!r}: ...,\n" for old in NOUNS).replace("'", '"') + "}",
    check=check,
    hints=(
        "First find the noun: user, email, folder. That is the namespace.",
        "Then the verb, in the past: signed_up, sent, created, moved, shared, deleted, registered, opened.",
    ),
    solutions=(_filled(),),
    wrong={
        _filled(SEND_MAIL="email.send"): "This sounds like an order",
        f"rename = {_GOOD | {'email.opening': 'email.opening'}}": "This sounds like an order",
        _filled(signup="signed_up"): "The new name for signup is no name at all",
        _filled(MovedFolder="Folder.Moved"): "The new name for MovedFolder is no name at all",
        f"rename = {_GOOD | {'share-folder': 'folder-shared'}}": "The new name for share-folder is no name at all",
        f"rename = {_GOOD | {'mailer.user_is_new': 'mailer.user_registered'}}": "A name that begins with the receiver",
        _filled(MovedFolder="user.moved"): "It is not clear any more what MovedFolder happened to",
    },
)
