"""A lesson in blocks: the pieces of HTML that a page or a slide is put together from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from html import escape

from bs4 import BeautifulSoup, Tag
from nbconvert.filters.highlight import Highlight2HTML
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode

from eda_workshop.site.markup import scene, slug, tidy

_CHECK = re.compile(r"^check\.\w+\(", re.MULTILINE)
_MEANT = "raises-exception"
_BLANK = "<pre></pre>"
"""What the output of a live instrument says on a page: its picture is in the output before it."""


class Kind(StrEnum):
    """What a block is, and the class that its look goes by."""

    HEADING = "heading"
    PROSE = "prose"
    CODE = "code"
    PRINTED = "printed"
    PICTURE = "picture"
    ERROR = "error"
    CHECKED = "checked"
    QUIZ = "quiz"
    OTHER = "other"


@dataclass(frozen=True)
class Block:
    """A piece of a lesson; `level` is a heading's, 0 for all else, and `anchor` is its id on the page."""

    kind: Kind
    html: str
    level: int = 0
    anchor: str = ""

    @cached_property
    def words(self) -> str:
        """The text alone."""
        return BeautifulSoup(self.html, "html.parser").get_text().strip()


def blocks(notebook: NotebookNode) -> Iterator[Block]:
    """The lesson's blocks in order, with headings that each have an anchor of their own."""
    taken: set[str] = set()
    for cell in notebook.cells:
        for block in _prose(cell.source) if cell.cell_type == "markdown" else _code(cell):
            yield _anchored(block, taken) if block.level else block


def text_blocks(markdown: str) -> list[Block]:
    """The blocks of a page that is text alone."""
    taken: set[str] = set()
    return [_anchored(block, taken) if block.level else block for block in _prose(markdown)]


def _prose(source: str) -> Iterator[Block]:
    renderer = IPythonRenderer(escape=False, exclude_anchor_links=True)
    rendered = BeautifulSoup(MarkdownWithMath(renderer=renderer).render(source), "html.parser")
    for element in rendered.children:
        if isinstance(element, Tag):
            level = int(element.name[1]) if re.fullmatch(r"h[1-6]", element.name) else 0
            yield Block(Kind.HEADING if level else Kind.PROSE, tidy(str(element)), level)


def _anchored(block: Block, taken: set[str]) -> Block:
    """The heading with an id that nothing else on the page has."""
    anchor = slug(block.words)
    while anchor in taken:
        anchor += "-again"
    taken.add(anchor)
    inner = re.sub(r"^<h\d[^>]*>|</h\d>\s*$", "", block.html)
    tag = f"h{block.level}"
    return Block(block.kind, f'<{tag} id="{anchor}">{inner}</{tag}>', block.level, anchor)


def _code(cell: NotebookNode) -> Iterator[Block]:
    yield Block(Kind.CODE, tidy(Highlight2HTML("ipython3")(cell.source)))
    if _CHECK.search(cell.source):
        yield Block(Kind.CHECKED, "<p>This exercise is checked in JupyterLab.</p>")
        return
    for output in cell.outputs:
        block = _output(output, meant=_MEANT in cell.metadata.get("tags", []))
        if block.html != _BLANK:
            yield block


def _output(output: NotebookNode, *, meant: bool) -> Block:
    """What a cell gave, in its richest form that needs no script."""
    if output.output_type == "error":
        label = "An error, as it should be" if meant else "An error"
        return Block(Kind.ERROR, f"<p><b>{label}.</b> {escape(output.ename)}: {escape(output.evalue)}</p>")
    data = output.get("data", {})
    if "text/html" in data:
        return Block(_kind(data["text/html"]), tidy(scene(data["text/html"])))
    text = (output.text if output.output_type == "stream" else data.get("text/plain", "")).rstrip("\n")
    return Block(Kind.PRINTED, f"<pre>{escape(text)}</pre>")


def _kind(html: str) -> Kind:
    return Kind.PICTURE if "<figure" in html else Kind.QUIZ if "<details" in html else Kind.OTHER
