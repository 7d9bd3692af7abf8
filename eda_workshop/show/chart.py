"""Charts of quantities and of flow, drawn by matplotlib on opaque paper, each with its sentence."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from html import escape
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from eda_workshop.show import palette
from eda_workshop.show.picture import bold

INK, GRID, PAPER = "#1f2328", "#d9dde2", "#ffffff"
_DPI = 110
_STYLE = f"margin: 4px 0; color: {palette.INK}; font-family: {palette.FONT}; font-size: 14px"


@dataclass(frozen=True)
class Chart:
    """A matplotlib figure and the sentence that says the same. A notebook shows both."""

    figure: Figure
    sentence: str

    @property
    def words(self) -> str:
        """The sentence without its stars."""
        return self.sentence.replace("**", "")

    @property
    def png(self) -> bytes:
        """The figure as PNG."""
        buffer = io.BytesIO()
        FigureCanvasAgg(self.figure).print_png(buffer)
        return buffer.getvalue()

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        """The image with its label, and the sentence under it: JupyterLab gives a bare PNG no label at all."""
        encoded = base64.b64encode(self.png).decode()
        image = f'<img alt="{escape(self.words)}" src="data:image/png;base64,{encoded}">'
        html = (
            f'<figure class="eda-chart" style="{_STYLE}">{image}<figcaption>{bold(self.sentence)}</figcaption></figure>'
        )
        return {"text/html": html, "text/plain": self.words}

    def __repr__(self) -> str:
        return self.words


def new_figure(height: float = 3.6, width: float = 8.0) -> Figure:
    """A figure of so many inches with the kit's type and ink; it belongs to no global list."""
    figure = Figure(figsize=(width, height), dpi=_DPI, facecolor=PAPER, layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def tidy(axes: Any) -> None:
    """Take the junk off: no frame at the top and right, light grid, the kit's ink."""
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(GRID)
    axes.tick_params(colors=INK, labelsize=9, length=0)
    axes.grid(True, color=GRID, linewidth=0.6)
    axes.set_axisbelow(True)
