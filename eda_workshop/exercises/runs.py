"""One call of a program that nobody trusts: the value or the error that came of it, how it compares, and how it is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from reprlib import Repr
from typing import Any

from eda_workshop.exercises.attempt import EndlessLoop, bounded
from eda_workshop.exercises.exercise import STEPS
from eda_workshop.exercises.raised import as_text
from eda_workshop.values import same


@dataclass(frozen=True)
class Run:
    """The value that a call returned, or the error that it raised."""

    value: Any = None
    error: BaseException | None = None

    @property
    def is_endless(self) -> bool:
        """Whether it was stopped after too many steps."""
        return isinstance(self.error, EndlessLoop)

    def is_like(self, other: Run) -> bool:
        """Whether both came to the same, as JSON: the same value, or errors of one class and text.

        >>> Run([1, 2]).is_like(Run((1, 2))), Run(1).is_like(Run(True)), Run(1).is_like(Run(1.0))
        (True, False, False)
        """
        if self.error is None and other.error is None:
            return run(lambda: same(self.value, other.value)).value is True
        if self.error is None or other.error is None:
            return False
        return (self.is_endless and other.is_endless) or self.shown == other.shown

    @property
    def shown(self) -> str:
        """The value or the error in short, whatever its class does."""
        if self.error is not None:
            return "no end" if self.is_endless else as_text(self.error)
        return shown(self.value)


def run(call: Callable[[], Any], steps: int = STEPS) -> Run:
    """Call it with so many steps of the interpreter. Nothing but Ctrl-C gets out of here.

    >>> run(lambda: 6 * 7)
    Run(value=42, error=None)
    >>> run(lambda: [None for _ in iter(int, 1)], steps=1000).is_endless
    True
    """
    try:
        with bounded(steps):
            return Run(call())
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        return Run(error=error)


def shown(value: object) -> str:
    """A value as Python writes it, cut where it gets long.

    >>> shown(["f1"] * 100)
    "['f1', 'f1', 'f1', 'f1', 'f1', 'f1', 'f1', 'f1', 'f1', 'f1', 'f1', 'f1', ...]"
    """
    text = run(lambda: str.__str__(_SHORT.repr(value))).value
    return "a value whose text can't be made" if text is None else text.encode(errors="replace").decode()


_SHORT = Repr()
_SHORT.maxlist = _SHORT.maxtuple = _SHORT.maxset = _SHORT.maxfrozenset = _SHORT.maxdeque = 12
_SHORT.maxdict = 12
_SHORT.maxstring = _SHORT.maxother = 160
