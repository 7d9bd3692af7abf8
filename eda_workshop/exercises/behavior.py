"""A check by behavior: an answer is right if it does what a solution does, and wrong in the way of the wrong answer that it is like."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext, redirect_stdout
from functools import cached_property
from io import StringIO
from typing import Any

from eda_workshop.exercises.attempt import require_function
from eda_workshop.exercises.exercise import Wrong
from eda_workshop.exercises.page import Cell, Page
from eda_workshop.exercises.raised import sentence
from eda_workshop.exercises.runs import Run, run

BROKEN = "The solution itself fails here, so something has changed the kit's own classes."
RESTART = "Restart the kernel, and check again."


class Behavior:
    """The runs of one answer in all cases of its exercise: in their order, each once, and each on new data.

    answer    gives the answer
    said      the sentence for an answer that does the same, "" for a right one
    is_quiet  whether what it prints is dropped: a learner reads what their own answer prints, and nothing else
    """

    def __init__(self, page: Page, answer: Callable[[], Any], said: str = "", *, is_quiet: bool = False) -> None:
        self.said = said
        self._is_quiet = is_quiet
        self._page = page
        self._answer = run(answer)
        self._runs: list[Run] = []

    def __getitem__(self, number: int) -> Run:
        while len(self._runs) <= number:
            self._runs.append(self._next(len(self._runs)))
        return self._runs[number]

    def _next(self, number: int) -> Run:
        if self._answer.error is not None:
            return self._answer
        names = self._page.names(self._page.only("check"))
        case = [*names["CASES"].values()][number]
        with redirect_stdout(StringIO()) if self._is_quiet else nullcontext():
            return run(lambda: names["observe"](self._answer.value, case))


class SameBehavior:
    """The check of an exercise with ``CASES`` and ``observe(answer, case)``."""

    def __init__(self, page: Page, parameters: tuple[str, ...] | None) -> None:
        self._page = page
        self._parameters = parameters

    def __call__(self, answer: Any) -> str:
        """Say what was tried, if the answer is right. Raises `Wrong` if it isn't."""
        if self._parameters is not None:
            require_function(answer, *self._parameters)
        mine, rights = Behavior(self._page, lambda: answer), self._rights
        for number in range(len(self.cases)):
            if any(right[number].error for right in rights):
                raise Wrong(BROKEN, self.cases[number], got=rights[0][number].shown, look=RESTART)
            agreeing = [right for right in rights if mine[number].is_like(right[number])]
            if not agreeing:
                raise self._wrong(mine, rights[0], number)
            rights = agreeing
        return f"It does what the solution does in each of {len(self.cases)} cases ({'; '.join(self.cases)})."

    @cached_property
    def cases(self) -> tuple[str, ...]:
        """What is tried, in words."""
        return tuple(self._page.names(self._page.only("check"))["CASES"])

    def _likeness(self, one: Behavior, other: Behavior) -> int:
        """The number of cases in which both do the same."""
        return sum(one[number].is_like(other[number]) for number in range(len(self.cases)))

    @cached_property
    def _wrongs(self) -> list[Behavior]:
        return [self._of(cell) for cell in self._page.wrongs]

    @cached_property
    def _rights(self) -> list[Behavior]:
        return [self._of(cell) for cell in self._page.each("solution")]

    def _of(self, cell: Cell) -> Behavior:
        return Behavior(self._page, lambda: self._page.answer(cell), cell.said, is_quiet=True)

    def _wrong(self, mine: Behavior, right: Behavior, number: int) -> Wrong:
        """The sentence for the first case in which the answer does something else than a solution."""
        got, called, expected = mine[number], self.cases[number], right[number].shown
        if isinstance(got.error, Wrong):
            got.error.called = got.error.called or called
            return got.error
        if alike := self._alike(mine, number):
            return Wrong(alike.said, called, expected, got.shown)
        if got.error is not None:
            return Wrong(sentence(self._page.id, got.error), called, expected)
        if got.value is None:
            return Wrong("Your function returned None. Does it reach a line with return?", called, expected)
        return Wrong(f"Your {self._page.id} does something different here.", called, expected, got.shown)

    def _alike(self, mine: Behavior, number: int) -> Behavior | None:
        """The wrong answer that does the same in this case; of several, the one that does the same in most cases."""
        alike = [wrong for wrong in self._wrongs if mine[number].is_like(wrong[number])]
        if len(alike) < 2 or mine[number].is_endless:
            return alike[0] if alike else None
        return max(alike, key=lambda wrong: self._likeness(mine, wrong))
