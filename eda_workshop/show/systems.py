"""The scene of a system: boxes in their units, links by kind, and what the fall of a box does to the others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from eda_workshop.show import palette, svg
from eda_workshop.show.layout import BOX, Curve, Places, Point, curve, places
from eda_workshop.show.picture import WIDTH, Picture
from eda_workshop.simulate import ASK, CALL, EVENT, KINDS, QUEUE, Blast, System

HEIGHT = 404
_STATES = {"dead": "down", "stopped": "stops", "hurt": "works in part", "behind": "gets no news"}


@dataclass(frozen=True)
class SystemState:
    """A system, what of it was killed, what that does, and how often all of it that is needed is up (0 to 1)."""

    system: System
    killed: tuple[str, ...]
    blast: Blast
    availability: float


def draw_system(state: SystemState) -> Picture:
    """The boxes with their links, the operations that are left, and the sentence with the blast radius."""
    where = places(state.system)
    parts = [
        _unit(unit, [where[name] for name in names]) for unit, names in state.system.units.items() if len(names) > 1
    ]
    parts += [_line(kind, way, both=both, dead=dead) for kind, way, both, dead in _ways(state, where)]
    parts += [_box(name, where[name], _state_of(name, state.blast)) for name in state.system.by_name]
    return Picture("".join([*parts, _operations(state), _legend()]), HEIGHT, _sentence(state))


def _state_of(name: str, blast: Blast) -> str:
    return next((state for state in _STATES if name in getattr(blast, state)), "")


def _box(name: str, middle: Point, state: str) -> str:
    x, y = middle[0] - BOX[0] / 2, middle[1] - BOX[1] / 2
    broken = state in ("dead", "stopped")
    style: dict[str, str | float | None] = {
        "fill": palette.PAPER,
        "stroke": palette.LOST if state in ("dead", "stopped", "hurt") else palette.EDGE,
        "stroke_width": 2 if state else 1.2,
        "stroke_dasharray": "5 4" if state == "dead" else None,
    }
    cross = svg.text(x + BOX[0] - 12, y + 17, "✗", size=14, weight="700", anchor="middle", color=palette.WRONG)
    said = _STATES.get(state, "works")
    color = palette.INK if broken else palette.MUTED
    return svg.group(
        svg.rect(x, y, BOX[0], BOX[1], rx=6, **style),
        svg.text(x + 12, y + 20, name, weight="600", width=BOX[0] - 30),
        svg.text(x + 12, y + 36, said, size=11.5, color=color),
        cross if broken else "",
        title=f"{name}: {said}",
    )


def _unit(name: str, middles: list[Point]) -> str:
    """A frame round the boxes that are deployed, and fall, together."""
    left, right = min(x for x, _ in middles) - BOX[0] / 2 - 12, max(x for x, _ in middles) + BOX[0] / 2 + 12
    top, bottom = min(y for _, y in middles) - BOX[1] / 2 - 10, max(y for _, y in middles) + BOX[1] / 2 + 10
    frame = svg.rect(left, top, right - left, bottom - top, rx=10, fill=palette.FAINT, opacity=0.45)
    words = svg.text(left + 12, bottom - 10, f"one unit: {name}", size=11.5)
    return svg.group(frame, words, title=f"one unit: {name}")


Way = tuple[str, Curve, bool, bool]


def _ways(state: SystemState, where: Places) -> Iterator[Way]:
    """Each line once: its kind, its curve, whether it goes both ways, and whether one of its ends is dead."""
    arrows: dict[tuple[str, str], str] = {}
    for link in state.system.links:
        for pair in ((link.source, link.via), (link.via, link.target)) if link.via else ((link.source, link.target),):
            arrows.setdefault(pair, link.kind)
    for (source, target), kind in arrows.items():
        back = arrows.get((target, source)) == kind
        if back and source > target:
            continue
        others = [place for name, place in where.items() if name not in (source, target)]
        dead = bool({source, target} & set(state.blast.dead))
        yield kind, curve(where[source], where[target], others), back, dead


def _line(kind: str, way: Curve, both: bool, dead: bool) -> str:
    color = palette.EVENT if kind == EVENT else palette.MUTED
    style: dict[str, str | float | None] = {
        "fill": "none",
        "stroke": color,
        "stroke_width": 2,
        "stroke_dasharray": "6 4" if kind in (EVENT, QUEUE) else None,
    }
    heads = _head(way.at(0.9), way.end, color) + (_head(way.at(0.1), way.start, color) if both else "")
    return svg.group(
        svg.element("path", d=way.path, **style), heads, _mark(kind, way.at(0.36)), opacity=0.35 if dead else None
    )


def _head(before: Point, tip: Point, color: str) -> str:
    dx, dy = tip[0] - before[0], tip[1] - before[1]
    length = max((dx * dx + dy * dy) ** 0.5, 1e-9)
    ux, uy = dx / length, dy / length
    left = (tip[0] - 9 * ux - 5 * uy, tip[1] - 9 * uy + 5 * ux)
    right = (tip[0] - 9 * ux + 5 * uy, tip[1] - 9 * uy - 5 * ux)
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in (tip, left, right))
    return svg.element("polygon", points=points, fill=color)


def _mark(kind: str, middle: Point) -> str:
    """What a link carries: nothing for a call, a queue's slots, an event's disc."""
    x, y = middle
    if kind == EVENT:
        return svg.circle(x, y, 5, fill=palette.EVENT, stroke=palette.PAPER, stroke_width=1.5)
    if kind in (ASK, QUEUE):
        slots = [
            svg.rect(x - 10 + 7 * n, y - 6, 6, 12, fill=palette.LOG, stroke=palette.INK, stroke_width=0.8)
            for n in range(3)
        ]
        return "".join(slots)
    return ""


def _operations(state: SystemState) -> str:
    """What people ask for, and whether they still get it."""
    parts = [svg.text(24, 346, "people ask to", weight="600")]
    whole = sum(operation.share for operation in state.system.operations)
    width = min(176, (WIDTH - 160) / len(state.system.operations))
    for index, operation in enumerate(state.system.operations):
        lost, x = operation.name in state.blast.lost, 136 + width * index
        sign, color = ("✗", palette.WRONG) if lost else ("✓", palette.INK)
        words = f"{operation.name} ({operation.share / whole:.0%})"
        parts.append(svg.text(x, 346, sign, weight="700", color=color))
        parts.append(svg.text(x + 18, 346, words, width=width - 24))
    return "".join(parts)


def _legend() -> str:
    words = {CALL: "call", ASK: "queue, and wait", QUEUE: "queue, and go on", EVENT: "event"}
    parts, x = [svg.text(24, 382, "links", weight="600")], 136.0
    for kind in KINDS:
        parts.append(_line(kind, Curve((x, 378), (x + 26, 378), (x + 52, 378)), both=False, dead=False))
        parts.append(svg.text(x + 62, 382, words[kind], size=12))
        x += 100 + 7.5 * len(words[kind])
    return "".join(parts)


def _sentence(state: SystemState) -> str:
    found, count, name = state.blast, len(state.system.services), state.system.name
    head = f"{name[0].upper()}{name[1:]}: "
    up = f"What people ask for works **{state.availability:.1%}** of the time, if {_each(state.system)}."
    if not state.killed:
        return f"{head}{count} boxes in {_count(len(state.system.units), 'unit')}, and all of them work. {up}"
    lost = f"{found.share:.0%} of requests fail" if found.lost else "no request fails"
    late = f", {_count(len(found.behind), 'box', 'boxes')} will be late" if found.behind else ""
    return f"{head}{_fall(state)}; {_others(found)}{late}. Blast radius **{found.radius} of {count}**, {lost}. {up}"


def _fall(state: SystemState) -> str:
    one, killed = len(state.killed) == 1, " and ".join(state.killed)
    taken = len(state.blast.dead) - len(state.killed)
    told = f"{killed} {'falls' if one else 'fall'}"
    if taken:
        told += f" and {'takes' if one else 'take'} {_count(taken, 'box', 'boxes')} of the same unit along"
    return told


def _others(found: Blast) -> str:
    """What those that are up can still do."""
    stopped, hurt = len(found.stopped), len(found.hurt)
    told = [f"{_count(stopped, 'box stops', 'boxes stop')}" if stopped else ""]
    told.append(_count(hurt, "works in part", "work in part") if hurt else "")
    return ", ".join(filter(None, told)) or "nobody else stops"


def _each(system: System) -> str:
    """How often each unit is up, in words."""
    values = sorted({service.up for service in system.services if service.up < 1})
    if not values:
        return "nothing ever falls"
    most = max(values, key=[service.up for service in system.services].count)
    others = [f"{name} {service.up:.4g}" for name, service in system.by_name.items() if service.up not in (most, 1)]
    return f"each unit is up {most:.4g} of it" + (f" ({', '.join(others[:3])})" if others else "")


def _count(number: int, noun: str, plural: str = "") -> str:
    return f"{number} {noun if number == 1 else plural or noun + 's'}"
