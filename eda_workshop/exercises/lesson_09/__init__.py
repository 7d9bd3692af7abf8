"""The exercises of lesson 09: replaying an event handles it again; does everybody get their e-mail again?"""

from eda_workshop.exercises.lesson_09.leaks import LEAKS
from eda_workshop.exercises.lesson_09.recorded import RECORDED
from eda_workshop.exercises.lesson_09.silent import SILENT

EXERCISES = (LEAKS, RECORDED, SILENT)
