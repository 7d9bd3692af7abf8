"""What a check says: not attempted, wrong, or right."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any, Literal

from eda_workshop.show import palette

State = Literal["not attempted", "wrong", "right"]
_SIGNS: dict[State, str] = {"not attempted": "…", "wrong": "✗", "right": "✓"}
_EDGES: dict[State, str] = {"not attempted": palette.EDGE, "wrong": palette.LOST, "right": palette.SUBSCRIBER}
_CARD = f"max-width: 860px; padding: 8px 12px; {palette.WORDS}; font-family: {palette.FONT}; font-size: 14px"


@dataclass(frozen=True)
class Outcome:
    """A state, a sentence, and code to compare with (shown folded)."""

    state: State
    sentence: str
    code: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"{_SIGNS[self.state]} {self.state}: {self.sentence}"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/html": self._html(), "text/plain": repr(self)}

    def _html(self) -> str:
        """A card whose edge, sign and word say the same."""
        edge = f"border-left: 4px solid {_EDGES[self.state]}"
        head = f"<b>{_SIGNS[self.state]} {self.state.capitalize()}.</b> {escape(self.sentence)}"
        return f'<div role="status" style="{_CARD}; {edge}">{head}{folded(self.code)}</div>'


@dataclass(frozen=True)
class Note:
    """A hint, or a solution."""

    title: str
    text: str = ""
    code: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return "\n\n".join([f"{self.title} {self.text}".strip(), *self.code])

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        code = "".join(f"<pre>{escape(source)}</pre>" for source in self.code)
        html = f'<div role="status" style="{_CARD}"><b>{escape(self.title)}</b> {escape(self.text)}{code}</div>'
        return {"text/html": html, "text/plain": repr(self)}


def folded(code: tuple[str, ...]) -> str:
    """Solutions to compare with, behind a line that opens them."""
    if not code:
        return ""
    sources = "".join(f"<pre>{escape(source)}</pre>" for source in code)
    return f"<details><summary>Compare with {len(code)} other way{'s' * (len(code) > 1)}</summary>{sources}</details>"
