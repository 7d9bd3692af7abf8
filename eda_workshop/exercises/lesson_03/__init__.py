"""The exercises of lesson 03: who gets an event, who doesn't, and who remembers?"""

from eda_workshop.exercises.lesson_03.one_fails import ONE_FAILS

EXERCISES = (ONE_FAILS,)
