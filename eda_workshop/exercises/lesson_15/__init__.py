"""The exercises of lesson 15: what changes when one machine is not enough?"""

from eda_workshop.exercises.lesson_15.changes import CHANGES
from eda_workshop.exercises.lesson_15.merged import MERGED
from eda_workshop.exercises.lesson_15.receive import RECEIVE
from eda_workshop.exercises.lesson_15.shard_of import SHARD_OF
from eda_workshop.exercises.lesson_15.which_pattern import WHICH_PATTERN

EXERCISES = (WHICH_PATTERN, SHARD_OF, MERGED, CHANGES, RECEIVE)
