"""What was so at a moment, whenever it became known."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from eda_workshop.clock import ManualClock, as_instant
from eda_workshop.errors import BadPosition
from eda_workshop.exercises.attempt import require_function
from eda_workshop.exercises.exercise import Exercise, Wrong
from eda_workshop.log import open_log
from eda_workshop.replay import Timeline
from eda_workshop.stories.cargo import Freight, Voyage, voyage

RECORDED = (
    ("2026-03-02T13:00:00Z", 2),
    ("2026-03-03T13:00:00Z", 3),
    ("2026-03-05T18:00:00Z", 5),
    ("2026-03-06T09:00:00Z", 4),
    ("2026-03-07T09:00:00Z", 1),
)
"""When each event of the voyage was recorded: the papers of the loading came last."""

MOMENTS = ("2026-03-02T20:00:00Z", "2026-03-04T12:00:00Z", "2026-03-05T20:00:00Z", "2026-02-28T12:00:00Z")


def late_papers() -> Timeline:
    """The voyage, with papers that came in another order than things happened."""
    clock = ManualClock("2026-03-01T00:00:00Z")
    log, events = open_log("memory://", clock=clock), voyage()
    for moment, number in RECORDED:
        clock.set(moment)
        log.append(events[number - 1])
    return Timeline(log, Freight)


def check(answer: Any) -> None:
    function = require_function(answer, "timeline", "moment")
    for text in MOMENTS:
        timeline, moment = late_papers(), as_instant(text)
        last, called = timeline.log.last, f"on_that_day(timeline, {text})"
        try:
            got = function(timeline, moment)
        except BadPosition:
            said = "What at takes without a name is a position. For a moment, say which of the two times is meant, occurred=… or recorded=…, by its name."
            raise Wrong(said, called, look=_LOOK) from None
        if timeline.log.last != last:
            raise Wrong("The real log was changed. To ask changes nothing.", called, look=_LOOK)
        right = _corrected(timeline).at(occurred=moment)
        if got != right:
            raise Wrong(_said(got, timeline, moment), called, _words(right), _words(got), _LOOK)


def _said(got: Any, timeline: Timeline, moment: datetime) -> str:
    if got is None:
        return "Nothing comes back."
    if not isinstance(got, Voyage):
        return "The state was asked for: what the timeline gives for a moment."
    if got == timeline.at(recorded=moment):
        return "That is what was known at that moment. Asked was what was so, whenever the papers came."
    if got in (timeline.at(), _corrected(timeline).at()):
        return "That is the state of today: what happened after the moment is in it."
    had = {event.id for event in timeline.log if event.occurred <= moment}
    if got == _without(timeline, {event.id for event in timeline.log} - had):
        return "The right events, in the order of their papers: what happened first has to come first."
    just = {event.id for event in timeline.log if event.occurred >= moment}
    if got in (_in_order(timeline, just), _without(timeline, just)):
        return "What happened at that very moment is missing: as of a moment, the moment included."
    return "That is neither what was so then nor what was known then."


def _corrected(timeline: Timeline) -> Timeline:
    return Timeline(timeline.log, timeline.model, corrected=True)


def _without(timeline: Timeline, gone: set[str]) -> Any:
    branch = timeline.branch(0)
    for id in gone:
        branch.drop(id)
    return branch.state


def _in_order(timeline: Timeline, gone: set[str]) -> Any:
    log = open_log("memory://", clock=ManualClock())
    log.append(*(e.event for e in sorted(timeline.log, key=lambda event: event.occurred) if e.id not in gone))
    return Timeline(log, timeline.model).at()


def _words(state: Any) -> str:
    """A voyage in a few words."""
    if not isinstance(state, Voyage):
        return f"{state!r:.60}"
    books = state.cargo.get("books")
    told = f"books {'aboard' if books.aboard else 'ashore'}, mark {books.was_in_canada}" if books else "no books"
    return f"ship {state.ship or 'nowhere yet'}, {told}"


_LOOK = "Look at “Occurred, or recorded?”."


def _source(*lines: str) -> str:
    return "def on_that_day(timeline, moment):\n" + "\n".join(f"    {line}" for line in lines)


def _sorted(condition: str) -> str:
    return _source(
        "log = open_log('memory://', clock=ManualClock())",
        "rows = sorted(timeline.log, key=lambda event: event.occurred)",
        f"log.append(*(event.event for event in rows if {condition}))",
        "return fold(log, timeline.model)",
    )


ON_THAT_DAY = Exercise(
    id="on_that_day",
    lesson=13,
    title="As of a moment",
    minutes=4,
    task=(
        "An insurer asks: at the moment of the storm, were the books on the ship, and had they been in Canada? Papers came late, and in another order. "
        "Write `on_that_day(timeline, moment)`: the state as it *was* at that moment, that moment included, by all that is known today. "
        "The timeline you get follows the order of the papers."
    ),
    stub='def on_that_day(timeline, moment):\n    """The state of all that had occurred by then, whenever it was recorded."""\n    ...',
    check=check,
    hints=(
        "Each event has two times. Which of them says when it happened?",
        "at takes a position, or recorded=…, or occurred=…: one of the three is the answer. And it takes a timeline in the order "
        "in which things occurred: Timeline(timeline.log, timeline.model, corrected=True).",
    ),
    solutions=(
        _source("return Timeline(timeline.log, timeline.model, corrected=True).at(occurred=moment)"),
        _sorted("event.occurred <= moment"),
    ),
    wrong={
        _source("return timeline.at(moment)"): "What at takes without a name is a position",
        _source("return timeline.at(recorded=moment)"): "That is what was known",
        _source("return timeline.at()"): "That is the state of today",
        _source("return timeline.at(position=timeline.log.position_at(moment))"): "That is what was known",
        _source(
            "branch = timeline.branch(0)",
            "for event in timeline.log:",
            "    if event.occurred > moment:",
            "        branch.drop(event.position)",
            "return branch.state",
        ): "The right events, in the order of their papers",
        _source("return timeline.at(occurred=moment)"): "The right events, in the order of their papers",
        _source(
            "return Timeline(timeline.log, timeline.model, corrected=True).at(recorded=moment)"
        ): "That is what was known",
        _sorted("event.occurred < moment"): "What happened at that very moment",
        _source("return timeline.at(position=min(moment.day, timeline.log.head))"): "That is neither",
        _source(
            "return timeline.branch(timeline.log.position_at(moment))"
        ): "The state was asked for: what the timeline gives",
        _source("timeline.at(occurred=moment)"): "Nothing comes back",
        _source(
            "timeline.log.append(Event('storm.asked', id='storm', occurred=moment))",
            "return timeline.at(occurred=moment)",
        ): "The real log was changed",
    },
)
