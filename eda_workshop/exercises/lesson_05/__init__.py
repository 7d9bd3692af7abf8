"""The exercises of lesson 05: publishing answers at once; what can go wrong now?"""

from eda_workshop.exercises.lesson_05.facts_not_orders import FACTS_NOT_ORDERS
from eda_workshop.exercises.lesson_05.find_the_bug import FIND_THE_BUG
from eda_workshop.exercises.lesson_05.idempotent import IDEMPOTENT
from eda_workshop.exercises.lesson_05.log_first import LOG_FIRST

EXERCISES = (FIND_THE_BUG, IDEMPOTENT, LOG_FIRST, FACTS_NOT_ORDERS)
