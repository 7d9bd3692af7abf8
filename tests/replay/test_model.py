"""Models: what can be one, what is refused where it is written, and when two are the same."""

from __future__ import annotations

import enum
import functools
import operator
import re
import subprocess
import sys
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

import msgspec
import pytest
from accounts import Balance, a_log, added

from eda_workshop import (
    BadModel,
    BadName,
    Event,
    KeyedModel,
    Model,
    Timeline,
    UnknownEvent,
    applies,
    fold,
    possible,
    reverses,
)
from eda_workshop.drive import KINDS
from eda_workshop.replay.model import fingerprint


@dataclass
class Loose:
    """A value that can be changed."""

    tags: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Tight:
    """A value that can't."""

    tags: tuple[str, ...] = ()


class LooseStruct(msgspec.Struct):
    """The same, by msgspec."""

    count: int = 0


class TightStruct(msgspec.Struct, frozen=True):
    """And frozen."""

    count: int = 0


class Plain:
    """A class without anything."""


class Color(enum.Enum):
    """An enumeration's members stay what they are."""

    RED = 1


def model_of(initial: Any) -> type[Model]:
    return type("Made", (Model,), {"initial": initial})


def reducer(source: str, *, before: str = "") -> type[Model]:
    """A model whose reducer for a.b has this body, from text."""
    space: dict[str, Any] = {"Model": Model, "applies": applies}
    exec(f"{before}\nclass Made(Model):\n    initial = 0\n    @applies('a.b')\n    def one(state, event{source}", space)
    made: type[Model] = space["Made"]
    return made


def test_a_reducer_is_a_plain_function() -> None:
    """It can be called by the class's name and on an instance, without a log."""
    assert Balance.added(2, added(3)) == 5
    assert Balance().added(2, added(3)) == 5
    assert Balance.not_added(5, added(3), None) == 2


def test_one_reducer_takes_several_names() -> None:
    """Each name is a rule of its own."""

    class Seen(Model):
        initial = ()

        @applies("a.b", "c.d")
        def seen(names, event):
            return (*names, event.name)

    assert fold(a_log(Event("a.b"), Event("x.y"), Event("c.d")), Seen) == ("a.b", "c.d")


def test_two_reducers_for_a_name_are_refused_where_they_are_written() -> None:
    """Both are named, and what they would have been a part of is as before."""
    before = dict(Balance.rules)
    with pytest.raises(BadModel, match=r"Twice has two reducers for money.added: one and two") as info:

        class Twice(Balance):
            @applies("money.added")
            def one(state, event):
                return state

            @applies("x.y", "money.added")
            def two(state, event):
                return state

    assert info.value.model == "Twice"
    assert "Twice" not in locals()
    assert Balance.rules == before
    assert Model.rules == {}


def test_a_name_twice_in_one_line_is_refused_too() -> None:
    """One function can't apply twice."""
    with pytest.raises(BadModel, match="one and one"):

        class Twice(Model):
            @applies("a.b", "a.b")
            def one(state, event):
                return state


def test_a_subclass_adds_and_overrides() -> None:
    """It has the reducers of its base, its own, and its own instead; the base has its own."""

    class Generous(Balance):
        @applies("money.added")
        def added_twice(balance, event):
            return balance + 2 * event.data["amount"]

        @applies("money.found")
        def found(balance, event):
            return balance + 1

    log = a_log(added(5), Event("money.found"), Event("money.doubled"))
    assert (fold(log, Generous), fold(log, Balance)) == (22, 10)


def test_an_inverse_belongs_to_its_reducer() -> None:
    """A reducer that was overridden needs a new one; one that was inherited can be given one."""

    class Other(Balance):
        @applies("money.added")
        def more(balance, event):
            return balance + 1

        @reverses("money.doubled")
        def halved(balance, event, _):
            return balance // 2

    assert Other.rules["money.added"].reverse is None
    assert Other.rules["money.doubled"].reverse is not None
    assert Balance.rules["money.doubled"].reverse is None


