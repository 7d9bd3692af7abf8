"""The exercises of lesson 17: who may say yes, and what must not have changed meanwhile."""

from eda_workshop.exercises.lesson_17.kill_the_mutants import KILL_THE_MUTANTS
from eda_workshop.exercises.lesson_17.lend import LEND_BY_RULE
from eda_workshop.exercises.lesson_17.reserve import RESERVE
from eda_workshop.exercises.lesson_17.seat_and_wallet import SEAT_AND_WALLET
from eda_workshop.exercises.lesson_17.unique_name import UNIQUE_NAME

EXERCISES = (RESERVE, LEND_BY_RULE, SEAT_AND_WALLET, UNIQUE_NAME, KILL_THE_MUTANTS)
