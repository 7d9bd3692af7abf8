"""An event's data: JSON only, deep-frozen, and cut off from what was passed in."""

from __future__ import annotations

import copy
import json
import pickle
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eda_workshop import BadData, FrozenData
from eda_workshop.values import MAX_DEPTH, MAX_TEXT, FrozenDict, FrozenList, canonical, freeze, same


class Point(NamedTuple):
    """A tuple with names."""

    x: int
    y: int


class Size(IntEnum):
    """A number with a name."""

    BIG = 7


class Color(StrEnum):
    """A text with a name."""

    RED = "red"


class Array:
    """What numpy's numbers and arrays look like from outside."""

    def tolist(self) -> list[int]:
        return [1]


def nested(levels: int) -> dict[str, Any]:
    """Data with so many levels, itself included."""
    data: dict[str, Any] = {}
    for _ in range(levels - 1):
        data = {"x": data}
    return data


def cyclic() -> dict[str, Any]:
    """Data that holds itself, two levels down."""
    data: dict[str, Any] = {"list": [1]}
    data["list"].append(data)
    return data


# What is refused, where it is found, and words of the problem and of the way out.
REFUSED: list[tuple[Any, str, str, str]] = [
    (None, "data", "NoneType", "dict"),
    ([1], "data", "a list", "dict"),
    ("text", "data", "a str", "dict"),
    ({"f": print}, "data['f']", "the function print", "Call it"),
    ({"f": Size}, "data['f']", "the function Size", "Call it"),
    ({"a": [1, {"tags": {1, 2}}]}, "data['a'][1]['tags']", "a set", "sorted(values)"),
    ({"tags": frozenset()}, "data['tags']", "a frozenset", "sorted(values)"),
    ({"n": float("nan")}, "data['n']", "nan", "None"),
    ({"n": [float("-inf")]}, "data['n'][0]", "-inf", "None"),
    ({"b": b"x"}, "data['b']", "a bytes", "base64"),
    ({"b": bytearray()}, "data['b']", "a bytearray", "base64"),
    ({"d": date(2026, 3, 2)}, "data['d']", "a date", "isoformat"),
    ({"d": Decimal(1)}, "data['d']", "a Decimal", "Use text, numbers"),
    ({"o": object()}, "data['o']", "an object", "Use text, numbers"),
    ({"o": Array()}, "data['o']", "an Array", "tolist"),
    ({"g": (x for x in "ab")}, "data['g']", "a generator", "lists"),
    ({1: "one"}, "data", "the key 1", "str(key)"),
    ({"x": {None: 1}}, "data['x']", "the key None", "str(key)"),
    ({"n": 2**64}, "data['n']", "64 bits", "str(value)"),
    ({"n": -(2**63) - 1}, "data['n']", "64 bits", "str(value)"),
    ({"t": "\ud800"}, "data['t']", "not valid Unicode", "Decode"),
    ({"\udfff": 1}, "data", "not valid Unicode", "Decode"),
    ({"t": "x" * 1_000_000}, "data['t']", "262,144 characters", "claim check"),
    ({"t": ["x" * (MAX_TEXT // 2)] * 2, "end": ""}, "data['t'][1]", "262,144", "claim check"),
    ({"x" * (MAX_TEXT + 1): 1}, "data", "262,144", "claim check"),
    (nested(MAX_DEPTH + 1), "data['x']['x']", "deeper than 64", "Flatten"),
    (cyclic(), "data['list'][1]", "refers back to itself", "tree"),
]


@pytest.mark.parametrize(("data", "path", "problem", "remedy"), REFUSED)
def test_what_is_not_json_is_refused_with_its_path(data: Any, path: str, problem: str, remedy: str) -> None:
    """The error leads to the first value that JSON does not have, and says what to write instead."""
    with pytest.raises(BadData) as caught:
        freeze(data)
    assert caught.value.path.startswith(path)
    assert problem in caught.value.problem
    assert remedy in caught.value.remedy
    assert caught.value.problem in str(caught.value)
    assert caught.value.remedy in str(caught.value)


def test_a_long_path_is_cut_in_the_sentence() -> None:
    """A sentence stays readable; the attribute holds the whole path."""
    with pytest.raises(BadData) as caught:
        freeze({"k" * 10_000: print})
    assert len(caught.value.path) > 10_000
    assert len(str(caught.value)) < 300


def test_the_limits_themselves_are_allowed() -> None:
    """64 levels, 262,144 characters and the ends of 64 bits are still in."""
    data = freeze({"t": "x" * (MAX_TEXT - 3), "n": [2**64 - 1, -(2**63)]})
    assert data["n"] == [2**64 - 1, -(2**63)]
    assert freeze(nested(MAX_DEPTH)) == nested(MAX_DEPTH)


def test_the_same_value_twice_is_no_cycle() -> None:
    """Only a value inside itself is one."""
    shared = {"x": [1]}
    assert freeze({"a": shared, "b": [shared, shared]}) == {"a": {"x": [1]}, "b": [{"x": [1]}] * 2}


def test_relatives_of_json_types_become_plain() -> None:
    """Tuples, other mappings and enumerations are taken for the list, dict, number or text they are."""
    data = freeze(OrderedDict(point=Point(1, 2), view=MappingProxyType({"k": Size.BIG}), color=Color.RED, flag=True))
    assert data == {"point": [1, 2], "view": {"k": 7}, "color": "red", "flag": True}
    assert [type(value) for value in data.values()] == [FrozenList, FrozenDict, str, bool]
    assert type(data["view"]["k"]) is int


def test_later_changes_do_not_reach_it() -> None:
    """What is frozen shares nothing with what was passed."""
    given: dict[str, Any] = {"tags": ["new"], "deep": {"x": 1}}
    data = freeze(given)
    given["tags"].append("old")
    given["deep"]["x"] = 2
    given["more"] = 3
    assert data == {"tags": ["new"], "deep": {"x": 1}}


CHANGES: list[Callable[[Any], Any]] = [
    lambda data: data.__setitem__("a", 1),
    lambda data: data.__delitem__("a"),
    lambda data: data.clear(),
    lambda data: data.pop("a"),
    lambda data: data.popitem(),
    lambda data: data.setdefault("b", 1),
    lambda data: data.update(b=1),
    lambda data: data.__ior__({"b": 1}),
    lambda data: data["a"].append(1),
    lambda data: data["a"].extend([1]),
    lambda data: data["a"].insert(0, 1),
    lambda data: data["a"].remove(1),
    lambda data: data["a"].pop(),
    lambda data: data["a"].clear(),
    lambda data: data["a"].sort(),
    lambda data: data["a"].reverse(),
    lambda data: data["a"].__setitem__(0, 2),
    lambda data: data["a"].__delitem__(0),
    lambda data: data["a"].__iadd__([2]),
    lambda data: data["a"].__imul__(2),
]


@pytest.mark.parametrize("change", CHANGES)
def test_every_way_to_change_it_is_refused(change: Callable[[Any], Any]) -> None:
    """Whatever dict and list offer to change themselves raises, and nothing has changed."""
    data = freeze({"a": [1]})
    with pytest.raises(FrozenData, match="is a fact"):
        change(data)
    assert data == {"a": [1]}


@pytest.mark.parametrize("make", [lambda data: data.copy(), copy.copy, copy.deepcopy])
def test_a_copy_may_be_changed(make: Callable[[FrozenDict], dict[str, Any]]) -> None:
    """A copy is plain and deep, so changing it changes nothing else."""
    data = freeze({"a": [1, {"b": 2}]})
    plain = make(data)
    plain["a"][1]["b"] = 3
    plain["a"].append(4)
    assert plain == {"a": [1, {"b": 3}, 4]}
    assert data == {"a": [1, {"b": 2}]}


def test_a_copy_of_a_frozen_list_may_be_changed() -> None:
    """The same for a list inside."""
    inner = freeze({"a": [[1]]})["a"]
    for plain in (inner.copy(), copy.copy(inner), copy.deepcopy(inner)):
        plain[0].append(2)
        assert plain == [[1, 2]]
    assert inner == [[1]]


def test_joining_gives_a_plain_dict() -> None:
    """`|` makes a new dict with both, which is not frozen."""
    assert freeze({"a": 1}) | {"b": 2} == {"a": 1, "b": 2}


def test_pickling_keeps_it_frozen() -> None:
    """It comes back equal, and as frozen as before."""
    data = pickle.loads(pickle.dumps(freeze({"a": [1, {"b": 2}]})))
    assert data == {"a": [1, {"b": 2}]}
    with pytest.raises(FrozenData):
        data.update(c=1)
    with pytest.raises(FrozenData):
        data["a"].append(1)
    with pytest.raises(FrozenData):
        data["a"][1].clear()
    assert type(pickle.loads(pickle.dumps(data["a"]))) is FrozenList


leaves = st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
leaves |= st.integers(-(2**63), 2**64 - 1)
values = st.recursive(leaves, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)


@given(st.dictionaries(st.text(), values))
def test_freezing_is_what_json_would_make_of_it(data: dict[str, Any]) -> None:
    """Frozen data equals the data, prints like it, and survives JSON as json itself would have it."""
    frozen = freeze(data)
    assert frozen == data
    assert repr(frozen) == repr(data)
    assert json.dumps(frozen) == json.dumps(data)
    assert json.loads(json.dumps(frozen)) == json.loads(json.dumps(data)) == frozen
    assert freeze(frozen) is frozen


def test_values_are_the_same_if_their_json_is() -> None:
    """One equality for the whole kit: the order of keys and the kind of container don't matter, the kind of number does."""
    assert same({"a": [1, "x"], "b": None}, freeze({"b": None, "a": (1, "x")}))
    numbers = [1, 1.0, True]
    assert [[same(one, other) for other in numbers] for one in numbers] == [
        [True, False, False],
        [False, True, False],
        [False, False, True],
    ]
    assert canonical({"b": 1, "a": 2}) == b'{"a":2,"b":1}'


JSONS = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from([0.0, -0.0, 1.0, 2.5]) | st.sampled_from("ab"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("xy"), inner, max_size=2),
)


@given(JSONS, JSONS)
def test_sameness_is_that_of_the_canonical_text(one: Any, other: Any) -> None:
    """For all JSON, whatever the order of keys, and from both sides."""
    assert same(one, other) == same(other, one) == (canonical(one) == canonical(other))
    assert same(one, copy.deepcopy(one))


@dataclass(frozen=True)
class Noted:
    """A value with a field that its class doesn't compare."""

    value: int
    note: object = field(default=None, compare=False)


NAN = float("nan")
ALIKE: list[tuple[Any, Any]] = [
    (NAN, float("nan")),
    ({"a": [NAN]}, {"a": [float("nan")]}),
    ({1, "a"}, frozenset({"a", 1})),
    ({Noted(1, "x")}, {Noted(1, "x")}),
    ((1, 2), [1, 2]),
    (Decimal("nan"), Decimal("nan")),
    (date(2026, 3, 2), date(2026, 3, 2)),
]
UNLIKE: list[tuple[Any, Any]] = [
    (NAN, None),
    (NAN, 0.0),
    ({1}, {True}),
    ({1}, {1.0}),
    ({1}, {1, 2}),
    ({1}, [1]),
    (Noted(1, "x"), Noted(1, "y")),
    (Noted(1, 1), Noted(1, True)),
    ({Noted(1, "x")}, {Noted(1, "y")}),
    (Decimal("1.0"), Decimal(1)),
    (date(2026, 3, 2), "2026-03-02"),
    (Size.BIG, 7),
    (Noted(1), {"value": 1, "note": None}),
    ("ab", ["a", "b"]),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_states_that_are_the_same(one: Any, other: Any) -> None:
    """Also where Python says that they aren't equal."""
    assert same(one, other)
    assert same(other, one)


@pytest.mark.parametrize(("one", "other"), UNLIKE)
def test_states_that_are_not_the_same(one: Any, other: Any) -> None:
    """Also where Python says that they are equal."""
    assert not same(one, other)
    assert not same(other, one)


def test_exactly_the_same_has_the_same_classes() -> None:
    """A list and a tuple say the same, and are not the same exactly."""
    assert same([1], [1], exactly=True)
    assert not same([1], (1,), exactly=True)
    assert not same({"a": (1,)}, {"a": [1]}, exactly=True)
