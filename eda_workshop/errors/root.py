"""The root of all errors, and how an error quotes what it was given."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, is_dataclass
from typing import Any


class EdaError(Exception):
    """Root of every error of the kit: catch it to catch them all."""

    def __reduce__(self) -> tuple[Any, ...]:
        if is_dataclass(self):
            facts = tuple(getattr(self, field.name) for field in fields(self))
            return type(self), facts, self.__dict__
        return type(self), self.args, self.__dict__


@dataclass(eq=False)
class BadSetting(EdaError):
    """Raised for an argument of the wrong kind or out of range; `rule` says what to give instead."""

    name: str
    given: object
    rule: str

    def __str__(self) -> str:
        return f"{self.name}={cut(repr(self.given))} can't be used. Give {self.rule}."


def check_number(name: str, given: object, least: float, most: float = math.inf, *, whole: bool = True) -> None:
    """Raise `BadSetting` unless least <= given <= most and, where it must be, a whole number."""
    is_number = isinstance(given, int) or (isinstance(given, float) and not whole)
    if is_number and not isinstance(given, bool) and least <= given <= most:  # type: ignore[operator]
        return
    limits = f"from {least} to {most}" if math.isfinite(most) else f"of at least {least}"
    raise BadSetting(name, given, f"a {'whole ' if whole else ''}number {limits}")


def shorten(text: str, width: int = 60) -> str:
    """The text in quotes, cut in the middle when it is longer than `width` characters.

    >>> shorten("x" * 100, width=9)
    "'xxxx…xxxx' (100 characters)"
    """
    if len(text) <= width:
        return repr(text)
    return f"{cut(text, width)!r} ({len(text):,} characters)"


def cut(text: str, width: int = 60) -> str:
    """The text without its middle when it is longer than `width` characters."""
    if len(text) <= width:
        return text
    half = (width - 1) // 2
    return f"{text[:half]}…{text[-half:]}"