def test_an_inverse_without_a_reducer_is_refused() -> None:
    """The sentence gives the line that is missing."""
    with pytest.raises(BadModel, match=r"an inverse for a.b, back, and no reducer. Write one: @applies\('a.b'\)"):

        class Backwards(Model):
            @reverses("a.b")
            def back(state, event, kept):
                return state


def generates(state: Any, event: Any) -> Any:
    yield state


async def waits(state: Any, event: Any) -> Any:
    return state


@pytest.mark.parametrize(
    ("marked", "words"),
    [
        (
            applies("a.b")(lambda self, state, event: state),
            "has one(self, state, event), which is called with 2 arguments",
        ),
        (applies("a.b")(lambda event: 1), "has one(event), which is called with 2 arguments: state, event"),
        (applies("a.b")(lambda state, *, event: state), "which is called with 2 arguments"),
        (applies("a.b")(generates), "has one, which is async or yields"),
        (applies("a.b")(waits), "has one, which is async or yields"),
        (applies("a.b", keys=lambda: ())(lambda s, e: s), "has keys of one(), which is called with 1 argument: event"),
        (applies("a.b", keys="whom")(lambda s, e: s), "has keys of one, which is str and can't be called"),  # type: ignore[arg-type]
        (applies("a.b", keep=lambda state: state)(lambda s, e: s), "has keep of one(state), which is called with 2"),
        (possible("a.b")(lambda event: None), "has one(event), which is called with 2 arguments: state, event"),
    ],
)
def test_what_can_t_be_called_as_a_reducer_is_refused_where_it_is_defined(marked: Any, words: str) -> None:
    """With what it takes and what it is given, and what to write instead."""
    with pytest.raises(BadModel, match=re.escape(words)) as info:
        type("Made", (KeyedModel,), {"initial": 0, "one": marked})
    assert "without self" in str(info.value)


def test_an_inverse_takes_what_was_kept() -> None:
    """Two arguments are one too few."""
    made = {"initial": 0, "one": applies("a.b")(lambda s, e: s), "back": reverses("a.b")(lambda s, e: s)}
    with pytest.raises(BadModel, match="is called with 3 arguments: state, event, kept"):
        type("Made", (Model,), made)


@pytest.mark.parametrize("function", [lambda s, e, more=1: s, lambda *all: all[0], max, operator.add])
def test_whatever_takes_two_is_a_reducer(function: Any) -> None:
    """Further arguments may have defaults, and built-in functions are functions."""
    assert type("Made", (Model,), {"initial": 0, "one": applies("a.b")(as_function(function))})


def as_function(function: Any) -> Any:
    """Something that a mark can be put on."""
    return function if hasattr(function, "__dict__") else functools.partial(function)


@pytest.mark.parametrize("name", ["event.rejected", "event.corrected", "event.accepted", "gateway.sent"])
@pytest.mark.parametrize("mark", [applies, possible])
def test_the_kit_s_own_records_have_no_reducers(mark: Any, name: str) -> None:
    """They would never be called."""
    with pytest.raises(BadModel, match=f"for {name}, a record of the kit's own, which no model sees"):
        type("Made", (Model,), {"initial": 0, "one": mark(name)(lambda s, e: s)})


def test_a_misspelt_name_is_seen_where_the_kinds_are_known() -> None:
    """For reducers and conditions, in subclasses, too."""
    folders = {"initial": 0, "kinds": KINDS}
    for mark in (applies, possible):
        with pytest.raises(
            BadModel, match="for folder.creatd, which is none of its kinds.* Did you mean folder.created?"
        ):
            type("Made", (Model,), {**folders, "one": mark("folder.creatd")(lambda s, e: s)})
    right = type("Right", (Model,), {**folders, "one": applies("folder.created")(lambda s, e: s)})
    with pytest.raises(BadModel, match="Its kinds are: user.signed_up, "):
        type("Made", (right,), {"one": applies("x.y")(lambda s, e: s)})


