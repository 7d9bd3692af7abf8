"""What can go wrong when a business flow is described."""

from __future__ import annotations

from dataclasses import dataclass

from eda_workshop.errors.root import EdaError, shorten


@dataclass(eq=False)
class BadSaga(EdaError):
    """Raised for a saga that can't be run as described: a step that could not be undone, two steps told apart by nothing."""

    saga: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"The saga {shorten(self.saga)} can't be run: {self.problem}. {self.remedy}"
