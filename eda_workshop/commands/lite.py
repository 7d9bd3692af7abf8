"""``lite``: the lessons in a browser's own Python, as a folder for any web server."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from eda_workshop.commands.errors import NotAClone
from eda_workshop.lessons.catalogue import clone_root
from eda_workshop.lite.build import build
from eda_workshop.site.folder import move_in, written

FOLDER = "eda-workshop-lite"


def main(arguments: list[str]) -> int:
    """`lite [FOLDER]`"""
    parser = argparse.ArgumentParser(
        prog="lite", description="Build JupyterLite with the lessons: Python runs in the reader's browser."
    )
    parser.add_argument("folder", nargs="?", default=FOLDER, help="where to (default: %(default)s)")
    folder = Path(parser.parse_args(arguments).folder)
    root = clone_root()
    if root is None:
        raise NotAClone("lite")
    written(folder, "lite")
    with tempfile.TemporaryDirectory() as work:
        move_in(folder, "lite", build(root, Path(work), lambda line: print(line, flush=True)))
    print(f"Wrote {folder}. A browser needs a server for it: python3 -m http.server --bind 127.0.0.1 -d {folder}")
    return 0
