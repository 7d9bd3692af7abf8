"""States that can't be changed, so that any number of them can share what they have in common."""

from __future__ import annotations

import dataclasses
import enum
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

import msgspec

from eda_workshop.values import FrozenDict, FrozenList

_PLAIN = (bool, int, float, str, bytes, date, datetime, time, timedelta, timezone, Decimal, Fraction, UUID)
FROZEN: set[type] = {*_PLAIN, FrozenDict, FrozenList}
"""Types whose values are known to be unchangeable; classes of learners join when they were looked at once."""


class Changeable(TypeError):
    """An object of a class that allows changes: its class's name, and what to do instead."""

    def __init__(self, kind: str, remedy: str) -> None:
        super().__init__(f"is a {kind}, which can be changed afterwards")
        self.kind = kind
        self.remedy = remedy


def freeze_state(value: Any) -> Any:
    """The value in a form that can't be changed: dicts, lists and sets are frozen, all the way down.

    Raises `Changeable` for an object of a class that allows changes.

    >>> freeze_state({"folders": ["/ada"], "owners": {"ada"}})
    {'folders': ['/ada'], 'owners': frozenset({'ada'})}
    """
    kind = type(value)
    if kind in FROZEN or value is None:
        return value
    if kind is dict:
        return FrozenDict({key: freeze_state(item) for key, item in value.items()})
    if kind is list:
        return FrozenList(map(freeze_state, value))
    if kind is tuple:
        return tuple(map(freeze_state, value))
    if kind in (set, frozenset):
        return frozenset(map(freeze_state, value))
    _check(kind)
    FROZEN.add(kind)
    return value


def _check(kind: type) -> None:
    """Raise `Changeable` unless objects of this class stay as they are."""
    if dataclasses.is_dataclass(kind):
        is_frozen, remedy = kind.__dataclass_params__.frozen, "Write @dataclass(frozen=True)"  # type: ignore[attr-defined]
    elif issubclass(kind, msgspec.Struct):
        is_frozen, remedy = bool(kind.__struct_config__.frozen), "Write class ...(msgspec.Struct, frozen=True)"
    elif issubclass(kind, enum.Enum):
        return
    else:
        # A class with a hash of its own says that its objects keep their value.
        is_frozen, remedy = kind.__hash__ not in (None, object.__hash__), "Use a frozen dataclass"
    if not is_frozen:
        raise Changeable(kind.__name__, f"{remedy}.")
