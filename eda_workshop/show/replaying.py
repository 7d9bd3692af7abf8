"""Charts of logs and replays: how a log grows, a quantity along it, what snapshots spare, how far readers are behind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from eda_workshop.log import EventLog
from eda_workshop.log.records import text_of
from eda_workshop.replay import Model, Timeline
from eda_workshop.show import palette
from eda_workshop.show.chart import INK, Chart, new_figure, tidy

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def growth_chart(log: EventLog) -> Chart:
    """How many bytes a log's records take, position by position.

    >>> log = open_log("memory://", clock=ManualClock())
    >>> _ = log.append(Event("user.signed_up", id="1", occurred="2026-03-02T09:00:00Z"))
    >>> growth_chart(log)
    1 event takes 133 bytes, 133 a piece. A log only grows.
    """
    sizes = [len(text_of(event).encode()) for event in log.read(raw=True)]
    figure, axes = _paper("position", "bytes")
    totals = [0, *accumulate(sizes)]
    axes.fill_between(range(len(totals)), totals, color=palette.LOG, alpha=0.35, step="post")
    axes.step(range(len(totals)), totals, where="post", color=palette.LOG, linewidth=2)
    _name_end(axes, len(totals) - 1, totals[-1], f"{totals[-1]:,} bytes")
    count = len(sizes)
    mean = totals[-1] / count if count else 0
    events = "1 event takes" if count == 1 else f"{count} events take"
    return Chart(figure, f"{events} **{totals[-1]:,} bytes**, {mean:.0f} a piece. A log only grows.")


def state_chart(log: EventLog, model: type[Model], value: Callable[[Any], float], name: str) -> Chart:
    """A quantity of the state at every position.

    value  what to draw, from a state
    name   what it is called, with its unit

    >>> from eda_workshop.drive import Count, stream
    >>> log = open_log("memory://")
    >>> _ = log.append(*stream(20))
    >>> state_chart(log, Count, lambda count: count["folders"], "folders")
    folders goes from 0 to 7 over 20 events; at the head it is 7.
    """
    timeline = Timeline(log, model)
    values = [value(timeline.state), *(value(state) for _, state in timeline.play())]
    figure, axes = _paper("position", name)
    axes.step(range(len(values)), values, where="post", color=palette.SUBSCRIBER, linewidth=2)
    _name_end(axes, len(values) - 1, values[-1], f"{values[-1]:g}")
    low, high = min(values), max(values)
    return Chart(
        figure,
        f"{name} goes from {low:g} to {high:g} over {len(values) - 1} events; at the head it is **{values[-1]:g}**.",
    )


def saw_tooth_chart(costs: Mapping[int, Sequence[int]]) -> Chart:
    """What a look at each position costs, for several distances between snapshots.

    costs  events between two snapshots → events applied at each position from 0 on

    >>> saw_tooth_chart({2: [0, 1, 0, 1], 4: [0, 1, 2, 3]})
    On average a look applies 0.5 events with a snapshot every 2, 1.5 with one every 4.
    """
    figure, axes = _paper("position", "events to apply")
    styles = zip(
        (palette.EVENT, palette.PUBLISHER, palette.SUBSCRIBER, palette.HYPOTHETICAL),
        ("-", "--", ":", "-."),
        strict=True,
    )
    told: list[str] = []
    for (every, row), (color, dash) in zip(costs.items(), styles, strict=False):
        axes.plot(range(len(row)), row, color=color, linestyle=dash, linewidth=1.6)
        _name_end(axes, len(row) - 1, row[-1], f"every {every:,}")
        told.append(
            f"**{sum(row) / len(row):g}** {'events with a snapshot' if not told else 'with one'} every {every:,}"
        )
    return Chart(figure, f"On average a look applies {', '.join(told)}.")


def lag_chart(heads: Sequence[int], readers: Mapping[str, Sequence[int]]) -> Chart:
    """How far each reader is behind the head, over time.

    heads    the log's head at each moment
    readers  name → position at each moment

    >>> lag_chart([0, 1, 2], {"folders": [0, 0, 1], "totals": [0, 0, 0]})
    At the end folders is 1 event behind, totals 2; at most it was 2.
    """
    figure, axes = _paper("seconds", "events behind")
    styles = zip((palette.SUBSCRIBER, palette.EVENT, palette.PUBLISHER), ("--", ":", "-"), strict=True)
    worst = 0
    told: list[str] = []
    for (name, positions), (color, dash) in zip(readers.items(), styles, strict=False):
        lags = [head - position for head, position in zip(heads, positions, strict=True)]
        axes.step(range(len(lags)), lags, where="post", color=color, linestyle=dash, linewidth=2)
        _name_end(axes, len(lags) - 1, lags[-1], name)
        first = f" is **{lags[-1]}** event{'s' * (lags[-1] != 1)} behind" if not told else f" **{lags[-1]}**"
        told.append(f"{name}{first}")
        worst = max(worst, *lags)
    axes.set_ylim(bottom=0)
    return Chart(figure, f"At the end {', '.join(told)}; at most it was {worst}.")


def _paper(across: str, up: str) -> tuple[Figure, Axes]:
    figure = new_figure(height=2.8)
    axes = figure.add_subplot()
    tidy(axes)
    axes.set_xlabel(across, fontsize=9, color=INK)
    axes.set_ylabel(up, fontsize=9, color=INK)
    axes.yaxis.set_major_formatter("{x:,g}")
    axes.xaxis.set_major_formatter("{x:,g}")
    axes.margins(x=0.02)
    return figure, axes


def _name_end(axes: Axes, x: float, y: float, words: str) -> None:
    """The line's name beside its end, instead of a legend."""
    axes.annotate(words, (x, y), xytext=(6, 0), textcoords="offset points", va="center", fontsize=9, color=INK)
