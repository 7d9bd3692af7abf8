"""The scene of leaving the house: the temperature, what the valet believes, and each departure."""

from __future__ import annotations

from collections.abc import Sequence

from eda_workshop.show import palette, svg
from eda_workshop.show.picture import WIDTH, Picture
from eda_workshop.simulate.house import COLD, MINUTES, Day, Departure

LEFT, RIGHT = 150, WIDTH - 24
_TOP, _BOTTOM, _DOOR = 60, 230, 282
_LEAST, _MOST = 6, 18


def draw_house(day: Day) -> Picture:
    """True temperature and copy as steps, departures as signs under them, the outage as a band; one time axis."""
    parts = [_outage(day), _axis(), _threshold(), _steps(day.degrees, palette.INK, "")]
    parts.append(_steps(day.copy, palette.SUBSCRIBER, "7 4"))
    parts += [_departure(departure) for departure in day.departures]
    return Picture("".join([*parts, _names(day), _legend()]), 350, _sentence(day))


def _x(minute: float) -> float:
    return LEFT + (RIGHT - LEFT) * minute / MINUTES


def _y(degrees: float) -> float:
    return _BOTTOM - (_BOTTOM - _TOP) * (degrees - _LEAST) / (_MOST - _LEAST)


def _axis() -> str:
    ticks = []
    for minute in range(0, MINUTES + 1, 20):
        anchor = "end" if minute == MINUTES else "middle"
        ticks.append(svg.text(_x(minute), 28, f"{minute} min", size=12, anchor=anchor))
        ticks.append(svg.line(_x(minute), 36, _x(minute), _DOOR + 16, stroke=palette.EDGE, stroke_dasharray="1 5"))
    return "".join(ticks)


def _outage(day: Day) -> str:
    at, lasts = day.house.down
    if not lasts:
        return ""
    left, right = _x(at), _x(min(at + lasts, MINUTES))
    band = svg.rect(left, 36, right - left, _DOOR - 20, fill=palette.FAINT, opacity=0.6)
    return band + svg.text((left + right) / 2, 52, "line down", size=12, anchor="middle")


def _threshold() -> str:
    return svg.line(LEFT, _y(COLD), RIGHT, _y(COLD), stroke=palette.PUBLISHER, stroke_width=1, stroke_dasharray="2 4")


def _steps(points: Sequence[tuple[float, int]], color: str, dashes: str) -> str:
    if not points:
        return ""
    path = f"M{_x(points[0][0]):.1f} {_y(points[0][1]):.1f}"
    for minute, degrees in points[1:]:
        path += f" H{_x(minute):.1f} V{_y(degrees):.1f}"
    path += f" H{RIGHT}"
    return svg.element("path", d=path, fill="none", stroke=color, stroke_width=2.5, stroke_dasharray=dashes or None)


def _departure(departure: Departure) -> str:
    x = _x(departure.at)
    if departure.blocked:
        sign = svg.rect(
            x - 8, _DOOR - 8, 16, 16, fill=palette.PAPER, stroke=palette.LOST, stroke_width=2, stroke_dasharray="3 2"
        )
        words = "nobody could say"
    elif departure.right:
        sign = svg.circle(x, _DOOR, 8, fill=palette.SUBSCRIBER)
        words = "with a coat" if departure.coat else "without a coat"
    else:
        sign = svg.circle(x, _DOOR, 9, fill=palette.PAPER)
        sign += svg.text(x, _DOOR + 6, "✗", size=18, weight="700", anchor="middle", color=palette.WRONG)
        words = "with a coat, and it is warm" if departure.coat else "without a coat, and it is cold"
    return svg.group(sign, title=f"minute {departure.at:g}, {departure.degrees} degrees: {words}")


def _names(day: Day) -> str:
    copy = "and the copy of it" if day.copy else "asked at the door"
    return "".join(
        [
            svg.text(24, _y(16), "temperature", weight="600"),
            svg.text(24, _y(16) + 16, copy, size=11.5, color=palette.MUTED, width=LEFT - 30),
            svg.text(24, _y(COLD) + 4, f"coat below {COLD}°", size=11.5, color=palette.MUTED),
            svg.text(24, _DOOR + 4, "at the door", weight="600"),
        ]
    )


def _legend() -> str:
    y = 330
    return "".join(
        [
            svg.line(LEFT, y - 4, LEFT + 28, y - 4, stroke=palette.INK, stroke_width=2.5),
            svg.text(LEFT + 36, y, "true", size=12),
            svg.line(
                LEFT + 90, y - 4, LEFT + 118, y - 4, stroke=palette.SUBSCRIBER, stroke_width=2.5, stroke_dasharray="7 4"
            ),
            svg.text(LEFT + 126, y, "the copy", size=12),
            svg.circle(LEFT + 216, y - 4, 7, fill=palette.SUBSCRIBER),
            svg.text(LEFT + 230, y, "dressed right", size=12),
            svg.text(LEFT + 348, y + 1, "✗", size=16, weight="700", anchor="middle", color=palette.WRONG),
            svg.text(LEFT + 362, y, "dressed wrong", size=12),
            svg.rect(
                LEFT + 478,
                y - 11,
                14,
                14,
                fill=palette.PAPER,
                stroke=palette.LOST,
                stroke_width=2,
                stroke_dasharray="3 2",
            ),
            svg.text(LEFT + 500, y, "could not leave", size=12),
        ]
    )


def _sentence(day: Day) -> str:
    style = "By request" if not day.copy and day.house.style == "ask" else "By events"
    return (
        f"{style}: {len(day.departures)} departures, **{day.blocked}** blocked, **{day.wrong}** dressed wrong; "
        f"{day.messages} messages in all, {day.at_the_door} of them while somebody stood at the door, for {day.waited:.1f} minutes together."
    )
