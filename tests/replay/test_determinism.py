"""check_determinism: it finds what a replay would not repeat, and lets alone what it would."""

from __future__ import annotations

import datetime as dt
import linecache
import random
import secrets
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import randint
from time import time as now
from typing import Any
from uuid import UUID, uuid4

import pytest
from accounts import Accounts, Balance, a_log, a_story, added

from eda_workshop import BadModel, Event, KeyedModel, Model, applies, check_determinism, open_log
from eda_workshop.drive import Count, Folders

DICE = random.Random(1)
START = datetime(2026, 3, 2, tzinfo=UTC)
counted = [0]


def model_of(function: Callable[..., Any], initial: Any = 0) -> type[Model]:
    return type("Made", (Model,), {"initial": initial, "one": applies("a.b")(function)})


def reads_the_date(state: Any, event: Any) -> Any:
    return dt.datetime.now(UTC).year


def within(state: Any, event: Any) -> Any:
    return [one * random.random() for one in (1, 2)]


def imports(state: Any, event: Any) -> Any:
    import random as chance

    return chance.random()


def imports_a_name(state: Any, event: Any) -> Any:
    from secrets import randbelow

    return randbelow(3)


def branches(state: Any, event: Any) -> Any:
    if state > 10**9:
        print(state)
    return state + 1


SEEN = {
    "datetime.now": (lambda s, e: datetime.now(UTC).year, "reads the clock: datetime.now"),
    "date.today": (lambda s, e: date.today(), "reads the clock: date.today"),  # noqa: DTZ011
    "dt.datetime.now": (reads_the_date, "reads the clock: dt.datetime.now"),
    "time.time": (lambda s, e: time.time(), "reads the clock: time.time"),
    "time by name": (lambda s, e: now(), "reads the clock: now"),
    "random.random": (lambda s, e: random.random(), "draws at random: random.random"),
    "randint by name": (lambda s, e: randint(1, 6), "draws at random: randint"),
    "a source of chance": (lambda s, e: DICE.random(), "draws at random: DICE.random"),
    "secrets": (lambda s, e: secrets.token_hex(), "draws at random: secrets.token_hex"),
    "uuid.uuid4": (lambda s, e: str(uuid.uuid4()), "makes an id of its own: uuid.uuid4"),
    "uuid4 by name": (lambda s, e: str(uuid4()), "makes an id of its own: uuid4"),
    "open": (lambda s, e: open("/dev/null").read(), "reads files: open"),  # noqa: PTH123, SIM115
    "a path": (lambda s, e: Path("/dev/null").read_text(), "reads files: Path"),
    "print": (branches, "prints: print"),
    "input": (lambda s, e: s if s < 9 else input(), "asks a person: input"),
    "id": (lambda s, e: id(s), "looks at addresses: id"),
    "in a comprehension": (within, "draws at random: random.random"),
    "imported within": (imports, "draws at random: import.random"),
    "a name imported within": (imports_a_name, "draws at random: import.secrets"),
}


@pytest.mark.parametrize(("function", "words"), SEEN.values(), ids=SEEN)
def test_it_sees_in_the_code_what_leads_outside(function: Any, words: str) -> None:
    """Without an event, and also where a branch would hide it."""
    found = check_determinism(model_of(function), a_log())
    assert found
    assert (found[0].name, found[0].position) == ("a.b", 0)
    assert str(found[0]).startswith(f"The reducer for a.b {words}")


def test_it_sees_what_a_reducer_has_from_around_it() -> None:
    """A module that was imported in the function around is one too."""
    import random as chance

    found = check_determinism(model_of(lambda state, event: chance.randint(1, 6)), a_log())
    assert [str(one) for one in found] == ["The reducer for a.b draws at random: chance.randint."]


def test_it_names_each_thing_and_each_reducer() -> None:
    """In the order of the names."""

    class Both(Model):
        @applies("x.y", "a.b")
        def one(state, event):
            print(random.random())
            return datetime.now(UTC)

    found = check_determinism(Both, a_log())
    assert [(one.name, one.problem) for one in found] == [
        (name, problem)
        for name in ("a.b", "x.y")
        for problem in ("prints: print", "draws at random: random.random", "reads the clock: datetime.now")
    ]


def count_up() -> int:
    counted[0] += 1
    return counted[0]


