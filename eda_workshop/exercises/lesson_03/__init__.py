"""The exercises of lesson 03: who gets an event, who doesn't, and who remembers?"""

from eda_workshop.exercises.lesson_03.deliveries import DELIVERIES
from eda_workshop.exercises.lesson_03.one_fails import ONE_FAILS
from eda_workshop.exercises.lesson_03.topic_or_queue import TOPIC_OR_QUEUE

EXERCISES = (DELIVERIES, TOPIC_OR_QUEUE, ONE_FAILS)
