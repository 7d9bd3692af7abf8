"""Through the controls of a lesson by keys alone, and what each of them answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lab_page import PATIENCE, Lesson

KEYS = {
    "submit": ("Space", "Enter"),
    "button": ("Space", "Enter"),
    "checkbox": ("Space", "Space"),
    "number": ("ArrowUp", "ArrowDown"),
    "slider": ("ArrowRight", "ArrowLeft"),
    "select-one": ("Space ArrowDown Enter", "Space ArrowUp Enter"),
    "text": ("End", "x"),
}
"""Two ways for each kind of control, of which one at least changes what it holds. JupyterLab takes arrows from a closed list."""
DATE_STOPS = 4
"""A box for a date has a stop for month, day, year and calendar."""
WAITING = ("Speed", "Link")
"""Lists that change no line by themselves, though no button comes after them: Play goes by one, a list shows the other."""
PRESSED = ("submit", "button", "checkbox")


def different(lesson: Lesson) -> Iterator[tuple[int, int]]:
    """The boxes of controls of a lesson, one of those that are alike, and how many controls each has."""
    met: set[str] = set()
    for place, box in enumerate(lesson.ask("boxes")):
        if box["looks"] not in met:
            met.add(box["looks"])
            yield place, box["count"]


def names(lesson: Lesson) -> Any:
    """A function that gives the name and the role that the browser tells assistive technology of what has the focus."""
    session = lesson.page.context.new_cdp_session(lesson.page)

    def name() -> tuple[str, str]:
        node = session.send("Runtime.evaluate", {"expression": "document.activeElement"})["result"]["objectId"]
        tree = session.send("Accessibility.getPartialAXTree", {"objectId": node, "fetchRelatives": False})["nodes"][0]
        return tree["role"]["value"], tree.get("name", {}).get("value", "").strip()

    return name


def through(lesson: Lesson, place: int, count: int) -> list[str]:
    """Tab through a box of controls from its first to behind its last; what is wrong with any of them."""
    faults, before, name = [], "", names(lesson)
    call(lesson, "enter", [place, 0])
    for control in range(count):
        focus, (role, said) = lesson.ask("focused"), name()
        where = f"box {place}, control {control} ({role} {said!r} after {before!r})"
        if (focus["box"], focus["control"]) != (place, control):
            return [*faults, f"{where}: the focus is at {focus['box']}, {focus['control']}"]
        faults += [f"{where}: {fault}" for fault in wrong(focus, said, before)]
        before = said
        for _ in range(DATE_STOPS if role == "Date" else 1):
            if lesson.ask("focused")["control"] == control:
                lesson.page.keyboard.press("Tab")
    return faults + (["the focus does not leave"] if lesson.ask("focused")["box"] == place else [])


def wrong(focus: dict[str, Any], said: str, before: str) -> Iterator[str]:
    """What is wrong with the control that has the focus. A slider has its name from the box before it."""
    if not (before if focus["slider"] else said):
        yield "no name"
    if focus["outline"] < 2 or focus["contrast"] < 3:
        yield f"an outline of {focus['outline']} px and {focus['contrast']:.1f} to 1"
    if not focus["inSight"]:
        yield "out of sight"


def use(lesson: Lesson, place: int, number: int, tries: int = 3) -> list[str]:
    """Use a control by both of its keys. What is pressed has to change the line each time; what holds a value, the value.

    A form makes its fields anew when another event is chosen, so a field may be gone under the keys: then once more.
    """
    before = call(lesson, "control", [place, number])
    if before is None or before["kind"] not in KEYS or before["options"] == 1:
        return []
    call(lesson, "enter", [place, number])
    for key in KEYS[before["kind"]]:
        now = call(lesson, "control", [place, number])
        for each in key.split():
            lesson.page.keyboard.press(each)
        if before["kind"] in PRESSED:
            heard(lesson, place, now["lines"])
        elif call(lesson, "control", [place, number])["value"] != now["value"]:
            if before["acts"] and before["name"] not in WAITING:
                heard(lesson, place, now["lines"])
            return []
    if before["kind"] in PRESSED:
        return []
    return use(lesson, place, number, tries - 1) if tries else [f"box {place}, {before['name']!r}: no key changes it"]


def heard(lesson: Lesson, place: int, lines: str) -> None:
    """Wait until the box says something else."""
    lesson.page.wait_for_function("given => probes.says(given)", arg=[place, lines], timeout=PATIENCE / 6)


def call(lesson: Lesson, probe: str, given: Any) -> Any:
    """What the probe answers to this."""
    return lesson.page.evaluate(f"given => probes.{probe}(given)", given)
