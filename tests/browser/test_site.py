"""The site on a phone, light and dark: nothing too broad, nothing unreadable, nobody asked for anything."""

import pytest
from read_page import reader
from thorough import THOROUGH

from eda_workshop.commands import site
from eda_workshop.commands.table import parse
from eda_workshop.lessons.catalogue import LESSONS

PAGES = ["index", *(lesson.name for lesson in LESSONS)]
# But for its colors, which all pages share, a page is the same in the dark.
IN_THE_DARK = PAGES if THOROUGH else ["index", "00-start", "03-bus", "12-temporal-property"]
PHONE = (390, 844)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The site, written by its command into a folder with a space and an accent."""
    folder = tmp_path_factory.mktemp("pages") / "my site é"
    site.main(parse("site", [str(folder)]))
    return folder


@pytest.fixture(scope="module", params=["light", "dark"])
def phone(request, browser, folder):
    with reader(browser, folder, *PHONE, request.param) as opened:
        opened.scheme = request.param
        yield opened


@pytest.mark.parametrize("phone", ["light"], indirect=True)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_can_be_read_on_a_phone(phone, name):
    """Nothing reaches over the edge, every picture is as broad as the text, axe finds nothing, and it stays among its files."""
    page = phone.open(f"{name}.html")
    assert phone.too_broad() == []
    widths = page.evaluate("[...document.querySelectorAll('figure :is(svg, img)')].map(p => p.clientWidth)")
    assert all(300 < width <= 358 for width in widths)
    assert phone.axe() == []
    assert (phone.complaints, phone.outside) == ([], [])


@pytest.mark.parametrize("phone", ["dark"], indirect=True)
@pytest.mark.parametrize("name", IN_THE_DARK)
def test_its_colors_can_be_read_in_the_dark(phone, name):
    """axe finds no word too faint."""
    phone.open(f"{name}.html")
    assert phone.axe("color-contrast") == []


def test_pictures_follow_the_system(phone):
    """A scene's paper is white on a light page and dark on a dark one."""
    page = phone.open("03-bus.html")
    paper = page.evaluate("getComputedStyle(document.querySelector('figure svg rect')).fill")
    assert paper == {"light": "rgb(255, 255, 255)", "dark": "rgb(27, 29, 33)"}[phone.scheme]


def test_a_picture_can_be_enlarged(phone):
    """On request a picture has its full size and scrolls inside itself; its sentence stays on the screen."""
    page = phone.open("03-bus.html")
    page.get_by_role("checkbox", name="Enlarge the picture below").first.check()
    picture = page.locator(".picture").first
    assert picture.locator("svg").bounding_box()["width"] == 880
    picture.evaluate("picture => picture.scrollBy(400, 0)")
    caption = picture.locator("figcaption").bounding_box()
    assert caption["x"] >= 0
    assert caption["x"] + caption["width"] <= PHONE[0]
    assert phone.too_broad() == []
    assert phone.axe() == []


def test_one_reads_on_by_keyboard(phone):
    """The first Tab offers to skip to the content; links lead from the index through the lessons."""
    page = phone.open("index.html")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/00-start.html")
    page.get_by_role("link", name="Next 01").press("Enter")
    page.wait_for_url("**/01-architectures.html")
