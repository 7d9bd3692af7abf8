"""The exercises of lesson 08: if the log brings everything back, what is a database still needed for?"""

from eda_workshop.exercises.lesson_08.board import BOARD
from eda_workshop.exercises.lesson_08.come_back import COME_BACK
from eda_workshop.exercises.lesson_08.keep import KEEP

EXERCISES = (KEEP, COME_BACK, BOARD)
