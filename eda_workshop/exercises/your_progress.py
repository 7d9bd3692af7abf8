"""What a learner can do with the own progress in lesson 00: tell it to somebody, and forget it after a second thought."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape

import ipywidgets

from eda_workshop.exercises import progress, registry
from eda_workshop.exercises.errors import BadCode, UnknownExercise
from eda_workshop.exercises.map import Entry, Map, progress_map
from eda_workshop.exercises.sharing import share_code
from eda_workshop.widgets.instrument import button, choice, row, words
from eda_workshop.widgets.outputs import TwoOutputs
from eda_workshop.widgets.status import CONTROLS, Note, StatusLine

ALL = "all exercises"


class YourProgress:
    """How far the learner is, where to go on, a code to share, and a way to forget. What was passed stays until that.

    `forget` asks; `yes` or `no` answers. `share` makes a code for whoever the learner gives it to; it says which
    exercises are done, and nothing else.

    >>> mine = YourProgress(())
    >>> mine.forget()
    'Forget the progress of all exercises? Your notebooks stay as they are.'
    >>> mine.no()
    'Nothing was forgotten.'
    """

    def __init__(self, lessons: Iterable[Entry]) -> None:
        self.lessons = tuple(lessons)
        self._asked: str | None = None
        self._voice = StatusLine()
        which = [ALL, *(exercise.id for exercise in registry.every())]
        self._which, self._nickname = choice("Progress of", which), words("Nickname", "", width="180px")
        self._nickname.continuous_update = False  # Sent whole when it is left, and so before a press on the button.
        # The answers stay there when nothing is asked: a button that is hidden while it has the focus loses it.
        answers = [button("Yes, forget it", self.yes), button("No, keep it", self.no)]
        rows: list[list[ipywidgets.Widget]] = [
            [button("Where was I?", self.look), self._nickname, _acts("Make a code", self._nickname, self.share)],
            [self._which, _acts("Forget …", self._which, self.forget), *answers],
        ]
        self._box = ipywidgets.VBox([*map(row, rows), self._voice.widget]).add_class(CONTROLS)
        self._outputs = TwoOutputs(self._box)
        self.look()

    @property
    def map(self) -> Map:
        """The map as it is now: other notebooks write the progress, too."""
        return progress_map(self.lessons)

    def look(self) -> str:
        """How far the learner is now, and where to go on."""
        self._asked = None
        return self._say(repr(self.map))

    def share(self, nickname: str) -> str:
        """Make a code that says how far this learner is."""
        try:
            return self._say(f"Your code: {share_code(nickname)}")
        except BadCode as error:
            return self._say(str(error))

    def forget(self, id: str = ALL) -> str:
        """Ask whether the progress of an exercise, or of all, shall be forgotten. Raises `UnknownExercise`."""
        if id not in self._which.options:
            raise UnknownExercise(id, tuple(exercise.id for exercise in registry.every()))
        self._asked = id
        return self._say(f"Forget the progress of {id}? Your notebooks stay as they are.")

    def yes(self) -> str:
        """Forget what was asked about."""
        if self._asked is None:
            return self._say("Nothing was asked. Choose what to forget first.")
        ids = None if self._asked == ALL else [self._asked]
        self._asked = None
        try:
            gone = progress.reset(ids)
        except OSError as error:
            return self._say(f"It could not be forgotten: the file can't be written ({error.strerror}).")
        return self._say(f"Forgotten: {', '.join(gone)}." if gone else "There was no progress to forget.")

    def no(self) -> str:
        """Keep it."""
        self._asked = None
        return self._say("Nothing was forgotten.")

    def _say(self, sentence: str) -> str:
        """Say it, also when it is what was said before."""
        self._voice.say(sentence, Note("As before") if sentence == self._voice.sentence else None)
        return sentence

    def _ipython_display_(self) -> None:
        self._outputs.show(f"<p>{escape(repr(self))}</p>", repr(self))

    def __repr__(self) -> str:
        return repr(self.map)


def _acts(label: str, control: ipywidgets.Widget, act: Callable[[str], object]) -> ipywidgets.Button:
    """A button that acts on what stands in a control."""
    return button(label, lambda: act(control.value))
