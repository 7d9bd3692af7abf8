"""What can go wrong with the servers that the kit starts."""

from __future__ import annotations

from dataclasses import dataclass

from eda_workshop.errors.root import EdaError

_WAYS = {
    "nats-server": "`python3 workshop.py nats` brings one and starts it; or install it: apt, brew and conda-forge have it.",
    "redis-server": "Install it: apt, brew and conda-forge have it; or go on without, it is optional.",
}


@dataclass(eq=False)
class NoServer(EdaError):
    """Raised when a server isn't there, or doesn't start."""

    name: str
    reason: str

    def __str__(self) -> str:
        return f"{self.name} can't be used: {self.reason}. {_WAYS.get(self.name, '')}".rstrip()
