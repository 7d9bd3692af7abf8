"""The flow chart: publishers, names and subscribers as lanes, every event and its deliveries over time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from eda_workshop.bus import Bus
from eda_workshop.event import Recorded
from eda_workshop.show import palette, svg
from eda_workshop.show.chart import INK, Chart, new_figure, tidy

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Lane = tuple[str, str]
MOST_EVENTS = 60

# The roles' colors, darkened to be readable as text on white.
_TEXT = {"publisher": "#005a91", "name": "#7a5200", "subscriber": "#00664a"}


@dataclass(frozen=True)
class Step:
    """One event on its way: when (seconds from the first), who published it, its name, who got it."""

    at: float
    number: int
    publisher: str
    name: str
    receivers: tuple[str, ...]


@dataclass(frozen=True)
class Flow:
    """What a flow chart shows: its lanes from top to bottom, and each event's way through them."""

    publishers: tuple[str, ...]
    names: tuple[str, ...]
    subscribers: tuple[str, ...]
    steps: tuple[Step, ...]
    left_out: int = 0

    @property
    def deliveries(self) -> int:
        return sum(len(step.receivers) for step in self.steps)


def flow(events: Iterable[Recorded], bus: Bus | None = None) -> Flow:
    """The flow of the newest 60 of these events; who got them is known if the bus delivered them."""
    found = list(events)
    kept = found[-MOST_EVENTS:]
    start = min((event.occurred for event in kept), default=None)
    steps = tuple(
        Step(
            (event.occurred - start).total_seconds() if start else 0,
            event.position,
            event.source or "somebody",
            event.name,
            (bus.receivers(event) if bus else None) or (),
        )
        for event in kept
    )
    order: dict[str, None] = {}
    for step in steps:
        order.update(dict.fromkeys(step.receivers))
    known = [name for name in bus.subscribers if name in order] if bus else []
    return Flow(
        tuple(dict.fromkeys(step.publisher for step in steps)),
        tuple(dict.fromkeys(step.name for step in steps)),
        tuple(dict.fromkeys([*known, *order])),
        steps,
        len(found) - len(kept),
    )


def flow_chart(events: Iterable[Recorded], bus: Bus | None = None) -> Chart:
    """Draw the events of a log, and with the bus their deliveries: time runs to the right.

    >>> log = open_log("memory://"); bus = Bus(log)
    >>> _ = bus.publish("user.signed_up", source="/web")
    >>> flow_chart(log, bus)
    1 event of 1 name from 1 publisher, 0 deliveries to 0 subscribers. Unheard: 1.
    """
    drawn = flow(events, bus)
    rows = _rows(drawn)
    figure = new_figure(height=0.9 + 0.34 * max(len(rows), 2))
    axes = figure.add_subplot()
    tidy(axes)
    for step in drawn.steps:
        _draw(axes, step, rows)
    _label(axes, drawn, rows)
    return Chart(figure, _sentence(drawn))


def _rows(drawn: Flow) -> dict[Lane, int]:
    """The height of each lane; the first publisher is at the top."""
    lanes = [("publisher", name) for name in drawn.publishers]
    lanes += [("name", name) for name in drawn.names]
    lanes += [("subscriber", name) for name in drawn.subscribers]
    return {lane: len(lanes) - index for index, lane in enumerate(lanes)}


def _draw(axes: Axes, step: Step, rows: dict[Lane, int]) -> None:
    source, middle = rows["publisher", step.publisher], rows["name", step.name]
    ends = [rows["subscriber", receiver] for receiver in step.receivers]
    axes.plot([step.at] * 2, [source, min([middle, *ends])], color=palette.EVENT, linewidth=1, alpha=0.5, zorder=1)
    axes.scatter(step.at, source, marker="s", s=36, color=palette.PUBLISHER, zorder=2)
    fill, rim = (palette.EVENT, "-") if ends else ("white", "--")
    axes.scatter(step.at, middle, s=150, color=fill, edgecolors=palette.EVENT, linestyle=rim, zorder=2)
    axes.annotate(str(step.number), (step.at, middle), ha="center", va="center", fontsize=7.5, color=INK)
    for end in ends:
        axes.scatter(step.at, end, marker="d", s=44, color=palette.SUBSCRIBER, zorder=2)


def _label(axes: Axes, drawn: Flow, rows: dict[Lane, int]) -> None:
    axes.set_yticks(list(rows.values()), [svg.drawable(name) for _, name in rows], fontsize=9)
    for label, (role, _) in zip(axes.get_yticklabels(), rows, strict=True):
        label.set_color(_TEXT[role])
    axes.set_ylim(0.3, len(rows) + 0.7)
    first = "the first event shown" if drawn.left_out else "the first event"
    axes.set_xlabel(f"seconds since {first}", fontsize=9, color=INK)
    axes.grid(False, axis="x")


def _sentence(drawn: Flow) -> str:
    unheard = sum(not step.receivers for step in drawn.steps)
    events, names = _count(len(drawn.steps), "event"), _count(len(drawn.names), "name")
    publishers, subscribers = _count(len(drawn.publishers), "publisher"), _count(len(drawn.subscribers), "subscriber")
    head = f"{events} of {names} from {publishers}, "
    tail = f"**{_count(drawn.deliveries, 'delivery')}** to {subscribers}. Unheard: {unheard}."
    older = f" {drawn.left_out} older events are not drawn." if drawn.left_out else ""
    return head + tail + older


def _count(number: int, noun: str) -> str:
    plural = noun[:-1] + "ies" if noun.endswith("y") else noun + "s"
    return f"{number} {noun if number == 1 else plural}"
