"""A picture that outlives its kernel: it has an output of its own, before the output in which the controls live."""

from __future__ import annotations

import hashlib
from typing import Any

import ipywidgets

from eda_workshop.show import palette
from eda_workshop.show.picture import WIDTH
from eda_workshop.widgets.status import CONTROLS

STATIC = "eda-static"
"""The class of the part that is stored."""
ROW = "eda-row"
"""The class of a row of controls."""
LIVE = "eda-live"
"""The class of the part that lives as long as its kernel."""

# JupyterLab shows a widget's view rather than the picture in the same output, even when the widget's kernel is gone. So
# there are two outputs. The picture hides while the next output is alive, and hides that one when it is dead: a view
# that can't be shown has no MIME type.
_CHILD = ".jp-OutputArea-child"
_PICTURE = f"{_CHILD}:has(.{STATIC})"
_STYLE = f"""<style>
{_PICTURE}:has(+ {_CHILD} .{CONTROLS}) {{ display: none; }}
{_PICTURE} + {_CHILD}:has(> .jp-OutputArea-output:not([data-mime-type])):not(:has(.{CONTROLS})) {{ display: none; }}
</style>"""

# When a kernel ends, ipywidgets puts a broken link before each widget. The last picture and what was said stay instead.
_ENDED = f".{LIVE}.jupyter-widgets-disconnected"
_WHEN_ENDED = f"""<style>
{_ENDED}::before, {_ENDED} .jupyter-widgets-disconnected::before {{ display: none !important; }}
{_ENDED} .{ROW}, {_ENDED} .eda-spot, {_ENDED} select {{ display: none !important; }}
{_ENDED}::after {{ content: "The kernel that ran this cell has ended. Run the cell again to go on."; margin: 4px 2px; max-width: {WIDTH}px;
{palette.WORDS}; font: italic 14px/1.4 {palette.FONT}; }}
</style>"""


class TwoOutputs:
    """Shows a box of widgets in two outputs: first the part that can be stored, then the box itself."""

    def __init__(self, box: ipywidgets.Widget) -> None:
        self._rules = ipywidgets.HTML(_WHEN_ENDED, layout={"display": "none"})
        self._live = ipywidgets.VBox([self._rules, box]).add_class(LIVE)

    def show(self, html: str, words: str) -> None:
        """Show both in the cell that runs now.

        html   the part that is stored; a reader sees it in a file that is opened again, in print, and on a page
        words  the sentence for a terminal, which has no HTML
        """
        from IPython.display import display

        name = f"eda-{hashlib.sha256(html.encode()).hexdigest()[:12]}"
        self._hide(name)
        stored = f'<div class="{STATIC}" id="{name}">{_STYLE}{html}</div>'
        display({"text/html": stored, "text/plain": words}, raw=True)
        display({**self._view(), "text/plain": ""}, raw=True)

    def _hide(self, name: str) -> None:
        """Hide the stored part while the box lives in a front end without JupyterLab's outputs, such as VS Code or Colab."""
        rule = f"<style>body:not(:has(.jp-OutputArea)) #{name} {{ display: none; }}</style>"
        if rule not in self._rules.value:
            self._rules.value += rule

    def _view(self) -> dict[str, Any]:
        return self._live._repr_mimebundle_() or {}
