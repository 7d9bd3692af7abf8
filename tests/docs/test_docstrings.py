"""The docstrings: every example runs, and everything public says what it is."""

from __future__ import annotations

import doctest
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest

import eda_workshop

FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
MODULES = sorted(
    found.name
    for found in pkgutil.walk_packages(eda_workshop.__path__, "eda_workshop.")
    if not found.name.endswith(".__main__")
)
PUBLIC = {name: getattr(eda_workshop, name) for name in eda_workshop.__all__}


@pytest.mark.parametrize("module", ["eda_workshop", *MODULES])
def test_the_examples_of_a_module_run(module: str) -> None:
    """Each example prints what it says; it may use every public name without importing it."""
    runner = doctest.DocTestRunner(optionflags=FLAGS)
    report: list[str] = []
    for example in doctest.DocTestFinder().find(importlib.import_module(module), extraglobs=PUBLIC):
        runner.run(example, out=report.append)
    assert runner.failures == 0, "".join(report)


def members() -> Iterator[tuple[str, Any]]:
    """Every public name, and every public method and property of the public classes, the kit's own ones."""
    for name, value in PUBLIC.items():
        yield name, value
        if inspect.isclass(value):
            for attribute, member in inspect.getmembers(value):
                function = member.fget if isinstance(member, property) else member
                ours = str(getattr(function, "__module__", "")).startswith("eda_workshop")
                if ours and not attribute.startswith("_") and callable(function):
                    yield f"{name}.{attribute}", member


@pytest.mark.parametrize(("name", "member"), list(members()), ids=lambda value: value if isinstance(value, str) else "")
def test_everything_public_is_documented(name: str, member: Any) -> None:
    """The docstring begins with a sentence, and is not one that Python made up from the signature."""
    text = inspect.getdoc(member) or ""
    first = text.split("\n\n")[0].replace("\n", " ")
    assert first.endswith((".", ":", "?")), f"{name}: {first!r}"
    assert not first.startswith(f"{name}("), f"{name} has only the docstring of its dataclass"


def test_members_are_found() -> None:
    """The search itself sees methods, properties, class methods and what is inherited within the kit."""
    names = {name for name, _ in members()}
    assert {"Bus.publish", "Bus.dead_letters", "Event.from_cloudevent", "Recorded.scheduled", "EventLog.head"} <= names
    assert "Conflict.add_note" not in names


def test_examples_are_there() -> None:
    """The main classes and functions show how they are used."""
    for name in (
        "Bus",
        "Event",
        "open_log",
        "ManualClock",
        "Command",
        "Delivery",
        "deduplicated",
        "competing",
        "causes",
    ):
        assert ">>>" in (inspect.getdoc(PUBLIC[name]) or ""), f"{name} has no example"


def test_public_names_are_sorted_and_there() -> None:
    """`__all__` lists each name once, in order, and `import *` brings exactly these."""
    assert eda_workshop.__all__ == sorted(set(eda_workshop.__all__), key=lambda name: (name[0].islower(), name))
    scope: dict[str, Any] = {}
    exec("from eda_workshop import *", scope)
    assert set(eda_workshop.__all__) == set(scope) - {"__builtins__"}


def test_the_engine_is_typed() -> None:
    """The package says to type checkers that its annotations count."""
    from importlib.resources import files

    assert (files("eda_workshop") / "py.typed").is_file()
