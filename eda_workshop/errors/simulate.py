"""What can go wrong when a system is described for the simulator."""

from __future__ import annotations

from dataclasses import dataclass

from eda_workshop.errors.root import EdaError, shorten


@dataclass(eq=False)
class BadSystem(EdaError):
    """Raised for a system that can't be simulated: a service that calls itself, an unknown target, an endless call."""

    system: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"The system {shorten(self.system)} can't be simulated: {self.problem}. {self.remedy}"
