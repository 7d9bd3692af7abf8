"""Rebuild a read model while the old one serves."""

from __future__ import annotations

from typing import Any

from eda_workshop.clock import ManualClock
from eda_workshop.drive import Count, stream
from eda_workshop.event import Event
from eda_workshop.exercises.attempt import require_function
from eda_workshop.exercises.exercise import Exercise, Wrong
from eda_workshop.log import EventLog, open_log
from eda_workshop.replay import Model, Projection, applies, fold

COUNT, SERVED = 20, 12


class Better(Model):
    """What the new read model shall say."""

    initial = 0

    @staticmethod
    @applies("folder.created")
    def created(folders: int, _event: Event) -> int:
        return folders + 1


def _world() -> tuple[EventLog, Projection]:
    log = open_log("memory://", clock=ManualClock())
    log.append(*stream(COUNT))
    serving = Projection(log, Count, name="totals")
    serving.advance(SERVED)
    return log, serving


def check(answer: Any) -> None:
    function = require_function(answer, "log", "serving", "model")
    log, serving = _world()
    before, touched = serving.state, list[str]()
    serving.start = lambda: touched.append("started")  # type: ignore[method-assign]
    serving.stop = lambda: touched.append("stopped")  # type: ignore[method-assign]
    got = function(log, serving, Better)
    if not isinstance(got, Projection):
        raise Wrong("The new projection was asked for.", _CALLED, "a Projection", f"{type(got).__name__}", _LOOK)
    if serving.position < SERVED:
        raise Wrong("The old read model was emptied first: whoever asks meanwhile gets nothing.", _CALLED, look=_LOOK)
    if got is serving:
        said = "That is the old projection. It says what its old model says, however far it goes."
        raise Wrong(said, _CALLED, "a new Projection", "serving", _LOOK)
    if touched:
        said = f"The old projection was {touched[0]}. Whether it follows the log is for whoever owns it to say."
        raise Wrong(said, _CALLED, "serving as it was", f"serving {touched[0]}", _LOOK)
    if _seen(serving) != (SERVED, before):
        said = "The old projection was moved. It goes on at its own pace, and whoever owns it moves it."
        expected, found = (f"position {at}, {state}" for at, state in ((SERVED, before), _seen(serving)))
        raise Wrong(said, _CALLED, expected, found, _LOOK)
    try:
        if got._thread is not None and not {"wait", "lag", "position"} & set(function.__code__.co_names):
            said = "The new projection follows by itself, and nobody waited until it was there: it may be swapped in too early."
            raise Wrong(said, _CALLED, f"position {log.head} when it comes back", "a projection on its way", _LOOK)
        _check_new(log, got)
    finally:
        got.stop()  # It may follow by itself, in a thread that nobody needs any more.


def _seen(projection: Projection) -> tuple[int, Any]:
    return projection.position, projection.state


def _check_new(log: EventLog, got: Projection) -> None:
    if got.model is not Better:
        raise Wrong(
            "The new projection has the old model: the bug comes back with it.",
            _CALLED,
            "model",
            f"{got.model.__name__}",
        )
    if got.position == 0:
        raise Wrong(
            "The new projection stands at 0: it was swapped in before it had read anything.", _CALLED, look=_LOOK
        )
    if got.position != log.head:
        raise Wrong(_behind(got.position), _CALLED, f"position {log.head}", f"position {got.position}", _LOOK)
    if got.state != fold(log, Better):
        said = "The new projection skipped what was there before it. A read model has all of history to learn."
        raise Wrong(said, _CALLED, f"{fold(log, Better)}", f"{got.state!r:.40}", _LOOK)


def _behind(position: int) -> str:
    if position == SERVED:
        return "The new projection came as far as the old one, and the log is longer: up to the head is asked for."
    return "The new projection has not come to the head."


_CALLED = f"rebuild(log, serving, Better), with {COUNT} events, of which serving has seen {SERVED}"
_LOOK = "Look at “Break it: throw a read model away”, where the better totals are built."


def _source(*lines: str) -> str:
    return "def rebuild(log, serving, model):\n" + "\n".join(f"    {line}" for line in lines)


REBUILD = Exercise(
    id="rebuild",
    lesson=10,
    title="Beside the old one",
    minutes=7,
    task=(
        "The read model `serving`, a projection, has a bug; `model` is the mended one. Write `rebuild(log, serving, model)`, which returns a "
        "new projection of the mended model that has read the whole log, so that it can be swapped in. Meanwhile the old one "
        "serves: leave it alone."
    ),
    stub='def rebuild(log, serving, model):\n    """A projection of the model at the head; serving stays as it is."""\n    ...',
    check=check,
    hints=(
        "A new Projection(log, model) begins at 0, where it has to. What brings it to the head?",
        "advance() without a limit applies all there is.",
    ),
    solutions=(
        _source("fresh = Projection(log, model)", "fresh.advance()", "return fresh"),
        _source("fresh = serving.rebuild(model)", "fresh.advance()", "return fresh"),
    ),
    wrong={
        _source("serving.advance()", "return serving"): "That is the old projection",
        _source(
            "serving.__init__(log, model)", "serving.advance(0)", "return serving"
        ): "The old read model was emptied first",
        _source("return Projection(log, model)"): "The new projection stands at 0",
        _source(
            "fresh = serving.rebuild(model)", "fresh.start()", "return fresh"
        ): "The new projection follows by itself",
        _source("serving.stop()", "fresh = serving.rebuild(model)", "fresh.advance()", "return fresh"): (
            "The old projection was stopped"
        ),
        _source("fresh = serving.rebuild()", "fresh.advance()", "return fresh"): "The new projection has the old model",
        _source("fresh = Projection(log, model)", "fresh.advance(serving.position)", "return fresh"): (
            "The new projection came as far as the old one"
        ),
        _source(
            "fresh = Projection(log, model)", "fresh.advance(1)", "return fresh"
        ): "The new projection has not come to the head",
        _source(
            "fresh = Projection(log, model)", "fresh._position = log.head", "return fresh"
        ): "The new projection skipped",
        "from copy import copy\n\n\n"
        + _source("fresh = copy(serving)", "fresh.model = model", "fresh.advance()", "return fresh"): (
            "The old projection was moved"
        ),
        _source("serving.advance()", "fresh = Projection(log, model)", "fresh.advance()", "return fresh"): (
            "The old projection was moved"
        ),
        _source("return fold(log, model)"): "The new projection was asked for",
    },
)
