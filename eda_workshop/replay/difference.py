"""The difference between two states, value by value."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from eda_workshop.errors import check_number
from eda_workshop.values import parts, same, shape


class _Missing:
    """Stands for a value that one side does not have."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "Missing"

    def __bool__(self) -> bool:
        return False

    def __reduce__(self) -> str:
        return "Missing"


Missing: Final = _Missing()


@dataclass(frozen=True)
class Difference:
    """One value that differs.

    path   the keys, fields and indexes that lead to it; empty if the states themselves are values
    left   the value in the first state, or `Missing`
    right  the value in the second, or `Missing`
    """

    path: tuple[Any, ...]
    left: Any
    right: Any

    def __repr__(self) -> str:
        return f"<{' › '.join(map(str, self.path)) or 'state'}: {self.left!r} → {self.right!r}>"


def diff(left: Any, right: Any, *, tolerance: float = 0) -> list[Difference]:
    """What differs between two states, sorted by path; an empty list if nothing does.

    Mappings, frozen dataclasses, msgspec structs, lists and tuples are compared part by part, everything else as a
    whole. What is the same is decided as for JSON: 1, 1.0 and True differ.

    tolerance  above 0: a float and another number that are no further apart than this are the same

    >>> diff({"ada": {"quota": 5}, "bob": 1}, {"ada": {"quota": 7}})
    [<ada › quota: 5 → 7>, <bob: 1 → Missing>]
    """
    check_number("tolerance", tolerance, 0, whole=False)
    return list(_walk((), left, right, tolerance))


def _walk(path: tuple[Any, ...], left: Any, right: Any, tolerance: float) -> Iterator[Difference]:
    if left is right:
        return
    ours, theirs = parts(left), parts(right)
    if ours is None or theirs is None or shape(left) is not shape(right):
        if not _same(left, right, tolerance):
            yield Difference(path, left, right)
        return
    for key in sorted(ours.keys() | theirs.keys(), key=_order):
        yield from _walk((*path, key), ours.get(key, Missing), theirs.get(key, Missing), tolerance)


def _same(left: Any, right: Any, tolerance: float) -> bool:
    if tolerance and _is_number(left) and _is_number(right) and float in (type(left), type(right)):
        return same(left, right) or math.isclose(left, right, rel_tol=0, abs_tol=tolerance)
    return same(left, right)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _order(key: Any) -> tuple[str, Any]:
    """Numbers by size, everything else as text."""
    return ("", key) if isinstance(key, int) else (type(key).__name__, str(key))
