"""The map as a learner has it in lesson 00: looked at again, and progress forgotten after a second thought."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import ipywidgets

from eda_workshop.exercises import progress, registry
from eda_workshop.exercises.errors import UnknownExercise
from eda_workshop.exercises.map import Entry, Map, progress_map
from eda_workshop.widgets.instrument import button, choice
from eda_workshop.widgets.status import CONTROLS, Note, StatusLine

ALL = "all exercises"


class MapBoard:
    """All lessons and how far the learner is, with a way to forget progress. What was passed stays until that.

    `forget` asks; `yes` or `no` answers.

    >>> board = MapBoard(())
    >>> board.forget()
    'Forget the progress of all exercises? Your notebooks stay as they are.'
    >>> board.no()
    'Nothing was forgotten.'
    """

    def __init__(self, lessons: Iterable[Entry]) -> None:
        self.lessons = tuple(lessons)
        self._asked: str | None = None
        self._table = ipywidgets.HTML()
        self._voice = StatusLine()
        which = [ALL, *(exercise.id for exercise in registry.every())]
        self._which = choice("Progress of", which)
        row = [
            button("Look again", self.look),
            self._which,
            button("Forget …", self._forget_chosen),
            # Both stay there when nothing is asked: a button that is hidden while it has the focus loses it.
            button("Yes, forget it", self.yes),
            button("No, keep it", self.no),
        ]
        layout = ipywidgets.Layout(flex_flow="row wrap", grid_gap="4px 8px", overflow="visible")
        controls = ipywidgets.Box(row, layout=layout)
        self._box = ipywidgets.VBox([self._table, controls, self._voice.widget]).add_class(CONTROLS)
        self._say("")

    @property
    def map(self) -> Map:
        """The map as it is now."""
        return progress_map(self.lessons)

    def look(self) -> str:
        """Read the progress again: other notebooks write it, too."""
        self._asked = None
        return self._say(repr(self.map))

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

    def _forget_chosen(self) -> None:
        self.forget(self._which.value)

    def _say(self, words: str) -> str:
        """Show the map as it is now, and say this."""
        self._table.value = self.map.html()
        self._voice.say(words, Note("As before") if words and words == self._voice.sentence else None)
        return words

    def _repr_mimebundle_(self, **options: Any) -> dict[str, Any]:
        bundle = self._box._repr_mimebundle_(**options) or {}
        return {**bundle, "text/html": self.map.html(), "text/plain": repr(self)}

    def __repr__(self) -> str:
        return repr(self.map)
