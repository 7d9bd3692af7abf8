"""The exercises of lesson 13: what if it had gone otherwise, and how do we ask without touching what is?"""

from eda_workshop.exercises.lesson_13.best_future import BEST_FUTURE
from eda_workshop.exercises.lesson_13.fork import FORK
from eda_workshop.exercises.lesson_13.how_far import HOW_FAR
from eda_workshop.exercises.lesson_13.on_that_day import ON_THAT_DAY
from eda_workshop.exercises.lesson_13.what_if import WHAT_IF
from eda_workshop.exercises.lesson_13.would_send import WOULD_SEND

EXERCISES = (HOW_FAR, WHAT_IF, FORK, BEST_FUTURE, WOULD_SEND, ON_THAT_DAY)
