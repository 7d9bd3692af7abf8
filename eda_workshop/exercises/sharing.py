"""A code that says how far somebody is, and nothing else: for learners who want a room to see it."""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from eda_workshop.exercises import progress, registry
from eda_workshop.exercises.errors import BadCode

_NAME = r"\w[\w-]{0,19}"
_CODE = re.compile(rf"EDA-([A-Z2-7]+)-([0-9A-F]{{4}})-({_NAME})", re.ASCII)
_STATES = ("not attempted", "tried", "right")


@dataclass(frozen=True)
class Share:
    """What a code says: a nickname, and the state of each exercise by its id."""

    nickname: str
    states: Mapping[str, str]


def share_code(nickname: str) -> str:
    """The code of the learner whose progress file this is: the state of each exercise, under a nickname.

    nickname  any name, so that a learner counts once: up to 20 letters, digits, - and _. Raises `BadCode` for another

    >>> share_code("owl").endswith("-owl")
    True
    """
    if not re.fullmatch(_NAME, nickname, re.ASCII):
        raise BadCode(f"The nickname {nickname!r} can't be used", "Take up to 20 letters, digits, - and _.")
    known = progress.load()
    number = 0
    for id in reversed(_ids()):
        number = number * 4 + _STATES.index(known.of(id).state)
    packed = number.to_bytes((2 * len(_ids()) + 7) // 8, "little").rstrip(b"\0") or b"\0"
    text = base64.b32encode(packed).decode().rstrip("=")
    return f"EDA-{text}-{_check(text, nickname)}-{nickname}"


def read_code(code: str) -> Share:
    """What a code says. Raises `BadCode` for one that is mistyped, or was made with other exercises."""
    found = _CODE.fullmatch(code.strip())
    if not found:
        raise BadCode(f"{code.strip()[:40]!r} is no code", "A code begins with EDA- and ends with a nickname.")
    text, check, nickname = found[1], found[2], found[3]
    if check != _check(text, nickname):
        remedy = "Copy it once more; if it stays so, it was made with another version of the workshop."
        raise BadCode(f"The code {code.strip()[:40]!r} doesn't fit its check", remedy)
    number = int.from_bytes(_unpacked(text), "little")
    states = {}
    for id in _ids():
        number, state = divmod(number, 4)
        states[id] = _STATES[min(state, 2)]
    return Share(nickname, states)


def read_codes(text: str) -> tuple[tuple[Share, ...], tuple[str, ...]]:
    """The shares in a text such as a chat, the last of each nickname, and what is wrong with other codes, in sentences."""
    shares, wrong = dict[str, Share](), list[str]()
    for word in re.findall(r"\bEDA-\S+", text):
        code = word.rstrip(".,;:!?)»”\"'")
        try:
            share = read_code(code)
            shares[share.nickname] = share
        except BadCode as error:
            wrong.append(str(error))
    return tuple(shares.values()), tuple(wrong)


def _ids() -> tuple[str, ...]:
    return tuple(exercise.id for exercise in registry.every())


def _check(text: str, nickname: str) -> str:
    """Four digits that follow from the code and from the exercises that it speaks of."""
    return f"{zlib.crc32(' '.join((*_ids(), text, nickname)).encode()) & 0xFFFF:04X}"


def _unpacked(text: str) -> bytes:
    try:
        return base64.b32decode(text + "=" * (-len(text) % 8))
    except binascii.Error:
        return b""
