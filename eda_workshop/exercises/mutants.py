"""A check of a learner's specs: by the wrong programs that they catch, while every right program passes them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import redirect_stdout
from functools import cached_property
from io import StringIO
from typing import Any

from eda_workshop.exercises.exercise import Wrong
from eda_workshop.exercises.page import Page
from eda_workshop.exercises.runs import run

Spec = Callable[[Any], object]


class Mutants:
    """The check of an exercise with ``right``, ``mutants`` and ``enough``.

    right    the sentence for a spec that fails on a right program → the program; ``{spec}`` is the spec's name
    mutants  what is wrong with a program → the program
    enough   how many of the mutants have to be caught

    A spec is a function of a program, and catches it by raising. One that fails on a right program counts nothing.
    """

    def __init__(self, page: Page) -> None:
        self._page = page

    def __call__(self, answer: Any) -> str:
        """Say what was tried, if enough are caught. Raises `Wrong` if not."""
        specs = self._require_specs(answer)
        caught, faults = self._score(specs)
        names = self._page.names(self._page.only("check"))
        count, enough = len(names["mutants"]), names["enough"]
        if len(caught) < enough:
            raise self._wrong(caught, faults, f"{enough} of {count} wrong programs caught")
        return (
            f"Your specs pass every right program, and catch {len(caught)} of {count} wrong ones ({'; '.join(caught)})."
        )

    def _require_specs(self, answer: Any) -> list[Spec]:
        if not isinstance(answer, (list, tuple)) or not all(map(callable, answer)):
            got = "a list of other things" if isinstance(answer, (list, tuple)) else type(answer).__name__
            raise Wrong("Your answer isn't a list of specs.", expected="a list of functions", got=got)
        if not answer:
            raise Wrong("There are no specs in your list.", look="Write functions, and put their names into it.")
        return list(answer)

    def _score(self, specs: list[Spec]) -> tuple[list[str], list[str]]:
        """The mutants that the sound specs catch, and a sentence for each spec that isn't sound."""
        names = self._page.names(self._page.only("check"))
        faults = {spec: said for spec in specs for said, program in names["right"].items() if _fails(spec, program)}
        sound = [spec for spec in specs if spec not in faults]
        caught = [fault for fault, program in names["mutants"].items() if any(_fails(spec, program) for spec in sound)]
        return caught, [said.format(spec=getattr(spec, "__name__", "spec")) for spec, said in faults.items()]

    def _wrong(self, caught: list[str], faults: list[str], expected: str) -> Wrong:
        """The first fault; else the sentence of the wrong answer that catches everything that this answer catches, and little more."""
        wider = [(len(found), said) for found, said in self._known if set(caught) <= set(found)]
        missed = len(self._page.names(self._page.only("check"))["mutants"]) - len(caught)
        said = f"Your specs let {missed} wrong program{'s' * (missed != 1)} pass."
        if faults:
            said = faults[0]
        elif wider:
            said = min(wider, key=lambda known: known[0])[1]
        return Wrong(said, expected=expected, got=f"{len(caught)}")

    @cached_property
    def _known(self) -> list[tuple[list[str], str]]:
        """What each wrong answer catches, and its sentence; without those of which a spec isn't sound."""
        with redirect_stdout(StringIO()):
            scored = [(self._score(self._page.answer(cell)), cell.said) for cell in self._page.wrongs]
        return [(caught, said) for (caught, faults), said in scored if not faults]


def _fails(spec: Spec, program: Any) -> bool:
    """Whether a spec fails on a program, in whatever way."""
    return run(lambda: spec(program)).error is not None
