"""The exercises of lesson 04: one handler for each subscriber and event."""

from eda_workshop.exercises.lesson_04.count_calls import COUNT_CALLS
from eda_workshop.exercises.lesson_04.rename import RENAME
from eda_workshop.exercises.lesson_04.run_again import RUN_AGAIN
from eda_workshop.exercises.lesson_04.two_things import TWO_THINGS

EXERCISES = (COUNT_CALLS, TWO_THINGS, RENAME, RUN_AGAIN)
