"""The exercises of lesson 10: what decides well is rarely what reads well; must both be the same?"""

from eda_workshop.exercises.lesson_10.read_your_write import READ_YOUR_WRITE
from eda_workshop.exercises.lesson_10.rebuild import REBUILD
from eda_workshop.exercises.lesson_10.totals import TOTALS
from eda_workshop.exercises.lesson_10.which_side import WHICH_SIDE

EXERCISES = (TOTALS, READ_YOUR_WRITE, REBUILD, WHICH_SIDE)
