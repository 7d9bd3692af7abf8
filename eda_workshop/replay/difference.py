"""The difference between two states, value by value."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Final

import msgspec

from eda_workshop.errors import check_number


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
    whole.

    tolerance  floats that are no further apart than this are the same

    >>> diff({"ada": {"quota": 5}, "bob": 1}, {"ada": {"quota": 7}})
    [<ada › quota: 5 → 7>, <bob: 1 → Missing>]
    """
    check_number("tolerance", tolerance, 0, whole=False)
    return list(_walk((), left, right, tolerance))


def _walk(path: tuple[Any, ...], left: Any, right: Any, tolerance: float) -> Iterator[Difference]:
    if left is right:
        return
    parts, others = _parts(left), _parts(right)
    if parts is None or others is None or _shape(left) is not _shape(right):
        if not _same(left, right, tolerance):
            yield Difference(path, left, right)
        return
    for key in sorted(parts.keys() | others.keys(), key=_order):
        yield from _walk((*path, key), parts.get(key, Missing), others.get(key, Missing), tolerance)


def _parts(value: Any) -> Mapping[Any, Any] | None:
    """What a value is made of, by key; None if it is one piece."""
    if isinstance(value, Mapping):
        return value
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    if isinstance(value, msgspec.Struct):
        return {name: getattr(value, name) for name in value.__struct_fields__}
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        return dict(enumerate(value))
    return None


def _shape(value: Any) -> type:
    """Mappings compare with mappings and sequences with sequences, whatever their classes; others by class."""
    return Mapping if isinstance(value, Mapping) else Sequence if isinstance(value, Sequence) else type(value)


def _same(left: Any, right: Any, tolerance: float) -> bool:
    if (isinstance(left, float) and isinstance(right, (int, float))) or (
        isinstance(right, float) and isinstance(left, int)
    ):
        return math.isclose(left, right, rel_tol=0, abs_tol=tolerance)
    return type(left) is type(right) and bool(left == right)


def _order(key: Any) -> tuple[str, Any]:
    """Numbers by size, everything else as text."""
    return ("", key) if isinstance(key, int) else (type(key).__name__, str(key))
