"""Answer in a replay as it was answered then."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from eda_workshop.exercises.attempt import require_function
from eda_workshop.exercises.exercise import Exercise, Wrong

THEN, LATER = 1.10, 1.25


class _Market:
    """The outside: answers with today's rate, and counts who asks."""

    def __init__(self, rate: float | None) -> None:
        self.rate = rate
        self.asked = 0

    def __call__(self, *question: object) -> float | None:
        if question not in (("EUR",), ("GBP",)):
            said = "The outside was asked something else than the question: ask takes the question, and nothing more."
            got = f"ask({', '.join(f'{part!r:.20}' for part in question)})"
            raise Wrong(said, expected="ask(question)", got=got)
        self.asked += 1
        return self.rate


def check(answer: Any) -> None:
    function = require_function(answer, "answers", "event_id", "question", "nth", "ask", "live")
    _check_live(function)
    _check_replay(function)
    _check_missing(function)
    _check_apart(function)
    _check_other_process(function)
    _check_empty(function, 0)
    _check_empty(function, None)


def _check_live(function: Callable[..., Any]) -> None:
    answers: dict[Any, Any] = {}
    got = function(answers, "pay-1", "EUR", 0, _Market(THEN), True)
    if got != THEN:
        raise Wrong("Live, the outside is asked, and its answer given back.", _LIVE, f"{THEN}", f"{got!r:.40}", _LOOK)
    if not answers:
        said = "The answer was given and not kept in answers: a replay, perhaps in another process, will find nothing."
        raise Wrong(said, _LIVE, "an answer recorded", "none")


def _check_replay(function: Callable[..., Any]) -> None:
    answers: dict[Any, Any] = {}
    function(answers, "pay-1", "EUR", 0, _Market(THEN), True)
    market = _Market(LATER)
    called = f"{_LIVE}, then the same in a replay, when the rate is {LATER}"
    try:
        got = function(answers, "pay-1", "EUR", 0, market, False)
    except LookupError as error:
        said = "The answer was recorded, and the replay says that it is missing."
        raise Wrong(said, called, f"{THEN}", type(error).__name__, _LOOK) from None
    if got == LATER:
        raise Wrong(
            "The replay asked today, and got today's rate for that day's payment.", called, f"{THEN}", f"{LATER}", _LOOK
        )
    if got is None:
        raise Wrong(
            "The replay gives nothing: to keep silent is for updates, a question needs its answer.", called, f"{THEN}"
        )
    if got != THEN:
        raise Wrong("The replay does not give the answer of then.", called, f"{THEN}", f"{got!r:.40}", _LOOK)
    if market.asked:
        said = "The answer is the one of then, and still the replay asked the outside: a replay never does, not even in vain."
        raise Wrong(said, called, "nobody asked", "asked", _LOOK)
    market = _Market(LATER)
    if function(answers, "pay-1", "EUR", 0, market, True) != THEN or market.asked:
        raise Wrong(
            "It was asked again although the answer is recorded: after a crash, live handling begins anew with this event.",
            f"{_LIVE}, twice",
            f"{THEN}, asked once",
            "asked twice",
            _LOOK,
        )


def _check_missing(function: Callable[..., Any]) -> None:
    market = _Market(LATER)
    try:
        got = function({}, "pay-1", "GBP", 0, market, False)
    except LookupError:
        if market.asked:
            raise Wrong(
                "A replay reached the outside before it gave up.", _MISSING, "nobody asked", "asked", _LOOK
            ) from None
        return
    except Wrong:
        raise
    except Exception as error:
        said = "Without a recording the replay stops, and with another error than the one that was asked for."
        raise Wrong(said, _MISSING, "a LookupError", f"a {type(error).__name__}") from None
    if isinstance(got, Exception | type):
        said = "The error was given back instead of raised: whoever asked takes it for an answer, and computes with it."
        raise Wrong(said, _MISSING, "a LookupError", "a return")
    if got is None:
        raise Wrong(
            "Without a recording the replay goes on with None, and computes with it.", _MISSING, "a LookupError", "None"
        )
    said = "Without a recording the replay asked the outside: silently, it takes today's answer for that day's."
    raise Wrong(said, _MISSING, "a LookupError", f"{got!r:.40}", _LOOK)


def _check_apart(function: Callable[..., Any]) -> None:
    """What belongs to another event, question or turn is another answer."""
    for first, second, said in _APART:
        answers: dict[Any, Any] = {}
        one = function(answers, *first, _Market(THEN), True)
        other = function(answers, *second, _Market(LATER), True)
        if (one, other) != (THEN, LATER):
            raise Wrong(
                said,
                f"asked for {first}, then for {second}",
                f"({THEN}, {LATER})",
                f"({one!r:.20}, {other!r:.20})",
                _LOOK,
            )


def _check_other_process(function: Callable[..., Any]) -> None:
    """The answers were kept, and are read by another process, in which `hash` gives other numbers for texts."""
    answers: dict[Any, Any] = {}
    function(answers, "pay-1", "EUR", 0, _Market(THEN), True)
    names = inspect.unwrap(function).__globals__
    own = {"hash": names["hash"]} if "hash" in names else {}
    names["hash"] = lambda value: hash(("another process", value))
    try:
        got = function(answers, "pay-1", "EUR", 0, _Market(LATER), False)
    except LookupError as error:
        got = type(error).__name__
    finally:
        del names["hash"]
        names.update(own)
    if got != THEN:
        said = "In another process the answer isn't found: hash() of a text is another number in each. Keep it under the text itself."
        raise Wrong(said, f"{_LIVE}, then the same in a replay in another process", f"{THEN}", f"{got!s:.40}", _LOOK)


