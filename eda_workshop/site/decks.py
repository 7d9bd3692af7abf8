"""The slides of lessons as pages: one for each lesson, an index, and what they need to be shown."""

from __future__ import annotations

from eda_workshop.site.lesson import Reading
from eda_workshop.site.pages import asset, render, sheet
from eda_workshop.site.slides import slides

SHEET, SCRIPT = "slides.css", "slides.js"


def decks(lessons: list[Reading]) -> dict[str, str]:
    """All files of the slides, by name."""
    cut = {lesson: slides(lesson.blocks) for lesson in lessons}
    pages = {SHEET: sheet(SHEET), SCRIPT: asset(SCRIPT)}
    pages["index.html"] = render("decks.html.j2", sheet=SHEET, decks=cut)
    for lesson, shown in cut.items():
        pages[lesson.page] = render("deck.html.j2", sheet=SHEET, script=SCRIPT, lesson=lesson, slides=shown)
    return pages
