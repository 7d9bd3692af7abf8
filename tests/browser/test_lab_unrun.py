"""Lessons that are opened and not run: what a reader sees who has no kernel yet."""

import json
from html.parser import HTMLParser

import pytest
from lab_page import NARROW, OUTPUTS
from thorough import THOROUGH

from eda_workshop.lessons.catalogue import LESSONS

# What is stored is looked at in every file by the tests of the notebooks; here it is whether JupyterLab shows it.
SOME = ("00-start", "03-bus", "08-memory-image", "12-temporal-property", "16-capstone")
NAMES = [lesson.name for lesson in LESSONS if lesson.name in SOME or THOROUGH]


class Alternatives(HTMLParser):
    """Collects what the images on a page say instead of themselves."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        if tag == "img":
            self.found.append(dict(attrs)["alt"])


def stored_pictures(path):
    """The alternative texts of the pictures that the file holds, in order."""
    parser = Alternatives()
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        for output in cell.get("outputs", []):
            parser.feed("".join(output.get("data", {}).get("text/html", "")))
    return parser.found


@pytest.fixture(scope="module")
def unsigned(server):
    """Copies that differ from what was signed, as after a pull or an edit elsewhere, so JupyterLab doesn't trust them."""
    for name in NAMES:
        notebook = json.loads((server.folder / f"{name}.ipynb").read_text(encoding="utf-8"))
        notebook["metadata"]["changed"] = True
        (server.folder / f"unsigned-{name}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    return server.folder


@pytest.fixture(scope="module", params=NAMES)
def name(request):
    return request.param


@pytest.fixture(scope="module")
def lesson(lab, unsigned, name):
    """A lesson that JupyterLab doesn't trust, opened and not run."""
    return lab.open(f"unsigned-{name}", kernel=False)


def test_every_stored_picture_is_there(lesson, name, unsigned):
    """JupyterLab takes inline SVG out of what it doesn't trust; the image that is stored beside it shows, with its sentence."""
    shown = lesson.ask("pictures")
    assert [picture["alt"] for picture in shown] == stored_pictures(unsigned / f"{name}.ipynb")
    for picture in shown:
        assert picture["image"]
        assert picture["words"] == picture["alt"]
        assert picture["words"].count(" ") >= 5


def test_nothing_looks_broken(lesson):
    """No widget that can't be shown, no pop-up with news, nothing on the console, nothing cut off when narrow."""
    assert lesson.page.locator(OUTPUTS, has_text="Error displaying widget").count() == 0
    assert lesson.page.locator(".Toastify__toast").count() == 0
    assert (lesson.complaints, lesson.outside) == ([], [])
    lesson.resize(NARROW)
    assert lesson.ask("overflowing") == []


@pytest.fixture
def signed(lab):
    """A lesson as the kit's own command opens it, not run."""
    return lab.open("03-bus", kernel=False)


def test_signed_by_the_kit_it_shows_the_scenes_themselves(signed):
    """The command that starts JupyterLab signs the lessons: the inline picture shows in the theme's colors, its image does not."""
    scenes = [picture for picture in signed.ask("pictures") if picture["scene"]]
    assert len(scenes) >= 4
    assert not any(picture["image"] for picture in scenes)
    paper = "() => getComputedStyle(document.querySelector('figure svg rect')).fill"
    light = signed.page.evaluate(paper)
    signed.theme("Dark")
    assert signed.page.evaluate(paper) != light


@pytest.fixture
def begun(lab, unsigned):
    """A lesson that JupyterLab doesn't trust, with its first picture run and the others not."""
    opened = lab.open("unsigned-03-bus")
    for _ in range(4):
        opened.page.keyboard.press("Shift+Enter")
    opened.status(opened.cell('pipe.publish("folder.created")')).wait_for()
    return opened


def test_running_one_cell_hides_no_other_picture(begun, unsigned):
    """What a fresh picture brings along for itself leaves the stored ones of later cells as they are."""
    later = begun.ask("pictures")
    assert [picture["alt"] for picture in later] == stored_pictures(unsigned / "03-bus.ipynb")[1:]
    assert all(picture["image"] for picture in later)
