"""The exercises of lesson 02: what happened, what shall be done, and four things that are called event-driven."""

from eda_workshop.exercises.lesson_02.four_meanings import FOUR_MEANINGS
from eda_workshop.exercises.lesson_02.past_tense import PAST_TENSE

EXERCISES = (PAST_TENSE, FOUR_MEANINGS)
