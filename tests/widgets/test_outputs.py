"""The two outputs of what has controls: one that is stored, and one that lives as long as its kernel."""

import re

import ipywidgets
import pytest
from all_instruments import every_instrument
from displayed import VIEW, displayed
from ipywidgets.widgets.widget import _instances

from eda_workshop.exercises import quiz
from eda_workshop.exercises.your_progress import YourProgress
from eda_workshop.lessons.catalogue import LESSONS
from eda_workshop.widgets import PipeAndTaps
from eda_workshop.widgets.outputs import STATIC
from eda_workshop.widgets.status import CONTROLS

HIDES_WHILE_ALIVE = ".jp-OutputArea-child:has(.eda-static):has(+ .jp-OutputArea-child .eda-controls) { display: none; }"
HIDES_THE_DEAD = (
    ".jp-OutputArea-child:has(.eda-static) + .jp-OutputArea-child"
    ":has(> .jp-OutputArea-output:not([data-mime-type])):not(:has(.eda-controls)) { display: none; }"
)


@pytest.fixture
def pipe():
    return PipeAndTaps()


def widget(id):
    return _instances[id]


def inside(box):
    """The box and all widgets in it."""
    yield box
    for child in getattr(box, "children", ()):
        yield from inside(child)


def name_of(stored):
    return re.search(rf'<div class="{STATIC}" id="([^"]+)">', stored["text/html"])[1]


@every_instrument
def test_an_instrument_has_two_outputs(make):
    """The first is the picture with its sentence and no widget, the second the widget and no words."""
    instrument = make()
    stored, live = displayed(instrument)
    assert set(stored) == {"text/html", "text/plain"}
    assert instrument.picture.html() in stored["text/html"]
    assert stored["text/plain"].endswith(instrument.picture.words)
    assert live["text/plain"] == ""
    assert "text/html" not in live
    assert any(CONTROLS in each._dom_classes for each in inside(widget(live[VIEW]["model_id"])))


@pytest.mark.parametrize("make", [lambda: quiz(3), lambda: YourProgress(LESSONS)], ids=["quiz", "progress"])
def test_what_else_has_controls_has_two_outputs_too(make, tmp_path, monkeypatch):
    """A quiz and the learner's progress outlive their kernel as well."""
    monkeypatch.setenv("EDA_WORKSHOP_HOME", str(tmp_path))
    thing = make()
    stored, live = displayed(thing)
    assert (stored["text/plain"], live["text/plain"]) == (repr(thing), "")
    assert STATIC in stored["text/html"]
    assert VIEW in live


def test_the_stored_part_brings_its_rules(pipe):
    """It hides while the next output has controls, and hides the next one when that is dead."""
    stored, _ = displayed(pipe)
    assert HIDES_WHILE_ALIVE in stored["text/html"]
    assert HIDES_THE_DEAD in stored["text/html"]


def test_the_same_picture_is_stored_the_same_each_time(pipe):
    """Nothing in it depends on the run, so a lesson's notebook can be compared with a new one."""
    assert displayed(pipe)[0] == displayed(PipeAndTaps())[0]


def test_without_jupyterlabs_outputs_the_live_part_hides_what_it_stored(pipe):
    """By its id, each time that it was shown; another picture has another id, and stays."""
    first, _ = displayed(pipe)
    pipe.publish("user.signed_up")
    second, live = displayed(pipe)
    other, _ = displayed(PipeAndTaps(log=True))
    rules = " ".join(each.value for each in inside(widget(live[VIEW]["model_id"])) if isinstance(each, ipywidgets.HTML))
    assert f"body:not(:has(.jp-OutputArea)) #{name_of(first)} {{ display: none; }}" in rules
    assert f"body:not(:has(.jp-OutputArea)) #{name_of(second)} {{ display: none; }}" in rules
    assert name_of(other) not in rules


def test_shown_again_and_again_it_leaves_no_widgets_behind(pipe):
    """A cell that is run 50 times has the widgets of one."""
    displayed(pipe)
    before = len(_instances)
    for _ in range(50):
        displayed(pipe)
    assert len(_instances) == before
