"""Charts of quantities and of flow, drawn by matplotlib on opaque paper, each with its sentence."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from eda_workshop.errors import EdaError
from eda_workshop.show import palette, svg
from eda_workshop.show.picture import WIDTH, Picture, bold

if TYPE_CHECKING:
    from matplotlib.figure import Figure

INK, GRID, PAPER = "#1f2328", "#d9dde2", "#ffffff"
_DPI = 110
_COLORS = 128
_STYLE = f"margin: 4px 0; {palette.WORDS}; font-family: {palette.FONT}; font-size: 14px"


class NoCharts(EdaError):
    """Raised for a chart where there is no matplotlib, as in a browser's Python."""

    def __str__(self) -> str:
        return "Charts are drawn by matplotlib, which is not here. `python3 workshop.py` opens the lesson where it is."


@dataclass(frozen=True)
class Chart:
    """A matplotlib figure and the sentence that says the same. A notebook shows both."""

    figure: Figure
    sentence: str

    def __post_init__(self) -> None:
        from matplotlib.text import Text

        # A dollar in a name begins no formula.
        for text in self.figure.findobj(Text):
            text.set_parse_math(False)

    @property
    def words(self) -> str:
        """The sentence without its stars."""
        return self.sentence.replace("**", "")

    @property
    def png(self) -> bytes:
        """The figure as PNG, in so few colors that it takes a quarter of the bytes, and looks the same."""
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from PIL import Image

        canvas, buffer = FigureCanvasAgg(self.figure), io.BytesIO()
        canvas.draw()
        image = Image.frombuffer("RGBA", canvas.get_width_height(), canvas.buffer_rgba()).convert("RGB")
        image.quantize(_COLORS, dither=Image.Dither.NONE).save(buffer, "png", optimize=True)
        return buffer.getvalue()

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        """The image with its label, and the sentence under it: JupyterLab gives a bare PNG no label at all."""
        return {"text/html": _figure(_data(self.png), self.sentence), "text/plain": self.words}

    def __repr__(self) -> str:
        return self.words

    def as_picture(self) -> Picture:
        """The chart where a picture is wanted, such as in an instrument."""
        data, (width, height) = _data(self.png), self.figure.get_size_inches()
        high = round(WIDTH * height / width)
        return ChartPicture(svg.element("image", href=data, width=WIDTH, height=high), high, self.sentence, data)


@dataclass(frozen=True, repr=False)
class ChartPicture(Picture):
    """A picture that holds a chart. It is stored once, as the image that it is: there is no scene in it to theme."""

    data: str = ""

    def html(self, *, caption: bool = True) -> str:
        return _figure(self.data, self.sentence, caption=caption)


def _data(png: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"


def _figure(data: str, sentence: str, *, caption: bool = True) -> str:
    words = f"<figcaption>{bold(sentence)}</figcaption>" if caption else ""
    image = f'<img alt="{escape(sentence.replace("**", ""))}" src="{data}">'
    return f'<figure class="eda-chart" style="{_STYLE}">{image}{words}</figure>'


def new_figure(height: float = 3.6, width: float = 8.0) -> Figure:
    """A figure of so many inches with the kit's type and ink; it belongs to no global list. Raises `NoCharts`."""
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ModuleNotFoundError:
        raise NoCharts from None
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
