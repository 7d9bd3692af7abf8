"""How a plan is made: the correction is tried out on what counts, and every way to it is priced."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eda_workshop.event import record_as
from eda_workshop.log.corrections import place_of
from eda_workshop.replay.retroactive.drafts import Draft
from eda_workshop.replay.retroactive.plan import Plan
from eda_workshop.replay.retroactive.reality import Reality, Stretch
from eda_workshop.replay.retroactive.strategies import REBUILD, REWIND, SELECTIVE, STRATEGIES, Journal, selective
from eda_workshop.replay.retroactive.upkeep import Upkeep, pick
from eda_workshop.replay.retroactive.waypoints import ABSENT

if TYPE_CHECKING:
    from eda_workshop.replay.retroactive.history import History


def make_plan(history: History, upkeep: Upkeep, draft: Draft) -> Plan:
    """The plan of a correction. Raises what the model's rules raise when it is tried out."""
    reality, journal = upkeep.now()
    head = history.log.head
    trial = record_as(draft.event, head + 1, history.log.clock.now(), "")
    before = None if draft.target is None else reality.corrections.counted(reality.corrections.root(draft.target))
    with reality.supposing(trial, draft.target) as (stretch, extra):
        repair = selective(reality, stretch, extra)
        root = trial if draft.target is None else reality.corrections.root(draft.target)
        after = reality.corrections.counted(root)
    more = (after is not None) - (before is not None)
    old = {key: reality.values.get(key, ABSENT) for key in stretch.keys}
    costs: dict[str, int | None]
    follows = draft.target is None and not reality.is_stray(trial, trial)
    if follows or before == after:
        # It comes after all others, or something else was said of its event since: nothing is to be folded again.
        costs, problems = dict.fromkeys(STRATEGIES, int(follows)), dict[str, str]()
    else:
        costs, problems = _prices(reality, journal, stretch, more, len(repair.events))
    return Plan(
        kind=draft.kind,
        event=draft.event,
        since=stretch.since[0],
        keys=tuple(sorted(stretch.keys)),
        affected=tuple(event for event in repair.events if place_of(event) > stretch.since and event.id != root.id),
        stale=tuple(place[0] for place in reality.waypoints.places[reality.waypoints.before(stretch.since) :]),
        costs=costs,
        problems=problems,
        incorrect=pick(history.model, old),
        correct=pick(history.model, old if repair.met is not None else repair.values),
        history=history,
        head=head,
        draft=(trial, draft.target),
        stretch=stretch,
        gone=() if before is None else (before,),
    )


def _prices(
    reality: Reality, journal: Journal, stretch: Stretch, more: int, own: int
) -> tuple[dict[str, int | None], dict[str, str]]:
    """The steps of each strategy, and why one is not possible.

    more  how many events there will be more
    own   how many of the events after the snapshot touch the keys
    """
    start = reality.waypoints.before(stretch.since)
    costs: dict[str, int | None] = {REBUILD: reality.waypoints.events_after(start) + more}
    problems = {}
    costs[REWIND], problem = _price_of_rewinding(reality, journal, stretch, more)
    if problem:
        problems[REWIND] = problem
    if not reality.model.keyed:
        problems[SELECTIVE] = f"{reality.model.__name__} has one state for all subjects, so every event touches it"
    costs[SELECTIVE] = own if reality.model.keyed else None
    return costs, problems


def _price_of_rewinding(reality: Reality, journal: Journal, stretch: Stretch, more: int) -> tuple[int | None, str]:
    rules, name = reality.model.rules.values(), reality.model.__name__
    if rules and all(rule.reverse is None for rule in rules):
        return None, f"{name} has no inverses"
    undone = journal.undone(stretch.since)
    if undone is None:
        return None, f"it lies further back than the newest {journal.most:,} events, which can be undone"
    stopper = journal.irreversible(undone)
    if stopper is not None:
        return None, f"{name} has no inverse for {stopper.name} at position {stopper.position}"
    return 2 * len(undone) + more, ""
