"""``lite``: the lessons in a browser's own Python, as a folder for any web server."""

from __future__ import annotations

import tempfile
from argparse import Namespace
from pathlib import Path

from eda_workshop.commands.errors import NotAClone
from eda_workshop.commands.site import handed_out
from eda_workshop.lessons.catalogue import clone_root
from eda_workshop.lite.build import build
from eda_workshop.site.folder import move_in, written


def main(options: Namespace) -> int:
    """Build the lessons for a browser."""
    folder = options.folder
    root = clone_root()
    if root is None:
        raise NotAClone("lite")
    written(folder, "lite")
    with handed_out() as lessons, tempfile.TemporaryDirectory() as work:
        move_in(folder, "lite", build(root, lessons, Path(work), lambda line: print(line, flush=True)))
    print(f"Wrote {folder}. A browser needs a server for it: python3 -m http.server --bind 127.0.0.1 -d {folder}")
    return 0
