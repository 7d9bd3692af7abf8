"""The line under a picture that is read aloud, and how the focus shows."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import ipywidgets

from eda_workshop.show import palette
from eda_workshop.show.picture import WIDTH, bold

_WORDS = f"{palette.WORDS}; font-family: {palette.FONT}; font-size: 14px; line-height: 1.4; max-width: {WIDTH}px"

CONTROLS = "eda-controls"
"""The class of boxes in which the focus is plain to see, and nothing moves for those who want no motion."""

# The widgets' own sign of focus is one pale line, 2 to 1 against the paper; named twice, this rule outweighs theirs.
# Their sliders glide to where somebody clicked, and their buttons have no border that forced colors would leave.
FOCUS = f"""<style>.{CONTROLS}.{CONTROLS} :focus-visible {{
outline: 2px solid var(--jp-brand-color1, #1976d2) !important; outline-offset: 1px;
}}
@media (prefers-reduced-motion: reduce) {{
.{CONTROLS}.{CONTROLS} * {{ transition: none !important; animation: none !important; }}
}}
@media (forced-colors: active) {{
.{CONTROLS}.{CONTROLS} .jupyter-button:not(.eda-spot) {{ border: 1px solid ButtonBorder; }}
}}</style>"""


@dataclass(frozen=True)
class Note:
    """What comes before the sentence: a bold word, such as "Refused", and what it is about."""

    head: str
    about: str = ""


class StatusLine:
    """The line's widget, and what it said last: words that stay the same are not read aloud again, so it counts them."""

    def __init__(self) -> None:
        self.widget = ipywidgets.HTML()
        self.sentence = ""
        self._last: tuple[str, Note | None] = ("", None)
        self._times = 0

    def say(self, sentence: str, note: Note | None = None, *, aloud: bool = True) -> None:
        """Show the sentence after the note. Not aloud: it is shown only, as while many follow one another."""
        same = note is not None and (sentence, note) == self._last
        self._times = self._times + 1 if same else 1
        self.sentence, self._last = sentence, (sentence, note)
        self.widget.value = FOCUS + status(sentence, note, times=self._times, aloud=aloud)


def status(sentence: str, note: Note | None = None, *, times: int = 1, aloud: bool = True) -> str:
    """The line as HTML, announced by screen readers when it changes."""
    again = f" ({times} times)" if times > 1 else ""
    first = f"<div><b>{escape(note.head)}{again}.</b> {escape(note.about)}</div>" if note else ""
    live = "polite" if aloud else "off"
    return f'<div role="status" aria-live="{live}" style="{_WORDS}">{first}<div>{bold(sentence)}</div></div>'
