"""A quiz: questions with a dropdown each, and a word on every answer, right or wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import ipywidgets

from eda_workshop.errors import BadEvent
from eda_workshop.show import palette
from eda_workshop.widgets.outputs import TwoOutputs
from eda_workshop.widgets.status import CONTROLS, FOCUS

_CHOOSE = "choose …"
_QUESTIONS = "eda-quiz"
_STYLE = f"max-width: 880px; {palette.WORDS}; font-family: {palette.FONT}; font-size: 14px; line-height: 1.4"

# A question is its dropdown's label, so that whoever comes to the dropdown hears it; it stands above and wraps.
_ABOVE = f"""<style>.{_QUESTIONS}.{_QUESTIONS} .widget-dropdown {{ flex-direction: column; align-items: stretch; height: auto; }}
.{_QUESTIONS}.{_QUESTIONS} .widget-label {{ {_STYLE}; white-space: normal; text-align: left; width: auto; height: auto; padding: 8px 0 4px; }}
.{_QUESTIONS}.{_QUESTIONS} select {{ flex: none; width: auto; align-self: flex-start; max-width: 100%; }}</style>"""


@dataclass(frozen=True)
class Option:
    """One answer and what to say to the one who chose it."""

    text: str
    because: str
    right: bool = False


@dataclass(frozen=True)
class Question:
    """One question with its answers, one of which is right."""

    text: str
    options: tuple[Option, ...]


class Quiz:
    """Questions with dropdowns. `answer` does the same from code: numbers and letters as they are shown."""

    def __init__(self, title: str, questions: Sequence[Question]) -> None:
        self.title = title
        self.questions = tuple(questions)
        self._replies = [ipywidgets.HTML(_reply("")) for _ in self.questions]
        self._choices = [self._dropdown(index) for index in range(len(self.questions))]
        rows = [ipywidgets.VBox(list(pair)) for pair in zip(self._choices, self._replies, strict=True)]
        looks = ipywidgets.HTML(FOCUS + _ABOVE, layout={"display": "none"})
        self._box = ipywidgets.VBox([looks, *rows]).add_class(CONTROLS).add_class(_QUESTIONS)
        self._outputs = TwoOutputs(self._box)

    def answer(self, question: int, letter: str) -> str:
        """Answer a question, counted from 1, with an option's letter; returns what the quiz says to it."""
        if not 1 <= question <= len(self.questions):
            raise BadEvent(f"There is no question {question}", f"Choose 1 to {len(self.questions)}.")
        letters = "abcdefgh"[: len(self.questions[question - 1].options)]
        if len(letter) != 1 or letter not in letters:
            raise BadEvent(f"Question {question} has no answer {letter!r}", f"Choose one of {', '.join(letters)}.")
        self._choices[question - 1].value = letters.index(letter)
        return _verdict(self.questions[question - 1].options[letters.index(letter)])

    def _dropdown(self, index: int) -> ipywidgets.Dropdown:
        options = [(_CHOOSE, -1)]
        options += [(f"{'abcdefgh'[i]}) {option.text}", i) for i, option in enumerate(self.questions[index].options)]
        made = ipywidgets.Dropdown(
            options=options,
            description=f"{index + 1}. {self.questions[index].text}",
            style={"description_width": "initial"},
            layout={"width": "auto", "max_width": "100%"},
        )
        made.observe(lambda change: self._tell(index, change["new"]), names="value")
        return made

    def _tell(self, index: int, chosen: int) -> None:
        self._replies[index].value = _reply("" if chosen < 0 else _verdict(self.questions[index].options[chosen]))

    def _ipython_display_(self) -> None:
        self._outputs.show(self._html(), repr(self))

    def _html(self) -> str:
        """The quiz on paper: the answers stand folded under each question."""
        items = []
        for question in self.questions:
            answers = "".join(f"<li>{escape(option.text)}</li>" for option in question.options)
            right = next(option for option in question.options if option.right)
            folded = f"<details><summary>Answer</summary>{escape(right.text)}. {escape(right.because)}</details>"
            items.append(f'<li>{escape(question.text)}<ol type="a">{answers}</ol>{folded}</li>')
        return f'<div style="{_STYLE}"><ol>{"".join(items)}</ol></div>'

    def __repr__(self) -> str:
        return f"{self.title}: {len(self.questions)} questions"


def _reply(said: str) -> str:
    """What is announced; it is there before anything is said."""
    return f'<div role="status" aria-live="polite" style="{_STYLE}">{escape(said)}</div>'


def _verdict(option: Option) -> str:
    return f"{'✓ Right.' if option.right else '✗ Not this one.'} {option.because}"
