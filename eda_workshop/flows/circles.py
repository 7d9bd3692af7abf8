"""Circles of events, found before anything runs: in a table of who hears what, and says what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice

import networkx as nx

from eda_workshop.names import check_name, check_pattern, matching

MOST = 20
"""So many circles are looked for; a table with more has other troubles."""


def find_circles(table: Mapping[str, tuple[Iterable[str], Iterable[str]]]) -> tuple[tuple[str, ...], ...]:
    """The chains of events that come back to their first, at most 20, the shortest first.

    table  for each subscriber: the names or patterns that it hears, and the names that it says when it does

    `find_cycle` finds a circle in what happened; this finds one that may never have happened yet.

    >>> find_circles({"folders": (["mail.sent"], ["folder.created"]), "mailer": (["folder.>"], ["mail.sent"])})
    (('folder.created', 'mail.sent', 'folder.created'),)
    """
    said = {check_name(name) for _, says in table.values() for name in says}
    graph = nx.DiGraph()
    for hears, says in table.values():
        heard = matching([check_pattern(pattern) for pattern in hears], sorted(said))
        graph.add_edges_from((cause, effect) for cause in heard for effect in says)
    circles = sorted(map(_from_first, islice(nx.simple_cycles(graph), MOST)), key=lambda circle: (len(circle), circle))
    return tuple((*circle, circle[0]) for circle in circles)


def _from_first(circle: list[str]) -> tuple[str, ...]:
    """A circle has no beginning; it is told from the name that comes first in the alphabet."""
    first = circle.index(min(circle))
    return (*circle[first:], *circle[:first])
