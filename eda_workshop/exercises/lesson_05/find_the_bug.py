"""Find the faults of a small service by their symptoms."""

from __future__ import annotations

from typing import Any

from eda_workshop.exercises.attempt import require_numbers, require_table
from eda_workshop.exercises.exercise import Exercise, Wrong
from eda_workshop.exercises.lesson_05.demo import line_of, numbered

RIGHT = {
    "A": (line_of("self.disk.append(path)"),),
    "B": (line_of("except Exception"), line_of("pass")),
    "C": (line_of('    "folder.create",'),),
    "D": (line_of('{"method"'),),
    "E": (line_of('subscribe("folder.*"'), line_of('subscribe("folder.create"')),
    "F": (line_of("self.count += 1"),),
    "G": (line_of('data["method"]'), line_of('data["path"] not in')),
}
_SAID = {
    "A": "A crash leaves a folder that nobody hears of only if something was done before the event was published.",
    "B": "Something makes the failure silent. What happens to the exception?",
    "C": "The name is what is published first. Does it say what happened, or what shall be done?",
    "D": "Somewhere the sender decides how the receiver shall do its work. Which line sends that along?",
    "E": "Each message comes twice although nobody sent it twice: who asked for it twice?",
    "F": "Which line gives another result when one message is handled a second time?",
    "G": "Some line trusts that every message has a certain value. Which one meets such a message first?",
}
_STUB = """# The number of a line that causes each symptom:
find_the_bug = {
    "A": ...,  # a crash leaves a folder on disk that nobody ever hears of
    "B": ...,  # the broker is down, and nobody notices
    "C": ...,  # the name is an order, not a fact
    "D": ...,  # the sender decides how the receiver works
    "E": ...,  # every message is handled twice
    "F": ...,  # a message that comes again falsifies a number
    "G": ...,  # one message of another shape stops the worker
}"""


def check(answer: Any) -> None:
    table = require_numbers(require_table(answer, tuple(RIGHT)))
    for symptom, line in table.items():
        if line not in RIGHT[symptom]:
            known = [letter for letter, lines in RIGHT.items() if line in lines]
            other = f" Line {line} is a fault, but it causes another symptom: {known[0]}." if known else ""
            raise Wrong(_SAID[symptom] + other, got=f"line {line} for {symptom}")


def _filled(**changes: int) -> str:
    return f"find_the_bug = { ({letter: lines[0] for letter, lines in RIGHT.items()} | changes)!r}"


FIND_THE_BUG = Exercise(
    id="find_the_bug",
    lesson=5,
    title="Find the bug, and six more",
    minutes=10,
    task=(
        "This service makes folders and publishes; a worker listens. It runs, and on a good day nobody complains. Read it, and give "
        "for each symptom the number of a line that causes it.\n\n```text\n" + numbered() + "\n```"
    ),
    stub=_STUB,
    check=check,
    hints=(
        "Follow one folder: what is done first, what second, and what if the program ends in between?",
        "For C and D read only what is published. For E read only what the worker subscribes to. F and G are in on_message.",
        "F: is there anything in a message by which the worker could recognize that it has seen it before?",
    ),
    solutions=(_filled(),),
    wrong={
        _filled(A=RIGHT["B"][0]): "A crash leaves a folder that nobody hears of only if",
        _filled(B=RIGHT["A"][0]): "Something makes the failure silent",
        _filled(C=RIGHT["D"][0]): "The name is what is published first",
        _filled(D=RIGHT["G"][0]): "Somewhere the sender decides",
        _filled(E=RIGHT["F"][0]): "Each message comes twice",
        _filled(F=RIGHT["E"][0]): "Which line gives another result",
        _filled(G=RIGHT["D"][0]): "Some line trusts that every message",
        f"find_the_bug = {dict.fromkeys(RIGHT, '7')}": "Each answer is one whole number",
    },
)
