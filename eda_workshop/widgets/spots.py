"""Buttons over the parts of a picture: a click or the Enter key acts where one looks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import ipywidgets

from eda_workshop.show.picture import WIDTH

# The picture fills the stage, so that places in it are shares of the stage. A spot's words are for those who hear them.
_STAGE = f"""<style>.eda-stage {{ position: relative; max-width: {WIDTH}px; overflow: visible; }}
.eda-stage .widget-html, .eda-stage .eda-figure {{ margin: 0; }}
.eda-spot.eda-spot {{ position: absolute; background: transparent; border: none; box-shadow: none; margin: 0;
font-size: 0; line-height: 0; padding: 0; border-radius: 6px; forced-color-adjust: none; }}
.eda-spot.eda-spot:hover {{ outline: 2px solid var(--jp-brand-color1, #1976d2); }}</style>"""


@dataclass(frozen=True)
class Spot:
    """What can be pressed: its name, its left upper corner and its size in the picture's pixels, and what it does."""

    name: str
    x: float
    y: float
    width: float
    height: float
    act: Callable[[], object]


class Spots:
    """A picture with up to `most` buttons on it.

    The buttons stay the same objects and are never hidden for a moment, because a button that is loses the focus.
    """

    def __init__(self, shown: ipywidgets.Widget, most: int) -> None:
        self.buttons = [ipywidgets.Button().add_class("eda-spot") for _ in range(most)]
        self.stage = ipywidgets.Box([ipywidgets.HTML(_STAGE), shown, *self.buttons]).add_class("eda-stage")
        self._acts: dict[ipywidgets.Button, Callable[[], object]] = {}
        for each in self.buttons:
            each.on_click(lambda pressed: self._acts[pressed]())

    def put(self, spots: Sequence[Spot], height: float) -> None:
        """Put a button on each spot of a picture of this height, and take the others away."""
        for each in self.buttons[len(spots) :]:
            each.layout.display = "none"
        for each, spot in zip(self.buttons, spots, strict=False):
            self._acts[each] = spot.act
            each.description = each.tooltip = spot.name
            each.layout.left, each.layout.width = _share(spot.x, WIDTH), _share(spot.width, WIDTH)
            each.layout.top, each.layout.height = _share(spot.y, height), _share(spot.height, height)
            each.layout.display = None


def _share(length: float, whole: float) -> str:
    return f"{100 * length / whole:.2f}%"
