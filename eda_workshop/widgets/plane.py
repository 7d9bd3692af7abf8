"""The plane of two times: ask what held on one day, as it was known on another; add letters, and see what is owed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

import ipywidgets

from eda_workshop.errors import BadSetting, check_number
from eda_workshop.replay import fold
from eda_workshop.show.picture import Picture
from eda_workshop.show.plane import FIRST, LAST, PlaneState, draw_plane
from eda_workshop.stories.payroll import LETTERS, MONTHS, Letter, Salaries, day, day_name, due, owed, payroll, sally_log
from eda_workshop.widgets.instrument import Frame, Instrument, button, tick

RUNS = tuple(day(f"25 {month}") for month in MONTHS[:7])
FEBRUARY, MARCH = RUNS[1:3]
LEAST, MOST = 1000, 20_000
MOST_LETTERS = 8


@dataclass(frozen=True)
class PlaneSettings:
    """The two days of the question, the letters that came in, and whether runs put right the months before them."""

    actual: datetime = FEBRUARY
    record: datetime = MARCH
    letters: tuple[Letter, ...] = LETTERS
    back_pay: bool = False


def run(settings: PlaneSettings) -> PlaneState:
    """Record the letters, fold them, and let each payroll run up to the day of record pay what it knows."""
    salary = fold(sally_log(settings.letters), Salaries)["sally"]
    done = [moment for moment in RUNS if moment <= settings.record]
    slips = payroll(salary, done, back_pay=settings.back_pay)
    return PlaneState(salary, settings.actual, settings.record, RUNS, slips)


# A chart takes a tenth of a second, and one click asks for it several times.
@lru_cache(maxsize=32)
def _frame(settings: PlaneSettings) -> Frame:
    state = run(settings)
    runs = [slip.run for slip in state.slips]
    numbers = {
        "value": state.value,
        "paid": sum(slip.paid for slip in state.slips),
        "due": sum(due(state.salary, runs, state.record)),
        "owed": owed(state.salary, state.slips, state.record),
    }
    return Frame(draw_plane(state).as_picture(), numbers)


class TwoTimes(Instrument):
    """Sally's salary in the plane of its two times, with a question in it, and what was paid against what was due.

    actual    the day that is asked about, from 1 December 2025 to 31 July 2026, such as "25 February"
    record    what had become known by that day counts; the same span
    back_pay  whether each payroll run puts right what, as it knows, was wrong before

    >>> TwoTimes(actual="25 February", record="25 February").numbers["value"]
    6000
    >>> TwoTimes().ask("25 February", "25 April").words
    'On 25 April it was thought that on 25 February Sally earned 6400. By then 24,900 was paid and 25,200 was due: 300 owed.'
    """

    def __init__(self, *, actual: str = "25 February", record: str = "25 March", back_pay: bool = False) -> None:
        self.settings = PlaneSettings(_on_plane("actual", actual), _on_plane("record", record), back_pay=back_pay)
        super().__init__()

    def frame(self) -> Frame:
        return _frame(self.settings)

    def ask(self, actual: str, record: str) -> Picture:
        """Ask what held on one day, as it was known on another."""
        return self._do(lambda: self._show(_on_plane("actual", actual), _on_plane("record", record)))

    def letter(self, start: str, amount: int, known: str) -> Picture:
        """Let a letter come in: from when on which amount holds, and the day on which that became known."""
        return self._do(lambda: self._add(_on_plane("start", start), amount, _on_plane("known", known)))

    def remove(self) -> Picture:
        """As if the last letter had never come in; the contract stays."""
        return self._do(self._remove, "The last letter is taken away.")

    def back_pay(self, on: bool = True) -> Picture:
        """Let each payroll run put right the months before it, or pay its own month alone."""
        return self._set_control(self._back_pay, on)

    def reset(self) -> Picture:
        """The three letters of the story, and the question it began with."""
        return self._do(self._restore)

    def _controls(self) -> list[list[ipywidgets.Widget]]:
        now = self.settings
        self._days = {
            "actual": _day_and_slider("Actual", now.actual, lambda day: self._do(lambda: self._set(actual=day))),
            "record": _day_and_slider("Record", now.record, lambda day: self._do(lambda: self._set(record=day))),
        }
        self._back_pay = tick("Back pay", now.back_pay, lambda on: self._do(lambda: self._set(back_pay=on)))
        start, known = _day_box("From", day("1 July")), _day_box("Known on", day("20 April"))
        amount = ipywidgets.BoundedIntText(
            description="Salary", value=7000, min=LEAST, max=MOST, step=100, layout={"width": "130px"}, style=_STYLE
        )
        add = button("Add letter", lambda: self._add_picked(start, amount, known))
        return [
            [*self._days["actual"], *self._days["record"], self._back_pay],
            [start, amount, known, add, button("Remove last letter", self.remove), button("Start over", self.reset)],
        ]

    def _add_picked(self, start: Any, amount: Any, known: Any) -> Picture:
        return self._do(lambda: self._add(_picked(start), amount.value, _picked(known)), "The letter is in the plane.")

    def _add(self, start: datetime, amount: int, known: datetime) -> None:
        check_number("amount", amount, LEAST, MOST)
        if len(self.settings.letters) == MOST_LETTERS:
            raise BadSetting("letters", MOST_LETTERS + 1, f"at most {MOST_LETTERS}: remove the last one first")
        run(self.settings).salary.put(start, amount, known)  # refuses a day of record before the newest
        self._set(letters=(*self.settings.letters, Letter(start, amount, known)))

    def _remove(self) -> None:
        if len(self.settings.letters) == 1:
            raise BadSetting("letters", 0, "at least one: the contract stays")
        self._set(letters=self.settings.letters[:-1])

    def _restore(self) -> None:
        first = PlaneSettings(back_pay=self.settings.back_pay)
        self.settings = first
        self._show(first.actual, first.record)

    def _show(self, actual: datetime, record: datetime) -> None:
        for name, moment in (("actual", actual), ("record", record)):
            self._days[name][0].value = moment.date()

    def _set(self, **changes: Any) -> None:
        self.settings = replace(self.settings, **changes)


_STYLE = {"description_width": "initial"}
_SPAN = {"min": FIRST.date(), "max": (LAST - timedelta(days=1)).date()}


def _on_plane(name: str, text: str) -> datetime:
    """The day, if it lies on the plane; else `BadSetting`."""
    moment = day(text)
    if not FIRST <= moment < LAST:
        raise BadSetting(name, text, f"a day from {day_name(FIRST)} to {day_name(LAST - timedelta(days=1))}")
    return moment


def _day_box(label: str, moment: datetime) -> ipywidgets.DatePicker:
    """A box for a day, which the keyboard fills in or counts up and down."""
    return ipywidgets.DatePicker(
        description=label, value=moment.date(), **_SPAN, layout={"width": "184px"}, style=_STYLE
    )


def _picked(box: ipywidgets.DatePicker) -> datetime:
    """The first moment of the day in a box; `BadSetting` for one that is empty or half filled in."""
    if box.value is None:
        raise BadSetting(box.description.lower(), None, "a whole date")
    return _midnight(box.value)


def _midnight(picked: date) -> datetime:
    return datetime.combine(picked, time(), UTC)


def _day_and_slider(
    label: str, moment: datetime, changed: Callable[[datetime], object]
) -> tuple[ipywidgets.DatePicker, ipywidgets.IntSlider]:
    """A box for a day and a slider that follow each other; `changed` gets each new day, a dragged one when let go."""
    box = _day_box(label, moment)
    most = (LAST - FIRST).days - 1
    place = (moment - FIRST).days
    slider = ipywidgets.IntSlider(
        value=place, min=0, max=most, readout=False, continuous_update=False, layout={"width": "150px"}
    )

    def on_box(change: dict[str, Any]) -> None:
        if change["new"] is not None:  # None: somebody is still typing
            slider.value = (change["new"] - FIRST.date()).days
            changed(_midnight(change["new"]))

    box.observe(on_box, names="value")
    slider.observe(lambda change: setattr(box, "value", FIRST.date() + timedelta(days=change["new"])), names="value")
    return box, slider
