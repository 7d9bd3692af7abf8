"""The scenes of notification against carried state: what each way costs, and what a slow consumer gets to know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eda_workshop.show import palette, svg
from eda_workshop.show.picture import WIDTH, Picture
from eda_workshop.simulate.carried import Bill, Scenario

LEFT, RIGHT = 184, 856
_BARS = 620
_ROW = 44
_COLORS = {"notification": palette.PUBLISHER, "carried state": palette.SUBSCRIBER}


@dataclass(frozen=True)
class TrafficState:
    """One scenario, and what either way of telling came to."""

    scenario: Scenario
    notification: Bill
    carried: Bill


@dataclass(frozen=True)
class UpdatesState:
    """Updates in quick succession and a slow consumer.

    values        what the source had, one after the other; the first from the beginning
    notification  what a consumer noted that asks when it is told
    carried       what a consumer noted that is told the value
    gap           seconds between two updates
    behind        seconds from an event to the consumer's turn
    """

    values: tuple[int, ...]
    notification: tuple[int, ...]
    carried: tuple[int, ...]
    gap: float
    behind: float

    @property
    def missed(self) -> list[int]:
        """The values that were true and that a consumer who asks never saw."""
        return [value for value in self.values[1:] if value not in self.notification]


def draw_traffic(state: TrafficState) -> Picture:
    """A pair of bars for each thing that costs, and the outage second by second, with their sentence."""
    one, two = state.notification, state.carried
    bytes_most = max(one.bus_bytes, two.bus_bytes, one.callback_bytes, two.callback_bytes)
    letters = state.scenario.events * state.scenario.consumers
    rows = (
        ("on the bus", "bytes", one.bus_bytes, two.bus_bytes, bytes_most),
        ("answers", "bytes", one.callback_bytes, two.callback_bytes, bytes_most),
        ("callbacks", "to the source", one.callbacks, two.callbacks, letters),
        ("letters failed", f"of {letters:,}", one.failed, two.failed, letters),
        ("from an old copy", f"of {letters:,} letters", one.stale, two.stale, letters),
    )
    parts = [_pair(16 + _ROW * index, *row) for index, row in enumerate(rows)]
    top = 16 + _ROW * len(rows) + 16
    parts += _seconds(state, top)
    return Picture("".join(parts), top + 158, _traffic_sentence(state))


def draw_updates(state: UpdatesState) -> Picture:
    """The source's value over time, and below it what each of two consumers noted, and when."""
    end = max(state.gap * (len(state.values) - 2) + state.behind + 1, 4)
    changes = [state.gap * n for n in range(len(state.values) - 1)]
    turns = [at + state.behind for at in changes]
    parts = [_lane("source", "the truth", 64, palette.INK)]
    bounds = [-1.0, *changes, end]
    for value, start, stop in zip(state.values, bounds, bounds[1:], strict=False):
        x, width = _at(start, end), max(_at(stop, end) - _at(start, end) - 2, 2)
        box = svg.rect(x, 48, width, 32, rx=4, fill=palette.FAINT, opacity=0.8)
        label = svg.text(x + width / 2, 69, str(value), weight="700", anchor="middle")
        parts.append(svg.group(box, label if width > 20 else "", title=f"the source has {value}"))
    lanes = (
        ("notification", "asks in its turn", state.notification, 152),
        ("carried state", "reads the event", state.carried, 240),
    )
    for name, words, noted, y in lanes:
        parts.append(_lane(name, words, y, _COLORS[name]))
        parts += _noted(changes, turns, noted, state.values[1:], y, end)
    for second in range(int(end) + 1):
        parts.append(svg.text(_at(second, end), 28, f"{second} s", size=12, anchor="middle"))
    return Picture("".join(parts), 296, _updates_sentence(state))


# --- bars and seconds ---------------------------------------------------------------------------


def _pair(y: float, name: str, words: str, notification: int, carried: int, most: int) -> str:
    """What it comes to, by notification above and by carried state below; 38 high."""
    parts = [
        svg.text(24, y + 16, name, weight="600", width=LEFT - 36),
        svg.text(24, y + 32, words, size=11.5, color=palette.MUTED, width=LEFT - 36),
    ]
    for index, (way, value) in enumerate((("notification", notification), ("carried state", carried))):
        width = (_BARS - LEFT) * value / max(most, 1)
        top = y + 3 + 18 * index
        if value:
            parts.append(svg.rect(LEFT, top, max(width, 2), 15, rx=3, fill=_COLORS[way]))
        words = f"{way} {value:,}"
        parts.append(svg.text(LEFT + width + 8, top + 12, words, size=11.5, weight="600" if value else None))
    return "".join(parts)


