"""A table of specs and wrong deciders: which spec kills which, and what tells a survivor from the right one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, ClassVar

import ipywidgets

from eda_workshop.bus import Command
from eda_workshop.decide import Decider, Spec, caught_by, spec
from eda_workshop.decide.decider import check_decider
from eda_workshop.errors import BadPlan, BadSetting, EdaError, SpecFailed, check_number
from eda_workshop.event import Event
from eda_workshop.show.picture import Picture
from eda_workshop.show.spec_table import (
    LEFT,
    MOST_DECIDERS,
    SpecRow,
    SpecTableState,
    StoryTold,
    WrongDecider,
    column_width,
    draw_spec_table,
)
from eda_workshop.stories.desks import WRONG, Desk, Mutant
from eda_workshop.widgets.instrument import Frame, Instrument, button, choice
from eda_workshop.widgets.spots import Spot, Spots

SpecFunction = Callable[[type[Decider]], object]


@dataclass(frozen=True)
class SpecTableSettings:
    """What the specs came to, and the number of the wrong decider whose story is told; 0 for none."""

    rows: tuple[SpecRow, ...] = ()
    told: int = 0


def examined(
    specs: Iterable[SpecFunction], right: type[Decider], wrong: Iterable[type[Decider]]
) -> tuple[SpecRow, ...]:
    """Each spec on the right decider, and if it holds there, on the wrong ones."""
    specs, wrong = tuple(specs), tuple(wrong)
    return tuple(_row(function, name, right, wrong) for function, name in zip(specs, _names(specs), strict=True))


def story_of(number: int, name: str, mutant: Mutant, right: type[Decider]) -> StoryTold:
    """What both deciders do on the mutant's story."""
    given, when = mutant.story
    ours, theirs = (spec(decider).given(*given).when(when) for decider in (right, mutant.decider))
    answer = ours.ask()
    words = theirs.ask().words
    if answer.events is not None and words == answer.words:
        try:
            theirs.then(*answer.events)
        except SpecFailed as failed:
            words = failed.problem
    return StoryTold(
        number,
        name,
        mutant.fault,
        tuple(map(_in_words, given)),
        _in_words(when),
        _full(answer.words, answer.events),
        words,
    )


class SpecTable(Instrument):
    """Specs against wrong deciders: a cross where a spec kills one. Press a column for a story on which it differs.

    specs  functions of the decider: ``def full(desk): return spec(desk).given(…).when(…).refused()``
    right  the decider as it should be: a spec that fails on it counts nothing
    wrong  up to ten `Mutant`s by name; as long as one survives, its name isn't shown

    >>> from eda_workshop.stories.desks import Desk, lending, borrowed
    >>> def first(desk): return spec(desk).when(lending("emma", "ada")).then(borrowed("emma", "ada"))
    >>> SpecTable([first])
    SpecTable: 1 spec kills 2 of 8; six survive.
    >>> SpecTable().examine([first]).words
    '1 spec kills 2 of 8; six survive.'
    """

    labels: ClassVar = {"number": "Wrong decider"}

    def __init__(
        self,
        specs: Iterable[SpecFunction] = (),
        right: type[Decider] = Desk,
        wrong: Mapping[str, Mutant] = WRONG,
    ) -> None:
        self._right, self._wrong = check_decider(right), _checked_mutants(wrong)
        self.settings = SpecTableSettings(self._examined(_checked_specs(specs)))
        super().__init__()

    def frame(self) -> Frame:
        state = self._state()
        kills = {row.name: sum(row.kills) for row in state.rows if not row.problem}
        numbers = {
            "specs": len(kills),
            "killed": state.killed,
            "survivors": tuple(self._number(decider) for decider in state.survivors),
            "kills": kills,
        }
        return Frame(draw_spec_table(state), numbers)

    # --- the same as the controls, from code ----------------------------------------------------

    def examine(self, specs: Iterable[SpecFunction]) -> Picture:
        """Take these specs instead of those before."""
        return self._do(lambda: self._examine(specs))

    def story(self, number: int) -> Picture:
        """Show a story on which a wrong decider, from 1, differs from the right one."""
        return self._do(lambda: self._tell(number))

    def hide(self) -> Picture:
        """Hide the story."""
        return self._do(self._hide, "The story is hidden.")

    # --- controls -------------------------------------------------------------------------------

    def _controls(self) -> list[list[ipywidgets.Widget]]:
        self._chosen = choice("Wrong decider", self._labels())
        show = button("Show a story", lambda: self.story(self._chosen.value))
        return [[self._chosen, show, button("Hide it", self.hide)]]

    def _stage(self) -> ipywidgets.Widget:
        """The picture, with a button over the head of each column: it shows the story, and hides it again."""
        self._spots = Spots(self._shown, MOST_DECIDERS)
        return self._spots.stage

    def _put_controls(self) -> None:
        labels, chosen = self._labels(), self._chosen.value
        if [*self._chosen.options] != labels:
            self._chosen.options = labels
            self._chosen.value = chosen
        width = column_width(len(self._wrong))
        spots = [
            Spot(
                f"{'Hide' if number == self.settings.told else 'Show'} a story of {label}",
                LEFT + width * (number - 1) + 3,
                10,
                width - 6,
                74,
                partial(self._turn, number),
            )
            for label, number in labels
        ]
        self._spots.put(spots, self.frame().picture.height)

    def _turn(self, number: int) -> Picture:
        return self.hide() if number == self.settings.told else self.story(number)

    def _labels(self) -> list[tuple[str, int]]:
        """The wrong deciders by what may be known of them."""
        found = []
        for number, decider in enumerate(self._state().deciders, 1):
            killers = ", ".join(decider.killed_by)
            known = f"{decider.name}, killed by {killers}" if killers else "survivor"
            found.append((f"{number}: {known}", number))
        return found

    # --- settings -------------------------------------------------------------------------------

    def _state(self) -> SpecTableState:
        rows, told = self.settings.rows, self.settings.told
        killers = [tuple(row.name for row in rows if row.kills[at]) for at in range(len(self._wrong))]
        deciders = tuple(
            WrongDecider(name, mutant.edge, by) for (name, mutant), by in zip(self._wrong.items(), killers, strict=True)
        )
        if not told:
            return SpecTableState(rows, deciders)
        name, mutant = [*self._wrong.items()][told - 1]
        return SpecTableState(rows, deciders, story_of(told, name, mutant, self._right))

    def _number(self, decider: WrongDecider) -> int:
        return [*self._wrong].index(decider.name) + 1

    def _examine(self, specs: Iterable[SpecFunction]) -> None:
        given = _checked_specs(specs)
        if not given:
            raise BadSetting("specs", specs, "at least one function of the decider: [full, limit]")
        self.settings = SpecTableSettings(self._examined(given))

    def _examined(self, specs: tuple[SpecFunction, ...]) -> tuple[SpecRow, ...]:
        return examined(specs, self._right, [mutant.decider for mutant in self._wrong.values()])

    def _tell(self, number: int) -> None:
        self.settings = replace(self.settings, told=check_number("number", number, 1, len(self._wrong)))

    def _hide(self) -> None:
        if not self.settings.told:
            raise BadPlan("No story is shown", "Choose a wrong decider, and show one.")
        self.settings = replace(self.settings, told=0)


