"""The exercises of lesson 07: state as a fold, forward, back, and from the middle."""

from eda_workshop.exercises.lesson_07.resume import RESUME
from eda_workshop.exercises.lesson_07.spacing import SPACING
from eda_workshop.exercises.lesson_07.unmoved import UNMOVED

EXERCISES = (UNMOVED, RESUME, SPACING)
