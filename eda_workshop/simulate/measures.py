"""What a run came to, in numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from eda_workshop.log import EventLog
from eda_workshop.simulate.part import Request
from eda_workshop.simulate.system import System


@dataclass(frozen=True)
class Asked:
    """What became of some requests. Times in seconds of virtual time.

    asked     how many there were
    answered  how many got what they asked for
    failed    how many were told that it failed; what is left still waited at the end
    mean      how long an answer took on average; 0 without any
    p95       how long it took at most, for 95 of 100
    slowest   how long the slowest took
    reasons   why requests failed, and how many for each reason
    """

    asked: int
    answered: int
    failed: int
    mean: float
    p95: float
    slowest: float
    reasons: Mapping[str, int]

    @property
    def availability(self) -> float:
        """The share that was answered, of all that were asked; 1 if none were."""
        return self.answered / self.asked if self.asked else 1.0


@dataclass(frozen=True)
class Worked:
    """What one service did. Times in seconds of virtual time.

    handled    how many pieces of work it finished
    refused    how many calls it refused because it was down
    busy       the share of its capacity that was taken by its own work, until the end of the run; 0 if unlimited
    most       the most pieces of work that it had at one moment, waiting in line or worked on
    lag        how long it took from an event's recording until it was handled, on average; 0 without events
    worst_lag  the longest of those
    unheard    how many events had not been handled at the end
    again      how many events came to it a second time after a fall
    answers    how many answers it gave from its copy of what others own
    stale      how many of those were given while an event that it had not handled was in the log
    oldest     how old its copy was at most, when it answered
    """

    handled: int
    refused: int
    busy: float
    most: int
    lag: float
    worst_lag: float
    unheard: int
    again: int
    answers: int
    stale: int
    oldest: float


@dataclass(frozen=True)
class Run:
    """A system that was run: what was asked, what each service did, and the log it wrote.

    seconds   when the last thing happened
    requests  every request, in the order they came
    services  what each service did
    messages  what went between units, by kind of link; an answer is a message too
    dropped   how much queued work was given up after its retries
    later     how much work was left to do when the run ended, on queues and from events
    log       the events, in the order they were published
    ages      for each service with a copy: (when it answered, how old its copy was)
    stopped   why it was stopped before everything came to an end; "" if it was not
    """

    system: System
    seconds: float
    requests: tuple[Request, ...]
    services: Mapping[str, Worked]
    messages: Mapping[str, int]
    dropped: int
    later: int
    log: EventLog
    ages: Mapping[str, tuple[tuple[float, float], ...]]
    stopped: str = ""

    @property
    def all(self) -> Asked:
        """What became of all requests."""
        return asked(self.requests)

    def of(self, operation: str) -> Asked:
        """What became of the requests for one operation."""
        return asked(tuple(request for request in self.requests if request.operation == operation))

    def between(self, start: float, end: float) -> Asked:
        """What became of the requests that came at start <= seconds < end."""
        return asked(tuple(request for request in self.requests if start <= request.asked < end))

    def __repr__(self) -> str:
        found = self.all
        told = f"{found.asked} asked, {found.answered} answered, {found.failed} failed, mean {found.mean:.3f} s"
        return f"<Run of {self.system.name}: {told}, {sum(self.messages.values())} messages>"


def asked(requests: tuple[Request, ...]) -> Asked:
    """The numbers of these requests."""
    waits = sorted(request.response for request in requests if request.response is not None and request.failure is None)
    reasons = Counter(str(request.failure) for request in requests if request.failure is not None)
    # The nearest rank: the smallest time that 95 of 100 did not pass.
    rank = -(-len(waits) * 95 // 100)
    return Asked(
        len(requests),
        len(waits),
        sum(reasons.values()),
        round(sum(waits) / len(waits), 9) if waits else 0.0,
        round(waits[rank - 1], 9) if waits else 0.0,
        round(waits[-1], 9) if waits else 0.0,
        dict(reasons.most_common()),
    )
