"""What is measured: cases side by side in blocks, blocks in a group, and a group's aims."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from eda_workshop.bench.errors import WrongCount

Handler = Callable[[Any], None]
AsyncHandler = Callable[[Any], Coroutine[Any, Any, None]]


class Counter:
    """A handler with a number of its own, and how often it is due in each cycle."""

    __slots__ = ("calls", "due")

    def __init__(self, due: int) -> None:
        self.due = due
        self.calls = 0

    def handle(self, _event: Any) -> None:
        """Count an event."""
        self.calls += 1

    async def handle_async(self, _event: Any) -> None:
        """Count an event that is awaited."""
        self.calls += 1


class Tally:
    """Makes the handlers of a case, and checks that each was called as often as it had to be.

    `cycle` is after how many publishes the same events come again. All cases use the same handler:
    a method, of an object of its own, that adds one to a number. That is what a handler usually is;
    it costs little more than a bare call, so it hides nothing of what the peers cost; and it proves
    each delivery for itself.

    >>> tally = Tally()
    >>> handler = tally.handler()
    >>> handler("an event"); tally.check("demo", published=1)
    """

    def __init__(self, cycle: int = 1) -> None:
        self.cycle = cycle
        self._counters: list[Counter] = []

    def handler(self, due: int = 1) -> Handler:
        """A new handler that must be called `due` times in each cycle."""
        self._counters.append(Counter(due))
        return self._counters[-1].handle

    def async_handler(self, due: int = 1) -> AsyncHandler:
        """The same, to be awaited."""
        self._counters.append(Counter(due))
        return self._counters[-1].handle_async

    @property
    def delivered(self) -> int:
        """All calls of all handlers."""
        return sum(counter.calls for counter in self._counters)

    def check(self, case: str, published: int) -> None:
        """Raise `WrongCount` unless each handler got its share of all the events so far.

        `published` is how many there were, a multiple of the cycle.
        """
        cycles = published // self.cycle
        for counter in self._counters:
            if counter.calls != cycles * counter.due:
                raise WrongCount(case, cycles * counter.due, counter.calls)


class Evidence(Protocol):
    """What shows that a case did its work: `Tally`, and what stands in its place where nothing is delivered."""

    @property
    def cycle(self) -> int:
        """After how many units the work begins again."""

    @property
    def delivered(self) -> int:
        """How much was done in all."""

    def check(self, case: str, published: int) -> None:
        """Raise `WrongCount` if not all of it was done."""


class Subject(Protocol):
    """One way of doing the work, set up and ready."""

    @property
    def tally(self) -> Evidence:
        """What shows that it was done."""

    def prepare(self, times: int) -> Callable[[], object]:
        """Get ready, untimed; return what publishes `times` events, which is then timed."""

    def close(self) -> None:
        """Let go of threads, loops and files."""


@dataclass(frozen=True)
class Case:
    """One line of a table.

    build  sets the subject up; called once in a run, and once in a new process for the memory
    peer   the module that must be installed; "" if it takes nothing but the kit
    most   publish no more than this in a round; None: as many as fill the slice of time
    warm   publish so many first, which don't count, until the case is in its stride
    peak   whether its memory is measured, in a process of its own
    """

    label: str
    build: Callable[[], Subject]
    peer: str = ""
    most: int | None = None
    warm: int = 1
    peak: bool = True


@dataclass(frozen=True)
class Block:
    """Cases that do the same work. The first is the reference of all ratios; a figure is for one unit of the work."""

    title: str
    cases: tuple[Case, ...]
    unit: str = "publish"

    def key(self, label: str) -> str:
        """What a case of this block is called in samples and errors."""
        return f"{self.title}: {label}"


@dataclass(frozen=True)
class Aim:
    """A bound on the ratio of what two cases of one block cost for each publish."""

    block: str
    label: str
    limit: Literal["at most", "at least"]
    bound: float
    other: str

    def __str__(self) -> str:
        return f"{self.block}: {self.label} {self.limit} {self.bound:,g}x {self.other}"

    def reached(self, ratio: float) -> bool:
        """Whether a measured ratio meets the bound, which is part of what is allowed."""
        return ratio <= self.bound if self.limit == "at most" else ratio >= self.bound


@dataclass(frozen=True)
class Group:
    """What `bench --only NAME` runs: all cases of all blocks once a round.

    about  one sentence under the heading: what the time holds and what it leaves out
    clock  "cpu" counts this process's time on a processor, "wall" the time that passes
    rounds at most so many, for cases that take long; None: as many as are asked for
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

    def peers(self) -> tuple[str, ...]:
        """The modules that must be installed, sorted."""
        return tuple(sorted({case.peer for case in self.cases().values()} - {""}))
