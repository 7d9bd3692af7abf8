"""The lessons in order: what each is called, how long it takes, and whether it is there yet."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Lesson:
    """One lesson: its number, its file's name without suffix, its title, minutes with exercises, and what comes before.

    needs  the numbers of the lessons whose words and ideas it takes for granted
    """

    number: int
    name: str
    title: str
    minutes: int
    needs: tuple[int, ...] = ()

    @property
    def notebook(self) -> str:
        return f"{self.name}.ipynb"


LESSONS: tuple[Lesson, ...] = (
    Lesson(0, "00-start", "Start here", 15),
    Lesson(1, "01-architectures", "Architectures: kill a box, see what falls", 70),
    Lesson(2, "02-events-and-commands", "Events and commands: what happened, and what shall be done", 70),
    Lesson(3, "03-bus", "The bus: a pipe and its taps", 60),
    Lesson(4, "04-handlers", "Handlers: one for each subscriber and event", 60, (3,)),
    Lesson(5, "05-demo", "The demo: request against publish", 60, (4,)),
    Lesson(6, "06-event-log", "The event log: what happened, in order, for good", 54, (3,)),
    Lesson(7, "07-replay", "Replay: state is a fold", 60, (6,)),
    Lesson(8, "08-memory-image", "Memory image: pull the plug", 55, (7,)),
    Lesson(9, "09-gateways", "Gateways: the world outside", 50, (7,)),
    Lesson(10, "10-cqrs", "CQRS: one side writes, many read", 55, (7,)),
    Lesson(11, "11-collaboration", "Collaboration: ask, or be told", 80, (4,)),
    Lesson(12, "12-temporal-property", "Temporal property: what held, and what was known", 65, (7,)),
    Lesson(13, "13-parallel-model", "Parallel model: what if", 70, (9,)),
    Lesson(14, "14-retroactive-events", "Retroactive events: the late letter", 80, (9, 12, 13)),
    Lesson(15, "15-beyond-one-machine", "Beyond one machine: four patterns, and a real server", 80, (5, 8, 14)),
    Lesson(16, "16-capstone", "Capstone: a late letter goes through all of it", 82, (10, 14)),
    Lesson(17, "17-decide", "Decide: who may say yes", 75, (6,)),
)
"""The lessons that can be taken now, in the order of their numbers."""


PACKAGED = Path(__file__).resolve().parents[1] / "_notebooks"
"""Where an installed package has its notebooks."""


def clone_root() -> Path | None:
    """The folder of the project's clone, if the package runs from one."""
    root = Path(__file__).resolve().parents[2]
    return root if (root / "notebooks" / "source").is_dir() else None


def shipped_folder() -> Path:
    """Where the kit's own notebooks are: in the clone, or in the installed package."""
    root = clone_root()
    return root / "notebooks" if root else PACKAGED
