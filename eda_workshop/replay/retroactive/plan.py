"""The plan of a correction, before anything is done, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from eda_workshop.errors import BadPlan
from eda_workshop.event import Event, Recorded
from eda_workshop.replay.folding import Cost
from eda_workshop.replay.messages import Message
from eda_workshop.replay.retroactive.drafts import INCORRECT, LATE, WITHDRAWN, WRONG
from eda_workshop.replay.retroactive.outside import External
from eda_workshop.replay.retroactive.reality import Stretch
from eda_workshop.replay.retroactive.strategies import SELECTIVE

if TYPE_CHECKING:
    from eda_workshop.replay.retroactive.history import History

_KINDS = {
    LATE: "a late event",
    WRONG: "an event that never happened",
    INCORRECT: "an event that was wrong",
    WITHDRAWN: "a correction taken back",
}


@dataclass(frozen=True, eq=False)
class Plan:
    """What a correction would do. Nothing is done before `commit`.

    kind       "late", "rejected", "incorrect" or "withdrawn"
    event      the event that commit appends
    since      the branch point: from when on the incorrect reality and the correct branch part
    keys       the keys whose values it touches; for a model of the whole the one key ""
    affected   the events after the branch point that touch these keys, as they will count, in the order of occurrence
    stale      when the snapshots were taken that it makes invalid
    costs      steps by strategy, an event undone or applied being one; None where a strategy is not possible
    problems   why a strategy is not possible
    incorrect  the state as it is believed now; for a keyed model the values of `keys`, as in all three realities
    correct    the state in the correct branch: as it would be, had all been recorded in time and rightly
    history    whose plan it is
    head       where the log ended when it was made
    draft      its event as if it were recorded, and what it speaks of
    stretch    the keys, and the places between which events count differently
    gone       the events as they counted so far and will count no more
    """

    kind: str
    event: Event
    since: datetime
    keys: tuple[str, ...]
    affected: tuple[Recorded, ...]
    stale: tuple[datetime, ...]
    costs: dict[str, int | None]
    problems: dict[str, str]
    incorrect: Any
    correct: Any
    history: History
    head: int
    draft: tuple[Recorded, Recorded | None]
    stretch: Stretch
    gone: tuple[Recorded, ...]

    @property
    def best(self) -> str:
        """The strategy with the fewest steps; selective replay, if it is possible, as it may stop early."""
        possible = {name: cost for name, cost in self.costs.items() if cost is not None}
        return SELECTIVE if SELECTIVE in possible else min(possible, key=possible.__getitem__)

    @property
    def external(self) -> External:
        """What it would mean outside: messages that are missing, wrong and right, and open questions.

        Raises `BadSetting` for a history without gateways.
        """
        return self.history.external(self)

    def commit(self, strategy: str | None = None) -> Outcome:
        """Append the event and bring the state up to date; return what came of it. Outside, nothing is done yet.

        strategy  "rebuild", "rewind" or "selective"; None takes the best. All end in the same state

        Raises `BadPlan` for a strategy that is not possible, `Conflict` if the log has grown since: plan again.
        """
        chosen = self.best if strategy is None else strategy
        if chosen not in self.costs:
            raise BadPlan(f"There is no strategy {chosen!r}", f"Take one of: {', '.join(self.costs)}.")
        if self.costs[chosen] is None:
            raise BadPlan(f"The strategy {chosen} is not possible: {self.problems[chosen]}", "Take another, or none.")
        return self.history.carry_out(self, chosen)

    def __repr__(self) -> str:
        count = len(self.affected)
        ways = ", ".join(f"{name} {_steps(cost)}" for name, cost in self.costs.items())
        return f"<Plan: {_KINDS[self.kind]}, {count} event{'s' * (count != 1)} after it; {ways}>"


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a correction came to.

    position   where its event stands in the log
    strategy   how the state was brought up to date
    cost       the events that were applied and undone for it
    spared     how many steps of the plan were not needed, because from a snapshot on all was as before
    incorrect  the state as it was believed before
    correct    the state in the correct branch
    corrected  the state as it is now
    """

    position: int
    strategy: str
    cost: Cost
    spared: int
    incorrect: Any
    correct: Any
    corrected: Any
    plan: Plan = field(repr=False)

    @property
    def steps(self) -> int:
        """How many events were applied and undone."""
        return self.cost.applied + self.cost.undone

    @property
    def external(self) -> External:
        """What is still to be done outside. Raises `BadSetting` for a history without gateways."""
        return self.plan.history.external(self.plan, committed=True)

    def settle(self) -> External:
        """Send what is missing, withdraw and retract what is wrong; return what is left, for a person to do.

        What is right is not sent again, however often it is called.
        """
        return self.plan.history.settle(self.plan)

    @property
    def beyond_repair(self) -> tuple[Message, ...]:
        """Messages that went out wrongly and could not be retracted: why corrected and correct reality may differ."""
        return self.external.wrong


def _steps(cost: int | None) -> str:
    return "not possible" if cost is None else f"{cost:,} step{'s' * (cost != 1)}"
