"""Slides on a projector: moved by keys, each as high as the screen, whole without a network, and printable."""

import re

import pytest
from read_page import reader

from eda_workshop.commands import slides
from eda_workshop.commands.table import parse
from eda_workshop.lessons.catalogue import LESSONS

SCREEN = (1280, 720)
HEIGHTS = "[...document.querySelectorAll('.slide')].map(slide => Math.round(slide.getBoundingClientRect().height))"
CUT_OFF = """() => [...document.querySelectorAll(".shown, .shown *")]
    .filter(element => !element.parentElement.closest("svg") && element.scrollWidth > element.clientWidth + 2)
    .filter(element => getComputedStyle(element).display !== "inline")
    .map(element => element.outerHTML.slice(0, 120))"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The slides of all lessons, written by their command."""
    folder = tmp_path_factory.mktemp("pages") / "my slides é"
    slides.main(parse("slides", ["--into", str(folder)]))
    return folder


@pytest.fixture(scope="module")
def projector(browser, folder):
    with reader(browser, folder, *SCREEN, "light") as opened:
        yield opened


@pytest.fixture(scope="module")
def dark(browser, folder):
    with reader(browser, folder, *SCREEN, "dark") as opened:
        yield opened


def at(page):
    """The number of the slide that fills the window."""
    top = "[...document.querySelectorAll('.slide')].find(slide => Math.abs(slide.getBoundingClientRect().top) < 2)?.id"
    found = page.evaluate(top)
    return found and int(found)


@pytest.mark.parametrize("name", [lesson.name for lesson in LESSONS])
def test_every_slide_fits_the_screen(projector, name):
    """Nothing is cut off or lies below the edge at 1280 by 720, and nothing but the folder was asked for."""
    page = projector.open(f"{name}.html")
    assert {height for height in page.evaluate(HEIGHTS) if abs(height - 720) > 1} == set()
    assert page.evaluate(CUT_OFF) == []
    assert (projector.complaints, projector.outside) == ([], [])


@pytest.mark.parametrize("name", ["index", "03-bus"])
def test_slides_can_be_read_by_everybody(projector, dark, name):
    """axe finds nothing, and the colors are strong enough in the dark."""
    projector.open(f"{name}.html")
    assert projector.axe() == []
    dark.open(f"{name}.html")
    assert dark.axe("color-contrast") == []


def test_keys_move_from_slide_to_slide(projector):
    """On by arrow, space and page down, back by their opposites, and to both ends; the address follows."""
    page = projector.open("03-bus.html")
    last = page.locator(".slide").count()
    keys = ["ArrowRight", "Space", "PageDown", "ArrowDown", "ArrowLeft", "Shift+Space", "PageUp", "End", "ArrowRight"]
    seen = []
    for key in [*keys, "ArrowUp", "Home", "ArrowUp"]:
        page.keyboard.press(key)
        seen.append(at(page))
    assert seen == [2, 3, 4, 5, 4, 3, 2, last, last, last - 1, 1, 1]
    page.keyboard.press("ArrowRight")
    assert re.search(r"#2$", page.url)
    page.reload()
    assert at(page) == 2


def test_space_opens_an_answer(projector):
    """On the answer of a quiz the space bar does what it does everywhere."""
    page = projector.open("03-bus.html")
    answer = page.locator("summary").first
    answer.focus()
    before = at(page)
    answer.press("Space")
    assert page.locator("details").first.get_attribute("open") is not None
    assert at(page) == before


def test_a_slide_that_is_too_high_is_read_to_its_end(browser, folder):
    """On a small screen the keys first go down the slide, then on; and back again the same way."""
    with reader(browser, folder, 640, 300, "light") as small:
        page = small.open("02-events-and-commands.html")
        heights = page.evaluate(HEIGHTS)
        assert heights[0] > 300
        steps = 0
        while at(page) != 2:
            page.keyboard.press("ArrowRight")
            steps += 1
            assert steps < 10
        assert steps > 1
        page.keyboard.press("ArrowLeft")
        assert at(page) == 1


def test_each_slide_is_printed_on_a_page(projector):
    """As many pages as slides, each broad and low as the screen."""
    page = projector.open("03-bus.html")
    printed = page.pdf(prefer_css_page_size=True)
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", printed)
    assert len(boxes) == page.locator(".slide").count()
    assert {(round(float(width)), round(float(height))) for width, height in boxes} == {(960, 540)}
