"""An event's data: JSON that can't be changed any more, its canonical text, and when two values are the same."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from decimal import Decimal
from typing import Any, NoReturn

import msgspec

from eda_workshop.errors import BadData, FrozenData

MAX_TEXT = 256 * 1024
"""Characters of text in an event's data."""
MAX_JSON = 768 * 1024
"""Bytes of an event's data as JSON."""
MAX_DEPTH = 64
_LEAST, _MOST = 2, 26
"""Bytes that a number takes as JSON, with the comma after it."""


def _refuse(*_: Any, **__: Any) -> NoReturn:
    raise FrozenData


class FrozenDict(dict[str, Any]):
    """A dict that refuses every change. Equal to, and printed like, the plain dict."""

    __slots__ = ()

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def copy(self) -> dict[str, Any]:
        """A plain, deep copy that may be changed."""
        return {key: thaw(value) for key, value in self.items()}

    def __copy__(self) -> dict[str, Any]:
        return self.copy()

    def __deepcopy__(self, memo: dict[int, Any]) -> dict[str, Any]:
        return self.copy()

    def __reduce__(self) -> tuple[Any, ...]:
        return freeze, (self.copy(),)


class FrozenList(list[Any]):
    """A list that refuses every change. Equal to, and printed like, the plain list."""

    __slots__ = ()

    __setitem__ = __delitem__ = __iadd__ = __imul__ = _refuse
    append = extend = insert = remove = pop = clear = sort = reverse = _refuse

    def copy(self) -> list[Any]:
        """A plain, deep copy that may be changed."""
        return [thaw(value) for value in self]

    def __copy__(self) -> list[Any]:
        return self.copy()

    def __deepcopy__(self, memo: dict[int, Any]) -> list[Any]:
        return self.copy()

    def __reduce__(self) -> tuple[Any, ...]:
        return _freeze_list, (self.copy(),)


NOTHING = FrozenDict()
"""The one empty `FrozenDict`: what is empty is left out of an event's JSON, and that is told by identity."""


def freeze(data: Mapping[str, Any]) -> FrozenDict:
    """A frozen deep copy of JSON data; later changes to what was passed don't reach it.

    Raises `BadData` with the path of the first value that is not JSON: a function, a set, NaN, a cycle,
    bytes, a key that is not text, more than 64 levels, 262,144 characters of text or 786,432 bytes as JSON.

    >>> freeze({"name": "Ada", "tags": ["new"]})
    {'name': 'Ada', 'tags': ['new']}
    >>> freeze({"tags": {"new"}})
    Traceback (most recent call last):
    ...
    eda_workshop.errors.BadData: data['tags'] is a set, which JSON does not have. Write sorted(values), a list.
    """
    if type(data) is FrozenDict:
        return data or NOTHING
    if not isinstance(data, Mapping):
        raise BadData("data", f"is {_kind(data)}", "Pass a dict with a name for each value: {'name': 'Ada'}.")
    if not data:
        return NOTHING
    freezer = _Freezer()
    frozen = freezer.mapping(data, "data", ())
    if (MAX_JSON - freezer.bytes) * _MOST > MAX_JSON * _LEAST and len(canonical(frozen)) > MAX_JSON:
        raise _too_large("data")
    return frozen


def thaw(value: Any) -> Any:
    """A plain copy of frozen data that may be changed."""
    return value.copy() if isinstance(value, (FrozenDict, FrozenList)) else value


def canonical(value: Any) -> bytes:
    """The JSON text of a value, with its keys in order: the same for what is the same, whatever it was made of.

    >>> canonical({"b": 1, "a": (True, 1.0)})
    b'{"a":[true,1.0],"b":1}'
    """
    return msgspec.json.encode(value, order="sorted")


def parsed(text: str | bytes, type: Any = Any) -> Any:
    """JSON text as a value, with or without a byte order mark. Raises `ValueError`, which says why it can't be read.

    >>> parsed('{"a": 1}')
    {'a': 1}
    """
    text = text.removeprefix("\ufeff") if isinstance(text, str) else text.removeprefix(b"\xef\xbb\xbf")
    try:
        return msgspec.json.decode(text, type=type)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise ValueError(f"it is not JSON ({error})") from None
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def same(one: Any, other: Any, *, exactly: bool = False) -> bool:
    """Whether two values say the same as JSON: the order of keys doesn't matter, and 1, 1.0 and True differ.

    States may hold what JSON has no word for. Frozen dataclasses and structs are compared field by field, those with
    ``compare=False`` included; sets without an order; NaN is the same as NaN; anything else by its class and ``==``.

    exactly  True: a list and a tuple, or a dict and another mapping, differ too

    >>> same({"a": 1, "b": 2}, {"b": 2, "a": 1}), same(1, 1.0), same(1, True)
    (True, False, False)
    """
    if one is other:
        return True
    if (type(one) if exactly else shape(one)) is not (type(other) if exactly else shape(other)):
        return False
    if isinstance(one, AbstractSet):
        return _same_sets(one, other, exactly)
    if isinstance(one, (Mapping, Sequence)) and len(one) != len(other):
        return False
    left, right = parts(one), parts(other)
    if left is None or right is None:
        return type(one) is type(other) and _same_leaf(one, other)
    return left.keys() == right.keys() and all(same(value, right[key], exactly=exactly) for key, value in left.items())


