"""Stored HTML made fit for a page of its own: no twins, no notebook links, and nothing wider than a phone."""

from __future__ import annotations

import re
from html import unescape

NARROW = 38
"""Characters of code in a line that a phone shows without scrolling."""

_LINK = re.compile(r'href="(\d\d-[a-z0-9-]+|glossary)\.(?:ipynb|md)(#[^"]*)?"')
_WORDS = re.compile(r'<a href="glossary\.html[^"]*">(.*?)</a>')
_TWIN = re.compile(r'<img class="eda-twin"[^>]*>')
_STATIC = re.compile(r'<div class="eda-static" id="[^"]*">')
_STYLE = re.compile(r"<style>.*?</style>", re.DOTALL)
_HIDDEN = '<div class="eda-scene" style="display: none">'
_TABLE = re.compile(r"<table.*?</table>", re.DOTALL)
_PRE = re.compile(r"<pre>(.*?)</pre>", re.DOTALL)
_EMPTY_HEADER = re.compile(r"<th([^>]*)></th>")


def scene(html: str) -> str:
    """A stored picture without what only notebooks need: the twin where one isn't trusted, the style, and its id."""
    plain = _STATIC.sub('<div class="eda-static">', _STYLE.sub("", _TWIN.sub("", html)))
    return plain.replace(_HIDDEN, '<div class="eda-scene">')


def tidy(html: str) -> str:
    """Links to lessons lead to their pages; tables and code scroll inside themselves, also by keyboard; nothing is announced."""
    linked = _LINK.sub(r'href="\1.html\2"', html.replace(' role="status"', ""))
    return _PRE.sub(_reachable, _TABLE.sub(_scrolling, linked))


def without_words(html: str) -> str:
    """The same without links to the glossary, for pages that stand beside none."""
    return _WORDS.sub(r"\1", html)


def _scrolling(table: re.Match[str]) -> str:
    # A corner without words heads nothing.
    cells = _EMPTY_HEADER.sub(r"<td\1></td>", table[0])
    return f'<div class="scroll" role="group" aria-label="Table" tabindex="0">{cells}</div>'


def _reachable(code: re.Match[str]) -> str:
    lines = unescape(re.sub(r"<[^>]+>", "", code[1])).splitlines()
    wide = any(len(line) > NARROW for line in lines)
    return f'<pre tabindex="0">{code[1]}</pre>' if wide else code[0]


def slug(words: str) -> str:
    """The words as an id: lower case and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-") or "section"