def _seconds(state: TrafficState, top: float) -> list[str]:
    """How many letters have failed, and how old the copies are, in each second."""
    scenario, failures, ages = state.scenario, state.notification.failures, state.carried.ages
    last = scenario.events
    unit = (RIGHT - LEFT) / last
    parts = [svg.line(16, top - 8, WIDTH - 16, top - 8, stroke=palette.FAINT)]
    start, end = scenario.down_at, min(scenario.down_at + scenario.down_for, last + 1)
    if end > start:
        x = LEFT + unit * (start - 1)
        parts.append(svg.rect(x, top + 16, unit * (end - start), 110, fill=palette.FAINT, opacity=0.8))
        words = f"source cut off: {end - start} s"
        middle = min(max(x + unit * (end - start) / 2, LEFT + 70), RIGHT - 70)
        parts.append(svg.text(middle, top + 10, words, size=11.5, anchor="middle"))
    parts += _curve("failed so far", "notification", failures, "", top + 66, unit)
    parts += _curve("oldest copy", "carried state", ages, " s", top + 122, unit)
    for second in sorted({1, *range(20 if last > 30 else 5, last + 1, 20 if last > 30 else 5)}):
        parts.append(svg.text(LEFT + unit * (second - 0.5), top + 144, f"{second} s", size=11, anchor="middle"))
    return parts


def _curve(name: str, way: str, values: Sequence[float], unit: str, base: float, step: float) -> list[str]:
    """One value a second as steps above the base, 40 high, with its most beside its name."""
    most = max(values)
    scale = 40 / max(most, 1)
    path = f"M{LEFT} {base:g}"
    for index, value in enumerate(values):
        path += f" V{base - scale * value:.2f} H{LEFT + step * (index + 1):.2f}"
    path += f" V{base:g} Z"
    return [
        svg.text(24, base - 20, name, weight="600", width=LEFT - 36),
        svg.text(24, base - 4, f"{way}: up to {most:g}{unit}", size=11, color=palette.MUTED, width=LEFT - 20),
        svg.line(LEFT, base, RIGHT, base, stroke=palette.EDGE),
        svg.element("path", d=path, fill=_COLORS[way], opacity=0.75) if most else "",
    ]


def _traffic_sentence(state: TrafficState) -> str:
    scenario, one, two = state.scenario, state.notification, state.carried
    told = (
        f"{_count(scenario.events, 'change')} told to {_count(scenario.consumers, 'consumer')}. By notification "
        f"{one.bus_bytes:,} B on the bus and {one.callbacks:,} callbacks that return {one.callback_bytes:,} B; "
        f"by carried state {two.bus_bytes:,} B on the bus and **{two.callbacks:,} callbacks**."
    )
    if not one.failed:
        return told
    return (
        f"{told} While the source is cut off, **{one.failed:,}** letters fail by notification and {two.failed:,} by carried "
        f"state, which writes {two.stale:,} to an old address, from a copy up to {two.oldest:g} s old."
    )


# --- updates ------------------------------------------------------------------------------------


def _at(second: float, end: float) -> float:
    return LEFT + 24 + (RIGHT - LEFT - 24) * (second + 1) / (end + 1)


def _lane(name: str, words: str, y: float, color: str) -> str:
    sign = svg.drop(27, y - 6, color) if color != palette.INK else svg.rect(20, y - 14, 14, 14, rx=3, fill=color)
    lower = svg.text(44, y + 14, words, size=11.5, color=palette.MUTED)
    return sign + svg.text(44, y - 2, name, weight="600") + lower


def _noted(
    changes: Sequence[float], turns: Sequence[float], noted: Sequence[int], told: Sequence[int], y: float, end: float
) -> list[str]:
    """A line from each event to the consumer's turn, and there the value; one that was not its own is crossed."""
    parts = [svg.line(LEFT, y, RIGHT, y, stroke=palette.EDGE, stroke_width=1.5)]
    for number, (change, turn, value, own) in enumerate(zip(changes, turns, noted, told, strict=True), 1):
        x, there = _at(change, end), _at(turn, end)
        parts.append(svg.line(x, y - 34, there, y - 14, stroke=palette.EVENT, stroke_width=2, opacity=0.7))
        parts.append(svg.circle(x, y - 36, 10, fill=palette.EVENT))
        parts.append(
            svg.text(x, y - 32, str(number), size=11, weight="700", anchor="middle", color=palette.ON_EVENT),
        )
        wrong = value != own
        edge, dashes = (palette.LOST, "4 3") if wrong else (palette.EDGE, None)
        style: dict[str, str | float | None] = {"stroke": edge, "stroke_width": 2, "stroke_dasharray": dashes}
        box = svg.rect(there - 26, y - 14, 52, 28, rx=5, fill=palette.PAPER, **style)
        words = svg.text(there, y + 5, f"{value} ✗" if wrong else str(value), weight="700", anchor="middle")
        parts.append(svg.group(box, words, title=f"event {number}: noted {value}, was {own}"))
    return parts


def _updates_sentence(state: UpdatesState) -> str:
    def told(values: Sequence[int]) -> str:
        return ", ".join(map(str, values))

    way = " → ".join(map(str, state.values))
    head = f"{way}, {state.gap:g} s apart, and consumers {state.behind:g} s behind"
    asked = f"the one that asks notes **{told(state.notification)}**, the one that is told notes {told(state.carried)}"
    missed = f" Whoever asks never knew of {told(state.missed)}." if state.missed else " Nothing is missed."
    return f"{head}: {asked}.{missed}"


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
