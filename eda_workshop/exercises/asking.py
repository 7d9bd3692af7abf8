"""How a question of a quiz is written down."""

from __future__ import annotations

from eda_workshop.widgets.quiz import Option, Question


def ask(text: str, right: tuple[str, str], *wrong: tuple[str, str], place: int) -> Question:
    """A question whose right answer stands at `place`, counted from 0; each answer has its word."""
    options = [Option(*answer) for answer in wrong]
    options.insert(place, Option(*right, right=True))
    return Question(text, tuple(options))
