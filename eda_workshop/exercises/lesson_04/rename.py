"""Give eight badly named things the names of facts."""

from __future__ import annotations

from typing import Any

from eda_workshop.errors import BadName
from eda_workshop.exercises.attempt import kind, require_table
from eda_workshop.exercises.exercise import Exercise, Wrong
from eda_workshop.exercises.lesson_02.verbs import ASKS, is_past
from eda_workshop.names import check_name

NOUNS: dict[str, tuple[str, ...]] = {
    "signup": ("user", "account", "customer", "member"),
    "SEND_MAIL": ("email", "mail", "message"),
    "folder.create": ("folder",),
    "MovedFolder": ("folder",),
    "share-folder": ("folder",),
    "deleted": (),
    "mailer.user_is_new": ("user", "account", "customer", "member"),
    "email.opening": ("email", "mail"),
}
"""Old name → what it may be said to have happened to; () for one that doesn't say."""

RECEIVERS = ("mailer", "audit", "folders", "search", "billing")
_VERBS = {
    "SEND_MAIL": ("sent",),
    "folder.create": ("created",),
    "MovedFolder": ("moved",),
    "share-folder": ("shared",),
    "deleted": ("deleted", "removed"),
    "email.opening": ("opened", "read"),
}
"""Old name → what had happened, where the old name leaves no doubt."""

_REACTIONS = ("welcomed", "greeted", "mailed", "notified", "emailed")


def check(answer: Any) -> None:
    for old, new in require_table(answer, tuple(NOUNS)).items():
        if not isinstance(new, str):
            raise Wrong("A name is text, in quotes.", got=f"{kind(new)} for {old}")
        try:
            check_name(new)
        except BadName as error:
            raise Wrong(f"The new name for {old} is no name at all.", got=str(error)) from None
        _check_meaning(old, new)


def _check_meaning(old: str, new: str) -> None:
    noun, last = new.split(".", maxsplit=1)[0], new.rsplit(".", maxsplit=1)[-1]
    words, got = set(new.replace(".", " ").replace("_", " ").split()), f"{new} for {old}"
    if noun in RECEIVERS:
        raise Wrong(
            "A name that begins with the receiver tells somebody what to hear. Begin with what it happened to.", got=got
        )
    if words & ASKS or words & set(RECEIVERS):
        raise Wrong("The name still says what somebody shall do, or who shall hear of it.", got=got)
    if not is_past(last) and any(map(is_past, new.split(".")[:-1])):
        raise Wrong("What happened belongs at the end, in one token: folder.moved, user.signed_up.", got=got)
    if not is_past(last):
        raise Wrong(
            "This sounds like an order, or like something that still goes on. A fact is over: noun.verb_past.",
            got=got,
            look="Say it aloud: “A user has …”, “An e-mail was …”.",
        )
    if NOUNS[old] and noun.removesuffix("s") not in NOUNS[old]:
        raise Wrong(f"It is not clear any more what {old} happened to.", expected=f"{NOUNS[old][0]}.…", got=new)
    _check_fact(old, set(last.split("_")), got)


def _check_fact(old: str, verb: set[str], got: str) -> None:
    """Whether it is this fact, and neither another line's nor what somebody does about it."""
    others = {word for name, said in _VERBS.items() for word in said} - set(_VERBS.get(old, ("created",)))
    if verb & others:
        raise Wrong("This is a fact, but another one than the old name tells of.", got=got)
    if verb & set(_REACTIONS):
        raise Wrong("This is what somebody did about it. The fact comes before that.", got=got)


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


def _filled(old: str = "signup", new: object = _GOOD["signup"]) -> str:
    """The good names, one of them spoiled."""
    return f"rename = {_GOOD | {old: new}}"


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
        _filled("SEND_MAIL", "email.send"): "This sounds like an order",
        _filled("email.opening", "email.opening"): "This sounds like an order",
        _filled("signup", "signed_up"): "The new name for signup is no name at all",
        _filled("MovedFolder", "Folder.Moved"): "The new name for MovedFolder is no name at all",
        _filled("share-folder", "folder-shared"): "The new name for share-folder is no name at all",
        _filled("mailer.user_is_new", "mailer.user_registered"): "A name that begins with the receiver",
        _filled("signup", "user.sign_up"): "This sounds like an order",
        _filled("folder.create", "folder.create_requested"): "The name still says what somebody shall do",
        _filled("signup", "user.signed_up_for_mailer"): "The name still says what somebody shall do",
        _filled("MovedFolder", "moved.folder"): "What happened belongs at the end",
        _filled("folder.create", "folder.deleted"): "This is a fact, but another one",
        _filled("mailer.user_is_new", "user.welcomed"): "This is what somebody did about it",
        _filled("signup", None): "A name is text",
        _filled("MovedFolder", "user.moved"): "It is not clear any more what MovedFolder happened to",
    },
)
