"""Build the lessons: run each source in a fresh kernel and write, or compare, its notebook."""

from __future__ import annotations

import base64
import json
import os
import re
import struct
import sys
import tempfile
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

from eda_workshop.commandline import start
from eda_workshop.exercises.proof import prove_lesson
from eda_workshop.lessons import overview, readme, shipped
from eda_workshop.lessons.catalogue import LESSONS, clone_root
from eda_workshop.lessons.source import BadSource, read_lesson, write

_PNG = re.compile(r"data:image/png;base64,([A-Za-z0-9+/=]+)")
OTHERWISE = "nbval-ignore-output"
"""Tags a cell whose output may be another on another machine, in the terms of nbval."""
VIEW = "application/vnd.jupyter.widget-view+json"


def main(options: Namespace) -> int:
    """Build all lessons, or those whose names begin so; with --check compare only."""
    root = clone_root()
    if root is None:
        raise BadSource("There are no sources here: build runs in a clone of the project.")
    stale = [] if readme.write(root / "notebooks", check=options.check) else [readme.NAME]
    stale += [] if overview.write(root, check=options.check) else [overview.NAME]
    for source in _sources(root, options.names):
        prove_lesson(int(source.stem[:2]))
        built, target = build(source), root / "notebooks" / f"{source.stem}.ipynb"
        same = is_built(target, built)
        if not same and not options.check:
            write(built, target)
            shipped.note({target.name: target.read_bytes()})
        stale += [] if same else [target.name]
        print(f"{target.name}: {'as it was' if same else 'differs' if options.check else 'written'}", flush=True)
    if options.check and stale:
        print(f"Run `{start()} build` and commit: {', '.join(stale)}.", file=sys.stderr)
    return 1 if options.check and stale else 0


def is_built(target: Path, built: NotebookNode) -> bool:
    """Whether the file is what was shipped, and that is what was built now."""
    if not target.exists():
        return False
    data = target.read_bytes()
    return shipped.is_shipped(target.name, data) and comparable(nbformat.reads(data, as_version=4)) == comparable(built)


def build(source: Path) -> NotebookNode:
    """The notebook of one source, run from top to bottom and made the same on every run."""
    notebook = read_lesson(source)
    with tempfile.TemporaryDirectory() as folder, _home(folder):
        write(notebook, Path(folder) / f"{source.stem}.ipynb")  # where its cells look for what comes before them
        client = NotebookClient(notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": folder}})
        client.execute()
    return normalize(notebook)


def normalize(notebook: NotebookNode) -> NotebookNode:
    """Keep what a reader needs: outputs and counts 1…n; no widget views or state, no times, no version of Python."""
    notebook.metadata.pop("widgets", None)
    notebook.metadata.language_info.pop("version", None)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if "outputs" in cell:
            cell.outputs = joined(cell.outputs)
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(VIEW, None)
            if "traceback" in output:
                output["traceback"] = [f"{output['ename']}: {output['evalue']}"]
    return notebook


def joined(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """The outputs with what was printed in one piece: a busy kernel sends a line in two."""
    whole: list[NotebookNode] = []
    for output in outputs:
        last = whole[-1] if whole else None
        if last and output.output_type == last.output_type == "stream" and output.name == last.name:
            last.text += output.text
        else:
            whole.append(output)
    return whole


def comparable(notebook: NotebookNode) -> str:
    """The notebook as text, without what depends on the machine: a PNG's bytes, and outputs that are marked so."""
    plain: dict[str, Any] = json.loads(nbformat.writes(notebook, version=4))
    for cell in plain["cells"]:
        if OTHERWISE in cell["metadata"].get("tags", []):
            cell["outputs"] = []
    text = json.dumps(plain, sort_keys=True)
    return _PNG.sub(lambda found: "PNG of {} x {}".format(*png_size(found[1])), text)


def png_size(encoded: str) -> tuple[int, int]:
    """Width and height in pixels of a PNG in base64."""
    width, height = struct.unpack(">II", base64.b64decode(encoded)[16:24])
    return width, height


def _sources(root: Path, names: list[str]) -> list[Path]:
    sources = sorted((root / "notebooks" / "source").glob("*.py"))
    known = {lesson.name for lesson in LESSONS}
    unknown = [source.name for source in sources if source.stem not in known]
    if unknown:
        raise BadSource(f"{', '.join(unknown)} is not in eda_workshop/lessons/catalogue.py: add it there.")
    wanted = [source for source in sources if not names or source.stem.startswith(tuple(names))]
    if not wanted:
        raise BadSource(f"No lesson begins with {', '.join(names)}; there are: {', '.join(sorted(known))}.")
    return wanted


@contextmanager
def _home(folder: str) -> Iterator[None]:
    """A learner who has done nothing yet, so that no progress gets into a notebook."""
    before = os.environ.get("EDA_WORKSHOP_HOME")
    os.environ["EDA_WORKSHOP_HOME"] = folder
    try:
        yield
    finally:
        if before is None:
            del os.environ["EDA_WORKSHOP_HOME"]
        else:
            os.environ["EDA_WORKSHOP_HOME"] = before
