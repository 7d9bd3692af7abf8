"""The scene of shards: how full each is, what order is left, and what one shard more would move."""

from __future__ import annotations

from eda_workshop.show import palette, svg
from eda_workshop.show.lanes import RADIUS, Disc, disc
from eda_workshop.show.picture import Picture
from eda_workshop.simulate.shards import BIGGEST, EVENTS, OWN, SPLIT, USERS, Sharded

_BARS, _ROOM, _DISCS, _STEP = 150, 300, 556, 26
_TOP, _MOVES = 64, 168


def draw_shards(state: Sharded) -> Picture:
    """A lane for each shard with its load and its part of the first events; a reader of all; two costs under it."""
    rows = [_TOP + _row(state) * number for number in range(len(state.loads))]
    bottom = rows[-1] + 36
    parts = [_heads(), _mean(state, rows[-1] + 14), *(_lane(state, shard, y) for shard, y in enumerate(rows))]
    parts += [_reader(state, bottom), _moving(state, bottom + 42), _asking(state, bottom + 42)]
    return Picture("".join(parts), bottom + 108, _sentence(state))


def _row(state: Sharded) -> int:
    return 26 if len(state.loads) > 7 else 30


def _heads() -> str:
    return "".join(
        [
            svg.text(24, 28, "shard", weight="600"),
            svg.text(_BARS, 28, "events on it", weight="600"),
            svg.text(_DISCS - 12, 28, "the first 12, as they happened", weight="600"),
        ]
    )


def _lane(state: Sharded, shard: int, y: float) -> str:
    own = state.sharding.biggest == OWN and shard == len(state.loads) - 1
    load, users = state.loads[shard], state.users[shard]
    wide = _ROOM * load / max(state.loads)
    name = f"{BIGGEST}'s own" if own else f"shard {shard + 1}"
    crowded = len(state.loads) > 7
    parts = [svg.text(24, y + (4 if crowded else -1), name, weight="600")]
    if not crowded:
        parts.append(svg.text(24, y + 12, f"{users} user{'s' * (users != 1)}", size=11, color=palette.MUTED))
    parts.append(svg.rect(_BARS, y - 9, max(wide, 1), 18, rx=3, fill=palette.SUBSCRIBER))
    parts.append(svg.text(_BARS + wide + 8, y + 4, f"{load}", size=12, halo=True))
    parts.append(svg.line(_DISCS - 12, y, _DISCS + 11 * _STEP + 14, y, stroke=palette.EDGE, stroke_width=1.2))
    parts += [_event(n, n, y, big=big) for n, (place, big) in enumerate(state.sample, 1) if place == shard]
    return svg.group(*parts, title=f"{name}: {load} events of {users} users")


def _event(number: int, turn: int, y: float, *, big: bool) -> str:
    x = _DISCS + _STEP * (turn - 1)
    drawn = disc(x, y, Disc(0, number, title=f"event {number}" + (f", {BIGGEST}'s" if big else "")))
    return drawn + (svg.circle(x, y, RADIUS, fill="none", stroke=palette.INK, stroke_width=2.2) if big else "")


def _mean(state: Sharded, bottom: float) -> str:
    x = _BARS + _ROOM * state.mean / max(state.loads)
    style: dict[str, str | float] = {"stroke": palette.INK, "stroke_width": 1.5, "stroke_dasharray": "4 3"}
    anchor = "end" if x > _BARS + 200 else "start"
    words = svg.text(x + (-6 if anchor == "end" else 6), 46, f"mean {state.mean:.0f}", size=12, anchor=anchor)
    return svg.line(x, 38, x, bottom, **style) + words


def _reader(state: Sharded, y: float) -> str:
    """What comes of the order when somebody reads all shards, one event from each in turn."""
    words = f"one from each shard in turn: {state.swapped:.0%} of neighbours are swapped,"
    more = f"and {state.torn:.0%} of neighbours among {BIGGEST}'s own events"
    line = svg.line(_DISCS - 12, y, _DISCS + 11 * _STEP + 14, y, stroke=palette.EDGE, stroke_width=1.2)
    discs = [_event(n, turn, y, big=state.sample[n - 1][1]) for turn, n in enumerate(state.read, 1)]
    head = svg.text(24, y - 1, "a reader of all", weight="600")
    return (
        head
        + svg.text(_BARS, y - 3, words, size=11.5)
        + svg.text(_BARS, y + 12, more, size=11.5)
        + line
        + "".join(discs)
    )


def _moving(state: Sharded, y: float) -> str:
    parts = [svg.text(24, y, "one shard more moves", weight="600")]
    for row, (name, share) in enumerate(state.moved.items(), 1):
        used = name == state.sharding.router
        at = y + 2 + 20 * row
        parts.append(svg.text(24, at, f"{name}{' (used)' if used else ''}", size=12, weight="600" if used else None))
        color = palette.EVENT if used else palette.LOG
        parts.append(svg.rect(_MOVES, at - 11, 180, 14, rx=3, fill=palette.FAINT, opacity=0.5))
        parts.append(svg.rect(_MOVES, at - 11, 180 * share, 14, rx=3, fill=color))
        parts.append(svg.text(_MOVES + 190, at, f"{share:.0%} of users", size=12))
    return "".join(parts)


def _asking(state: Sharded, y: float) -> str:
    parts = [svg.text(_DISCS - 74, y, "a question asks", weight="600")]
    rows = zip((f"{BIGGEST}'s files", "everybody's files"), state.asked, state.works, strict=True)
    for row, (what, shards, works) in enumerate(rows, 1):
        at = y + 2 + 20 * row
        parts.append(svg.text(_DISCS - 74, at, what, size=12))
        parts.append(svg.text(_DISCS + 44, at, f"{shards} shard{'s' * (shards != 1)}", size=12, weight="700"))
        parts.append(svg.text(_DISCS + 120, at, f"answered {works:.1%} of the time", size=12))
    return "".join(parts)


def _sentence(state: Sharded) -> str:
    made, biggest = state.sharding, state.biggest
    order = (
        f"{state.torn:.0%} of {BIGGEST}'s own events are read out of order"
        if made.biggest == SPLIT
        else "the order of each user's events holds"
    )
    return (
        f"{len(state.loads)} shards, {USERS} users, skew {made.skew:g}: the fullest shard has **{state.hot:.2f} times** the mean, "
        f"{max(state.loads)} of {EVENTS} events; {BIGGEST} alone makes {biggest} ({biggest / EVENTS:.0%}), {made.biggest}. "
        f"Over all shards {state.swapped:.0%} of neighbours are read out of order; {order}. One shard more moves "
        f"{state.moved[made.router]:.0%} of users by {made.router}."
    )
