"""The exercises of lesson 16: the parts of a lending library, one for each task."""

from eda_workshop.exercises.lesson_16 import (
    as_believed,
    from_slip,
    on_screen,
    react,
    shelf,
    suppose,
    take_in,
    wire,
)

EXERCISES = (
    from_slip.EXERCISE,
    wire.EXERCISE,
    shelf.EXERCISE,
    on_screen.EXERCISE,
    suppose.EXERCISE,
    react.EXERCISE,
    take_in.EXERCISE,
    as_believed.EXERCISE,
)
