"""The scene of stream and table: the log above, what compaction keeps of it, and the table that both come to."""

from __future__ import annotations

from eda_workshop.show import palette, svg
from eda_workshop.show.lanes import Disc, disc
from eda_workshop.show.picture import Picture
from eda_workshop.simulate.tables import FOLDERS, STORY, UNKNOWN, TwoViews

_LEFT, _STEP = 192, 61
_ALL, _KEPT, _BOX = 76, 158, 208
_HEIGHT = 366


def draw_two_views(state: TwoViews) -> Picture:
    """Two lanes of the same events, the table at the position, and one question to both lanes."""
    now = _x(state.position + 0.5)
    parts = [svg.line(now, 30, now, _BOX - 14, stroke=palette.INK, stroke_width=2)]
    parts.append(svg.text(now + 6, 24, f"read up to {state.position}", size=12, anchor="end"))
    parts.append(_lane("stream", "all that happened", _ALL))
    parts.append(_lane("compacted", "the newest of each folder", _KEPT))
    parts += [_event(number, state) for number in range(1, len(STORY) + 1)]
    return Picture("".join([*parts, _table(state), _question(state)]), _HEIGHT, _sentence(state))


def _x(position: float) -> float:
    return _LEFT + _STEP * position


def _lane(name: str, words: str, y: float) -> str:
    rail = svg.line(_LEFT + 24, y, _x(len(STORY)) + 24, y, stroke=palette.EDGE, stroke_width=1.5)
    return svg.text(24, y, name, weight="600") + svg.text(24, y + 16, words, size=12, color=palette.MUTED) + rail


def _event(number: int, state: TwoViews) -> str:
    name, folder, path = STORY[number - 1]
    title = f"{number}: {name}, {folder} {path}".rstrip()
    read = number <= state.position
    parts = [disc(_x(number), _ALL, Disc(0, number, "event" if read else "waiting", title))]
    parts.append(svg.text(_x(number), _ALL + 26, folder, size=12, weight="600", anchor="middle"))
    parts.append(svg.text(_x(number), _ALL + 41, path or "deleted", size=11.5, anchor="middle", halo=True))
    if read:
        look = "event" if number in state.kept else "lost"
        parts.append(disc(_x(number), _KEPT, Disc(0, number, look, title)))  # type: ignore[arg-type]
    return "".join(parts)


def _table(state: TwoViews) -> str:
    told = {folder for folder, _ in state.told}
    parts = [svg.text(24, _BOX + 8, f"table after {state.position}", weight="600")]
    for row, folder in enumerate(FOLDERS):
        y = _BOX + 20 + 28 * row
        path = state.table.get(folder)
        fresh = folder in told
        edge = palette.EVENT if fresh else palette.EDGE
        parts.append(svg.rect(24, y, 330, 26, rx=4, fill=palette.PAPER, stroke=edge, stroke_width=2.5 if fresh else 1))
        parts.append(svg.text(36, y + 18, folder, weight="600"))
        parts.append(svg.text(84, y + 18, path or "no row", color=palette.INK if path else palette.MUTED))
        if fresh:
            parts.append(svg.text(344, y + 18, "tells its change", size=12, anchor="end"))
    return "".join(parts)


def _question(state: TwoViews) -> str:
    folder, position = state.question.folder, state.question.position
    parts = [svg.text(420, _BOX + 8, f"Where was {folder} after position {position}?", weight="600")]
    for row, (who, answer) in enumerate(zip(("all events say", "the compacted say"), state.answers, strict=True)):
        y = _BOX + 20 + 34 * row
        known = answer != UNKNOWN
        edge = palette.SUBSCRIBER if known else palette.LOST
        dash = None if known else "4 3"
        parts.append(
            svg.rect(420, y, 430, 30, rx=4, fill=palette.PAPER, stroke=edge, stroke_width=2, stroke_dasharray=dash)
        )
        parts.append(svg.text(432, y + 20, f"{who}:"))
        parts.append(svg.text(570, y + 20, answer, weight="600"))
    same = "the same table" if state.same else "another table"
    parts.append(svg.text(420, _BOX + 118, f"For now both give {same}.", size=13))
    return "".join(parts)


def _sentence(state: TwoViews) -> str:
    told = ", ".join(f"{folder} {path or 'is gone'}" for folder, path in state.told) or "nothing"
    folder, position = state.question.folder, state.question.position
    rows = len(state.table)
    return (
        f"{state.position} of {len(STORY)} events were read, and the table has {rows} row{'s' * (rows != 1)}; at this step it tells: {told}. "
        f"Compacted, **{len(state.kept)} of {state.position}** are kept and give {'the same' if state.same else 'another'} table. "
        f"Where {folder} was after position {position}: all events say “{state.answers[0]}”, the compacted say “{state.answers[1]}”."
    )
