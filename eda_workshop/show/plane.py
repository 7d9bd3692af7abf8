"""The plane of two times: to the right what held, upwards what was known; and what was paid and was due beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from eda_workshop.replay import TemporalProperty, Unknown
from eda_workshop.show import palette
from eda_workshop.show.chart import INK, PAPER, Chart, new_figure
from eda_workshop.show.picture import WIDTH
from eda_workshop.show.regions import Look, Region, looks_of, regions_of
from eda_workshop.show.slips import draw_slips, money, settled, short
from eda_workshop.stories.payroll import MONTHS, Payslip, day, day_name

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FIRST, LAST = day("1 December 2025"), day("1 August")
"""The span of both axes, half-open."""

HEIGHT = 418
DAYS = (LAST - FIRST).days
LEFT, RIGHT, BOTTOM, TOP = 62, 482, 54, 376
"""The plane in the figure, in pixels."""
ACROSS, UP = DAYS / (RIGHT - LEFT), DAYS / (TOP - BOTTOM)
"""Days in a pixel."""


@dataclass(frozen=True)
class PlaneState:
    """A salary with its two times, a question about it, and what was paid.

    salary  all that is known of it
    actual  the day that is asked about
    record  what had become known by that day counts
    runs    the days of all payroll runs in the span of the plane
    slips   what the runs up to the day of record paid
    """

    salary: TemporalProperty
    actual: datetime
    record: datetime
    runs: tuple[datetime, ...] = ()
    slips: tuple[Payslip, ...] = ()

    @property
    def value(self) -> Any:
        """What was thought of the one day on the other."""
        return self.salary.at(self.actual, self.record)


def draw_plane(state: PlaneState) -> Chart:
    """The plane with the question as a cross, the payroll runs on its diagonal, and paid against due beside it."""
    figure = new_figure(HEIGHT / 110, WIDTH / 110)
    figure.set_layout_engine("none")
    axes = _axes(figure, LEFT, RIGHT)
    axes.set(xlim=(0, DAYS), ylim=(0, DAYS))
    regions = regions_of(state.salary, FIRST, LAST)
    looks = looks_of(regions)
    for region in regions:
        _paint(axes, region, looks[region.value])
    _name(axes, regions, [(state.actual, state.record), *zip(state.runs, state.runs, strict=True)])
    _months(axes)
    _cross(axes, state)
    _letters(axes, state, looks)
    draw_slips(_axes(figure, 694, 824), state.salary, state.slips, state.record)
    return Chart(figure, f"{_thought(state)} {settled(state.salary, state.slips, state.record)}")


def _axes(figure: Figure, left: float, right: float) -> Axes:
    axes = figure.add_axes(
        (left / WIDTH, BOTTOM / HEIGHT, (right - left) / WIDTH, (TOP - BOTTOM) / HEIGHT), frameon=False
    )
    axes.set_xticks([])
    axes.set_yticks([])
    return axes


def _days(moment: datetime) -> float:
    """The place of a moment on an axis."""
    return (moment - FIRST).total_seconds() / 86_400


def _paint(axes: Axes, region: Region, look: Look) -> None:
    from matplotlib.patches import Rectangle

    left, right, low, high = map(_days, (region.left, region.right, region.low, region.high))
    place: Any = ((left, low), right - left, high - low)
    axes.add_patch(Rectangle(*place, facecolor=look.face, edgecolor=look.ink, hatch=look.hatch, linewidth=0))
    axes.add_patch(Rectangle(*place, fill=False, edgecolor=INK, linewidth=0.8))


def _name(axes: Axes, regions: Sequence[Region], marks: Sequence[tuple[datetime, datetime]]) -> None:
    """Write each value into its region, off the places of the cross and the dots; not where there is no room."""
    signs = [(_days(x), _days(y)) for x, y in marks]
    for region in regions:
        words = money(region.value) if region.value is not Unknown else "Unknown"
        long, high = 9 * len(words) + 6, 19
        for turned, (width, height) in enumerate(((long * ACROSS, high * UP), (high * ACROSS, long * UP))):
            spots = _spots(region, width, height)
            # Lines may pass behind a label, for it stands on paper; a sign may not.
            free = [spot for spot in spots if not any(_covers(spot, width, height, sign) for sign in signs)]
            if spots:
                _write(axes, (free or spots)[0], words, 90 * turned)
                break


def _write(axes: Axes, spot: tuple[float, float], words: str, turned: float) -> None:
    box: dict[str, Any] = {"boxstyle": "round,pad=0.15", "facecolor": PAPER, "edgecolor": "none", "alpha": 0.9}
    style: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": 9.5, "weight": "bold", "color": INK}
    axes.text(*spot, words, rotation=turned, bbox=box, zorder=6, **style)


def _spots(region: Region, width: float, height: float) -> list[tuple[float, float]]:
    """Where the middle of a label can stand in a region: in its middle first; nowhere, if it is too small."""
    left, right, low, high = map(_days, (region.left, region.right, region.low, region.high))
    if right - left < width or high - low < height:
        return []
    shares = (0.5, 0.35, 0.65, 0.2, 0.8, 0.0, 1.0)
    xs = [left + width / 2 + share * (right - left - width) for share in shares]
    ys = [low + height / 2 + share * (high - low - height) for share in shares]
    return [(x, y) for y in ys for x in xs]


def _covers(spot: tuple[float, float], width: float, height: float, sign: tuple[float, float]) -> bool:
    """Whether a label there would lie on a sign of nine pixels around its middle."""
    return abs(spot[0] - sign[0]) < width / 2 + 9 * ACROSS and abs(spot[1] - sign[1]) < height / 2 + 9 * UP


def _months(axes: Axes) -> None:
    """The months on both axes, each in its middle, and what the axes mean."""
    starts = [day(f"1 {MONTHS[month % 12]} {2025 + month // 12}") for month in range(11, 20)]
    for start, end in pairwise(starts):
        name, middle = MONTHS[start.month - 1][:3], (_days(start) + _days(end)) / 2
        axes.text(middle, -17 * UP, name, ha="center", va="baseline", fontsize=8.5, color=INK)
        axes.text(-6 * ACROSS, middle, name, ha="right", va="center", fontsize=8.5, color=INK)
        for tick in (start, end):
            axes.plot([_days(tick)] * 2, [0, -5 * UP], color=INK, linewidth=0.8, clip_on=False)
            axes.plot([0, -5 * ACROSS], [_days(tick)] * 2, color=INK, linewidth=0.8, clip_on=False)
    for start, year in ((starts[0], "2025"), (starts[1], "2026")):
        axes.text(_days(start) + 15, -31 * UP, year, ha="center", va="baseline", fontsize=8, color=INK)
    axes.text(DAYS, -24 * UP, "actual: when it holds  →", ha="right", va="top", fontsize=9, weight="bold", color=INK)
    axes.text(
        *(-56 * ACROSS, DAYS), "record: when it was known  →", rotation=90, ha="left", va="top", fontsize=9, weight="bold", color=INK
    )  # fmt: skip


def _cross(axes: Axes, state: PlaneState) -> None:
    """The diagonal, on which the payroll runs, and the question."""
    axes.plot([0, DAYS], [0, DAYS], color=INK, linewidth=1, linestyle=(0, (2, 3)), zorder=2)
    done = {slip.run for slip in state.slips}
    for run in state.runs:
        face = INK if run in done else PAPER
        axes.plot(_days(run), _days(run), "o", markersize=6, markerfacecolor=face, markeredgecolor=INK, zorder=4)
    x, y = _days(state.actual), _days(state.record)
    axes.axvline(x, color=palette.LOST, linewidth=1.4, zorder=3)
    axes.axhline(y, color=palette.LOST, linewidth=1.4, zorder=3)
    axes.plot(x, y, "o", markersize=11, markerfacecolor="none", markeredgecolor=palette.LOST, mew=2, zorder=5)
    axes.text(x, DAYS + 5 * UP, short(state.actual), ha="center", va="bottom", fontsize=8.5, weight="bold", color=INK)
    _key(axes)


def _key(axes: Axes) -> None:
    """What the signs mean, above the plane."""
    x, y = 0.0, DAYS + 31 * UP
    for sign, face, words in (
        ("o", INK, "payroll run"),
        ("o", PAPER, "still to run"),
        ("+", palette.LOST, "your question"),
    ):
        color = palette.LOST if sign == "+" else INK
        axes.plot(x, y, sign, markersize=6 if sign == "o" else 9, mew=1 if sign == "o" else 2, markerfacecolor=face, markeredgecolor=color, clip_on=False)  # fmt: skip
        axes.text(x + 10 * ACROSS, y, words, va="center", fontsize=8.5, color=INK)
        x += (34 + 6.6 * len(words)) * ACROSS
    axes.plot([x, x + 22 * ACROSS], [y, y], color=INK, linewidth=1, linestyle=(0, (2, 3)), clip_on=False)
    axes.text(x + 28 * ACROSS, y, "actual = record", va="center", fontsize=8.5, color=INK)


def _letters(axes: Axes, state: PlaneState, looks: Mapping[Any, Look]) -> None:
    """Beside the plane: what each letter said, where its band begins, and the day of the question."""
    told = [
        (_days(change.record), short(change.record), f"{money(change.value)} from {short(change.actual)}", looks.get(change.value))
        for change in state.salary.changes
        if FIRST <= change.record < LAST and not change.withdrawn
    ]  # fmt: skip
    told.append((_days(state.record), f"asked: {short(state.record)}", "", None))
    told.sort(key=lambda each: each[0])
    heights = apart([height for height, *_ in told], [32 * UP if words else 20 * UP for _, _, words, _ in told])
    for (height, known, words, look), y in zip(told, heights, strict=True):
        color = INK if words else palette.LOST
        axes.plot([DAYS, DAYS + 10 * ACROSS], [height, y], color=color, linewidth=0.8, clip_on=False)
        _letter(axes, y, known, words, look)


def _letter(axes: Axes, y: float, known: str, words: str, look: Look | None) -> None:
    from matplotlib.patches import Rectangle

    x = DAYS + 14 * ACROSS
    axes.text(x, y + 7 * UP * bool(words), known, va="center", fontsize=8.5, weight="bold", color=INK)
    if look is not None:
        place: Any = ((x, y - 14 * UP), 14 * ACROSS, 12 * UP)
        axes.add_patch(Rectangle(*place, facecolor=look.face, edgecolor=look.ink, hatch=look.hatch, linewidth=0, clip_on=False))  # fmt: skip
        axes.add_patch(Rectangle(*place, fill=False, edgecolor=INK, linewidth=0.6, clip_on=False))
        x += 18 * ACROSS
    axes.text(x, y - 8 * UP, words, va="center", fontsize=8.5, color=INK)


def apart(places: Sequence[float], sizes: Sequence[float], low: float = 0, high: float = DAYS) -> list[float]:
    """The middles of labels of these sizes, from below, as near to their places as they can stand without touching.

    >>> apart([1.0, 2.0, 8.0], [2, 2, 2], low=0, high=9)
    [1.0, 3.0, 8.0]
    """
    middles, edge = list(places), low
    for index, size in enumerate(sizes):
        middles[index] = max(middles[index], edge + size / 2)
        edge = middles[index] + size / 2
    edge = high
    for index in reversed(range(len(sizes))):
        middles[index] = min(middles[index], edge - sizes[index] / 2)
        edge = middles[index] - sizes[index] / 2
    return middles


def _thought(state: PlaneState) -> str:
    """The question with its answer."""
    asked, known, value = day_name(state.actual), day_name(state.record), state.value
    if value is Unknown:
        return f"On {known} it was not known what Sally earned on {asked}: **Unknown**."
    earned = "would earn" if state.actual > state.record else "earned"
    return f"On {known} it was thought that on {asked} Sally {earned} **{money(value)}**."
