"""The exercises of lesson 12: what held, and what was known of it?"""

from eda_workshop.exercises.lesson_12.believed import BELIEVED
from eda_workshop.exercises.lesson_12.extra import EXTRA
from eda_workshop.exercises.lesson_12.learned import LEARNED
from eda_workshop.exercises.lesson_12.tax import TAX
from eda_workshop.exercises.lesson_12.which_time import WHICH_TIME

EXERCISES = (BELIEVED, WHICH_TIME, LEARNED, EXTRA, TAX)
