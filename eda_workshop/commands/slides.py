"""``slides``: the lessons as slides for a projector."""

from __future__ import annotations

from argparse import Namespace

from eda_workshop.commands.errors import NoSuchNotebook
from eda_workshop.commands.site import handed_out
from eda_workshop.lessons.catalogue import LESSONS
from eda_workshop.site.decks import decks
from eda_workshop.site.folder import fill, written
from eda_workshop.site.lesson import readings


def main(options: Namespace) -> int:
    """Write the lessons as slides."""
    for name in options.lessons:
        if not any(lesson.name.startswith(name) for lesson in LESSONS):
            raise NoSuchNotebook(name, tuple(lesson.name for lesson in LESSONS))
    folder = options.into
    written(folder, "slides")
    with handed_out() as source:
        lessons = readings(source, options.lessons)
    fill(folder, "slides", decks(lessons))
    start = lessons[0].page if len(lessons) == 1 else "index.html"
    print(f"Wrote slides of {'1 lesson' if len(lessons) == 1 else f'{len(lessons)} lessons'}. Open {folder / start}.")
    return 0
