"""Lessons as they can be run in a browser: what can't be run there is shown, with its stored result."""

from __future__ import annotations

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

ELSEWHERE = "not-in-a-browser"
"""Tags a cell that needs matplotlib, a thread, a socket or a second process; a browser's Python has none of them."""

NOTICE = """\
> **This copy runs in your browser.** What you change stays there, and nothing is sent anywhere. Run the cells one by one with
> *Shift + Enter*; *Run All* stops at the first error, and some errors are meant. The kernel takes some seconds to start.
"""
LEFT_OUT = (
    "*The next lines need what a browser's Python lacks: `python3 workshop.py` runs them. This is what they give.*"
)


def in_a_browser(notebook: NotebookNode) -> NotebookNode:
    """A copy of the lesson with a notice under its title, and with text in the place of cells that can't run."""
    copy: NotebookNode = nbformat.from_dict(notebook)
    cells = [_shown(cell) if ELSEWHERE in cell.metadata.get("tags", []) else cell for cell in notebook.cells]
    copy.cells = [cells[0], new_markdown_cell(NOTICE, id="in-a-browser"), *cells[1:]]
    return copy


def _shown(cell: NotebookNode) -> NotebookNode:
    results = [result for output in cell.outputs if (result := _result(output))]
    parts = [LEFT_OUT, f"```python\n{cell.source}\n```", *results]
    shown: NotebookNode = new_markdown_cell("\n\n".join(parts), id=cell.id)
    return shown


def _result(output: NotebookNode) -> str:
    data = output.get("data", {})
    if "text/html" in data:
        return str(data["text/html"])
    text = (output.get("text") or data.get("text/plain", "")).rstrip()
    return f"```text\n{text}\n```" if text else ""
