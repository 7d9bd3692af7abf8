"""The scene of pipe and taps: one lane for the pipe, one for each tap."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from eda_workshop.event import Event
from eda_workshop.show import palette
from eda_workshop.show.lanes import Band, Disc, Lane, Look, draw
from eda_workshop.show.picture import Picture


class Span(NamedTuple):
    """A stretch of time, half-open, in seconds from the start; `end` is None while it lasts."""

    start: float
    end: float | None


class Delivered(NamedTuple):
    """One copy that reached a tap: when, which tap, which event."""

    at: float
    tap: str
    id: str


@dataclass(frozen=True)
class Tap:
    """A tap and the times at which it was open."""

    name: str
    open: tuple[Span, ...]

    @property
    def is_open(self) -> bool:
        return self.open[-1].end is None


@dataclass(frozen=True)
class PipeState:
    """What happened at the pipe up to `now`, in seconds from the start."""

    now: float
    published: tuple[tuple[float, Event], ...]
    taps: tuple[Tap, ...]
    delivered: tuple[Delivered, ...]
    log: bool = False
    queue: bool = False

    @property
    def numbers(self) -> Mapping[str, int]:
        """published, delivered, late, waiting and lost, counted in copies."""
        due = len(self.published) * (1 if self.queue else len(self.taps))
        missing = due - len(self.delivered)
        times = {event.id: at for at, event in self.published}
        return {
            "published": len(self.published),
            "delivered": len(self.delivered),
            "late": sum(copy.at > times[copy.id] for copy in self.delivered),
            "waiting": missing if self.log or self.queue else 0,
            "lost": 0 if self.log or self.queue else missing,
        }


def draw_pipe(state: PipeState) -> Picture:
    """The picture of the pipe and what each tap got, with its sentence."""
    pipe = Lane(
        "queue" if state.queue else "pipe",
        "a log behind it"
        if state.log and not state.queue
        else "each to one tap"
        if state.queue
        else "copies, no memory",
        palette.PUBLISHER,
        is_pipe=True,
        discs=tuple(
            Disc(at, number, title=f"{number} {event.name} {dict(event.data)} from {event.source}")
            for number, (at, event) in enumerate(state.published, 1)
        ),
    )
    lanes = [pipe, *(_tap_lane(tap, state) for tap in state.taps)]
    return draw(lanes, now=state.now, sentence=_sentence(state))


def _tap_lane(tap: Tap, state: PipeState) -> Lane:
    discs = [
        disc for number, (at, event) in enumerate(state.published, 1) if (disc := _mark(tap, state, number, at, event))
    ]
    words = "open" if tap.is_open else "closed"
    for look, said in (("lost", "lost"), ("waiting", "waiting"), ("late", "came late")):
        count = sum(disc.look == look for disc in discs)
        words += f", {count} {said}" if count else ""
    return Lane(tap.name, words, discs=tuple(discs), bands=tuple(_closed(tap, state.now)))


def _mark(tap: Tap, state: PipeState, number: int, at: float, event: Event) -> Disc | None:
    """How the event looks on the tap's lane: at the time it arrived, or hollow where it passed by."""
    arrivals = [copy.at for copy in state.delivered if copy.tap == tap.name and copy.id == event.id]
    if arrivals:
        look: Look = "late" if arrivals[0] > at else "event"
        return Disc(at, number, look, f"{number} {event.name}, arrived at {arrivals[0]:g} s")
    if state.queue:
        return None
    look = "waiting" if state.log else "lost"
    return Disc(at, number, look, f"{number} {event.name}: {'waits in the log' if state.log else 'lost'}")


def _closed(tap: Tap, now: float) -> list[Band]:
    edges = [0.0, *(edge for span in tap.open for edge in (span.start, now if span.end is None else span.end)), now]
    gaps = zip(edges[::2], edges[1::2], strict=True)
    return [Band(start, end, "tap closed") for start, end in gaps if end > start]


def _sentence(state: PipeState) -> str:
    count = state.numbers
    head = f"{count['published']} published · {count['delivered']} delivered"
    if state.queue:
        return f"{head} · **{count['waiting']} waiting**. A queue hands each message to one tap."
    if state.log:
        return f"{head}, {count['late']} of them late · **{count['waiting']} waiting**, 0 lost. The log remembers."
    if count["lost"]:
        return f"{head} · **{count['lost']} lost**. Nothing remembers what a closed tap missed."
    return f"{head} · **0 lost**. Every open tap gets a copy of every event."