def parts(value: Any) -> Mapping[Any, Any] | None:
    """What a value is made of, by key, field or index; None if it is one piece."""
    if isinstance(value, Mapping):
        return value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name, None) for field in dataclasses.fields(value)}
    if isinstance(value, msgspec.Struct):
        return {name: getattr(value, name) for name in value.__struct_fields__}
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        return dict(enumerate(value))
    return None


def shape(value: Any) -> type:
    """Mappings compare with mappings, sequences with sequences and sets with sets; others by class."""
    if isinstance(value, (str, bytes)):
        return type(value)
    return next((kind for kind in (Mapping, Sequence, AbstractSet) if isinstance(value, kind)), type(value))


_BY_TEXT = (float, Decimal)
"""Types whose values can be equal although they are written otherwise, 0.0 and -0.0 or 1.0 and 1.00, or not be equal to themselves."""


def _same_leaf(one: Any, other: Any) -> bool:
    return str(one) == str(other) if isinstance(one, _BY_TEXT) else bool(one == other)


def _same_sets(one: AbstractSet[Any], other: AbstractSet[Any], exactly: bool) -> bool:
    if len(one) != len(other):
        return False
    by_item = {item: item for item in other}
    left = []
    for item in one:
        found = by_item.get(item, item)
        if item in by_item and same(item, found, exactly=exactly):
            del by_item[item]
        else:
            left.append(item)
    right = list(by_item.values())
    for item in left:
        match = next((index for index, it in enumerate(right) if same(item, it, exactly=exactly)), None)
        if match is None:
            return False
        del right[match]
    return True


def _freeze_list(values: list[Any]) -> FrozenList:
    return _Freezer().sequence(values, "data", ())


class _Freezer:
    """One walk over the data; counts its text, and the bytes that it takes at least, so that the whole event stays small.

    room   characters of text that are left
    bytes  bytes that are left, if each value took as few as it can
    """

    def __init__(self) -> None:
        self.room = MAX_TEXT
        self.bytes = MAX_JSON

    def value(self, value: Any, path: str, above: tuple[int, ...]) -> Any:
        self.bytes -= _LEAST
        if self.bytes < 0:
            raise _too_large(path)
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str):
            return self.text(str.__str__(value), path)
        if isinstance(value, int):
            return _integer(int(value), path)
        if isinstance(value, float):
            return _number(float(value), path)
        if isinstance(value, Mapping):
            return self.mapping(value, path, above)
        if isinstance(value, (list, tuple)):
            return self.sequence(value, path, above)
        raise BadData(path, f"is {_kind(value)}, which JSON does not have", _remedy(value))

    def mapping(self, values: Mapping[Any, Any], path: str, above: tuple[int, ...]) -> FrozenDict:
        return FrozenDict(self._items(values, path, self._inside(values, path, above)))

    def sequence(self, values: list[Any] | tuple[Any, ...], path: str, above: tuple[int, ...]) -> FrozenList:
        inner = self._inside(values, path, above)
        return FrozenList(self.value(value, f"{path}[{i}]", inner) for i, value in enumerate(values))

    def text(self, text: str, path: str) -> str:
        self.room -= len(text)
        self.bytes -= len(text)
        if self.room < 0:
            raise BadData(
                path,
                f"takes the event past {MAX_TEXT:,} characters",
                "Store the content elsewhere and publish its address (a claim check).",
            )
        try:
            text.encode()
        except UnicodeEncodeError:
            raise BadData(path, "is not valid Unicode", "Decode the text properly first.") from None
        return text

    def _items(self, values: Mapping[Any, Any], path: str, above: tuple[int, ...]) -> Iterator[tuple[str, Any]]:
        for key, value in values.items():
            if not isinstance(key, str):
                raise BadData(path, f"has the key {key!r}", "JSON's keys are text: write str(key).")
            yield self.text(str.__str__(key), path), self.value(value, f"{path}[{key!r}]", above)

    def _inside(self, values: Any, path: str, above: tuple[int, ...]) -> tuple[int, ...]:
        if id(values) in above:
            raise BadData(path, "refers back to itself", "JSON is a tree: refer by an id instead.")
        if len(above) >= MAX_DEPTH:
            raise BadData(path[:40] + "…", f"is nested deeper than {MAX_DEPTH} levels", "Flatten the data.")
        return (*above, id(values))


def _too_large(path: str) -> BadData:
    problem = f"takes the event past {MAX_JSON:,} bytes as JSON"
    return BadData(path, problem, "Store the content elsewhere and publish its address (a claim check).")


def _integer(value: int, path: str) -> int:
    if -(2**63) <= value < 2**64:
        return value
    raise BadData(path, "is an integer of more than 64 bits", "Write it as text: str(value).")


def _number(value: float, path: str) -> float:
    if math.isfinite(value):
        return value
    raise BadData(path, f"is {value}, which JSON does not have", "Write None for a value that is missing.")


def _kind(value: Any) -> str:
    if callable(value):
        return f"the function {getattr(value, '__name__', type(value).__name__)}"
    name = type(value).__name__
    return f"{'an' if name[0].lower() in 'aeio' else 'a'} {name}"


def _remedy(value: Any) -> str:
    if isinstance(value, (set, frozenset)):
        return "Write sorted(values), a list."
    if isinstance(value, (bytes, bytearray, memoryview)):
        return "Write text: value.decode(), or base64 for a few bytes and an address for many."
    if hasattr(value, "tolist"):
        return "Write value.tolist(), plain numbers."
    if hasattr(value, "isoformat"):
        return "Write its text: value.isoformat()."
    if callable(value):
        return "Call it and pass the result; an event carries facts, not behavior."
    return "Use text, numbers, True, False, None, lists and dicts."
