"""What caused what: one conversation as a tree, all of them as a graph, and the graph's cycles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import NamedTuple

from eda_workshop.event import Recorded
from eda_workshop.log.own import STEPS


class TraceLine(NamedTuple):
    """One event of a conversation; `depth` is 0 for its first. `delivered_to` is None when no longer known."""

    event: Recorded
    depth: int
    delivered_to: tuple[str, ...] | None


@dataclass(frozen=True)
class Trace:
    """The events of one conversation, each under the one that caused it."""

    lines: tuple[TraceLine, ...]

    def __str__(self) -> str:
        return "\n".join(map(_line, self.lines))

    __repr__ = __str__


def tree(events: Iterable[Recorded]) -> list[tuple[Recorded, int]]:
    """The events in the order of a walk through causes, each with its depth from 0."""
    effects: dict[int, list[Recorded]] = {}
    known: dict[str, int] = {}
    for event in events:
        # Only what came before can be a cause; so the walk reaches every event, and ends. Where two sources have given
        # out one id, the cause is the later event.
        effects.setdefault(known.get(event.causation, 0), []).append(event)
        known[event.id] = event.position
    walk: list[tuple[Recorded, int]] = []
    waiting = [(event, 0) for event in reversed(effects.get(0, []))]
    while waiting:
        event, depth = waiting.pop()
        walk.append((event, depth))
        waiting += [(effect, depth + 1) for effect in reversed(effects.get(event.position, []))]
    return walk


def causes(events: Iterable[Recorded]) -> Counter[tuple[str, str]]:
    """How often an event of one name caused one of another, directly or by commands: (cause, effect) → times.

    What a process records in between is looked through, as commands are.

    >>> log = open_log("memory://")
    >>> _ = log.append(Event("user.signed_up", id="1"), Event("folder.created", id="2", causation="1"))
    >>> causes(log)
    Counter({('user.signed_up', 'folder.created'): 1})
    """
    names: dict[str, str] = {}
    edges: Counter[tuple[str, str]] = Counter()
    for event in events:
        cause = names.get(event.causation)
        if event.name in STEPS:
            if cause is not None:
                names[event.id] = cause
            continue
        if cause is not None:
            edges[cause, event.name] += 1
        names[event.id] = event.name
    return edges


def find_cycle(edges: Iterable[tuple[str, str]] | Mapping[tuple[str, str], int]) -> tuple[str, ...]:
    """One chain of names that comes back to its first, or () if there is none.

    >>> find_cycle([("a.done", "b.done"), ("b.done", "a.done"), ("b.done", "c.done")])
    ('a.done', 'b.done', 'a.done')
    """
    graph: dict[str, set[str]] = {}
    for cause, effect in sorted(edges):
        graph.setdefault(effect, set()).add(cause)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        found = error.args[1][:-1]
        first = found.index(min(found))
        return (*found[first:], *found[:first], found[first])
    return ()


def _line(line: TraceLine) -> str:
    event, depth, receivers = line
    who = "" if receivers is None else " → " + (", ".join(receivers) or "nobody")
    return f"{'   ' * depth}{event.position} {event.name} {event.subject}".rstrip() + who
