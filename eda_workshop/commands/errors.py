"""What can stop a command; each is one sentence that says what to do."""

from __future__ import annotations

from dataclasses import dataclass

from eda_workshop.errors import EdaError, did_you_mean


@dataclass(eq=False)
class PortTaken(EdaError):
    """Raised when a server can't have the port that was asked for."""

    port: int

    def __str__(self) -> str:
        return (
            f"Port {self.port} is taken or not allowed. "
            "Choose another with --port; with --port 0 any free one is taken."
        )


@dataclass(eq=False)
class NotAClone(EdaError):
    """Raised for a command that needs the project's own folder."""

    command: str

    def __str__(self) -> str:
        return f"{self.command} works in a clone of the project: run `python3 workshop.py {self.command}` there."


@dataclass(eq=False)
class NoSuchNotebook(EdaError):
    """Raised when the notebook to open isn't there."""

    name: str
    there: tuple[str, ...]

    def __str__(self) -> str:
        return f"There is no notebook {self.name}. There are: {', '.join(self.there)}.{did_you_mean(self.name, self.there)}"


@dataclass(eq=False)
class NotWritable(EdaError):
    """Raised when the notebooks can't be put where the learner is; `reason` is the system's."""

    folder: str
    reason: str

    def __str__(self) -> str:
        return f"The notebooks can't be copied to {self.folder} ({self.reason}). Start in a folder that is yours."