# --- the specs ----------------------------------------------------------------------------------


def _row(function: SpecFunction, name: str, right: type[Decider], wrong: tuple[type[Decider], ...]) -> SpecRow:
    none = (False,) * len(wrong)
    try:
        if problem := _problem(function, right):
            return SpecRow(name, problem, none)
        return SpecRow(name, "", tuple(bool(caught_by([function], decider)) for decider in wrong))
    except Exception as error:
        words = str(error) if isinstance(error, EdaError) else f"{type(error).__name__}: {error}"
        return SpecRow(name, f"it breaks off with {words.rstrip('.')}", none)


def _problem(function: SpecFunction, right: type[Decider]) -> str:
    """Why a spec counts nothing, by what it says of the right decider."""
    try:
        said = function(right)
    except SpecFailed as failed:
        return f"it fails on the right decider, where {failed.problem}"
    except AssertionError as failed:
        return f"it fails on the right decider: {failed}".rstrip(": ")
    is_open = isinstance(said, Spec) and not said.outcome
    return "it claims nothing: end it with .then(…) or .refused()" if is_open else ""


def _names(specs: Iterable[SpecFunction]) -> list[str]:
    """What the specs are called; a lambda, and the second of a name, get their numbers."""
    found: list[str] = []
    for number, function in enumerate(specs, 1):
        name = getattr(function, "__name__", "<lambda>")
        found.append(f"spec {number}" if name == "<lambda>" else f"{name}, {number}" if name in found else name)
    return found


def _in_words(message: Event | Command) -> str:
    """The name and the values: ``book.lend emma ada 2026-03-02``."""
    return " ".join([message.name, *map(str, message.data.values())])


def _full(words: str, events: tuple[Event, ...] | None) -> str:
    """The answer, with the values of its events."""
    return words if not events else ", ".join(f"{_in_words(event)} happens" for event in events)


def _checked_specs(specs: object) -> tuple[SpecFunction, ...]:
    rule = "a list of functions of the decider: SpecTable([full, limit])"
    if isinstance(specs, (str, bytes, Mapping)) or not isinstance(specs, Iterable):
        raise BadSetting("specs", specs, rule)
    given = tuple(specs)
    if not all(map(callable, given)):
        raise BadSetting("specs", specs, rule)
    return given


def _checked_mutants(wrong: Any) -> dict[str, Mutant]:
    is_right = isinstance(wrong, Mapping) and all(isinstance(each, Mutant) for each in wrong.values())
    if not is_right or not 1 <= len(wrong) <= MOST_DECIDERS:
        raise BadSetting("wrong", wrong, f"a dict of 1 to {MOST_DECIDERS} Mutants by their names")
    return {str(name): mutant for name, mutant in wrong.items()}
