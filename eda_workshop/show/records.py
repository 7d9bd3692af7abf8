"""The scene of how a log is built: one row for each record, and the chain of hashes down its side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eda_workshop.log import Damage
from eda_workshop.show import palette, svg
from eda_workshop.show.picture import WIDTH, Picture

ROW, TOP = 44, 52
MOST_ROWS = 7
COLUMNS = ((24, "position"), (96, "record"), (560, "hash before"), (700, "hash"))


@dataclass(frozen=True)
class RecordRow:
    """One record as it is stored: its position, what it says, the hash before it and its own; how many bytes are there.

    torn  whether the line breaks off
    """

    position: int
    words: str
    before: str
    hash: str
    torn: bool = False


@dataclass(frozen=True)
class RecordsState:
    """A log's rows, what `verify` said last (None: whole; "": not asked), and the bytes that all of them take."""

    rows: tuple[RecordRow, ...]
    bytes: int
    verified: Damage | str | None = ""


def draw_records(state: RecordsState) -> Picture:
    """The picture of the records under each other, with its sentence."""
    shown = state.rows[-MOST_ROWS:]
    parts = [svg.text(x, 32, name, size=12, color=palette.MUTED) for x, name in COLUMNS]
    for index, row in enumerate(shown):
        parts.append(_row(row, TOP + ROW * index, state, is_first=index == 0))
    hidden = len(state.rows) - len(shown)
    if hidden:
        parts.append(svg.text(WIDTH - 24, 32, f"{hidden} before these", size=11, anchor="end", color=palette.MUTED))
    return Picture("".join(parts), TOP + ROW * max(len(shown), 1) + 12, _sentence(state))


def _row(row: RecordRow, y: float, state: RecordsState, *, is_first: bool) -> str:
    damaged = isinstance(state.verified, Damage) and state.verified.position == row.position
    edge = palette.LOST if damaged or row.torn else palette.EDGE
    dashed = "5 3" if row.torn else None
    box = svg.rect(
        16, y, WIDTH - 32, ROW - 6, rx=6, fill="none", stroke=edge, stroke_width=1.5, stroke_dasharray=dashed
    )
    middle = y + 24
    parts = [
        box,
        svg.circle(
            44, y + 19, 11, fill=palette.PAPER if row.torn else palette.EVENT, stroke=palette.EVENT, stroke_width=2
        ),
        svg.text(44, y + 23, str(row.position), size=11, weight="700", anchor="middle", color=_on(row)),
        svg.text(96, middle, row.words, size=12.5, width=440),
        svg.text(560, middle, row.before, size=12, family=palette.MONO, color=palette.MUTED),
        svg.text(700, middle, row.hash, size=12, family=palette.MONO),
    ]
    if not is_first and not row.torn:
        parts.append(
            svg.element("path", d=f"M728 {y - 8:.2f} C728 {y + 10:.2f} 660 {y - 4:.2f} 622 {y + 10:.2f}", **_LINK)
        )
    if damaged or row.torn:
        parts.append(svg.text(WIDTH - 40, middle + 1, "✗", size=15, anchor="middle", weight="700", color=palette.WRONG))
    return "".join(parts)


_LINK: dict[str, str | float | None] = {"fill": "none", "stroke": palette.LOG, "stroke_width": 2}


def _on(row: RecordRow) -> str:
    return palette.INK if row.torn else palette.ON_EVENT


def _sentence(state: RecordsState) -> str:
    torn = sum(row.torn for row in state.rows)
    whole = len(state.rows) - torn
    head = f"{whole} record{'s' * (whole != 1)}, {state.bytes:,} bytes"
    if torn:
        head += f", and a last line that breaks off: **{torn} lost**, {whole} kept"
    if isinstance(state.verified, Damage):
        return f"{head} · verify: **position {state.verified.position}**, {state.verified.problem}."
    return f"{head} · verify: **whole**." if state.verified is None else f"{head} · not verified yet."


def rows_of(texts: Sequence[tuple[int, str, str]]) -> tuple[RecordRow, ...]:
    """Rows of (position, words, hash), each with the hash of the one before."""
    rows, before = [], ""
    for position, words, digest in texts:
        rows.append(RecordRow(position, words, before[:8] or "nothing", digest[:8]))
        before = digest
    return tuple(rows)
