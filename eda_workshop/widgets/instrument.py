"""What every instrument has: controls above, a picture, and a status line that is read aloud."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import ipywidgets

from eda_workshop.errors import BadSetting, EdaError, cut
from eda_workshop.show.picture import Picture
from eda_workshop.widgets.given import check_control
from eda_workshop.widgets.outputs import ROW, TwoOutputs
from eda_workshop.widgets.status import CONTROLS, Note, StatusLine

_STYLE = {"description_width": "initial"}


@dataclass(frozen=True)
class Frame:
    """What an instrument shows at one moment: a picture with its sentence, and the numbers behind it."""

    picture: Picture
    numbers: Mapping[str, Any] = field(default_factory=dict)


class Instrument(ABC):
    """Labelled controls over a pure `frame`. Every control has a method that does the same from code.

    Methods that act return the new `Picture`, so that a cell that calls one shows what it did. A mistake is told
    in the status line and in the sentence, in the words of its labels or of the library's own error; it raises nothing.

    labels  what a setting is called on its control, where that is not its name
    """

    labels: ClassVar[Mapping[str, str]] = {}
    settings: Any

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._following = self._is_acting = False
        self._complaint = ""
        self._shown = ipywidgets.HTML()
        self._voice = StatusLine()
        self._status = self._voice.widget
        self._box = ipywidgets.VBox([*map(row, self._controls()), self._stage(), self._status]).add_class(CONTROLS)
        self._outputs = TwoOutputs(self._box)
        self._refresh()

    @abstractmethod
    def frame(self) -> Frame:
        """The picture and the numbers for the settings as they are; changes nothing."""

    @abstractmethod
    def _controls(self) -> list[list[ipywidgets.Widget]]:
        """The rows of controls, in the order of use."""

    def _stage(self) -> ipywidgets.Widget:
        """Where the picture stands: alone, unless an instrument puts controls on it."""
        return self._shown

    @property
    def picture(self) -> Picture:
        """The picture as it stands, with the last complaint in its sentence."""
        picture = self.frame().picture
        if not self._complaint:
            return picture
        return replace(picture, sentence=f"Refused: {self._complaint} — {picture.sentence}")

    @property
    def numbers(self) -> Mapping[str, Any]:
        """The numbers behind the picture."""
        return self.frame().numbers

    def _do(self, act: Callable[[], object], said: str | Callable[[], str] = "") -> Picture:
        """Act, then show. What goes wrong is told and undone, never raised: callbacks have nobody to catch it.

        said  what the act did, for when the picture changes and its sentence doesn't
        """
        with self._lock:
            if self._is_acting:  # an act that moves a control, whose callback acts: the outer one tells
                act()
                return self.picture
            before, sentence, shown, self._complaint = self.settings, self._voice.sentence, self._shown.value, ""
            try:
                self._is_acting = True
                act()
                picture = self.frame().picture
            except Exception as error:
                self.settings = before
                self._complaint = self._worded(error)
                return self._refresh()
            finally:
                self._is_acting = False
            if picture.sentence != sentence:
                return self._refresh()
            done = said if isinstance(said, str) else said()
            return self._refresh(self._unsaid(self.settings != before, picture.live() != shown, done))

    def _set_control(self, control: Any, value: Any) -> Picture:
        """Turn a control from code, to what it could be turned to by hand."""
        try:
            check_control(control, value)
        except BadSetting as error:
            return self._refuse(error)
        control.value = value
        return self.picture

    def _refuse(self, error: Exception) -> Picture:
        self._complaint = self._worded(error)
        return self._refresh()

    def _worded(self, error: Exception) -> str:
        """An error in the words on the labels, where it is about a setting."""
        if not isinstance(error, BadSetting):
            return str(error) if isinstance(error, EdaError) else f"{type(error).__name__}: {error}"
        label = self.labels.get(error.name) or error.name.replace("_", " ").capitalize()
        return f"{label} can't be {cut(repr(error.given), 60)}. Give {error.rule}."

    def _unsaid(self, is_set: bool, is_drawn: bool, said: str) -> Note:
        """What an act did of which the sentence says nothing: whoever acts hears that it was heard."""
        if is_drawn:
            return Note("Done", said or "The picture has changed, and its sentence is the same.")
        return Note("Done", "It makes no difference here.") if is_set else Note("Nothing has changed")

    def _put_controls(self) -> None:  # noqa: B027 - most instruments' controls never move by themselves
        """Bring the controls to what the settings say; callbacks that act by `_by_hand` stay quiet meanwhile."""

    def _by_hand(self, act: Callable[[], object]) -> None:
        """Act on a control that somebody moved, not on one that only follows the settings."""
        if not self._following:
            act()

    def _refresh(self, note: Note | None = None, *, aloud: bool = False) -> Picture:
        with self._lock:
            self._following = True
            try:
                self._put_controls()
            finally:
                self._following = False
            picture = self.frame().picture
            self._shown.value = picture.live()
            told = Note("Refused", self._complaint) if self._complaint else note
            self._voice.say(picture.sentence, told, aloud=aloud or not self._is_playing)
            return self.picture

    @property
    def _is_playing(self) -> bool:
        """Whether pictures follow one another by themselves: then none of their sentences is read aloud."""
        return False

    def _ipython_display_(self) -> None:
        """The picture, which is stored, and the live box."""
        self._outputs.show(self.picture.html(), repr(self))

    def __repr__(self) -> str:
        return f"{type(self).__name__}: {self.picture.words}"


def row(controls: Iterable[ipywidgets.Widget]) -> ipywidgets.Widget:
    """Controls side by side, on a narrow page below one another."""
    flow = {"flex_flow": "row wrap", "align_items": "flex-end", "grid_gap": "4px 8px", "overflow": "visible"}
    return ipywidgets.Box(tuple(controls), layout=flow).add_class(ROW)


def button(label: str, act: Callable[[], object], *, tooltip: str = "") -> ipywidgets.Button:
    """A button whose text is the verb for what it does."""
    made = ipywidgets.Button(description=label, tooltip=tooltip, layout=ipywidgets.Layout(width="auto"))
    made.on_click(lambda _: act())
    return made


def choice(label: str, options: Any, value: Any = None, *, width: str = "auto") -> ipywidgets.Dropdown:
    """A dropdown with its label."""
    chosen = {} if value is None else {"value": value}
    return ipywidgets.Dropdown(
        description=label, options=options, layout=ipywidgets.Layout(width=width), style=_STYLE, **chosen
    )


def words(label: str, value: str, *, width: str = "220px") -> ipywidgets.Text:
    """A text box with its label."""
    return ipywidgets.Text(description=label, value=value, layout=ipywidgets.Layout(width=width), style=_STYLE)


def number(
    label: str, value: float, least: float, most: float, step: float, changed: Callable[[float], object]
) -> list[ipywidgets.Widget]:
    """A number box and a slider that follow each other; `changed` gets each new value. Whole steps: whole numbers."""
    whole = isinstance(step, int)
    box_kind, slider_kind = (
        (ipywidgets.BoundedIntText, ipywidgets.IntSlider)
        if whole
        else (ipywidgets.BoundedFloatText, ipywidgets.FloatSlider)
    )
    limits = {"value": value, "min": least, "max": most, "step": step}
    box = box_kind(**limits, description=label, style=_STYLE, layout={"width": "180px"})
    slider = slider_kind(**limits, readout=False, layout={"width": "140px"})

    # The browser's slider counts in steps and sends 1.9999999999 back for 2.
    def on_step(moved: float) -> float:
        return moved if whole else round(round(moved / step) * step, 6)

    ipywidgets.link((box, "value"), (slider, "value"), (lambda entered: entered, on_step))
    box.observe(lambda change: changed(change["new"]), names="value")
    return [box, slider]


def tick(label: str, value: bool, changed: Callable[[bool], object]) -> ipywidgets.Checkbox:
    """A checkbox with its label beside it."""
    made = ipywidgets.Checkbox(description=label, value=value, indent=False, layout={"width": "auto"})
    made.observe(lambda change: changed(change["new"]), names="value")
    return made
