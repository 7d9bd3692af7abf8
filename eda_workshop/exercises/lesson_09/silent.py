"""Switch to replay and back, whatever happens in between."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from contextlib import contextmanager
from typing import Any

from eda_workshop.exercises.attempt import require_function
from eda_workshop.exercises.exercise import Exercise, Wrong


def _gateways() -> type[Any]:
    """A class of things with a switch; a new one for each check, since an answer may throw the switch of the class."""

    class Gateway:
        live = True

    return Gateway


def check(answer: Any) -> None:
    function = inspect.unwrap(require_function(answer, "gateway"))  # Somebody may have put @contextmanager on it.
    if not inspect.isgeneratorfunction(function):
        function(_gateways()())
        raise Wrong(
            "There is no yield: nothing can happen between switching off and on.", expected="a generator", look=_LOOK
        )
    silent = contextmanager(function)
    _check_plain(silent)
    _check_error(silent)
    _check_interrupted(silent)
    _check_nested(silent)
    _check_another(silent)


def _check_plain(silent: Callable[..., Any]) -> None:
    gateway = _gateways()()
    try:
        with silent(gateway):
            inside = gateway.live
    except RuntimeError as error:
        said = "It must yield once: before is before the replay, after is after it."
        raise Wrong(said, _CALLED, "one yield", f"{error}") from None
    if inside is not False:
        raise Wrong(
            "Within, the gateway is still live: the replay writes to everybody.",
            _CALLED,
            "False",
            f"{inside!r:.20}",
            _LOOK,
        )
    if gateway.live is not True:
        raise Wrong("Afterwards the gateway stays silent for ever.", _CALLED, "True", f"{gateway.live!r:.20}", _LOOK)


def _check_error(silent: Callable[..., Any]) -> None:
    gateway, called = _gateways()(), f"{_CALLED}, and an error within"
    try:
        with silent(gateway):
            raise KeyError("email")
    except KeyError:
        if gateway.live is not True:
            said = "A handler failed in the replay, and the gateway stays silent for ever: nobody switches it on again."
            raise Wrong(said, called, "True", f"{gateway.live!r:.20}", _LOOK) from None
        return
    raise Wrong(
        "The error of the replay is swallowed: whoever replays takes it for done.", called, "the KeyError", "nothing"
    )


def _check_interrupted(silent: Callable[..., Any]) -> None:
    """Somebody presses Ctrl-C, or a task is canceled: no error that `except Exception` catches."""
    gateway, called = _gateways()(), f"{_CALLED}, and Ctrl-C within"
    try:
        with silent(gateway):
            raise KeyboardInterrupt
    except KeyboardInterrupt:
        if gateway.live is not True:
            said = "Somebody stopped the replay with Ctrl-C, and the gateway stays silent for ever: except Exception doesn't see that."
            raise Wrong(said, called, "True", f"{gateway.live!r:.20}", _LOOK) from None
        return
    raise Wrong("Ctrl-C in the replay is swallowed: nobody can stop it.", called, "the KeyboardInterrupt", "nothing")


def _check_nested(silent: Callable[..., Any]) -> None:
    gateway = _gateways()()
    with silent(gateway):
        with silent(gateway):
            inside = gateway.live
        between = gateway.live
    if inside is not False:
        said = "Within two replays, one in the other, the gateway is live: the inner one turned round what the outer one had set."
        raise Wrong(said, "one silent(gateway) within another, in the inner one", "False", f"{inside!r:.20}", _LOOK)
    if between is not False:
        said = "A replay within a replay switched the gateway on while the outer one is still going."
        raise Wrong(said, "one silent(gateway) within another, after the inner one", "False", f"{between!r:.20}", _LOOK)
    if gateway.live is not True:
        raise Wrong("After two replays, one in the other, the gateway stays silent.", "one within another", "True")


def _check_another(silent: Callable[..., Any]) -> None:
    """Only this gateway is switched."""
    gateway = _gateways()
    mine, other = gateway(), gateway()
    with silent(mine):
        if other.live is not True:
            said = "Another engine's gateway fell silent, too: the switch was thrown for the class, not for this one."
            raise Wrong(said, "with silent(mine): other.live", "True", "False", _LOOK)


_CALLED = "with silent(gateway): gateway.live"
_LOOK = "Look at the sentence on finally, after “Break it: a question that was never asked”."


def _source(*lines: str) -> str:
    return "def silent(gateway):\n" + "\n".join(f"    {line}" for line in lines)


_OFF = "gateway.live = False"
_BACK = ("try:", "    yield", "finally:", "    gateway.live = before")

SILENT = Exercise(
    id="silent",
    lesson=9,
    title="Off, and back on",
    minutes=7,
    task=(
        "Write `silent(gateway)`, a function with one `yield` in it. The check makes a context manager of it, as "
        "`contextlib.contextmanager` does: what stands before the `yield` runs when a `with silent(gateway):` begins, what stands after it "
        "when the block ends, and an error in the block comes out of the `yield`. Within the block, `gateway.live` is False; "
        "afterwards it is what it was before, also when an error ended the block (which goes on to the caller), and also when one "
        "replay runs inside another."
    ),
    stub='def silent(gateway):\n    """Within, gateway.live is False."""\n    ...',
    check=check,
    hints=(
        "Three steps: remember, switch off, yield; and what was remembered comes back in the end.",
        "What stands after a bare yield is not reached when the block raises. try … finally is.",
    ),
    solutions=(
        _source("before = gateway.live", _OFF, *_BACK),
        _source("before, gateway.live = gateway.live, False", *_BACK),
        "from contextlib import contextmanager\n\n\n@contextmanager\n" + _source("before = gateway.live", _OFF, *_BACK),
    ),
    wrong={
        _source(_OFF, "yield", "gateway.live = True"): "A handler failed in the replay",
        _source(_OFF, "try:", "    yield", "finally:", "    gateway.live = True"): "A replay within a replay",
        _source(
            "before = gateway.live", _OFF, "try:", "    yield", "except Exception:", "    pass", "gateway.live = before"
        ): ("The error of the replay is swallowed"),
        _source(
            "before = gateway.live",
            _OFF,
            "try:",
            "    yield",
            "except Exception:",
            "    gateway.live = before",
            "    raise",
            "gateway.live = before",
        ): "Somebody stopped the replay with Ctrl-C",
        _source(
            "before = gateway.live",
            _OFF,
            "try:",
            "    yield",
            "except KeyboardInterrupt:",
            "    pass",
            "finally:",
            "    gateway.live = before",
        ): "Ctrl-C in the replay is swallowed",
        _source(
            "gateway.live = not gateway.live", "try:", "    yield", "finally:", "    gateway.live = not gateway.live"
        ): "Within two replays, one in the other",
        _source("before = gateway.live", *_BACK): "Within, the gateway is still live",
        _source(_OFF, "yield"): "Afterwards the gateway stays silent for ever",
        _source("before = gateway.live", _OFF, "gateway.live = before"): "There is no yield",
        _source("before = gateway.live", _OFF, "yield", "yield", "gateway.live = before"): "It must yield once",
        _source("type(gateway).live = False", "yield", "type(gateway).live = True"): "A handler failed in the replay",
        _source(
            "before = type(gateway).live",
            "type(gateway).live = False",
            "try:",
            "    yield",
            "finally:",
            "    type(gateway).live = before",
        ): "Another engine's gateway fell silent",
    },
)
