"""What is measured: cases side by side in blocks, blocks in a group, and a group's aims."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from eda_workshop.errors import EdaError

Counts = tuple[int, int]
"""What should have been counted, and what was."""


@dataclass(eq=False)
class WrongCount(EdaError):
    """Raised when a case did not do what it says; its time is worth nothing then."""

    case: str
    expected: int
    actual: int

    def __str__(self) -> str:
        return (
            f"{self.case}: {self.actual:,} were counted, not {self.expected:,}, so no figure of this run counts. "
            "Fix the case or what it measures, then run it again."
        )


@dataclass
class Work:
    """One way of doing the work, set up and ready.

    prepare  get ready for so many units, untimed; what it returns does them, and is timed. Where that returns
             a number, it has timed itself, in nanoseconds
    wrong    after so many units in all: None if all were done, or else the counts that differ
    cycle    units come in multiples of this
    close    let go of threads, loops and files
    """

    prepare: Callable[[int], Callable[[], int | None]]
    wrong: Callable[[int], Counts | None]
    cycle: int = 1
    close: Callable[[], object] = lambda: None


def repeated(once: Callable[[], int], due: int, cycle: int = 1, close: Callable[[], object] = lambda: None) -> Work:
    """Work that is done again and again, and has to return `due` each time; one time is `cycle` units."""
    wrong: list[int] = []

    def prepare(units: int) -> Callable[[], None]:
        def work() -> None:
            for _ in range(units // cycle):
                found = once()
                if found != due:
                    wrong.append(found)

        return work

    return Work(prepare, lambda _: (due, wrong[0]) if wrong else None, cycle, close)


@dataclass(frozen=True)
class Case:
    """One line of a table.

    build  sets the work up
    peer   the module that must be installed; "" if it takes nothing but the kit
    most   do no more than this in a round; None: as much as fills the slice of time
    warm   do so much first, which doesn't count, until the case is in its stride
    """

    label: str
    build: Callable[[], Work]
    peer: str = ""
    most: int | None = None
    warm: int = 1


@dataclass(frozen=True)
class Block:
    """Cases that do the same work. The first is the reference of all ratios; a figure is for one unit of the work."""

    title: str
    cases: tuple[Case, ...]
    unit: str = "publish"

    def key(self, label: str) -> str:
        """What a case of this block is called in samples and errors."""
        return f"{self.title}: {label}"


MILLISECOND = "ms"


@dataclass(frozen=True)
class Aim:
    """A bound on the ratio of what two cases of one block cost; or on the milliseconds of one, if `other` is "ms"."""

    block: str
    label: str
    limit: Literal["at most", "at least"]
    bound: float
    other: str

    def __str__(self) -> str:
        other = " ms" if self.other == MILLISECOND else f"x {self.other}"
        return f"{self.block}: {self.label} {self.limit} {self.bound:,g}{other}"

    def reached(self, ratio: float) -> bool:
        """Whether a measured ratio meets the bound, which is part of what is allowed."""
        return ratio <= self.bound if self.limit == "at most" else ratio >= self.bound


@dataclass(frozen=True)
class Group:
    """What `bench --only NAME` runs: all cases of all blocks once a round.

    about   one sentence under the heading: what the time holds and what it leaves out
    clock   "cpu" counts this process's time on a processor, "wall" the time that passes
    rounds  at most so many, for cases that take long; None: as many as are asked for
    """

    name: str
    title: str
    about: str
    clock: Literal["cpu", "wall"]
    blocks: tuple[Block, ...]
    aims: tuple[Aim, ...] = ()
    rounds: int | None = None

    def cases(self) -> dict[str, Case]:
        """All cases by their key."""
        return {block.key(case.label): case for block in self.blocks for case in block.cases}

    def peers(self) -> set[str]:
        """The modules that must be installed."""
        return {case.peer for case in self.cases().values()} - {""}


def sized(title: str, build: Callable[[int], Work], sizes: tuple[int, ...], of: str, **settings: Any) -> Block:
    """A block that does the same at several sizes."""
    unit = settings.pop("unit", "publish")
    return Block(title, tuple(Case(f"{n:,} {of}", lambda n=n: build(n), **settings) for n in sizes), unit)
