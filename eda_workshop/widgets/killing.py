"""Kill a box: a system as a graph, whose boxes can be taken down and whose links can be tied in other ways."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import ipywidgets

from eda_workshop.errors import BadSetting
from eda_workshop.show.layout import BOX, places
from eda_workshop.show.picture import Picture
from eda_workshop.show.systems import HEIGHT, SystemState, draw_system
from eda_workshop.simulate import KINDS, System, availability, blast, tie
from eda_workshop.simulate.architectures import ARCHITECTURES
from eda_workshop.widgets.given import check_known
from eda_workshop.widgets.instrument import Frame, Instrument, button, choice
from eda_workshop.widgets.spots import Spot, Spots


@dataclass(frozen=True)
class KillSettings:
    """Which system is shown, what of it is down, and which links are tied otherwise: (source, target, kind)."""

    name: str
    killed: tuple[str, ...] = ()
    tied: tuple[tuple[str, str, str], ...] = ()


def run(system: System, settings: KillSettings) -> SystemState:
    """Tie the links, let the boxes fall, and ask the graph who falls with them."""
    for source, target, kind in settings.tied:
        system = tie(system, source, target, kind)
    return SystemState(system, settings.killed, blast(system, *settings.killed), availability(system))


class KillABox(Instrument):
    """A system as a graph. Click a box, or pick it, and see who falls with it.

    system  the name of an architecture of the drive, or a `System` of yours

    >>> KillABox("event-driven").kill("mailer").words.split(". ")[1]
    'Blast radius 1 of 7, no request fails'
    """

    labels: ClassVar = {"name": "Architecture", "part": "Box", "kind": "The link"}

    def __init__(self, system: str | System = "three tiers, monolith") -> None:
        self._systems = {name: each.system for name, each in ARCHITECTURES.items()}
        if isinstance(system, System):
            self._systems = {system.name: system} | self._systems
        elif system not in self._systems:
            raise BadSetting("system", system, f"a System, or one of: {', '.join(self._systems)}")
        self.settings = KillSettings(system.name if isinstance(system, System) else system)
        super().__init__()

    def frame(self) -> Frame:
        state = self._state()
        numbers = {
            "boxes": len(state.system.services),
            "units": len(state.system.units),
            "radius": state.blast.radius,
            "lost": state.blast.lost,
            "share": state.blast.share,
            "availability": state.availability,
        }
        return Frame(draw_system(state), numbers)

    @property
    def system(self) -> System:
        """The system as it is shown, its links tied as they are now: `run_system` takes it."""
        return self._state().system

    # --- the same as the controls, from code ----------------------------------------------------

    def build(self, name: str) -> Picture:
        """Show another architecture, with nothing down and its links as they were."""
        return self._do(lambda: self._build(name))

    def kill(self, part: str) -> Picture:
        """Take a box down."""
        return self._do(lambda: self._kill(part), f"{part} is down.")

    def restore(self, part: str = "") -> Picture:
        """Bring a box back; without a name, all of them."""
        return self._do(lambda: self._restore(part), f"{part or 'All'} up again.")

    def tie(self, source: str, target: str, kind: str) -> Picture:
        """Tie two boxes otherwise: "call", "queue and wait", "queue" or "event"."""
        return self._do(lambda: self._tie(source, target, kind), f"{source} → {target}: {kind}.")

    def reset(self) -> Picture:
        """Everything up again, and every link as it was."""
        return self._do(lambda: self._set(killed=(), tied=()))

    # --- controls -------------------------------------------------------------------------------

    def _controls(self) -> list[list[ipywidgets.Widget]]:
        self._name = choice("Architecture", list(self._systems), self.settings.name)
        self._part = choice("Box", list(self.system.by_name))
        self._link = choice("Link", self._links())
        self._kind = choice("is a", list(KINDS))
        self._name.observe(lambda change: self._by_hand(lambda: self.build(change["new"])), names="value")
        self._link.observe(lambda _: self._by_hand(self._refresh), names="value")
        self._kind.observe(lambda change: self._by_hand(lambda: self._tie_chosen(change["new"])), names="value")
        first = [
            self._name,
            self._part,
            button("Kill", lambda: self.kill(self._part.value)),
            button("Restore", lambda: self.restore(self._part.value)),
        ]
        return [first, [self._link, self._kind, button("Start over", self.reset)]]

    def _tie_chosen(self, kind: str) -> Picture:
        source, target = self._link.value
        return self.tie(source, target, kind)

    def _stage(self) -> ipywidgets.Widget:
        """The picture, with a button over each box: a click or the enter key turns it."""
        self._spots = Spots(self._shown, max(len(system.services) for system in self._systems.values()))
        return self._spots.stage

    def _click(self, name: str) -> None:
        self.restore(name) if name in self.settings.killed else self.kill(name)

    def _put_controls(self) -> None:
        system, links = self.system, self._links()
        self._name.value = self.settings.name
        if list(self._part.options) != list(system.by_name):
            self._part.options = list(system.by_name)
        if list(self._link.options) != links:
            self._link.options = links
        self._kind.value = next(link.kind for link in system.links if (link.source, link.target) == self._link.value)
        where = places(system)
        self._spots.put([self._spot(name, *where[name]) for name in system.by_name], HEIGHT)

    def _spot(self, name: str, x: float, y: float) -> Spot:
        verb = "Restore" if name in self.settings.killed else "Kill"
        return Spot(f"{verb} {name}", x - BOX[0] / 2, y - BOX[1] / 2, *BOX, lambda: self._click(name))

    # --- settings -------------------------------------------------------------------------------

    def _state(self) -> SystemState:
        return run(self._systems[self.settings.name], self.settings)

    def _links(self) -> list[tuple[str, tuple[str, str]]]:
        pairs = dict.fromkeys((link.source, link.target) for link in self._systems[self.settings.name].links)
        return [(f"{source} → {target}", (source, target)) for source, target in pairs]

    def _build(self, name: str) -> None:
        check_known("name", name, self._systems)
        self.settings = KillSettings(name)

    def _known(self, part: str, *, down: bool) -> str:
        names = [name for name in self.system.by_name if (name in self.settings.killed) == down]
        if part not in names:
            state = "down" if down else "up"
            raise BadSetting("part", part, f"a box that is {state}: {', '.join(names) or 'there is none'}")
        return part

    def _kill(self, part: str) -> None:
        self._set(killed=(*self.settings.killed, self._known(part, down=False)))

    def _restore(self, part: str) -> None:
        gone = {self._known(part, down=True)} if part != "" else set(self.settings.killed)
        self._set(killed=tuple(name for name in self.settings.killed if name not in gone))

    def _tie(self, source: str, target: str, kind: str) -> None:
        check_known("link", (source, target), [pair for _, pair in self._links()])
        check_known("kind", kind, self._kind.options)
        kept = [each for each in self.settings.tied if each[:2] != (source, target)]
        self._set(tied=(*kept, (source, target, kind)))
        self._link.value = (source, target)

    def _set(self, **changes: Any) -> None:
        self.settings = replace(self.settings, **changes)
