"""``site``: the lessons as pages for readers without a kernel."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path

from eda_workshop.commands.folders import changed
from eda_workshop.lessons.catalogue import LESSONS, PACKAGED, clone_root
from eda_workshop.site.folder import fill, written
from eda_workshop.site.lesson import readings
from eda_workshop.site.pages import site


def main(options: Namespace) -> int:
    """Write the lessons as pages."""
    folder = options.folder
    written(folder, "site")
    source = stored()
    lessons = readings(source)
    pages = site(lessons, (source / "glossary.md").read_text(encoding="utf-8"))
    fill(folder, "site", pages)
    size = sum(len(text.encode()) for text in pages.values()) / 1e6
    print(f"Wrote {len(lessons)} lessons, {size:.1f} MB. Open {folder / 'index.html'}.")
    return 0


def stored() -> Path:
    """The notebooks as they are kept: the clone's, or those that came with the package. Says which were changed."""
    root = clone_root()
    if root is None:
        return PACKAGED
    theirs = changed(root / "notebooks")
    mine = [lesson.notebook for lesson in LESSONS if lesson.notebook in theirs]
    if mine:
        print(f"Changed since they came, and shown as they are now: {', '.join(mine)}.", file=sys.stderr)
    return root / "notebooks"
