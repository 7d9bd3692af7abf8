"""In a notebook, an error of the kit is one sentence, not a traceback."""

from __future__ import annotations

import traceback
from typing import Any

from eda_workshop.errors import DeliveryFailed, EdaError


def show_plainly(shell: Any) -> None:
    """Make this IPython show every `EdaError` as its name and sentence."""
    shell.set_custom_exc((EdaError,), _show)


def plain_lines(error: EdaError) -> list[str]:
    """What a learner reads: the error, and for each failed handler its own error and its line."""
    lines = [f"{type(error).__name__}: {error}"]
    if isinstance(error, DeliveryFailed):
        lines[0] = f"DeliveryFailed: {error.message}."
        lines += [f"  {letter.subscriber}: {_failure(letter.error)}" for letter in error.letters]
    return lines


def _failure(error: Exception) -> str:
    if isinstance(error, EdaError):
        return "\n  ".join(plain_lines(error))
    last = traceback.extract_tb(error.__traceback__)[-1:]
    place = f" (line {last[0].lineno} of {last[0].name})" if last else ""
    return f"{type(error).__name__}: {error}{place}"


def _show(shell: Any, kind: type[BaseException], error: EdaError, *_: Any, **__: Any) -> list[str]:
    lines = plain_lines(error)
    shell._showtraceback(kind, error, ["\n".join(lines)])
    return lines
