"""Names of events and commands, and the patterns that select them (the rules of NATS subjects)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from eda_workshop.errors import BadName, BadPattern

MAX_LENGTH = 255
_TOKEN = re.compile(r"[a-z][a-z0-9_]*")


def check_name(name: str) -> str:
    """Return the name as plain text, or raise `BadName` with the text, the place and the rule.

    A name is two or more tokens ``[a-z][a-z0-9_]*`` joined by dots, at most 255 characters.

    >>> check_name("user.signed_up")
    'user.signed_up'
    >>> check_name("user.*")
    Traceback (most recent call last):
    ...
    eda_workshop.errors.BadName: 'user.*' is not a name: it holds a wildcard, and only a ...
    """
    try:
        return _checked(name, False)
    except TypeError:  # what can't be hashed is no text
        raise BadName(str(name), *_not_text(name)) from None


def check_pattern(pattern: str) -> str:
    """Return the pattern, or raise `BadPattern`. Every name is a pattern that matches only itself.

    ``*`` stands for exactly one token, ``>`` for one or more and only at the end.

    >>> check_pattern("folder.>")
    'folder.>'
    """
    try:
        return _checked(pattern, True)
    except TypeError:
        raise BadPattern(str(pattern), *_not_text(pattern)) from None


def is_pattern(text: str) -> bool:
    """Whether the text holds a wildcard."""
    return "*" in text or ">" in text


def matches(pattern: str, name: str) -> bool:
    """Whether the name is one of those that the pattern stands for. Neither is checked.

    >>> matches("user.*", "user.signed_up"), matches("user.*", "user.profile.updated")
    (True, False)
    >>> matches("user.>", "user.profile.updated"), matches("user.>", "user")
    (True, False)
    """
    if not is_pattern(pattern):
        return pattern == name
    wanted, tokens = pattern.split("."), name.split(".")
    if wanted[-1] == ">":
        wanted.pop()
        if len(tokens) <= len(wanted):
            return False
    elif len(tokens) != len(wanted):
        return False
    return all(want in ("*", token) for want, token in zip(wanted, tokens, strict=False))


def overlap(left: str, right: str) -> bool:
    """Whether some name matches both patterns.

    >>> overlap("user.*", "user.signed_up"), overlap("user.*", "*.created"), overlap("a.b", "a.c")
    (True, True, False)
    """
    ours, theirs = left.split("."), right.split(".")
    for mine, other in zip(ours, theirs, strict=False):
        if ">" in (mine, other):
            return True
        if "*" not in (mine, other) and mine != other:
            return False
    return len(ours) == len(theirs)


def matching(patterns: Iterable[str] | str, names: Iterable[str]) -> list[str]:
    """Those of the names that at least one of the patterns stands for, in their order."""
    wanted = [patterns] if isinstance(patterns, str) else list(patterns)
    return [name for name in names if any(matches(pattern, name) for pattern in wanted)]


@lru_cache(maxsize=8192)
def _checked(text: str, wildcards: bool) -> str:  # positional: a keyword would double the cost of a look into the cache
    fault = _fault(text, wildcards=wildcards) if isinstance(text, str) else _not_text(text)
    if fault:
        raise (BadPattern if wildcards else BadName)(str(text), *fault)
    return str.__str__(text)


def _not_text(given: object) -> tuple[int, str]:
    return 0, f"it is {type(given).__name__}, not text"


def _fault(text: str, *, wildcards: bool) -> tuple[int, str] | None:
    """The first place (index from 0) where the text breaks a rule, and the rule."""
    if not text:
        return 0, "it is empty"
    if len(text) > MAX_LENGTH:
        return MAX_LENGTH, f"it has {len(text):,} characters, and {MAX_LENGTH} are allowed"
    tokens, place = text.split("."), 0
    for index, token in enumerate(tokens):
        fault = _token_fault(token, last=index == len(tokens) - 1, wildcards=wildcards)
        if fault:
            return place + fault[0], fault[1]
        place += len(token) + 1
    if len(tokens) < 2 and text != ">":
        return len(text), "it has one token, and the namespace before the dot is missing"
    return None


def _token_fault(token: str, *, last: bool, wildcards: bool) -> tuple[int, str] | None:
    if not token:
        return 0, "a token between the dots is empty"
    if "*" in token or ">" in token:
        return _wildcard_fault(token, last=last, wildcards=wildcards)
    good = _TOKEN.match(token)
    end = good.end() if good else 0
    if end == len(token):
        return None
    return end, _explain(token[end], first=end == 0)


def _wildcard_fault(token: str, *, last: bool, wildcards: bool) -> tuple[int, str] | None:
    place = min(token.find(sign) for sign in "*>" if sign in token)
    if not wildcards:
        return place, "it holds a wildcard, and only a pattern may hold one"
    if len(token) > 1:
        return (
            place,
            "a wildcard stands for whole tokens, so it must be the only character of its token",
        )
    if token == ">" and not last:
        return place, "> must be the last token (RabbitMQ's # may stand anywhere, this may not)"
    return None


def _explain(character: str, *, first: bool) -> str:
    if character.isupper():
        return f"{character!r} is upper case"
    if character.isspace():
        return "it holds white space"
    if first and (character.isdigit() or character == "_"):
        return f"a token can't begin with {character!r}"
    return f"{character!r} is not one of a-z, 0-9 and _"
