"""The read side: each reader's places, made from what was heard."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from eda_workshop.event import Event
from eda_workshop.exercises.attempt import require_function
from eda_workshop.exercises.exercise import Exercise, Wrong
from eda_workshop.exercises.lesson_16.facts import fact
from eda_workshop.exercises.lesson_16.solutions import ON_SCREEN
from eda_workshop.stories.library import BORROWED, RESERVED, RETURNED

Rows = Mapping[str, Mapping[str, int]]

STORY = (
    fact(1, BORROWED, "ada"),
    fact(2, BORROWED, "bob", "dune"),
    fact(3, RESERVED, "grace"),
    fact(4, RESERVED, "cy"),
    fact(5, RESERVED, "cy", "dune"),
    fact(6, RETURNED, "ada"),
    fact(7, BORROWED, "grace"),
)
SENT = Event("gateway.sent", {"gateway": "mail", "content": {"to": "grace"}}, id="mail-1", occurred=STORY[5].occurred)


def check(answer: Any) -> None:
    function = require_function(answer, "events")
    if _call(function, STORY[:5]) != _call(function, STORY[:5]):
        said = "The second screen knows of the first one: something is remembered outside of the function."
        raise Wrong(said, f"{_called(STORY[:5])}, twice", look="Begin with nothing each time.")
    _check(function, STORY[:2], {"ada": {"emma": 0}, "bob": {"dune": 0}}, _said_holders)
    _check(
        function,
        STORY[:5],
        {"ada": {"emma": 0}, "bob": {"dune": 0}, "grace": {"emma": 1}, "cy": {"emma": 2, "dune": 1}},
        _said_waiting,
    )
    _check(
        function, STORY[:6], {"bob": {"dune": 0}, "grace": {"emma": 1}, "cy": {"emma": 2, "dune": 1}}, _said_returned
    )
    _check(function, STORY, {"bob": {"dune": 0}, "grace": {"emma": 0}, "cy": {"emma": 1, "dune": 1}}, _said_borrowed)
    _check_odd(function)


def _check_odd(function: Callable[..., Any]) -> None:
    """Twins, and notes of others."""
    right = {"ada": {"emma": 0}, "grace": {"emma": 1}}
    said = "An event that was delivered twice counts twice. It has the same id both times."
    _check(function, (STORY[0], STORY[2], STORY[2], STORY[0]), right, lambda _: said)
    late = "A twin that comes late undoes what happened since: the book is back, and counts as borrowed again."
    _check(function, (STORY[0], STORY[5], STORY[0]), {}, lambda _: late)
    _check(function, (STORY[0], SENT, STORY[2]), right, lambda _: "A note of the post changes who has a book.")


def _check(function: Callable[..., Any], events: tuple[Event, ...], right: Rows, said: Callable[[Rows], str]) -> None:
    got = _call(function, events)
    if got != right:
        raise Wrong(said(got), _called(events), f"{right}", f"{got}", _LOOK)


def _call(function: Callable[..., Any], events: tuple[Event, ...]) -> Rows:
    try:
        got = function(iter(events))
    except KeyError as error:
        if SENT not in events:
            raise
        said = "It fails at an event that has no title. The log has more in it than slips: what the post sends, and corrections."
        raise Wrong(said, _called(events), got=f"KeyError: {error}", look="Which names are yours?") from None
    except TypeError as error:
        if "iterator" not in str(error):
            raise
        said = "The events come one after the other, and once. They are no list."
        raise Wrong(said, _called(events), got=f"TypeError: {error}", look="for event in events: …") from None
    if not isinstance(got, Mapping) or not all(isinstance(row, Mapping) for row in got.values()):
        said = "Nothing comes back." if got is None else "A dict of dicts was asked for: reader, title, place."
        raise Wrong(said, _called(events), "{'ada': {'emma': 0}}", f"{got!r:.60}")
    return plainly(got)


def plainly(rows: Any) -> dict[str, dict[str, int]]:
    """The rows as plain dicts."""
    return {reader: dict(row) for reader, row in rows.items()}


def _said_holders(got: Rows) -> str:
    if "emma" in got:
        return "The rows are titles. The write side has those; a reader asks: what have I, and where do I stand?"
    if not got:
        return "Two books are out, and the screen is blank."
    return "Who has a book has the place 0 in its line."


def _said_waiting(got: Rows) -> str:
    if len(got.get("cy", {})) < 2:
        return (
            "Cy waits for two books, and one row has taken the other's place."
            if "cy" in got
            else "Who waits isn't shown."
        )
    if got.get("grace") == {"emma": 0}:
        return "The first who waits has the place 0, which is that of the one who has the book. Places in the line begin with 1."
    if got["cy"].get("emma") == 1:
        return "Cy stands behind grace, and has the same place."
    return "The places of those who wait are not right."


def _said_returned(got: Rows) -> str:
    if got.get("ada") == {}:
        return "Ada has nothing and waits for nothing: her row is empty, and shows all the same."
    if "ada" in got:
        return "The book is back, and the screen shows it with ada."
    if got.get("grace") == {"emma": 0}:
        return "The book is in, and the screen gives it to the first in line. She has a right to it; she hasn't got it yet."
    return "The book is back, and something else changed as well."


def _said_borrowed(got: Rows) -> str:
    if got.get("grace") != {"emma": 0}:
        return "Grace has fetched the book, and the screen shows her in the line."
    if got.get("cy", {}).get("emma") == 2:
        return "Grace left the line, and cy stands where he stood: nobody moved up."
    return "Grace has fetched the book, and something else changed as well."


def _called(events: Iterable[Event]) -> str:
    return "on_screen of " + ", ".join(f"{event.id} {event.name.split('.')[1]}" for event in events)


_LOOK = "For each title a line of readers, with the one who has it in front; then turn it over."


def _but(old: str, new: str) -> str:
    """A right answer with one thing in it changed."""
    assert old in ON_SCREEN
    return ON_SCREEN.replace(old, new)


_TURN = "            if reader:\n                rows.setdefault(reader, {})[title] = place\n"

EXERCISE = Exercise(
    id="on_screen",
    lesson=16,
    title="Shelf 2: what the screen shows",
    minutes=8,
    task=(
        "At the screen each reader sees the own row. Write `on_screen(events)`: of any events, each of which may come twice, make a dict such as\n\n"
        "```python\n{'ada': {'emma': 0}, 'cy': {'emma': 2, 'dune': 1}}\n```\n\n"
        "Ada has Emma; Cy is the second who waits for Emma and the first who waits for Dune. Who has nothing and waits for nothing has no row. "
        "The data of a `book.borrowed`, `book.returned` or `book.reserved` has `title` and `reader`; other events are others' business."
    ),
    stub='def on_screen(events):\n    """For each reader, by title: 0 who has it, 1 who is the first to wait."""\n    ...',
    check=check,
    hints=(
        "First the lines by title: lines['emma'] = ['ada', 'grace', 'cy'], with None in front while the book is in.",
        "Remember the ids in a set inside of the function; skip what is in it, and what is no book's event.",
        "Then for title, line in lines.items(): for place, reader in enumerate(line): … into rows[reader][title].",
    ),
    solutions=(ON_SCREEN,),
    wrong={
        _but("event.id in seen or ", ""): "An event that was delivered twice",
        _but(" or not event.name.startswith(\"book.\")", ""): "It fails at an event that has no title",
        _but("lines, seen = {}, set()", "lines, seen = LINES, set()").replace("def on_screen", "LINES = {}\n\n\ndef on_screen"): "The second screen knows",
        _but("rows.setdefault(reader, {})[title] = place", "rows.setdefault(title, {})[reader] = place"): "The rows are titles",
        _but("enumerate(line)", "enumerate(line, 1)"): "Who has a book has the place 0",
        _but("rows.setdefault(reader, {})[title] = place", "rows[reader] = {title: place}"): "Cy waits for two books",
        _but("[title] = place", "[title] = min(place, 1)"): "Cy stands behind grace",
        _but("[title] = place", "[title] = max(place - 1, 0)"): "The first who waits has the place 0",
        _but("            line[0] = None", "            pass"): "The book is back, and the screen shows it with ada",
        _but("            line[0] = None", "            line[:] = line[1:] or [None]"): "The book is in, and the screen gives it",
        _but("line[:] = [reader, *(other for other in line[1:] if other != reader)]", "line[0] = reader"): "Grace has fetched the book, and the screen shows",
        _but("[reader, *(other for other in line[1:] if other != reader)]", "[reader, *(None if other == reader else other for other in line[1:])]"): "Grace left the line, and cy",
        _but("    return rows", "    return None"): "Nothing comes back",
        _but("    for event in events:", "    for event in events[:]:"): "The events come one after the other",
        _but("            line.append(reader)", "            pass"): "Who waits isn't shown",
        _but("    rows = {}", "    rows = {event.data['reader']: {} for event in []}\n    if lines.get('emma', [0])[0] is None:\n        rows = {'ada': {}}"): "Ada has nothing and waits for nothing",
        _but("        seen.add(event.id)\n", "        seen = {event.id}\n"): "A twin that comes late",
    },
)  # fmt: skip
