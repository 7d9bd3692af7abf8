"""The same system with one thing changed: how two of its services are tied."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from eda_workshop.errors import BadSetting, BadSystem
from eda_workshop.simulate.system import CALL, EVENT, KINDS, Link, System


def tie(system: System, source: str, target: str, kind: str) -> System:
    """The system with every link from one service to another of this kind: call, queue and wait, queue or event.

    A target that was asked and is now told goes on as before, after the event; and the other way round. The event is
    called ``<source>.done``, and kept by the system's log if it has one. Raises `BadSystem` if there is no such link,
    or if what comes out goes round in a circle of calls.

    >>> from eda_workshop.simulate import blast
    >>> from eda_workshop.simulate.architectures import ARCHITECTURES
    >>> microlith = ARCHITECTURES["microlith"].system
    >>> blast(microlith, "mailer").radius, blast(tie(microlith, "sharing", "mailer", "event"), "mailer").lost
    (5, ('sign up',))
    """
    if kind not in KINDS:
        raise BadSetting("kind", kind, f"one of: {', '.join(KINDS)}")
    chosen = [link for link in system.links if (link.source, link.target) == (source, target)]
    if not chosen:
        known = ", ".join(dict.fromkeys(f"{link.source} → {link.target}" for link in system.links))
        raise BadSystem(system.name, f"there is no link from {source!r} to {target!r}", f"Use one of: {known}.")
    links = system.links
    for link in chosen:
        links = _tied(system, links, link, kind)
    return replace(system, links=links)


def _tied(system: System, links: Sequence[Link], link: Link, kind: str) -> Sequence[Link]:
    """The links with this one of another kind, and with what its target does then still done."""
    if kind == link.kind:
        return links
    name = f"{link.source}.done" if kind == EVENT else ""
    via = link.via or ("log" if kind == EVENT and "log" in system.by_name else "")
    changed = replace(link, kind=kind, name=name, via="" if kind == CALL else via)
    rest = [changed if other == link else other for other in links]
    # What the target did for this caller it goes on doing, and what it did for its others as well.
    for other in [other for other in rest if other.source == link.target and other.after == link.name]:
        takes = _common(other.takes, link.takes)
        moved = replace(other, after=changed.name, takes=takes or ())
        if takes is not None and not any(_covers(known, moved) for known in rest):
            rest.append(moved)
    return tuple(other for other in rest if not other.after or _hears(rest, other.source, other.after))


def _common(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...] | None:
    """The operations that both links take, () for all; None if there are none."""
    if not one or not other:
        return one or other
    return tuple(name for name in one if name in other) or None


def _covers(known: Link, link: Link) -> bool:
    return replace(known, takes=link.takes) == link and (not known.takes or set(link.takes) <= set(known.takes))


def _hears(links: list[Link], service: str, name: str) -> bool:
    return any(link.name == name and link.target == service for link in links)
