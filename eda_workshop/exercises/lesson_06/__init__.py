"""The exercises of lesson 06: what a log promises to those who write to it and read from it."""

from eda_workshop.exercises.lesson_06.newest_path import NEWEST_PATH
from eda_workshop.exercises.lesson_06.put_right import PUT_RIGHT
from eda_workshop.exercises.lesson_06.with_owner import WITH_OWNER

EXERCISES = (PUT_RIGHT, NEWEST_PATH, WITH_OWNER)
