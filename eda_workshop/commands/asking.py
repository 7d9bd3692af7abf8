"""A question in the terminal."""

from __future__ import annotations


def agreed(question: str) -> bool:
    """Whether the answer is yes; no answer is a no."""
    try:
        answer = input(f"{question} [y/N] ")
    except EOFError:
        return False
    return answer.strip().lower() in ("y", "yes")