HIDDEN = {
    "a global": (lambda s, e: count_up(), "gives another state the second time"),
    "in a value": (lambda s, e: {"a": [count_up()]}, "gives another state the second time"),
    "a mutation": (lambda s, e: s.update(x=1) or s, "changes the state or the event it was given"),
    "nothing": (lambda s, e: None, "gives back nothing"),
    "an error": (lambda s, e: 1 // 0, "raises ZeroDivisionError: integer division or modulo by zero"),
    "the event": (lambda s, e: e.data.update(x=1), "changes the state or the event it was given"),
    "what can be changed": (lambda s, e: bytearray(), "gives back a bytearray, which can be changed afterwards"),
}


@pytest.mark.parametrize(("function", "problem"), HIDDEN.values(), ids=HIDDEN)
def test_it_folds_twice_and_compares(function: Any, problem: str) -> None:
    """What the code does not show, the log does: at the first event where it happens."""
    log = a_log(Event("x.y"), Event("a.b"), Event("a.b"))
    found = check_determinism(model_of(function, {}), log)
    assert [(one.name, one.position, one.problem) for one in found] == [("a.b", 2, problem)]
    assert "at position 2" in str(found[0])
    assert log.verify() is None


def test_a_keyed_model_is_compared_key_by_key() -> None:
    """Also where an event touches several."""

    class Shared(KeyedModel):
        initial = 0

        @applies("a.b", keys=lambda event: ["x", "y"])
        def one(state, event):
            return count_up() if event.position == 2 else 1

    found = check_determinism(Shared, a_log(Event("a.b"), Event("a.b")))
    assert [(one.position, one.problem) for one in found] == [(2, "gives another state the second time")]


def test_a_strict_model_s_gap_is_told_as_well() -> None:
    """An event that it does not know is no reason to fail."""
    strict = type("Strict", (Balance,), {"strict": True})
    found = check_determinism(strict, a_log(Event("x.y")))
    assert (found[0].name, found[0].position) == ("x.y", 1)
    assert "is strict and has no reducer" in found[0].problem


def test_reversed_sets_are_no_order() -> None:
    """A set is a set in whatever order it was made."""
    function = lambda state, event: state | {event.id}  # noqa: E731
    assert check_determinism(model_of(function, set()), a_log(Event("a.b"), Event("a.b"))) == ()


@pytest.mark.parametrize("model", [Balance, Accounts, Folders, Count])
def test_a_pure_model_has_nothing(model: type[Model]) -> None:
    """Those of the tests and of the story are."""
    assert check_determinism(model, a_story(50)) == ()
    assert check_determinism(model, a_log(added(1, "ada"), added(2))) == ()


def days_later(state: Any, event: Any) -> Any:
    due = datetime.fromisoformat("2026-03-02T00:00:00Z") + timedelta(days=30)
    return (due - START).days + (event.occurred - dt.datetime(2026, 1, 1, tzinfo=UTC)).days


PURE = {
    "dates": days_later,
    "the event's id": lambda s, e: e.id,
    "attributes that are called as something else": lambda s, e: (e.data.get("open"), e.id, s),
    "an id from a text": lambda s, e: str(UUID(int=7)),
    "an id from a name": lambda s, e: str(uuid.uuid5(uuid.NAMESPACE_URL, e.name)),
    "chance with a seed": lambda s, e: random.Random(e.position).random(),
    "keys that are called as modules": lambda s, e: {"time": 1, "random": e.data.get("print", 2)},
    "functions": lambda s, e: max(len(str(s)), abs(-3), sum([1, 2])),
}


@pytest.mark.parametrize("function", PURE.values(), ids=PURE)
def test_it_lets_alone_what_is_the_same_every_time(function: Any) -> None:
    """Arithmetic with dates and ids of events are as good as any."""
    log = open_log()
    log.append(Event("a.b", {"open": 1}), Event("a.b"))
    assert check_determinism(model_of(function), log) == ()


def test_a_reducer_may_have_names_of_its_own() -> None:
    """A local variable or a parameter is not the function of that name."""

    def own(id: Any, open: Any) -> Any:
        print = open.name
        return print + str(id)

    assert check_determinism(model_of(own, ""), a_log(Event("a.b"))) == ()


# --- what is otherwise in another process ---------------------------------------------------------------


@dataclass(frozen=True)
class Crew:
    """Names, in no order."""

    names: frozenset[str] = frozenset()

    def first(self) -> str:
        return next(iter(self.names))


def bucket(text: str, hasher: Callable[[Any], int] = hash) -> int:
    return hasher(text) % 4


def in_a_row(names: Any) -> str:
    return ", ".join(names)


def takes_them_out(state: Any, event: Any) -> Any:
    left, out = {*event.data["names"]}, []
    while left:
        out.append(left.pop())
    return out


def finds_both(state: Any, event: Any) -> Any:
    both = dict.fromkeys(event.data["names"]).keys() & {"ada", "bob"}
    return [name.upper() for name in both]


def adds_to_a_set(state: Any, event: Any) -> Any:
    seen = set()
    for name in event.data["names"]:
        seen.add(name)
    first, *_ = seen
    return first


def inner(state: Any, event: Any) -> Any:
    def rows(names: Any) -> list[str]:
        return [name for name in names]  # noqa: C416

    match event.data["names"]:
        case [*names]:
            return rows(frozenset(names))
    return state


FAR = "bob"
ELSEWHERE = {
    "a list": lambda s, e: list(set(e.data["names"])),
    "a text": lambda s, e: in_a_row({name for name in e.data["names"]}),  # noqa: C416
    "a loop": lambda s, e: [name for name in {"ada", FAR}],  # noqa: C416
    "one of them": lambda s, e: next(iter(frozenset(e.data["names"]))),
    "the words for it": lambda s, e: f"{set(e.data['names'])}",
    "a method": lambda s, e: Crew(frozenset(e.data["names"])).first(),
    "taken out": takes_them_out,
    "in both": finds_both,
    "made bit by bit": adds_to_a_set,
    "in a function within": inner,
}


def names_log() -> Any:
    names = ["ada", "bob", "eve", "zoe"]
    return a_log(Event("x.y"), Event("a.b", {"names": names}), Event("a.b", {"names": names}))


ORDER = "depends on the order of a set, which is another one in each process"


@pytest.mark.parametrize("function", ELSEWHERE.values(), ids=ELSEWHERE)
def test_the_order_of_a_set_is_found(function: Any) -> None:
    """However the set is made and read; it is found with certainty, and not only now and then."""
    found = check_determinism(model_of(function, None), names_log())
    assert [(one.name, one.position, one.problem) for one in found] == [("a.b", 2, ORDER)]
    assert found.unchecked == ()


def test_the_order_of_a_set_in_the_state_is_found() -> None:
    """It is harmless at first, and shows at the second event."""

    def crew(state: Any, event: Any) -> Any:
        return Crew(frozenset(event.data["names"])) if isinstance(state, Crew) and not state.names else state.first()

    found = check_determinism(model_of(crew, Crew()), names_log())
    assert [(one.position, one.problem) for one in found] == [(3, ORDER)]


def test_a_hash_of_text_is_found() -> None:
    """Where the reducer says it, without any event; in a helper at the first event for which it matters."""
    said = check_determinism(model_of(lambda s, e: hash(e.name)), a_log())
    assert [str(one) for one in said] == ["The reducer for a.b hashes otherwise in each process: hash."]
    problem = "uses hash() of what hashes otherwise in each process, such as text"
    for function in (lambda s, e: bucket(e.data["names"][0]), lambda s, e: e.name.__hash__() % 3):
        found = check_determinism(model_of(function), names_log())
        assert [(one.position, one.problem) for one in found] == [(2, problem)]


SAME_ANYWHERE = {
    "sorted": lambda s, e: sorted(set(e.data["names"])),
    "counted": lambda s, e: len({*e.data["names"]}) + sum(len(name) for name in set(e.data["names"])),
    "asked": lambda s, e: "ada" in set(e.data["names"]),
    "joined": lambda s, e: frozenset(s) | set(e.data["names"]) - {"bob"},
    "numbers": lambda s, e: [number for number in (3, 1, 2)],  # noqa: C416
    "one": lambda s, e: list({"ada"}),
    "a crew": lambda s, e: Crew(frozenset(e.data["names"])),
    "a number's hash": lambda s, e: bucket(7),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("function", SAME_ANYWHERE.values(), ids=SAME_ANYWHERE)
def test_sets_without_an_order_are_let_alone(function: Any) -> None:
    """What is the same in every process is no impurity."""
    found = check_determinism(model_of(function, ()), names_log())
    assert (found, found.unchecked) == ((), ())


NAN = float("nan")


@pytest.mark.parametrize("value", [NAN, [NAN], {"a": NAN}, (1, NAN), Decimal("nan")])
def test_not_a_number_is_no_alarm(value: Any) -> None:
    """It equals nothing, and is the same each time."""
    initial = value if isinstance(value, float) else None
    assert check_determinism(model_of(lambda s, e: value, initial), names_log()) == ()
    assert check_determinism(model_of(lambda s, e: float("nan"), 0.0), names_log()) == ()


CELL = """
from eda_workshop import Model, applies

def listed(names):
    return list(set(names))

class Names(Model):
    initial = ()

    @applies("a.b")
    def named(state, event):
        return listed(event.data["names"])
"""


def defined(source: str) -> dict[str, Any]:
    """What a cell of a notebook defines."""
    space: dict[str, Any] = {"__name__": "__main__"}
    exec(compile(source, "<cell 1>", "exec"), space)
    return space


def test_a_model_of_a_notebook_s_cell(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cell has its source in the line cache; with it, the model is looked into like any other."""
    monkeypatch.setitem(linecache.cache, "<cell 1>", (len(CELL), None, CELL.splitlines(keepends=True), "<cell 1>"))
    found = check_determinism(defined(CELL)["Names"], names_log())
    assert [one.problem for one in found] == [ORDER]


def test_a_model_without_source_says_so() -> None:
    """What can't be tried is no impurity, but it isn't passed over in silence."""
    found = check_determinism(defined(CELL)["Names"], names_log())
    assert found == ()
    (said,) = found.unchecked
    assert said == "The reducer for a.b was not tried with other hashes: the source of named can't be read."
    assert said in repr(found)


def test_only_a_model_can_be_looked_at() -> None:
    """The class is asked for."""
    with pytest.raises(BadModel):
        check_determinism(Balance(), a_log())  # type: ignore[arg-type]
