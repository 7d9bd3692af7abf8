"""A form: questions with a few choices each, and a sentence for each choice that is wrong. In code it is a dict."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from eda_workshop.exercises.attempt import require_table
from eda_workshop.exercises.exercise import Wrong
from eda_workshop.exercises.page import Cell, Page

Choice = str | int

_QUESTION = re.compile(r"# (?P<name>\S+?)(?:: (?P<told>.*))?")
_CHOICE = re.compile(r"#   (?P<word>right|wrong|other)(?: (?P<value>.*?))?(?:: (?P<said>.*))?")


@dataclass
class Question:
    """A line of a form.

    name    the text before the colon, in the dict too
    told    what is said of it
    right   the choice that is right
    wrong   each wrong choice → its sentence
    other   the sentence for a number outside the choices, "" where there are no others
    """

    name: str
    told: str
    right: Choice = ""
    wrong: dict[Choice, str] = field(default_factory=dict)
    other: str = ""

    @property
    def choices(self) -> tuple[Choice, ...]:
        """All choices: words in their alphabetical order, numbers by size, so that the place of the right choice says nothing."""
        return tuple(sorted((self.right, *self.wrong), key=lambda choice: (isinstance(choice, str), choice)))


class Form:
    """The check of a form, and the dict that a learner fills in."""

    def __init__(self, page: Page) -> None:
        cell = page.only("form")
        self.questions = tuple(_questions(page, cell))
        self._page = page
        self._look = cell.said

    @property
    def stub(self) -> str:
        """The dict with ``...`` behind each question."""
        lines = (f'    "{each.name}": ...,{f"  # {each.told}" if each.told else ""}\n' for each in self.questions)
        return f"{self._page.id} = {{\n{''.join(lines)}}}"

    def filled(self, other: Mapping[str, Choice] | None = None) -> str:
        """The dict as a learner writes it, right but for these choices."""
        return f"{self._page.id} = {self._right | dict(other or {})}"

    def wrongs(self) -> Iterator[tuple[str, str]]:
        """Each wrong choice, alone in a dict that is right otherwise, with its sentence."""
        for each in self.questions:
            for choice, said in each.wrong.items():
                yield self.filled({each.name: choice}), said

    def __call__(self, answer: Any) -> str:
        """Say what was tried, if the dict is right. Raises `Wrong` if it isn't."""
        table = {name: _plain(value) for name, value in require_table(answer, tuple(self._right)).items()}
        for each in self.questions:
            _require_choice(each, table[each.name])
        for cell in self._page.wrongs:
            if self._page.answer(cell) == table:
                raise Wrong(cell.said, got=", ".join(f"{name}: {value}" for name, value in table.items()))
        for each in self.questions:
            if (value := table[each.name]) != each.right:
                raise Wrong(each.wrong.get(value, each.other), got=f"{each.name}: {value}", look=self._look)
        return f"All {len(self.questions)} lines are right."

    @property
    def _right(self) -> dict[str, Choice]:
        return {each.name: each.right for each in self.questions}


def _require_choice(question: Question, value: Any) -> None:
    """Raise `Wrong` for what can't be chosen."""
    if value in question.choices or (question.other and type(value) is int):
        return
    if isinstance(question.right, int):
        raise Wrong("Each answer is one whole number, without quotes.", got=f"{value!r:.40} for {question.name}")
    *first, last = map(repr, question.choices)
    said = f"You wrote something for {question.name} that isn't one of the choices."
    raise Wrong(said, expected=f"{', '.join(first)} or {last}", got=f"{value!r:.40}")


def _plain(value: Any) -> Any:
    """A whole number as an `int`, however it is written; yes and no are not numbers."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return repr(value) if isinstance(value, bool) else value


def _questions(page: Page, cell: Cell) -> Iterator[Question]:
    """The questions of a form's cell. Raises `BadExercise`."""
    question: Question | None = None
    for number, line in enumerate(cell.source.splitlines(), cell.line + 1):
        if found := _CHOICE.fullmatch(line):
            if question is None:
                raise page.bad(number, "this choice belongs to no question", "Write `# name: what it is` above it.")
            _add(page, question, number, found)
        elif found := _QUESTION.fullmatch(line):
            if question:
                yield _complete(page, question, number)
            question = Question(found["name"], found["told"] or "")
        elif line.strip() not in ("", "#"):
            remedy = "Write `# name: what it is`, and below it `#   right choice` and `#   wrong choice: sentence`."
            raise page.bad(number, "this line is neither a question nor a choice", remedy)
    if question is None:
        raise page.bad(cell.line, "the form has no question", "Write `# name: what it is` for each.")
    yield _complete(page, question, cell.line)


def _add(page: Page, question: Question, line: int, found: re.Match[str]) -> None:
    word, said = found["word"], found["said"] or ""
    if word != "right" and not said:
        raise page.bad(line, f"this {word} choice has no sentence", f"Write `#   {word} …: You …`.")
    if word == "other":
        question.other = said
    elif not found["value"]:
        raise page.bad(line, f"this line names no {word} choice", f"Write `#   {word} choice`.")
    elif word == "wrong":
        question.wrong[_choice(found["value"])] = said
    else:
        question.right = _choice(found["value"])


def _complete(page: Page, question: Question, line: int) -> Question:
    if question.right == "" or not question.wrong:
        problem = f"the question {question.name} above this line lacks a right choice, or a wrong one"
        raise page.bad(line, problem, "Write `#   right choice` and `#   wrong choice: sentence` below it.")
    return question


def _choice(text: str) -> Choice:
    return int(text) if re.fullmatch(r"-?\d+", text) else text
