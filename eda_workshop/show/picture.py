"""A picture and the sentence that says the same: for eyes, for ears, and for nbval."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from html import escape
from typing import Any

from eda_workshop.show import palette, svg

WIDTH = 880

_STYLE = f"""
.eda-figure {{ margin: 4px 0; max-width: {WIDTH}px; {palette.WORDS}; font-family: {palette.FONT}; }}
.eda-figure svg, .eda-figure img {{ width: 100%; height: auto; display: block; }}
.eda-figure figcaption {{ padding: 6px 0 0; font-size: 14px; line-height: 1.4; }}
"""

# A viewer that strips inline SVG, as an untrusted JupyterLab does, strips these rules with it but leaves its words
# behind. So the scene is hidden until it shows itself, and it hides its own twin, not those of other pictures.
_SHOW_SCENE = ".eda-scene:has(svg) { display: block !important; } .eda-scene:has(svg) + .eda-twin { display: none; }"
_MOTION = "@media (prefers-reduced-motion: reduce) { * { animation: none !important; } }"


@dataclass(frozen=True)
class Picture:
    """A drawn scene, its height in pixels (it is 880 wide), and one sentence with its numbers.

    ``**stars**`` in the sentence make the number that matters bold. A notebook shows both.
    """

    body: str
    height: int
    sentence: str

    @property
    def words(self) -> str:
        """The sentence without its stars."""
        return self.sentence.replace("**", "")

    @property
    def svg(self) -> str:
        """The picture as an SVG document, labelled with the sentence."""
        return self._document(themed=False)

    def html(self, *, caption: bool = True) -> str:
        """The picture inline, in the theme's colours, with its sentence; and a twin for other viewers."""
        twin = base64.b64encode(self.svg.encode()).decode()
        image = f'<img class="eda-twin" alt="{escape(self.words)}" src="data:image/svg+xml;base64,{twin}">'
        scene = f'<div class="eda-scene" style="display: none">{self._document(themed=True)}</div>'
        words = f"<figcaption>{bold(self.sentence)}</figcaption>" if caption else ""
        return svg.drawable(f'<figure class="eda-figure">{scene}{image}{words}</figure>')

    def live(self) -> str:
        """The picture for a widget: inline only, and without its sentence, which has a place of its own."""
        return f'<div class="eda-figure">{self._document(themed=True)}</div>'

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/html": self.html(), "text/plain": self.words}

    def __repr__(self) -> str:
        return self.words

    def _document(self, *, themed: bool) -> str:
        frame = svg.rect(0.5, 0.5, WIDTH - 1, self.height - 1, rx=8, fill=palette.PAPER, stroke=palette.EDGE)
        content = frame + self.body
        style = _STYLE + _SHOW_SCENE + _MOTION if themed else _MOTION
        document = svg.element(
            "svg",
            svg.element("title", escape(self.words)),
            svg.element("style", style),
            content if themed else plain(content),
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {WIDTH} {self.height}",
            width=WIDTH,
            height=self.height,
            role="img",
            aria_label=self.words,
            font_family=palette.FONT if themed else "system-ui, 'DejaVu Sans', sans-serif",
        )
        return svg.drawable(document)


def bold(sentence: str) -> str:
    """The sentence as HTML, with what stands in stars in bold."""
    return re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", escape(sentence))


def plain(markup: str) -> str:
    """The markup with each theme variable replaced by its fallback, for viewers without the theme."""
    return re.sub(r"var\(--[a-z0-9-]+, ([^()]*)\)", r"\1", markup)