def test_a_strict_model_says_which_name_may_be_misspelt() -> None:
    """The log's name, and the one that the model has."""
    made = {"initial": 0, "strict": True, "one": applies("folder.creatd")(lambda s, e: s)}
    with pytest.raises(
        UnknownEvent, match=r"Did you mean folder.created where you wrote @applies\('folder.creatd'\)\?"
    ):
        fold(a_log(Event("folder.created")), type("Made", (Model,), made))
    with pytest.raises(UnknownEvent) as info:
        fold(a_log(Event("x.y")), type("Made", (Model,), made))
    assert "Did you mean" not in str(info.value)


def test_staticmethod_may_stand_above() -> None:
    """Type checkers want it."""

    class Typed(Model):
        initial = 0

        @staticmethod
        @applies("a.b")
        def one(state: int, _: Event) -> int:
            return state + 1

    assert (Typed.one(1, Event("a.b")), fold(a_log(Event("a.b")), Typed)) == (2, 1)


@pytest.mark.parametrize("name", ["user", "user.*", "User Signed", "", ">"])
@pytest.mark.parametrize("mark", [applies, reverses])
def test_a_bad_name_is_refused_at_once(mark: Any, name: str) -> None:
    """Patterns too: a reducer is for one kind of event."""
    with pytest.raises(BadName):
        mark(name)


@pytest.mark.parametrize(
    ("initial", "kind", "remedy"),
    [
        (Loose(), "Loose", "@dataclass(frozen=True)"),
        (LooseStruct(), "LooseStruct", "frozen=True"),
        (Plain(), "Plain", "frozen dataclass"),
        (OrderedDict(a=1), "OrderedDict", "frozen dataclass"),
        (bytearray(b"x"), "bytearray", "frozen dataclass"),
        ({"deep": [{"deeper": Loose()}]}, "Loose", "@dataclass(frozen=True)"),
        ((1, LooseStruct()), "LooseStruct", "frozen=True"),
    ],
)
def test_a_beginning_that_can_be_changed_is_refused(initial: Any, kind: str, remedy: str) -> None:
    """Wherever it is, it is named, and what to write instead."""
    with pytest.raises(BadModel, match=f"begins with a {kind}, which can be changed") as info:
        model_of(initial)
    assert remedy in info.value.remedy


@pytest.mark.parametrize(
    "initial", [0, "", None, 1.5, b"", (), Tight(), TightStruct(), Color.RED, {"a": [1, {"b": 2}]}, [1], {1, 2}]
)
def test_a_beginning_that_stays_as_it_is_is_taken(initial: Any) -> None:
    """It is equal to what was written."""
    assert model_of(initial).initial == initial


def test_dicts_lists_and_sets_are_frozen_all_the_way_down() -> None:
    """What was written can be changed afterwards without the model."""
    written = {"list": [{"a": 1}], "set": {1}}
    model = model_of(written)
    written["list"].append(2)  # type: ignore[attr-defined]
    assert model.initial == {"list": [{"a": 1}], "set": frozenset({1})}
    for change in (
        lambda: model.initial.update(x=1),
        lambda: model.initial["list"].append(1),
        lambda: model.initial["list"][0].clear(),
    ):
        with pytest.raises(Exception, match="can't be changed"):
            change()


def test_lenient_is_the_default() -> None:
    """Events without a reducer are passed."""
    assert fold(a_log(added(1), Event("x.y"), added(2)), Balance) == 3


def test_strict_names_the_event_it_does_not_know() -> None:
    """The values stay as after the event before, and a reducer for it mends that."""

    class Strict(Balance):
        strict = True

    class Mended(Strict):
        @applies("x.y")
        def passed(balance, event):
            return balance

    log = a_log(added(1), Event("x.y"), added(2))
    timeline = Timeline(log, Strict)
    with pytest.raises(UnknownEvent) as info:
        timeline.at()
    assert (info.value.model, info.value.name, info.value.position) == ("Strict", "x.y", 2)
    assert timeline.at(1) == 1
    assert fold(log, Mended) == 3


