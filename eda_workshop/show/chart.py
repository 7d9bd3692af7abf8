"""Charts of quantities and of flow, drawn by matplotlib on opaque paper, each with its sentence."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from typing import Any

from IPython.display import HTML, display
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from eda_workshop.show.picture import bold

INK, GRID, PAPER = "#1f2328", "#d9dde2", "#ffffff"
_DPI = 110


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

    def _ipython_display_(self) -> None:
        """The image, then the sentence: front ends that show an image leave out all other forms."""
        image = {"image/png": base64.b64encode(self.png).decode(), "text/plain": self.words}
        display(image, raw=True, metadata={"image/png": {"alt": self.words}})
        display(HTML(f'<p class="eda-words">{bold(self.sentence)}</p>'))

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


