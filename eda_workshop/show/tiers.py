"""The scene of three tiers: boxes side by side, what each tier can do, and what goes with a box that is down."""

from __future__ import annotations

from eda_workshop.show import palette, svg
from eda_workshop.show.picture import Picture
from eda_workshop.simulate.tiers import SESSIONS, Tiered

_TOP, _ROW, _BOX = 66, 36, 30
_COLUMNS = {"browsers": (24, 150), "middle": (262, 250), "store": (600, 256)}
_GAUGES = 302


def draw_tiers(state: Tiered) -> Picture:
    """Three columns, an arrow from each to the next, and a gauge under the two that can be too small."""
    made = state.tiers
    parts = [_column("browsers", "frontends", "as many as there are", ["phones", "browsers", "the desktop"], 0)]
    servers = [_server(state, number) for number in range(made.servers)]
    parts.append(_column("middle", "servers", "behind a load balancer", servers, made.dead_servers))
    copies = [f"replica {number + 1}" for number in range(made.replicas)]
    quorum = "a majority is up: it writes" if state.writes else "no majority: it writes nothing"
    parts.append(_column("store", "store", quorum, copies, made.dead_replicas))
    parts += [_arrow("browsers", "middle"), _arrow("middle", "store")]
    parts += [_gauge("middle", made.rate, state.can[0]), _gauge("store", made.rate, state.can[1])]
    return Picture("".join(parts), 356, _sentence(state))


def _server(state: Tiered, number: int) -> str:
    share = SESSIONS // state.tiers.servers
    return f"server {number + 1}" + (f" with {share} sessions" if state.tiers.sticky else ", keeps nothing")


def _column(name: str, head: str, words: str, boxes: list[str], dead: int) -> str:
    x, wide = _COLUMNS[name]
    parts = [svg.text(x, 28, head, weight="600"), svg.text(x, 46, words, size=12, color=palette.MUTED)]
    for number, label in enumerate(boxes):
        parts.append(_box(x, _TOP + _ROW * number, wide, label, down=number < dead))
    return "".join(parts)


def _box(x: float, y: float, wide: float, label: str, *, down: bool) -> str:
    edge = palette.LOST if down else palette.SUBSCRIBER
    frame = svg.rect(
        x,
        y,
        wide,
        _BOX,
        rx=5,
        fill=palette.PAPER,
        stroke=edge,
        stroke_width=1.8,
        stroke_dasharray="5 4" if down else None,
    )
    words = svg.text(x + 12, y + 20, f"{label}: down" if down else label, size=12.5)
    cross = svg.text(x + wide - 16, y + 20, "✗", weight="700", anchor="middle", color=palette.WRONG)
    return svg.group(frame, words, cross if down else "", title=f"{label}: {'down' if down else 'up'}")


def _arrow(one: str, other: str) -> str:
    start, end, y = sum(_COLUMNS[one]) + 10, _COLUMNS[other][0] - 10, _TOP + _ROW * 1.4
    head = svg.element("path", d=f"M{end} {y:g} l-9 -5 v10 z", fill=palette.INK)
    return svg.line(start, y, end - 6, y, stroke=palette.INK, stroke_width=2) + head


def _gauge(name: str, rate: int, can: float) -> str:
    x, wide = _COLUMNS[name]
    full = min(rate / can, 1.0) if can else 1.0
    over = rate > can
    parts = [svg.rect(x, _GAUGES, wide, 14, rx=4, fill=palette.FAINT, opacity=0.6)]
    parts.append(svg.rect(x, _GAUGES, wide * full, 14, rx=4, fill=palette.LOST if over else palette.LOG))
    said = f"asked {rate} a second, can do {can:.0f}" + (": too small" if over else "")
    return "".join([*parts, svg.text(x, _GAUGES + 32, said, size=12.5, weight="600" if over else None)])


def _sentence(state: Tiered) -> str:
    made = state.tiers
    lost = f"{state.lost} of {SESSIONS} sessions are lost" if state.lost else "no session is lost"
    kept = "keep sessions" if made.sticky else "keep nothing"
    return (
        f"{made.servers} servers that {kept}, {made.dead_servers} down; {made.replicas} replicas, {made.dead_replicas} down. "
        f"**{state.answered:.0%}** of {made.rate} requests a second are answered in time; {lost}; the store "
        f"{'writes' if state.writes else 'can’t write: a majority is missing'}. "
        f"Some server and a majority of the replicas are up {state.works:.3%} of the time."
    )
