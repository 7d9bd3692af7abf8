"""A table in a notebook's output: with a name and heads to hear, in the theme's colors."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from eda_workshop.show import palette

_TABLE = f"{palette.WORDS}; font-family: {palette.FONT}; font-size: 14px; border-collapse: collapse"
_CELL = f"text-align: left; vertical-align: top; padding: 6px 12px; border-bottom: 1px solid {palette.FAINT}"


def table(name: str, heads: Iterable[str], rows: Iterable[Sequence[str]]) -> str:
    """The table as HTML. Each row is its head and its cells; they are HTML already, the name and the heads are too."""
    top = "".join(f'<th scope="col" style="{_CELL}">{word}</th>' for word in heads)
    body = "".join(map(_row, rows))
    return f'<table aria-label="{name}" style="{_TABLE}"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>'


def _row(row: Sequence[str]) -> str:
    head = f'<th scope="row" style="{_CELL}; font-weight: normal">{row[0]}</th>'
    return f"<tr>{head}" + "".join(f'<td style="{_CELL}">{cell}</td>' for cell in row[1:]) + "</tr>"
