"""What an instrument says to those who don't see it: each act is answered in the line that is read aloud."""

import re
import xml.etree.ElementTree as ET

import ipywidgets
import pytest
from all_instruments import BOXES, KINDS, SLIDERS, every_instrument, leaves, player, rows, use

from eda_workshop.exercises import YourProgress
from eda_workshop.widgets import (
    KillABox,
    LagSlider,
    LeavingTheHouse,
    Option,
    PipeAndTaps,
    Question,
    Quiz,
    RequestOrPublish,
)

FOR_A_BUTTON = {
    "KillABox": {"Box", "Link"},
    "LagSlider": {"Read model"},
    "LateLetter": {"By"},
    "LogBuilder": {"Event", "User", "E-mail", "Position"},
    "PipeAndTaps": {"From", "Event", "User", "E-mail", "Tap"},
    "PullThePlug": {"Clicks", "Crash"},
    "RailwaySwitch": {"Edit", "Event", "Made up"},
    "RegistryGrid": {"Subscriber", "Event"},
    "ReplayPlayer": {"Speed"},
    "SpecTable": {"Wrong decider"},
    "TapeAndGauge": {"GB"},
    "TwoBoards": {"Board", "Bid (€)"},
    "TwoDesks": {"Desk"},
    "TwoTimes": {"From", "Salary", "Known on"},
    "UndoButton": {"Port"},
}
"""Controls that do nothing by themselves, of each instrument: they say what a button, or Play, or a list will act on."""


def line(instrument):
    return instrument._status.value


def leaf(instrument, place):
    return [control for row in rows(instrument) for control in row][place]


@every_instrument
def test_every_act_is_answered(make):
    """Whatever is used, once and once more, the line is another one each time, and the picture's own words are in it."""
    for place in range(sum(map(len, rows(make())))):
        instrument = make()
        control = leaf(instrument, place)
        if control.description in FOR_A_BUTTON.get(type(instrument).__name__, set()):
            continue
        said = [line(instrument)]
        for _ in range(1 if control.description == "Play" else 2):  # without an event loop it is at the end at once
            if use(control):
                said.append(line(instrument))
                assert said[-1] != said[-2], control.description
                assert 'role="status" aria-live="polite"' in said[-1]


@every_instrument
def test_what_only_the_picture_shows_is_said(make):
    """An act that changes the picture and not its sentence has words of its own."""
    for place in range(sum(map(len, rows(make())))):
        instrument = make()
        use(leaf(instrument, place))
        assert "its sentence is the same" not in line(instrument), leaf(instrument, place).description


@every_instrument
def test_what_a_button_acts_on_stands_before_it(make):
    """A control that does nothing by itself is followed by a button in its row, so nobody waits for it in vain."""
    instrument = make()
    waiting = FOR_A_BUTTON.get(type(instrument).__name__, set()) - {"Speed", "Link"}
    for row in rows(instrument):
        for place, control in enumerate(row):
            if control.description in waiting:
                later = [each for each in row[place:] if isinstance(each, ipywidgets.Button)]
                assert later, control.description


def test_the_table_of_what_waits_for_a_button_is_true():
    """Every control in it is there, and leaves the settings alone."""
    for kind, make in zip(KINDS, every_instrument.args[1], strict=True):
        instrument = make()
        before, found = instrument.settings, set()
        for control in list(leaves(instrument._box.children[:-2])):
            if control.description in FOR_A_BUTTON.get(kind.__name__, set()):
                use(control)
                found.add(control.description)
        assert found == FOR_A_BUTTON.get(kind.__name__, set())
        assert instrument.settings == before


@every_instrument
def test_every_slider_has_a_named_box_that_does_the_same(make):
    """The widget library gives a slider's handle no name: the box before it has one, and both come to the same."""
    for row, controls in enumerate(rows(make())):
        for place, slider in enumerate(controls):
            if not isinstance(slider, SLIDERS):
                continue
            by_slider, by_box = make(), make()
            use(rows(by_slider)[row][place])
            moved, box = rows(by_slider)[row][place - 1], rows(by_box)[row][place - 1]
            assert isinstance(box, BOXES)
            assert box.description
            box.value = moved.value
            assert line(by_slider) == line(by_box)
            assert rows(by_box)[row][place].value == rows(by_slider)[row][place].value


