"""The lessons in JupyterLab, as a person meets them: seen, heard, clicked, and with the keyboard alone."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from eda_workshop import exercises
from eda_workshop.lessons.catalogue import LESSONS

NAMES = [lesson.name for lesson in LESSONS]
OUTPUT = ".jp-OutputArea-output"
RULES = [
    "aria-allowed-attr",
    "aria-required-attr",
    "aria-valid-attr",
    "aria-valid-attr-value",
    "button-name",
    "color-contrast",
    "image-alt",
    "label",
    "role-img-alt",
    "select-name",
    "svg-img-alt",
]

ERRORS = """() => [...window.jupyterapp.shell.currentWidget.content.widgets]
  .filter(cell => cell.model.type === 'code')
  .flatMap(cell => {
    const tags = cell.model.getMetadata('tags') ?? [];
    const outputs = cell.model.outputs.toJSON().filter(output => output.output_type === 'error');
    return outputs.map(output => ({meant: tags.includes('raises-exception'), text: output.traceback.join('\\n')}));
  })"""
CLIPPED = """() => [...document.querySelectorAll('.jp-OutputArea-output, .jp-OutputArea-output *')]
  .filter(node => node.clientWidth > 0 && !node.closest('svg') && !node.closest('select, input'))
  .filter(node => ['auto', 'scroll', 'hidden'].includes(getComputedStyle(node).overflowX)
                  || ['auto', 'scroll'].includes(getComputedStyle(node).overflowY))
  .filter(node => node.scrollWidth > node.clientWidth + 1 || node.scrollHeight > node.clientHeight + 1)
  .map(node => node.className + ' ' + node.textContent.slice(0, 60))"""


def status(page, index=0):
    """What the instrument at this place announces."""
    return page.locator(".widget-vbox [role=status]").nth(index)


def axe(page):
    """What axe finds against our rules in the outputs."""
    found = Axe().run(page, context={"include": [[OUTPUT]]}, options={"runOnly": {"type": "rule", "values": RULES}})
    return [
        f"{violation['id']}: {node['html'][:140]} — {node['failureSummary']}"
        for violation in found.response["violations"]
        for node in violation["nodes"]
        # A slider's handle is JupyterLab's widget; its labelled number box beside it does the same.
        if "noUi" not in node["html"]
    ]


@pytest.mark.parametrize("name", NAMES)
def test_run_all(opened, name):
    """Every cell runs: no error but those that are meant, no console error, no request to the outside, nothing clipped."""
    with opened(name) as lab:
        for error in lab.page.evaluate(ERRORS):
            assert error["meant"], error
            assert "Traceback" not in error["text"]
            assert ".py" not in error["text"] or "line" in error["text"]
        assert lab.console == []
        assert lab.outside == []
        assert lab.page.locator(OUTPUT, has_text="Error displaying widget").count() == 0
        assert lab.page.evaluate(CLIPPED) == []
        assert lab.page.locator(".Toastify__toast").count() == 0


@pytest.mark.parametrize("name", NAMES)
def test_both_themes_are_readable(opened, name):
    """axe finds no fault in contrast, names and labels, in the light and in the dark theme."""
    with opened(name) as lab:
        assert axe(lab.page) == []
        lab.theme("Dark")
        assert axe(lab.page) == []


@pytest.mark.parametrize("name", NAMES)
def test_it_holds_on_a_narrow_window(opened, name):
    """At 600 pixels outputs wrap or shrink; none gets a scrollbar or loses a part."""
    with opened(name, width=600) as lab:
        assert lab.page.evaluate(CLIPPED) == []


@pytest.mark.parametrize("name", NAMES)
def test_without_a_kernel_pictures_and_sentences_are_there(opened, name):
    """Opened and not run, each stored picture is an image that is drawn and whose sentence is under it."""
    with opened(name, run=False) as lab:
        page = lab.page
        assert page.locator(OUTPUT, has_text="Error displaying widget").count() == 0
        figures = page.locator("figure.eda-figure")
        assert figures.count() >= 1
        for index in range(figures.count()):
            figure = figures.nth(index)
            words = figure.locator("figcaption").inner_text()
            image, inline = figure.locator("img.eda-twin"), figure.locator("svg")
            assert image.get_attribute("alt") == words
            drawn = image.evaluate("node => node.naturalWidth > 0 && node.clientWidth > 0")
            assert drawn != (inline.count() == 1 and inline.is_visible())


def test_run_it_follows_the_theme(opened):
    """After running, the inline picture is shown in the theme's colors, and its twin is hidden."""
    with opened("03-bus") as lab:
        picture = lab.page.locator(".widget-vbox .eda-figure svg[role=img]").first
        paper = "node => getComputedStyle(node.querySelector('rect')).fill"
        light = picture.evaluate(paper)
        lab.theme("Dark")
        assert picture.evaluate(paper) != light
        assert picture.locator("title").first.text_content() == picture.get_attribute("aria-label")


