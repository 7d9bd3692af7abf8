"""A kernel without a process of its own: IPython's shell, in which a lesson's cells run as quickly as they can."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from unittest.mock import patch

from IPython.core.interactiveshell import InteractiveShell
from IPython.display import display
from IPython.utils.capture import capture_output
from ipywidgets import Widget
from traitlets.config import Config

from eda_workshop.log.nats.log import NatsLog
from eda_workshop.servers.process import Server

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
Shown = dict[str, Any]
Thing = TypeVar("Thing")


def code_cells(name: str) -> list[dict[str, Any]]:
    """The code cells of a lesson as they are stored, with their sources in one piece."""
    cells = json.loads((NOTEBOOKS / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
    codes = [cell for cell in cells if cell["cell_type"] == "code"]
    for cell in codes:
        cell["source"] = "".join(cell["source"])
        cell["tags"] = cell["metadata"].get("tags", [])
    return codes


def stored(cell: dict[str, Any]) -> Shown:
    """What a cell's stored outputs say: text on either stream, plain results, and an error."""
    shown: Shown = {"stdout": "", "stderr": "", "plain": [], "error": None}
    for output in cell["outputs"]:
        if output["output_type"] == "stream":
            shown[output["name"]] += "".join(output["text"])
        elif output["output_type"] == "error":
            shown["error"] = (output["ename"], output["evalue"])
        else:
            shown["plain"].append("".join(output["data"]["text/plain"]))
    return shown


class Kernel:
    """Runs cells in fresh names, and tells what each would have shown."""

    def __init__(self) -> None:
        config = Config()
        config.HistoryManager.enabled = False
        InteractiveShell.clear_instance()
        self.shell = InteractiveShell.instance(config=config)
        self.shell._showtraceback = lambda *_: None
        self.shell.display_trap.hook = lambda value: None if value is None else display(value)

    @property
    def names(self) -> dict[str, Any]:
        return self.shell.user_ns

    def run(self, source: str, id: str | None = None) -> Shown:
        """Run one cell, under this id if the front end gives one."""
        with capture_output() as captured:
            result = self.shell.run_cell(source, store_history=False, cell_id=id)
        error = result.error_before_exec or result.error_in_exec
        plain = [output.data["text/plain"] for output in captured.outputs]
        said = (type(error).__name__, str(error)) if error else None
        return {"stdout": captured.stdout, "stderr": captured.stderr, "plain": plain, "error": said}


@contextmanager
def kernel(folder: Path) -> Iterator[Kernel]:
    """A fresh kernel that stands in the folder and keeps its files there; ended with all that its cells started."""
    before = dict(os.environ), Path.cwd(), sys.modules["__main__"], sys.displayhook
    os.environ["EDA_WORKSHOP_HOME"] = str(folder)
    os.chdir(folder)
    try:
        with _made(Server) as servers, _made(NatsLog) as logs:
            yield Kernel()
    finally:
        for log in logs:
            log.close()
        for server in servers:
            server.stop()
        Widget.close_all()
        InteractiveShell.clear_instance()
        os.environ.clear()
        os.environ.update(before[0])
        os.chdir(before[1])
        sys.modules["__main__"], sys.displayhook = before[2:]


@contextmanager
def _made(kind: type[Thing]) -> Iterator[list[Thing]]:
    """All things of this kind that are made meanwhile."""
    made: list[Thing] = []
    begin = kind.__init__

    def note(self: Thing, *given: Any, **named: Any) -> None:
        begin(self, *given, **named)
        made.append(self)

    with patch.object(kind, "__init__", note):
        yield made
