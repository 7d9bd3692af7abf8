"""The site: a page for each lesson, whole without script and network, and with nothing of the notebook lost."""

import json
import re
from pathlib import Path

from eda_workshop.lessons.catalogue import LESSONS

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"


def cells(lesson):
    return json.loads((NOTEBOOKS / lesson.notebook).read_text(encoding="utf-8"))["cells"]


def outputs(lesson):
    """The stored outputs, but for what an exercise's check says of a stub."""
    unchecked = [cell for cell in cells(lesson) if not re.search(r"^check\.", "".join(cell["source"]), re.MULTILINE)]
    return [output for cell in unchecked for output in cell.get("outputs", [])]


def plain(text):
    return re.sub(r"\s+", " ", text)


def test_there_is_a_page_for_each_lesson(files):
    """The catalogue's lessons, an index, the glossary, a style sheet, and nothing else."""
    assert set(files) == {"index.html", "glossary.html", "site.css", *(f"{lesson.name}.html" for lesson in LESSONS)}


def test_the_index_says_what_each_lesson_asks(pages):
    """Number, title, question and minutes of every lesson, in order."""
    entries = pages["index.html"].select(".lessons li")
    shown = [(entry.a["href"], plain(entry.a.get_text(" ", strip=True))) for entry in entries]
    assert shown == [(f"{lesson.name}.html", f"{lesson.number:02} {lesson.title}") for lesson in LESSONS]
    for entry, lesson in zip(entries, LESSONS, strict=True):
        question, minutes = (line.get_text() for line in entry.find_all("p"))
        assert "?" in question or lesson.number == 0
        assert len(question) > 20
        assert minutes.startswith(f"{lesson.minutes} minutes")


def test_every_page_is_built_for_all_readers(pages):
    """Language, title, viewport, a way past the top, one main part, one h1, and no heading's level left out."""
    for name, page in pages.items():
        assert page.html["lang"] == "en"
        assert page.title.get_text(strip=True)
        assert page.find("meta", attrs={"name": "viewport"})
        assert page.body.a["href"] == f"#{page.main['id']}"
        levels = [int(heading.name[1]) for heading in page.find_all(re.compile(r"^h[1-6]$"))]
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in zip([0, *levels], levels, strict=False)), name


def test_ids_are_used_once(pages):
    """No two elements of a page have the same id, so every link into it is certain."""
    for name, page in pages.items():
        ids = [element["id"] for element in page.select("[id]")]
        assert len(ids) == len(set(ids)), name


def test_links_lead_to_what_is_there(files, pages):
    """A link is to a file of the site or to a place on the page; none is to a notebook."""
    for page in pages.values():
        ids = {element["id"] for element in page.select("[id]")}
        for link in page.select("a[href]"):
            file, _, anchor = link["href"].partition("#")
            assert file in files if file else anchor in ids, link


def test_lessons_are_linked_in_order(pages):
    """Previous and next lead through all lessons, and the ends have only one of them."""
    names = [f"{lesson.name}.html" for lesson in LESSONS]
    following = [pages[name].select_one("a[rel=next]") for name in names]
    preceding = [pages[name].select_one("a[rel=prev]") for name in names]
    assert [link and link["href"] for link in following] == [*names[1:], None]
    assert [link and link["href"] for link in preceding] == [None, *names[:-1]]


def test_pages_ask_nobody_for_anything(files):
    """No script, no other host, no file that the site doesn't have."""
    for name, text in files.items():
        loaded = re.findall(r'(?:\bsrc|<link[^>]* href)="([^"]*)"|url\(([^)]*)\)|@import (\S+)', text)
        assert {"".join(found) for found in loaded if not "".join(found).startswith("data:")} <= {"site.css"}, name
        assert "<script" not in text
        assert not re.search(r"\son\w+=", text)


def test_pages_are_small(files):
    """None passes 400 kB, and all together are a few MB at most."""
    sizes = [len(text.encode()) for text in files.values()]
    assert max(sizes) < 400_000
    assert sum(sizes) < 4_000_000


def test_nothing_that_was_printed_is_lost(pages):
    """Every stored line of text, every error's sentence and every sentence under a picture stands on the page."""
    for lesson in LESSONS:
        text = plain(pages[f"{lesson.name}.html"].get_text())
        for output in outputs(lesson):
            data = output.get("data", {})
            said = output.get("text") or output.get("evalue") or ("text/html" not in data and data["text/plain"]) or ""
            assert plain("".join(said)).strip() in text


def test_every_picture_is_there_once(pages):
    """A drawn scene is inline, for it follows the theme; its twin for other viewers is left out; charts are images."""
    for lesson in LESSONS:
        stored = ["".join(output.get("data", {}).get("text/html", "")) for output in outputs(lesson)]
        figures = pages[f"{lesson.name}.html"].find_all("figure")
        assert len(figures) == sum("<figure" in html for html in stored)
        for figure in figures:
            picture = figure.svg or figure.img
            assert len(figure.find_all(["svg", "img"])) == 1
            assert plain(picture.get("aria-label") or picture["alt"]) == plain(figure.figcaption.get_text())
            assert "display: none" not in str(figure)


def test_exercises_are_told_from_code(pages):
    """Task and stub stay; the answer to a stub nobody filled gives way to where it is checked."""
    for lesson in LESSONS:
        page = pages[f"{lesson.name}.html"]
        checks = sum("\ncheck." in "".join(cell["source"]) for cell in cells(lesson))
        assert len(page.select(".checked")) == checks
        assert not page.select("[role=status]")
        assert all(note.find_previous(class_="code").get_text().count("...") for note in page.select(".checked"))


def test_errors_that_are_meant_are_called_so(pages):
    """A cell that breaks a rule on purpose shows the library's sentence, and says that it belongs there."""
    errors = pages["04-handlers.html"].select(".error")
    assert len(errors) == 3
    assert all(error.get_text().startswith("An error, as it should be. ") for error in errors)
    assert "DuplicateHandler: Subscriber 'mailer' already has a handler" in errors[1].get_text()


def test_wide_code_can_be_reached_by_keyboard(pages):
    """Code that a phone can't show at once and every table can be focused, and so scrolled."""
    page = pages["02-events-and-commands.html"]
    for code in page.select(".highlight pre"):
        wide = any(len(line) > 38 for line in code.get_text().splitlines())
        assert code.has_attr("tabindex") == wide
    assert len(page.find_all("table")) == len(page.select(".scroll[tabindex='0'] > table")) > 0


def test_the_sheet_knows_all_colors_in_both_themes(files):
    """Each of JupyterLab's colors that a page or the code's look names is given, light and dark."""
    used = set(re.findall(r"var\((--[\w-]+)", "".join(files.values())))
    light, _, dark = files["site.css"].partition("prefers-color-scheme: dark")
    given = re.compile(r"^\s*(--[\w-]+):", re.MULTILINE)
    dark = set(given.findall(dark))
    assert {name for name in used if not name.endswith("family")} <= dark
    assert used <= set(given.findall(light))
