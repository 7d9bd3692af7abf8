"""``site``: the lessons as pages for readers without a kernel."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from eda_workshop.lessons.catalogue import shipped_folder
from eda_workshop.lessons.shipped import as_shipped, changed
from eda_workshop.site.folder import fill, written
from eda_workshop.site.lesson import readings
from eda_workshop.site.pages import site


def main(options: Namespace) -> int:
    """Write the lessons as pages."""
    folder = options.folder
    written(folder, "site")
    with handed_out() as source:
        lessons = readings(source)
        pages = site(lessons, (source / "glossary.md").read_text(encoding="utf-8"))
    fill(folder, "site", pages)
    size = sum(len(text.encode()) for text in pages.values()) / 1e6
    print(f"Wrote {len(lessons)} lessons, {size:.1f} MB. Open {folder / 'index.html'}.")
    return 0


@contextmanager
def handed_out() -> Iterator[Path]:
    """The lessons as they were shipped, so that no answer of whoever makes the pages gets into them."""
    mine = sorted(changed(shipped_folder()))
    with as_shipped() as folder:
        if mine:
            print(
                f"What you changed or ran isn't in it: {', '.join(mine)} is shown as it was shipped.", file=sys.stderr
            )
        yield folder
