"""What can go wrong around exercises, apart from answers."""

from __future__ import annotations

from dataclasses import dataclass

from eda_workshop.errors import EdaError, did_you_mean


@dataclass(eq=False)
class BadExercise(EdaError):
    """Raised for an exercise's file that can't be used: where, what is wrong with it, and what to do about it."""

    file: str
    line: int
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.problem}. {self.remedy}"


@dataclass(eq=False)
class UnknownExercise(EdaError):
    """Raised for a name that no exercise has."""

    name: str
    known: tuple[str, ...]

    def __str__(self) -> str:
        return f"There is no exercise {self.name}. There are: {', '.join(self.known)}.{did_you_mean(self.name, self.known)}"


@dataclass(eq=False)
class NoSuchHint(EdaError):
    """Raised for a hint's number that is none."""

    exercise: str
    number: int
    count: int

    def __str__(self) -> str:
        return f"{self.exercise} has no hint {self.number}; ask for 1 to {self.count}."


@dataclass(eq=False)
class BadCode(EdaError):
    """Raised for a nickname or a code that can't be read; `remedy` says what to do."""

    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.problem}. {self.remedy}"