@pytest.mark.parametrize("given", [Model, KeyedModel, Balance(), "Balance", None, int])
def test_what_is_no_model_is_refused(given: Any) -> None:
    """The class itself is asked for."""
    with pytest.raises(BadModel, match="is not a model's class"):
        fold(a_log(), given)


# --- fingerprints ------------------------------------------------------------------------------------


def test_the_same_source_has_the_same_fingerprint() -> None:
    """Run again, on another line, or with other comments and spaces: a cell that was run twice is the same model."""
    source = "):\n        return state + (lambda x: x * 3)(1)"
    again = "):\n\n        # as before\n        return state + (lambda x: x*3)(1)"
    prints = {fingerprint(reducer(text, before=before)) for text in (source, again) for before in ("", "\n" * 40)}
    assert len(prints) == 1


CHANGES = {
    "the body": "):\n        return state - 1",
    "a constant": "):\n        return state + 2",
    "a constant's type": "):\n        return state + 1.0",
    "a lambda in it": "):\n        return (lambda x: x + 1)(state)",
    "a constant of a lambda in it": "):\n        return (lambda x: x + 2)(state)",
    "a name that it calls": "):\n        return abs(state) + 1",
    "another name that it calls": "):\n        return int(state) + 1",
    "a default": ", more=1):\n        return state + more",
    "another default": ", more=2):\n        return state + more",
}


def test_every_change_of_a_reducer_changes_the_fingerprint() -> None:
    """No two of these are taken for each other."""
    sources = ["):\n        return state + 1", *CHANGES.values()]
    assert len({fingerprint(reducer(source)) for source in sources}) == len(sources)


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"initial": 1},
        {"initial": False},
        {"keyed": True},
        {"x": applies("x.y")(lambda s, e: s)},
        {"x": reverses("money.doubled")(lambda s, e, k: s)},
        {"x": applies("money.added", keep=lambda s, e: s)(lambda s, e: s)},
        {"x": applies("money.added", keys=lambda e: ())(lambda s, e: s)},
    ],
    ids=["version", "initial", "type of initial", "keyed", "more", "inverse", "keep", "keys"],
)
def test_every_change_of_a_model_changes_the_fingerprint(change: dict[str, Any]) -> None:
    """Its version, its beginning, its rules and their options."""
    assert fingerprint(type("Balance", (Balance,), {})) == fingerprint(Balance)
    assert fingerprint(type("Balance", (Balance,), change)) != fingerprint(Balance)


def test_another_name_is_another_model() -> None:
    """Also with the same rules."""
    assert fingerprint(type("Other", (Balance,), {})) != fingerprint(Balance)


def test_options_need_not_be_functions_of_python() -> None:
    """What the standard library brings for them is as good."""

    def seen(keys: Any) -> type[Model]:
        function = applies("a.b", keys=keys)(lambda n, event: n + 1)
        return type("Seen", (KeyedModel,), {"initial": 0, "seen": function})

    model = seen(operator.attrgetter("data.who"))
    assert fingerprint(model) != fingerprint(seen(operator.attrgetter("data.whom")))
    assert fold(a_log(Event("a.b", {"who": ["x", "y"]})), seen(lambda event: event.data["who"])) == {"x": 1, "y": 1}


def test_a_fingerprint_is_the_same_in_every_process() -> None:
    """Sets of text have another order in each, and that must not show."""
    source = (
        "from eda_workshop import Model, applies\n"
        "from eda_workshop.replay.model import fingerprint\n"
        "class Known(Model):\n"
        "    initial = {'a', 'b', 'c', 'd'}\n"
        "    @applies('a.b')\n"
        "    def one(state, event): return state if event.data['x'] in {'p', 'q', 'r', 's'} else {1}\n"
        "print(fingerprint(Known))"
    )
    prints = set()
    for seed in ("1", "2", "3"):
        environment = {"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)}
        done = subprocess.run(
            [sys.executable, "-c", source], env=environment, capture_output=True, text=True, check=True
        )
        prints.add(done.stdout)
    assert len(prints) == 1
