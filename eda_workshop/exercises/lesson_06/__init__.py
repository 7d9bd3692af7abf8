"""The exercises of lesson 06: what a log promises to those who write to it and read from it."""

from eda_workshop.exercises.lesson_06.put_right import PUT_RIGHT

EXERCISES = (PUT_RIGHT,)
