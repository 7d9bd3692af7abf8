"""Write specs, which are scored by the wrong deciders that they catch."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from eda_workshop.decide import Decider, Spec, caught_by
from eda_workshop.exercises.exercise import Exercise, Wrong
from eda_workshop.exercises.lesson_17.kill_the_mutants_answers import RIGHT, WRONG
from eda_workshop.exercises.lesson_17.other_desks import Forgets, OtherFacts, OtherState, OtherWords, SaysYes
from eda_workshop.stories import desks

ENOUGH = 6
"""Wrong desks that the specs have to catch."""

_Spec = Callable[[type[Decider]], object]


def check(answer: Any) -> None:
    specs = _require_specs(answer)
    faults = {function: fault for function in specs if (fault := _fault(function))}
    sound = [function for function in specs if function not in faults]
    count = sum(_is_caught(mutant.decider, sound) for mutant in desks.WRONG.values())
    if count < ENOUGH:
        raise _missing(sound, [*faults.values()], count)


def _require_specs(answer: Any) -> list[_Spec]:
    if not isinstance(answer, (list, tuple)) or not all(map(callable, answer)):
        look = "kill_the_mutants = [lends, …], without brackets after the names"
        raise Wrong(
            "Your answer isn't a list of specs.", expected="a list of functions", got=f"{answer!r:.60}", look=look
        )
    if not answer:
        raise Wrong(
            "There are no specs in your list.", look="Write functions of a decider, and put their names into it."
        )
    return list(answer)


def _fault(function: _Spec) -> Wrong | None:
    """The reason why a spec counts nothing: it fails on a desk that is right."""
    name = getattr(function, "__name__", "spec")
    try:
        result = function(desks.Desk)
    except AssertionError as error:
        got = str(error) or "an assert that doesn't hold"
        return Wrong(f"Your spec {name} fails on the right desk, so it counts nothing.", got=got)
    if isinstance(result, Spec) and not result.outcome:
        return Wrong(f"Your spec {name} claims nothing. End it with .then(…) or .refused().")
    if _is_caught(OtherWords, [function]):
        said = f"A right desk fails your spec {name}, because it says no in other words."
        return Wrong(said, look="The reason is for people. A spec asks whether it refuses.")
    if _is_caught(OtherState, [function]):
        said = f"Your spec {name} looks into the state, and a right desk with a different state fails it."
        return Wrong(said, look="What others see of a decision are its events: .then(…) compares them.")
    return None


def _is_caught(decider: type[Decider], specs: list[_Spec]) -> bool:
    """Whether a spec fails on the decider, in whatever way."""
    return any(map(partial(_fails, decider), specs))


def _fails(decider: type[Decider], function: _Spec) -> bool:
    try:
        return bool(caught_by([function], decider))
    except Exception:
        return True


def _missing(sound: list[_Spec], faults: list[Wrong], count: int) -> Wrong:
    """What the specs don't look at, the widest gap first."""
    if not sound:
        return faults[0]
    if not _is_caught(SaysYes, sound):
        return _gap(count, "Not one refusal is checked: a desk that says yes to everything passes.", ".refused()")
    if not _is_caught(Forgets, sound):
        said = "Your specs all begin where nothing has happened, and on an empty log every limit holds."
        return _gap(count, said, ".given(…) says what has happened before.")
    if not _is_caught(OtherFacts, sound):
        said = "No spec looks at the events: a desk whose state is right, and whose events say too little, passes."
        return _gap(count, said, ".then(…) compares names, data, subjects and tags.")
    if faults:
        return faults[0]
    total = len(desks.WRONG)
    return _gap(count, f"Your specs catch {count} of {total} wrong desks, and you need {ENOUGH}.", _EDGES)


def _gap(count: int, said: str, look: str) -> Wrong:
    return Wrong(said, expected=f"{ENOUGH} of {len(desks.WRONG)} wrong desks caught", got=f"{count}", look=look)


_EDGES = (
    "Look at the edges of each rule: the third book and the fourth, a book that came back, the reader who was first in line, a "
    "return by a different reader."
)


KILL_THE_MUTANTS = Exercise(
    id="kill_the_mutants",
    lesson=17,
    title="Catch the wrong desks",
    minutes=6,
    task=(
        "Eight people wrote the desk of a library, and each of them broke one rule. Write specs, functions of a decider, that catch at "
        "least six of the eight; you don't see their code. A spec that fails on a right desk counts nothing. The rules:\n\n"
        "- A book that is out isn't lent. If readers wait for it, the first of them gets it, and then no longer waits.\n"
        "- A reader has at most three books at a time. A book is due ten days after its day.\n"
        "- Only the reader who has a book can bring it back. Nobody reserves a book that they have or wait for.\n"
        "- Each event has the book as its subject and `reader/` and the reader as a tag.\n\n"
        "`lending`, `returning` and `reserving` make commands; `borrowed`, `returned` and `reserved` make events. Each takes a title "
        "and a reader; `lending` and `borrowed` take a day of March, too, 2 if you leave it out."
    ),
    stub=(
        'def lends(decider):\n    return spec(decider).when(lending("emma", "ada")).then(borrowed("emma", "ada"))\n\n\n'
        "kill_the_mutants = [lends, ...]"
    ),
    check=check,
    hints=(
        "Go through the rules one by one. What must happen right before the limit, and what right after it?",
        "For a refusal: spec(decider).given(borrowed('emma', 'bob')).when(lending('emma', 'ada')).refused().",
        "Three books and a fourth; three, one back, and another; a line of two, and the second asks; the first had it, and the second "
        "asks; a return by a reader who doesn't have it.",
    ),
    solutions=RIGHT,
    wrong=WRONG,
    steps=2_000_000,
)
