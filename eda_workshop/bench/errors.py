"""What can go wrong with a bench, besides being slow."""

from __future__ import annotations

from dataclasses import dataclass

from eda_workshop.errors import EdaError


@dataclass(eq=False)
class MissingPeer(EdaError):
    """Raised when a library that the bench compares with is not installed."""

    names: tuple[str, ...]

    def __str__(self) -> str:
        verb = "is" if len(self.names) == 1 else "are"
        return (
            f"The bench needs {' and '.join(self.names)}, which {verb} not installed here: "
            "run python3 workshop.py bench, which installs what it compares with."
        )


@dataclass(eq=False)
class WrongCount(EdaError):
    """Raised when a case did not deliver what it says; its time is worth nothing then."""

    case: str
    expected: int
    actual: int

    def __str__(self) -> str:
        return (
            f"{self.case}: a handler was called {self.actual:,} times, not {self.expected:,}, so "
            "no figure of this run counts. Mend the case or what it measures, then run it again."
        )


@dataclass(eq=False)
class MemoryUnknown(EdaError):
    """Raised when the process that measures a case's memory ended with an error."""

    case: str
    output: str

    def __str__(self) -> str:
        return (
            f"{self.case}: the process that measures its peak memory failed, see its last words "
            f"and run the case alone with --only. {self.output.strip()}"
        )
