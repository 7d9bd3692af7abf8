"""Count messages: in all, and at the moment of need."""

from __future__ import annotations

from typing import Any

from eda_workshop.exercises.attempt import require_table
from eda_workshop.exercises.exercise import Exercise, Wrong

RIGHT = {"ask_all": 16, "ask_door": 16, "told_all": 10, "told_door": 4, "hot_ask": 16, "hot_told": 64}
_SAID: dict[str, dict[Any, str]] = {
    "ask_all": {
        8: "An answer is a message, too: a question that nobody answers would be of no use.",
        4: "Two requests at each departure, and each has an answer.",
        "": "At each departure: a question and its answer, an order and its confirmation.",
    },
    "ask_door": {
        0: "Asking happens at the door, all of it: that is the moment when the answer is needed.",
        "": "Whoever asks does so when the answer is needed. None of it happens before.",
    },
    "told_all": {
        20: "An event needs no answer: nobody waits for one.",
        14: "The valet needs no order: it hears that somebody goes out, and acts. Its coat is no message.",
        "": "One for each change, and one for each departure.",
    },
    "told_door": {
        0: "Somebody has to say that he goes out. That is one message for each departure, and nothing is asked.",
        10: "The changes were told when they happened. At the door the copy is already there.",
        "": "At the door one message is sent: that somebody goes out.",
    },
    "hot_ask": {
        "": "Who asks at the door doesn't notice how often the temperature changed meanwhile.",
    },
    "hot_told": {
        16: "Every change is told, needed or not: that is the price of never having to ask.",
        "": "Sixty changes are told, and four departures.",
    },
}
_LOOK = "Look at LeavingTheHouse with few and with many changes, and at its two numbers of messages."


def check(answer: Any) -> None:
    table = require_table(answer, tuple(RIGHT))
    for name, count in table.items():
        if type(count) is not int or count < 0:
            raise Wrong("Each is a whole number of messages.", got=f"{name}: {count!r:.40}", look=_LOOK)
        if count != RIGHT[name]:
            said = _SAID[name]
            raise Wrong(said.get(count) or said[""], got=f"{name}: {count}", look=_LOOK)


_STUB = """moment_of_need = {
    "ask_all": ...,  # by request, in all
    "ask_door": ...,  # by request, while somebody stands at the door
    "told_all": ...,  # by events, in all
    "told_door": ...,  # by events, while somebody stands at the door
    "hot_ask": ...,  # by request, in all, if the temperature changes 60 times
    "hot_told": ...,  # by events, in all, if the temperature changes 60 times
}"""


def _filled(**changed: int) -> str:
    return f"moment_of_need = {RIGHT | changed}"


MOMENT_OF_NEED = Exercise(
    id="moment_of_need",
    lesson=11,
    title="Messages at the door",
    minutes=4,
    task=(
        "The temperature changes 6 times, and 4 times somebody goes out. *By request*, at each departure the sensor is asked and answers, and the valet is "
        "told to fetch the coat and says that it is there. *By events*, the sensor says each change, and whoever goes out says so; "
        "nobody answers. One message each way. How many messages are sent?"
    ),
    stub=_STUB,
    check=check,
    hints=(
        "By request everything happens at the door, and it takes four messages.",
        "By events the number in all depends on the changes, the number at the door doesn't.",
    ),
    solutions=(
        _filled(),
        "moment_of_need = dict(ask_all=4 * 4, ask_door=4 * 4, told_all=6 + 4, told_door=4, hot_ask=16, hot_told=64)",
    ),
    wrong={
        _filled(ask_all=8): "An answer is a message, too",
        _filled(ask_all=4): "Two requests at each departure",
        _filled(ask_door=0): "Asking happens at the door",
        _filled(told_all=20): "An event needs no answer",
        _filled(told_all=14): "The valet needs no order",
        _filled(told_door=10): "The changes were told when they happened",
        _filled(told_door=0): "Somebody has to say that he goes out",
        _filled(hot_ask=64): "Who asks at the door doesn't notice",
        _filled(hot_told=16): "Every change is told, needed or not",
        f"moment_of_need = {RIGHT | {'ask_all': 'many'}}": "Each is a whole number of messages",
    },
)