@every_instrument
def test_nothing_in_a_picture_itself_is_to_be_clicked(make):
    """A picture has no links and no handlers, so that no act needs a pointer; its parts are not in the tab order."""
    for element in ET.fromstring(make().picture.svg).iter():
        assert not element.tag.endswith(("}a", "}script", "}foreignObject"))
        assert not [name for name in element.attrib if name.startswith("on") or name == "tabindex"]


def test_what_is_clicked_on_a_picture_has_a_twin_among_the_controls():
    """Each button over a box does what the list and the buttons above do, and its name says which way it turns."""
    for part in KillABox("microlith").system.by_name:
        by_spot, by_list = KillABox("microlith"), KillABox("microlith")
        for verb in ("Kill", "Restore"):
            (spot,) = [each for each in by_spot._spots.buttons if each.description == f"{verb} {part}"]
            spot.click()
            by_list._part.value = part
            next(each for each in leaves(by_list._box.children[:-2]) if each.description == verb).click()
            assert line(by_spot) == line(by_list)


def test_a_refusal_is_counted():
    """The same words again would not be read aloud again."""
    lag = LagSlider()
    lag.delay("folders", 11)
    assert "<b>Refused.</b>" in line(lag)
    lag.delay("folders", 11)
    assert "<b>Refused (2 times).</b>" in line(lag)
    lag.delay("folders", 2)
    assert "Refused" not in line(lag)


def test_what_changes_nothing_says_so():
    """Starting over at the beginning, and a setting that has nothing to act on."""
    race = RequestOrPublish()
    race.reset()
    assert "<b>Nothing has changed.</b>" in line(race)
    house = LeavingTheHouse()
    house.cut(30, 0)
    assert "<b>Done.</b> It makes no difference here." in line(house)


def test_a_tap_that_is_turned_is_told():
    """The sentence counts copies, so a tap that was closed changes nothing in it."""
    pipe = PipeAndTaps()
    pipe.close("mailer")
    assert "<b>Done.</b> The tap mailer is closed." in line(pipe)
    assert "Done" not in pipe.picture.words


def test_a_playing_player_reads_only_its_beginning_and_its_end_aloud(monkeypatch):
    """Ten sentences a second are nothing to listen to."""
    playing = player()
    playing.last()
    playing.play()
    assert re.search("aria-live=.polite.*<b>At the end", line(playing))
    monkeypatch.setattr(playing, "_playing", object())
    playing.back()
    assert 'aria-live="off"' in line(playing)
    playing._stand("Playing")
    assert re.search("aria-live=.polite.*<b>Playing", line(playing))


def test_a_question_is_the_name_of_its_dropdown():
    """Whoever comes to the dropdown by keyboard hears what is asked; the place for the reply is there from the start."""
    quiz = Quiz("Quiz", [Question("2 + 2?", (Option("3", "Count."), Option("4", "Two and two.", right=True)))])
    assert [choice.description for choice in quiz._choices] == ["1. 2 + 2?"]
    assert 'role="status" aria-live="polite"' in quiz._replies[0].value


@pytest.fixture
def board(tmp_path, monkeypatch):
    monkeypatch.setenv("EDA_WORKSHOP_HOME", str(tmp_path))
    return YourProgress(())


def test_the_map_answers_each_button(board):
    """Also when its answer is the one that it gave before; and no button is hidden while it may have the focus."""
    buttons = [each for each in leaves(board._box.children) if isinstance(each, ipywidgets.Button)]
    for pressed in buttons:
        for _ in range(2):
            before = board._voice.widget.value
            pressed.click()
            assert board._voice.widget.value != before, pressed.description
    assert all(each.layout.display is None for each in buttons)
