"""The exercises of lesson 11: ask for what one needs, or be told what happened?"""

from eda_workshop.exercises.lesson_11.circles import CIRCLES
from eda_workshop.exercises.lesson_11.compensate import COMPENSATE
from eda_workshop.exercises.lesson_11.going_out import GOING_OUT
from eda_workshop.exercises.lesson_11.moment_of_need import MOMENT_OF_NEED
from eda_workshop.exercises.lesson_11.newest import NEWEST
from eda_workshop.exercises.lesson_11.who_knows import WHO_KNOWS

EXERCISES = (MOMENT_OF_NEED, GOING_OUT, NEWEST, WHO_KNOWS, CIRCLES, COMPENSATE)
