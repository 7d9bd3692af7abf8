"""Answers that nobody foresaw: right in other words, or wrong in a way that looks right."""

import subprocess
import sys

import pytest

from eda_workshop import exercises
from eda_workshop.exercises.judge import judge
from eda_workshop.exercises.lesson_16.solutions import answer

EXERCISES = {exercise.id: exercise for exercise in exercises.every()}

RIGHT = {
    "put_right": (
        'def put_right(log):\n    data = {"event": "evt-0002", "amount": -90.0, "reason": "typed wrongly"}\n'
        '    log.append(Event("payment.corrected", data, id="c-1", occurred="2026-03-06T10:00:00Z"))',
    ),
    "moved": (
        "from types import MappingProxyType\n\n\ndef moved(state, event):\n    folder = event.data['folder']\n"
        "    return MappingProxyType({**state, folder: event.data['path']}) if folder in state else state",
    ),
    "unmoved": (
        "from types import MappingProxyType\n\n\ndef unmoved(state, event, kept):\n    if kept is None:\n        return state\n"
        "    return MappingProxyType({**state, event.data['folder']: kept})",
    ),
    "suppose": (
        'def suppose(timeline):\n    return timeline.branch("slip-5").drop("slip-6").drop("slip-7").drop("slip-10")',
    ),
    "wire": (
        "def wire(bus, post, screen):\n"
        '    bus.subscriber("post", durable=True, after=0, on_error="stop").on("book.returned", post)\n'
        '    bus.subscriber("screen", after=0).on("book.*", screen)',
        "def wire(bus, post, screen):\n"
        '    bus.subscriber("post", durable=True, after=0, on_error=retry(3, wait=5)).on("book.returned", post)\n'
        '    bus.subscriber("screen", after=0).on("book.*", screen)',
    ),
    "compensate": (
        "def compensate(steps):\n    done, failed = [], []\n    for do, undo in steps:\n        try:\n            do()\n"
        "        except Exception as error:\n            failed.append(error)\n            break\n        done.append(undo)\n"
        "    while failed and done:\n        try:\n            done.pop()()\n        except Exception as error:\n"
        "            failed.append(error)\n    return tuple(failed)",
    ),
}


@pytest.mark.parametrize(
    ("id", "source"), [pytest.param(id, source, id=f"{id}-{n}") for id in RIGHT for n, source in enumerate(RIGHT[id])]
)
def test_what_is_right_in_other_words_is_right(id, source):
    """Another mapping, a reason beside the amount, a float for a whole number, an id for a position."""
    outcome = judge(EXERCISES[id], answer(source, id))
    assert outcome.state == "right", outcome.sentence


def test_a_check_is_right_the_first_time():
    """In a program that has just begun, which has yet to find out where modules come from."""
    program = (
        "from eda_workshop.exercises import every\nfrom eda_workshop.exercises.judge import judge\n"
        "from eda_workshop.exercises.lesson_16.solutions import answer\n"
        "moved = next(each for each in every() if each.id == 'moved')\n"
        "print(judge(moved, answer(moved.solutions[0], 'moved')).state)"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert ran.stdout == "right\n", ran.stderr
