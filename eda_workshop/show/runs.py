"""Charts of systems at work: what became of each request, and how old a copy was."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from eda_workshop.errors import BadSetting
from eda_workshop.show import palette
from eda_workshop.show.chart import INK, Chart, new_figure, tidy
from eda_workshop.simulate import Cut, Outage, Run, Slow

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_RUNS = 6

_TEXT = "#8f3d00"
"""The color of what is lost, dark enough to be read on white."""


def requests_chart(runs: Mapping[str, Run], faults: Iterable[Outage | Slow | Cut] = ()) -> Chart:
    """Each request of up to 6 runs: when it was asked, how long it took, and a cross if it failed.

    runs    a name for each run
    faults  what they went through: shaded

    Raises `BadSetting` for no run, or more than 6.
    """
    if not 1 <= len(runs) <= MOST_RUNS:
        raise BadSetting("runs", f"{len(runs)} runs", f"1 to {MOST_RUNS} of them")
    faults = list(faults)
    figure = new_figure(height=0.5 + 0.62 * len(runs))
    rows = figure.subplots(len(runs), 1, sharex=True, sharey=True, squeeze=False)[:, 0]
    top = max(run.all.slowest for run in runs.values()) or 1
    for axes, (name, run) in zip(rows, runs.items(), strict=True):
        _row(axes, name, run, top)
        _shade(axes, faults)
    rows[-1].set_xlabel("seconds · upward: how long each took to be answered", fontsize=9, color=INK)
    return Chart(figure, _compared(runs))


def copy_chart(run: Run, service: str, faults: Iterable[Outage | Slow | Cut] = ()) -> Chart:
    """How old the copy of one service was, in seconds, each time that it answered from it.

    Raises `BadSetting` for a service that keeps no copy.
    """
    if not run.ages.get(service):
        known = [name for name, ages in run.ages.items() if ages]
        raise BadSetting("service", service, f"one that answered from a copy: {', '.join(known) or 'none did'}")
    figure = new_figure(height=2.4)
    axes = figure.add_subplot()
    tidy(axes)
    times, ages = zip(*run.ages[service], strict=True)
    axes.plot(times, ages, color=palette.SUBSCRIBER, linewidth=1.2, marker=".", markersize=4)
    _shade(axes, faults)
    axes.set_ylim(0, max(1.0, *ages) * 1.1)
    axes.set_xlabel("seconds", fontsize=9, color=INK)
    axes.set_ylabel("age of the copy (s)", fontsize=9, color=INK)
    worked = run.services[service]
    return Chart(
        figure,
        f"{service} answered {worked.answers} times from its copy, and all were answered; **{worked.stale}** of the answers "
        f"were given while something was in the log that it had not heard, up to {worked.oldest:.1f} s old.",
    )


def _row(axes: Axes, name: str, run: Run, top: float) -> None:
    tidy(axes)
    bad = [request for request in run.requests if request.failure is not None]
    axes.scatter(*_answered(run), s=7, color=palette.PUBLISHER, linewidths=0)
    axes.scatter([r.asked for r in bad], [top * 0.85] * len(bad), s=16, marker="x", color=palette.LOST, linewidths=1)
    axes.set_ylim(-0.06 * top, top * 1.1)
    axes.set_yticks([0, top], ["0", f"{top:.1f} s"], fontsize=8)
    axes.set_ylabel(name, rotation=0, ha="right", va="center", fontsize=9, color=INK, labelpad=8, wrap=True)
    found = run.all
    told = f"{found.answered} answered\n{found.failed} failed"
    color = _TEXT if found.failed else INK
    axes.text(1.01, 0.5, told, transform=axes.transAxes, fontsize=9, va="center", color=color)


def _shade(axes: Axes, faults: Iterable[Outage | Slow | Cut]) -> None:
    for fault in faults:
        axes.axvspan(fault.at, fault.at + fault.seconds, color="#d9dde2", alpha=0.6, linewidth=0, zorder=0)


def _answered(run: Run) -> tuple[list[float], list[float]]:
    """When each answered request was asked, and how long it took."""
    pairs = [(r.asked, r.response) for r in run.requests if r.response is not None and r.failure is None]
    return [asked for asked, _ in pairs], [response for _, response in pairs]


def _compared(runs: Mapping[str, Run]) -> str:
    told = [f"{name} {run.all.availability:.0%}" for name, run in runs.items()]
    worst = min(runs, key=lambda name: runs[name].all.availability)
    best = max(runs, key=lambda name: runs[name].all.availability)
    if runs[worst].all.availability == runs[best].all.availability:
        return f"Answered of {runs[best].all.asked} requests: {', '.join(told)}."
    return (
        f"Answered of {runs[best].all.asked} requests: {', '.join(told)}. "
        f"**{runs[best].all.answered - runs[worst].all.answered}** more with {best} than with {worst}."
    )
