"""Every instrument, made as a lesson makes it, and its controls."""

from datetime import timedelta

import ipywidgets
import pytest

from eda_workshop import ManualClock, open_log, widgets
from eda_workshop.drive import Folders, stream
from eda_workshop.exercises.lesson_16.solutions import kit
from eda_workshop.widgets import LendingLibrary, RailwaySwitch, ReplayPlayer
from eda_workshop.widgets.instrument import Instrument

SLIDERS = (ipywidgets.IntSlider, ipywidgets.FloatSlider)
BOXES = (ipywidgets.BoundedIntText, ipywidgets.BoundedFloatText, ipywidgets.DatePicker)


def player():
    log = open_log("memory://", clock=ManualClock(tick=60))
    log.append(*stream(30))
    return ReplayPlayer(log, Folders)


def railway():
    log = open_log("memory://", clock=ManualClock(tick=60))
    log.append(*stream(12))
    return RailwaySwitch(log, Folders, len, "folders")


KINDS = [
    getattr(widgets, name)
    for name in widgets.__all__
    if isinstance(getattr(widgets, name), type) and issubclass(getattr(widgets, name), Instrument)
]
WITH_SOMETHING = {ReplayPlayer: player, RailwaySwitch: railway, LendingLibrary: lambda: LendingLibrary(kit())}
MAKERS = [WITH_SOMETHING.get(kind, kind) for kind in KINDS]
every_instrument = pytest.mark.parametrize("make", MAKERS, ids=[kind.__name__ for kind in KINDS])


def rows(instrument):
    """The rows of controls, those of a form among them."""
    return [list(leaves(row.children)) for row in instrument._box.children[:-2]]


def leaves(controls):
    for control in controls:
        if hasattr(control, "children"):
            yield from leaves(control.children)
        else:
            yield control


def use(control):
    """Press it, turn it, or take its next value; whether there was one to take."""
    if isinstance(control, ipywidgets.Button):
        control.click()
    elif isinstance(control, ipywidgets.Checkbox):
        control.value = not control.value
    elif isinstance(control, ipywidgets.Text):
        control.value += "x"
    elif isinstance(control, ipywidgets.Dropdown):
        control.index = (control.index + 1) % len(control.options)
        return len(control.options) > 1
    else:
        step = timedelta(days=1) if isinstance(control, ipywidgets.DatePicker) else control.step
        control.value += step if control.value < control.max else -step
    return True
