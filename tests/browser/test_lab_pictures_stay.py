"""Pictures that stay: a lesson that was run, saved and opened again shows each of them once, with a kernel and without one."""

import shutil
from pathlib import Path

import pytest
from lab_page import HEIGHT, OUTPUTS, PATIENCE, WIDE, Lesson

from eda_workshop.widgets.outputs import STATIC

FRONT_ENDS = {"JupyterLab": "lab/tree", "Notebook 7": "notebooks"}
# A pipe and a quiz, a player, and a picture with buttons on it.
SOME = ("03-bus", "07-replay", "13-parallel-model")


@pytest.fixture(scope="module")
def page(browser):
    """A page of its own, in which nothing else is open."""
    opened = browser.new_page(viewport={"width": WIDE, "height": HEIGHT}, reduced_motion="reduce")
    for probes in ("probes.js", "access.js"):
        opened.add_init_script(path=Path(__file__).with_name(probes))
    opened.set_default_timeout(PATIENCE)
    return opened


@pytest.fixture(params=FRONT_ENDS)
def front_end(request):
    return request.param


@pytest.fixture
def lesson(page, server, front_end, request, tmp_path):
    """A copy of a lesson that this front end may save; opened, and not run."""
    name = f"stays-{FRONT_ENDS[front_end].split('/')[0]}-{request.param}"
    shutil.copy(server.folder / f"{request.param}.ipynb", server.folder / f"{name}.ipynb")
    copy = Lesson(name, page, tmp_path)
    go_to(copy, server, front_end)
    yield copy
    end_kernel(copy)
    page.goto("about:blank")


def go_to(lesson, server, front_end):
    """Load the page with the lesson, as after F5."""
    address = f"{server.origin}/{FRONT_ENDS[front_end]}/{lesson.name}.ipynb?reset&token={server.token}"
    lesson.page.goto(address)
    lesson.page.wait_for_function("window.jupyterapp !== undefined", timeout=PATIENCE)
    lesson.ask("opened")
    lesson.wait_until("drawn")
    lesson.ask("kernel")


def save(lesson, server):
    """Save it, and wait until the file has what was run."""
    lesson.page.evaluate("() => window.jupyterapp.shell.currentWidget.context.save()")
    assert "widget-view+json" in (server.folder / f"{lesson.name}.ipynb").read_text(encoding="utf-8")


def restart(lesson):
    """Restart the kernel."""
    lesson.page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")


def end_kernel(lesson):
    """End the kernel, as Shut Down Kernel does."""
    lesson.page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")


def count(lesson, server):
    """How many instruments and quizzes the lesson's file has."""
    text = (server.folder / f"{lesson.name}.ipynb").read_text(encoding="utf-8")
    return text.count(f'<div class=\\"{STATIC}\\"')


def assert_once(lesson, shown, number):
    """Each is there once: its stored part, its live part, or its live part without controls after the kernel ended."""
    settled = {
        "stored": "pair.stored && !pair.live",
        "live": "pair.live && !pair.stored && pair.controls > 0",
        "ended": "pair.live && !pair.stored && pair.note.includes('Run the cell again')",
    }
    ready = f"number => probes.pairs().filter(pair => {settled[shown]}).length === number"
    lesson.page.wait_for_function(ready, arg=number, timeout=PATIENCE)
    for pair in lesson.ask("pairs"):
        assert (pair["other"], pair["broken"]) == ("", 0)
        assert pair["scenes"] == (1 if pair["isPicture"] else 0)
        assert pair["words"] > 30
        assert (pair["controls"] > 0) == (shown == "live")
    outputs = lesson.page.locator(OUTPUTS).filter(visible=True).all_inner_texts()
    assert not [text for text in outputs if "Error displaying widget" in text]


@pytest.mark.parametrize("lesson", SOME, indirect=True)
def test_each_picture_is_there_once_whatever_became_of_the_kernel(lesson, server, front_end):
    """After running, saving, reloading, a restart, and opening without the kernel that drew it."""
    number = count(lesson, server)
    assert number >= 2
    assert_once(lesson, "stored", number)
    lesson.run_all()
    assert_once(lesson, "live", number)
    save(lesson, server)
    go_to(lesson, server, front_end)
    assert_once(lesson, "live", number)
    restart(lesson)
    assert_once(lesson, "ended", number)
    end_kernel(lesson)
    assert_once(lesson, "ended", number)
    go_to(lesson, server, front_end)
    assert_once(lesson, "stored", number)
    end_kernel(lesson)
    assert_once(lesson, "stored", number)
