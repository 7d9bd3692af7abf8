"""A check by properties: generated cases, what must hold in each, and the smallest case in which it doesn't."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from itertools import islice
from random import Random
from typing import Any

from eda_workshop.exercises.attempt import require_function
from eda_workshop.exercises.exercise import Wrong
from eda_workshop.exercises.page import Page
from eda_workshop.exercises.raised import sentence
from eda_workshop.exercises.runs import run, shown

SEED = 1
MOST_CASES = 200
MOST_SMALLER = 300
"""Smaller cases that are tried after a failure."""


class Properties:
    """The check of an exercise with ``cases(rng)`` and ``holds(answer, case)``.

    `holds` raises `Wrong` with what the answer got wrong, or returns False. A case that is a list is made smaller by
    leaving out items; ``smaller(case)``, if the exercise has it, gives the smaller ones of any other case.
    """

    def __init__(self, page: Page, parameters: tuple[str, ...] | None) -> None:
        self._page = page
        self._parameters = parameters

    def __call__(self, answer: Any) -> str:
        """Say what was tried, if the answer is right. Raises `Wrong` if it isn't."""
        if self._parameters is not None:
            require_function(answer, *self._parameters)
        cases = list(islice(self._names["cases"](Random(SEED)), MOST_CASES))
        for case in cases:
            if failure := self._failure(answer, case):
                raise self._smallest(answer, case, failure)
        return f"It holds in each of {len(cases)} generated cases."

    @property
    def _names(self) -> dict[str, Any]:
        return self._page.names(self._page.only("check"))

    def _failure(self, answer: Any, case: Any) -> Wrong | None:
        """What is wrong in this case, None if it holds. The answer gets a copy, so that it can't change the next one's."""
        names, own = self._names, deepcopy(case)
        got = run(lambda: names["holds"](answer, own))
        if isinstance(got.error, Wrong):
            return got.error
        if got.error is not None:
            return Wrong(sentence(self._page.id, got.error))
        return Wrong(f"Your {self._page.id} doesn't do here what it should.") if got.value is False else None

    def _smallest(self, answer: Any, case: Any, failure: Wrong) -> Wrong:
        """The same failure, in a case of which nothing more can be left out."""
        left = MOST_SMALLER
        smaller = self._smaller(case)
        while left and (tried := next(smaller, None)) is not None:
            left -= 1
            found = self._failure(answer, tried)
            if found and found.said == failure.said:
                case, failure, smaller = tried, found, self._smaller(tried)
        failure.called = failure.called or shown(case)
        return failure

    def _smaller(self, case: Any) -> Iterator[Any]:
        own = self._names.get("smaller", _without_some)
        return iter(own(case))


def _without_some(case: Any) -> Iterator[Any]:
    """The list without half of its items, a quarter, and so on; nothing if it is not a list."""
    size = len(case) if isinstance(case, list) else 0
    while size > 0:
        size = (size + 1) // 2 if size > 1 else 0
        step = max(size, 1)
        for start in range(0, len(case), step):
            yield case[:start] + case[start + step :]
        if step == 1:
            return
