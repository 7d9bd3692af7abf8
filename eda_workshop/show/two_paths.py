"""The scene of two paths: what is true, what is served, and how the gap closes at each run of the batch."""

from __future__ import annotations

from eda_workshop.show import palette, svg
from eda_workshop.show.picture import Picture
from eda_workshop.simulate.two_paths import HOUR, Counted

_LEFT, _RIGHT, _TOP, _BOTTOM = 72, 704, 52, 300


def draw_two_paths(state: Counted) -> Picture:
    """Two stairs over an hour, the space between them, and an upright line for each run."""
    top = max(*state.truth, *state.served, 1)
    parts = [_grid(top), *(_run(minute) for minute in state.runs)]
    parts += [_space(state, top), _stairs(state.truth, top, palette.INK, 2.5, None)]
    parts += [_stairs(state.served, top, palette.SUBSCRIBER, 2.5, "6 3"), _worst(state, top), _ends(state, top)]
    return Picture("".join(parts), 344, _sentence(state))


def _x(minute: float) -> float:
    return _LEFT + (_RIGHT - _LEFT) * minute / HOUR


def _y(number: float, top: int) -> float:
    return _BOTTOM - (_BOTTOM - _TOP) * number / top


def _grid(top: int) -> str:
    parts = [svg.text(24, 28, "uploads counted", weight="600")]
    for number in range(0, top + 1, 20):
        y = _y(number, top)
        parts.append(svg.line(_LEFT, y, _RIGHT, y, stroke=palette.FAINT))
        parts.append(svg.text(_LEFT - 10, y + 4, str(number), size=12, anchor="end"))
    minutes = range(0, HOUR + 1, 10)
    parts += [svg.text(_x(each), _BOTTOM + 20, f"{each} min", size=12, anchor="middle") for each in minutes]
    return "".join(parts)


def _run(minute: int) -> str:
    line = svg.line(
        _x(minute), _TOP - 6, _x(minute), _BOTTOM, stroke=palette.LOG, stroke_width=2, stroke_dasharray="2 4"
    )
    return line + svg.text(_x(minute), _TOP - 12, "batch", size=12, anchor="middle")


def _corners(numbers: tuple[int, ...], top: int) -> list[tuple[float, float]]:
    """The corners of the stairs: each number holds until the next minute."""
    corners = []
    for minute, number in enumerate(numbers):
        corners.append((_x(minute), _y(number, top)))
        if minute < HOUR:
            corners.append((_x(minute + 1), _y(number, top)))
    return corners


def _path(corners: list[tuple[float, float]]) -> str:
    return "M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in corners)


def _stairs(numbers: tuple[int, ...], top: int, color: str, width: float, dash: str | None) -> str:
    return svg.element(
        "path", d=_path(_corners(numbers, top)), fill="none", stroke=color, stroke_width=width, stroke_dasharray=dash
    )


def _space(state: Counted, top: int) -> str:
    there, back = _corners(state.truth, top), _corners(state.served, top)[::-1]
    return svg.element("path", d=_path([*there, *back]) + " Z", fill=palette.LOST, opacity=0.35)


def _worst(state: Counted, top: int) -> str:
    gap = state.gaps[state.worst]
    if not gap:
        return ""
    x = _x(min(state.worst + 0.5, HOUR))
    high, low = sorted((_y(state.truth[state.worst], top), _y(state.served[state.worst], top)))
    line = svg.line(x, high, x, low, stroke=palette.LOST, stroke_width=3)
    side, anchor = (-8, "end") if state.worst > HOUR / 2 else (8, "start")
    said = f"{gap:+d}".replace("-", "−")
    words = svg.text(x + side, (high + low) / 2 + 5, said, weight="700", anchor=anchor, halo=True)
    return line + words


def _ends(state: Counted, top: int) -> str:
    truth, served = _y(state.truth[-1], top), _y(state.served[-1], top)
    if abs(truth - served) < 18:
        middle, down = (truth + served) / 2, 1 if truth > served else -1
        truth, served = middle + 10 * down, middle - 10 * down
    return svg.text(_RIGHT + 12, truth + 4, f"{state.truth[-1]} in truth", weight="600") + svg.text(
        _RIGHT + 12, served + 4, f"{state.served[-1]} served (dashes)", weight="600"
    )


def _sentence(state: Counted) -> str:
    made, worst = state.paths, state.worst
    rule = " Films count no more, and only one of the two programs was changed." if made.changed else ""
    runs = ", ".join(f"{abs(state.gaps[run])}" for run in state.runs)
    return (
        f"An hour of uploads, {made.late:.0%} told late, {made.twins:.0%} twice, a batch every {made.period} minutes: at worst the number served is "
        f"**{abs(state.gaps[worst])} off**, in minute {worst}; right after the runs it is {runs} off.{rule}"
    )
