"""Each lesson in JupyterLab after Run All: no errors, readable in both themes, nothing cut off."""

import re

import pytest
from lab_page import NARROW, OUTPUTS, WIDE
from thorough import THOROUGH
from walk import different, through, use

from eda_workshop.lessons.catalogue import LESSONS

FRAMES = re.compile(r"Traceback|-->|File |\.py\b|Cell In\[|<module>|site-packages")


@pytest.fixture(scope="module", params=[lesson.name for lesson in LESSONS])
def lesson(lab, request):
    """A lesson in which all cells were run."""
    return lab.run(request.param)


def test_only_what_is_meant_to_fails(lesson):
    """A cell fails only if it has the tag, and then it shows its error's name and sentence, and no frames."""
    for error in lesson.ask("errors"):
        assert error["meant"], error
        assert error["shown"].startswith(f"{error['name']}: ")
        assert not FRAMES.search(error["shown"])
        assert error["shown"].count("\n") <= 3


def test_widgets_are_drawn(lesson):
    """No output says that a widget can't be shown, and no pop-up lies over the page."""
    assert lesson.page.locator(OUTPUTS).count() > 5
    assert lesson.page.locator(OUTPUTS, has_text="Error displaying widget").count() == 0
    assert lesson.page.locator(".Toastify__toast").count() == 0


def test_every_picture_has_a_name(lesson):
    """Each inline picture carries the same sentence as its label and as its title, and has some size."""
    scenes = lesson.ask("scenes")
    assert scenes
    for scene in scenes:
        assert scene["label"] == scene["title"]
        assert scene["label"].count(" ") >= 5
        assert scene["width"] > 300


@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_it_can_be_read(lesson, theme):
    """Contrast, names and labels in the outputs keep to WCAG 2.1 AA. axe looks at HTML only; in pictures, too, each word
    stands out from what is under it, and none leaves the picture."""
    lesson.theme(theme)
    assert lesson.axe() == []
    assert lesson.ask("faintOrCut") == []


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_nothing_is_cut_off(lesson, width):
    """On a narrow and on a wide window no output scrolls or hides a part of itself."""
    lesson.resize(width)
    assert lesson.ask("overflowing") == []


def test_everything_has_words(lesson):
    """Images and scenes have a sentence, tables a name and heads, and what is folded a line that says what it is."""
    assert lesson.ask("unnamed") == []


def test_nothing_moves_for_those_who_want_no_motion(lesson):
    """The page asks for reduced motion: nothing runs in outputs, and no control would glide when it is used."""
    assert lesson.ask("moving") == []


def test_the_system_s_colors_hide_nothing(lesson):
    """With forced colors a picture keeps its own, so its words stand out as they did, and each button has a border."""
    lesson.theme("Light")
    for scheme in ("light", "dark"):
        lesson.page.emulate_media(forced_colors="active", color_scheme=scheme)
        assert (lesson.ask("repainted"), lesson.ask("bare")) == ([], [])
        assert lesson.ask("faintOrCut") == []
    lesson.page.emulate_media(forced_colors="none", color_scheme="light")


# Through each lesson once; how the focus shows in the dark too, in the slow version.
@pytest.mark.parametrize("theme", ["Light", "Dark"] if THOROUGH else ["Light"])
def test_all_controls_are_reached_by_tab(lesson, theme):
    """In their order, each with a name and where it can be seen, with the focus plain to see; and Tab leads out again."""
    lesson.theme(theme)
    lesson.resize(WIDE)
    assert [fault for box, count in different(lesson) for fault in through(lesson, box, count)] == []


def test_all_controls_answer_to_keys(lesson):
    """Space and Enter press, arrows change; whatever acts is answered in the line that is read aloud, also the second time."""
    faults = []
    for box, count in different(lesson):
        for control in range(count):
            faults += use(lesson, box, control)
    assert faults == []


def test_nothing_is_logged_and_nothing_leaves_the_machine(lesson):
    """The page reports no error on its console, and asks nobody but its own server."""
    lesson.theme("Light")
    assert lesson.complaints == []
    assert lesson.outside == []
