"""The exercises of lesson 01: one part of a system falls; what falls with it, and what decides that?"""

from eda_workshop.exercises.lesson_01.chain import CHAIN
from eda_workshop.exercises.lesson_01.falls_with import FALLS_WITH
from eda_workshop.exercises.lesson_01.microlith import MICROLITH
from eda_workshop.exercises.lesson_01.queue_cures import QUEUE_CURES
from eda_workshop.exercises.lesson_01.sort_terms import SORT_TERMS
from eda_workshop.exercises.lesson_01.two_axes import TWO_AXES

EXERCISES = (TWO_AXES, FALLS_WITH, CHAIN, QUEUE_CURES, MICROLITH, SORT_TERMS)