def test_publish_with_the_mouse(opened):
    """Press Publish: one more disc on every lane, and the line under the picture says so."""
    with opened("00-start") as lab:
        page = lab.page
        before = status(page).inner_text()
        assert before.startswith("1 published")
        page.get_by_label("Event").first.select_option("folder.shared")
        page.get_by_role("button", name="Publish").first.click()
        page.wait_for_function(
            "before => document.querySelector('.widget-vbox [role=status]').innerText !== before", arg=before
        )
        assert status(page).inner_text().startswith("2 published · 6 delivered")
        assert page.locator(".widget-vbox .eda-figure").first.locator("circle").count() == 2 * 4


def test_publish_with_the_keyboard_alone(opened):
    """Tab reaches the controls, a key presses, and the focus can be seen."""
    with opened("00-start") as lab:
        page = lab.page
        page.get_by_label("From").first.focus()
        for _ in range(12):
            if page.evaluate("document.activeElement.innerText") == "Publish":
                break
            page.keyboard.press("Tab")
        focused = "() => {const s = getComputedStyle(document.activeElement); return s.outlineStyle + s.boxShadow + s.borderColor}"
        seen = page.evaluate(focused)
        page.keyboard.press("Space")
        page.wait_for_function(
            "document.querySelector('.widget-vbox [role=status]').innerText.startsWith('2 published')"
        )
        page.evaluate("document.activeElement.blur()")
        assert seen != page.get_by_role("button", name="Publish").first.evaluate(f"node => ({focused})()")


def test_a_taken_cell_is_announced(opened):
    """Registering where there is a handler already: the library's words stand in the live region, the cell is marked."""
    with opened("04-handlers") as lab:
        page = lab.page
        page.get_by_role("button", name="Register").first.click()
        page.wait_for_function("document.querySelector('.widget-vbox [role=status]').innerText.startsWith('Refused.')")
        region = status(page)
        assert "Subscriber 'mailer' already has a handler for user.signed_up" in region.inner_text()
        assert region.get_attribute("aria-live") == "polite"
        assert page.locator(".widget-vbox .eda-figure").first.get_by_text("✗").count() == 1


def test_a_log_behind_the_pipe(opened):
    """The checkbox, switched by keyboard, fills what was lost."""
    with opened("03-bus") as lab:
        page = lab.page
        box = page.get_by_label("Log behind the pipe").nth(1)
        box.focus()
        page.keyboard.press("Space")
        page.wait_for_function(
            "document.querySelectorAll('.widget-vbox [role=status]')[1].innerText.includes('The log remembers')"
        )
        assert "0 lost" in status(page, 1).inner_text()


def test_slider_and_number_box_follow_each_other(opened):
    """An arrow key on the slider shows in the box, and a number in the box moves the slider."""
    with opened("05-demo") as lab:
        page = lab.page
        slider, box = page.get_by_role("slider").first, page.get_by_label("Work (s)").first
        assert box.input_value() == "3"
        slider.press("ArrowRight")
        page.wait_for_function("document.querySelector('.widget-vbox input').value === '3.5'")
        box.fill("1")
        box.press("Enter")
        page.wait_for_function("document.querySelector('[role=slider]').getAttribute('aria-valuenow').startsWith('1')")
        page.wait_for_function(
            "document.querySelector('.widget-vbox [role=status]').innerText.includes('1.1 s on request')"
        )


def test_a_quiz_by_keyboard(opened):
    """Space opens the list, arrows choose, Enter takes: the verdict is announced."""
    with opened("03-bus") as lab:
        page = lab.page
        page.get_by_label("Answer 1").focus()
        for verdict in ("Not this one", "Right"):
            page.keyboard.press("Space")
            page.keyboard.press("ArrowDown")
            page.keyboard.press("Enter")
            page.locator("[role=status]", has_text=verdict).first.wait_for()


def test_an_exercise_from_untouched_to_right(opened):
    """The stub is not attempted; with a solution typed into its cell and run by keyboard, the card says right."""
    source = next(each for each in exercises.every() if each.id == "late_tap").solutions[0]
    with opened("03-bus") as lab:
        page = lab.page
        cell = page.locator(".jp-CodeCell", has=page.locator(".jp-InputArea", has_text="check.late_tap"))
        assert "Not attempted" in cell.locator("[role=status]").inner_text()
        cell.locator(".cm-content").click()
        page.keyboard.press("Control+a")
        page.keyboard.insert_text(f"{source}\n\ncheck.late_tap(late_tap)")
        page.keyboard.press("Control+Enter")
        cell.locator("[role=status]", has_text="Right.").wait_for()
