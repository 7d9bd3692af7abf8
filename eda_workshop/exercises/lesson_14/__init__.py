"""The exercises of lesson 14: how is the past put right?"""

from eda_workshop.exercises.lesson_14.outbox import OUTBOX
from eda_workshop.exercises.lesson_14.steps import STEPS
from eda_workshop.exercises.lesson_14.three_letters import THREE_LETTERS
from eda_workshop.exercises.lesson_14.what_counts import WHAT_COUNTS
from eda_workshop.exercises.lesson_14.which_kind import WHICH_KIND

EXERCISES = (WHICH_KIND, STEPS, WHAT_COUNTS, THREE_LETTERS, OUTBOX)
