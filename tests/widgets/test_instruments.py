"""What all instruments share, and request against publish."""

import threading
import xml.etree.ElementTree as ET

import ipywidgets
import pytest
from all_instruments import KINDS, every_instrument
from displayed import displayed

from eda_workshop import BadEvent
from eda_workshop.show.picture import WIDTH
from eda_workshop.widgets import Option, PipeAndTaps, Question, Quiz, RequestOrPublish
from eda_workshop.widgets.instrument import Frame, Instrument, button


def controls(instrument):
    return [control for row in instrument._box.children[:-2] for control in row.children]


def test_all_instruments_are_found():
    """None is left out of the tests below."""
    assert len(KINDS) >= 13


@every_instrument
def test_every_control_has_a_name(make):
    """Boxes and dropdowns carry a label, buttons a word; a slider stands beside its labelled box."""
    for control in controls(make()):
        unlabelled = type(control).__name__ in ("FloatSlider", "IntSlider", "Box")
        assert unlabelled or control.description, control


@every_instrument
def test_every_button_acts_and_nothing_is_raised(make):
    """Each button, pressed three times in a row, leaves a picture with a sentence; what is refused is told."""
    instrument = make()
    for _ in range(3):
        for control in controls(instrument):
            if hasattr(control, "click"):
                control.click()
            assert len(instrument.picture.words.split()) >= 5


@every_instrument
def test_the_picture_is_the_same_each_time(make):
    """The same settings give the same picture, in another instrument too, and it holds valid XML of a fit size."""
    one, other = make().picture, make().picture
    assert one == other
    assert ET.fromstring(one.svg) is not None
    assert 100 <= one.height <= 420
    for text in ET.fromstring(one.svg).iter("{http://www.w3.org/2000/svg}text"):
        assert 0 <= float(text.get("x")) <= WIDTH


@every_instrument
def test_it_can_be_made_anew_after_all_widgets_were_closed(make):
    """As in a notebook in which somebody tidies up; instruments share no widget."""
    make()
    ipywidgets.Widget.close_all()
    assert len(displayed(make())) == 2


def test_number_box_and_slider_follow_each_other():
    """Either of them changes the setting, and the other one shows it."""
    race = RequestOrPublish()
    box, slider = race._box.children[0].children[:2]
    slider.value = 1
    assert (box.value, race.settings.work) == (1, 1)
    box.value = 4.5
    assert (slider.value, race.settings.work) == (4.5, 4.5)


def test_request_or_publish_from_code():
    """Its methods set the same as its controls, and reset brings the beginning back."""
    race = RequestOrPublish()
    first = race.picture.words
    assert "16.9 s on request" in (race.callers(12), race.every(0.5))[1].words
    assert race.reset().words == first
    assert RequestOrPublish(callers=1, work=0).numbers == {"request": 0.1, "publish": 0.1, "deepest": 0, "end": 0.1}


class Broken(Instrument):
    """An instrument whose one button fails."""

    settings = None

    def frame(self):
        return Frame(PipeAndTaps().picture)

    def _controls(self):
        return [[button("Fail", lambda: self._do(lambda: 1 / 0))]]


def test_an_exception_in_a_callback_shows_in_the_status_line():
    """Callbacks have nobody to catch what they raise, so even a fault of the kit is told."""
    broken = Broken()
    broken._box.children[0].children[0].click()
    assert "ZeroDivisionError: division by zero" in broken._status.value


def test_threads_may_press_buttons_at_the_same_time():
    """Widget callbacks may run on another thread than cells: nothing is lost, and nothing fails."""
    pipe, start = PipeAndTaps(), threading.Barrier(4)

    def press():
        start.wait()
        for _ in range(5):
            pipe.publish("user.signed_up")

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert pipe.numbers["published"] == 20
    assert "Refused" not in pipe._status.value


@pytest.fixture
def sums():
    """A quiz of one question."""
    return Quiz("Quiz", [Question("2 + 2?", (Option("3", "Count again."), Option("4", "Two and two.", right=True)))])


def test_a_quiz_has_a_word_on_every_answer(sums):
    """Right and wrong are told by words and a sign, in an element that is announced."""
    assert sums.answer(1, "a") == "✗ Not this one. Count again."
    assert sums.answer(1, "b") == "✓ Right. Two and two."
    assert 'role="status"' in sums._replies[0].value
    assert "Two and two." in sums._replies[0].value


@pytest.mark.parametrize(("question", "letter"), [(0, "a"), (2, "a"), (1, "c"), (1, ""), (1, "ab")])
def test_a_quiz_refuses_answers_that_are_none(sums, question, letter):
    """The error says which questions or letters there are."""
    with pytest.raises(BadEvent, match="Choose"):
        sums.answer(question, letter)


def test_a_quiz_can_be_read_on_paper(sums):
    """Without a kernel the questions, their answers and, folded, the right one are there."""
    paper, _ = displayed(sums)
    assert paper["text/plain"] == "Quiz: 1 questions"
    assert "<details><summary>Answer</summary>4. Two and two.</details>" in paper["text/html"]