def _check_empty(function: Callable[..., Any], rate: float | None) -> None:
    """Whether there is an answer does not depend on which it is."""
    answers: dict[Any, Any] = {}
    function(answers, "pay-1", "EUR", 0, _Market(rate), True)
    try:
        got = function(answers, "pay-1", "EUR", 0, _Market(LATER), False)
    except LookupError as error:
        got = type(error).__name__
    if got != rate:
        said = f"An answer of {rate} was taken for no answer. What counts is whether something is recorded, not what."
        called = f"{_LIVE.replace(str(THEN), str(rate))}, then the same in a replay"
        raise Wrong(said, called, f"{rate}", f"{got!s:.40}", _LOOK)


_FIRST = ("pay-1", "EUR", 0)
_APART: tuple[tuple[tuple[str, str, int], tuple[str, str, int], str], ...] = (
    (
        _FIRST,
        ("pay-2", "EUR", 0),
        "Two events share one answer: it is kept under the question alone, not under the event.",
    ),
    (
        _FIRST,
        ("pay-1", "GBP", 0),
        "Two questions of one event share one answer: the question is not part of what it is kept under.",
    ),
    (
        _FIRST,
        ("pay-1", "EUR", 1),
        "The same question, asked twice in one event, got the first answer twice: nth is forgotten.",
    ),
)
_LIVE = "recorded(answers, 'pay-1', 'EUR', 0, ask, True), when the rate is 1.1"
_MISSING = "recorded({}, 'pay-1', 'GBP', 0, ask, False)"
_LOOK = "Look at what gateway.answered holds in “What touches the outside”."


def _source(key: str = "event_id, question, nth", body: str = "") -> str:
    body = body or (
        "    if key not in answers:\n        if not live:\n            raise LookupError(key)\n"
        "        answers[key] = ask(question)\n    return answers[key]"
    )
    return f"def recorded(answers, event_id, question, nth, ask, live):\n    key = ({key},)\n{body}"


RECORDED = Exercise(
    id="recorded",
    lesson=9,
    title="The answer of then",
    minutes=8,
    task=(
        "Write `recorded(answers, event_id, question, nth, ask, live)`, the heart of a query gateway. `answers` is a dict that survives; "
        "`ask(question)` asks the outside. If the answer for this event, this question and this turn (`nth`, from 0) is recorded, give that. If not, "
        "live: ask, record, give; in a replay: raise a `LookupError`."
    ),
    stub=(
        "def recorded(answers, event_id, question, nth, ask, live):\n"
        '    """The answer that is recorded, or, live, the one that the outside gives."""\n    ...'
    ),
    check=check,
    hints=(
        "What makes two askings the same? Put all of that into the key.",
        "First look into answers, whether live or not. Only then does live decide between asking and raising.",
    ),
    solutions=(_source(),),
    wrong={
        _source("question"): "Two events share one answer",
        _source().replace("(event_id, question, nth,)", "hash((event_id, question, nth))"): "In another process",
        _source("event_id, nth"): "Two questions of one event",
        _source("event_id, question"): "The same question, asked twice",
        _source(body="    answers[key] = ask(question)\n    return answers[key]"): "The replay asked today",
        _source(body="    return ask(question)"): "The answer was given and not kept",
        _source(
            body="    if live:\n        answers[key] = ask(question)\n        return answers[key]"
        ): "The replay gives nothing",
        _source(
            body="    if live:\n        answers[key] = ask(question)\n    return answers[key]"
        ): "It was asked again although",
        _source(
            body="    if key not in answers and live:\n        answers[key] = ask(question)\n    return answers.get(key)"
        ): ("Without a recording the replay goes on with None"),
        _source(body="    if key not in answers:\n        answers[key] = ask(question)\n    return answers[key]"): (
            "Without a recording the replay asked the outside"
        ),
        _source(
            body="    if key not in answers:\n        got = ask(question)\n        if not live:\n            raise LookupError(key)\n"
            "        answers[key] = got\n    return answers[key]"
        ): "A replay reached the outside before it gave up",
        _source(
            body="    if not live:\n        raise LookupError(key)\n    if key not in answers:\n"
            "        answers[key] = ask(question)\n    return answers[key]"
        ): "The answer was recorded, and the replay says",
        _source(
            body="    if not answers.get(key):\n        if not live:\n            raise LookupError(key)\n"
            "        answers[key] = ask(question)\n    return answers[key]"
        ): "An answer of 0 was taken for no answer",
        _source(
            body="    answer = answers.get(key)\n    if answer is None:\n        if not live:\n            raise LookupError(key)\n"
            "        answers[key] = answer = ask(question)\n    return answer"
        ): "An answer of None was taken for no answer",
        _source(
            body="    got = ask(question)\n    if key not in answers:\n        if not live:\n            raise LookupError(key)\n"
            "        answers[key] = got\n    return answers[key]"
        ): "The answer is the one of then, and still",
        _source().replace("raise LookupError(key)", "return LookupError(key)"): "The error was given back instead",
        _source().replace("raise LookupError(key)", "raise ValueError(key)"): "Without a recording the replay stops",
        _source().replace("ask(question)", "ask()"): "The outside was asked something else",
        "kept = {}\n\n\n" + _source().replace("answers[key]", "kept[key]").replace("in answers", "in kept"): (
            "The answer was given and not kept in answers"
        ),
        _source(body="    return answers.setdefault(key, 0)"): "Live, the outside is asked",
    },
)
