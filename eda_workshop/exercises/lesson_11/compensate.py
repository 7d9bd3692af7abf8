"""Undo what was done when a step fails."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from eda_workshop.errors import Rejected
from eda_workshop.exercises.attempt import bounded, require_function
from eda_workshop.exercises.exercise import Exercise, Wrong

NAMES = ("account", "home", "trial", "mail")


class _Steps:
    """Steps that note what is done and undone; one of them may fail, and some undos may, too."""

    def __init__(self, fails: str = "", breaks: Sequence[str] = (), error: Exception | None = None) -> None:
        self.notes: list[str] = []
        self.fails, self.breaks = fails, {name: ConnectionError(f"{name} can't be undone now") for name in breaks}
        self.error = error or Rejected(f"no {fails}")

    def pairs(self) -> list[tuple[Callable[[], None], Callable[[], None]]]:
        return [(self._do(name), self._undo(name)) for name in NAMES]

    @property
    def wanted(self) -> list[str]:
        """What must be done and undone, in order."""
        done = NAMES[: NAMES.index(self.fails)] if self.fails else NAMES
        undone = [name for name in reversed(done) if name not in self.breaks] if self.fails else []
        return [*(f"+{name}" for name in done), *(f"-{name}" for name in undone)]

    @property
    def errors(self) -> list[Exception]:
        """What must be given back."""
        return (
            [self.error, *(self.breaks[name] for name in reversed(NAMES) if name in self.breaks)] if self.fails else []
        )

    def _do(self, name: str) -> Callable[[], None]:
        def do() -> None:
            if name == self.fails:
                raise self.error
            self.notes.append(f"+{name}")

        return do

    def _undo(self, name: str) -> Callable[[], None]:
        def undo() -> None:
            if name in self.breaks:
                raise self.breaks[name]
            self.notes.append(f"-{name}")

        return undo


def check(answer: Any) -> None:
    function = require_function(answer, "steps")
    for fails in ("", "trial", "account", "mail"):
        called = f"four steps, of which {fails} refuses" if fails else "four steps that all go well"
        _check(function, _Steps(fails), called)
    said = "Only a refusal is caught. A step can fail in another way, a line that is cut, and what was done is there as before."
    _check(function, _Steps("mail", error=ConnectionError("no line")), "mail can't be reached", said)
    said = "A step failed with an error that has no text, and it was taken for success. An empty text is no sign that all went well."
    _check(function, _Steps("mail", error=TimeoutError()), "mail raises TimeoutError()", said)
    _check_broken_undos(function)
    _check_interrupted(function)


def _check(function: Callable[..., Any], steps: _Steps, called: str, said: str = "") -> None:
    got = _run(function, steps, called, said)
    if steps.notes != steps.wanted:
        raise Wrong(said or _said(steps.notes, steps.fails), called, _words(steps.wanted), _words(steps.notes), _LOOK)
    if got != steps.errors:
        raise Wrong(said or _said_of_errors(got, steps.errors), called, f"{steps.errors!r}", f"{got!r:.60}")


def _run(function: Callable[..., Any], steps: _Steps, called: str, said: str) -> Any:
    try:
        with bounded():
            got = function(steps.pairs())
    except Exception as error:
        if error is not steps.error:
            raise
        if steps.notes == steps.wanted:
            said = "What was done is undone, as it should be; and then the error went through. Give it back in a list."
        said = said or "The refusal went through. It must be caught, and what was done before it undone."
        raise Wrong(said, called, _words(steps.wanted), _words(steps.notes), _LOOK) from None
    return list(got) if isinstance(got, tuple) else got


def _words(notes: list[str]) -> str:
    return " ".join(notes) or "nothing"


def _said_of_errors(got: Any, errors: list[Exception]) -> str:
    if not errors:
        return "All went well, and that is said by an empty list."
    if got is errors[0]:
        return "The error itself comes back. A list is wanted: undos may fail as well, and then there are several."
    if isinstance(got, str) or (isinstance(got, list) and any(isinstance(each, str) for each in got)):
        return "A text comes back, and the error is gone: a text may be empty, and nobody can catch it. Give back the errors."
    return "The error is lost: nobody can say why it was undone."


def _said(notes: list[str], refuses: str) -> str:
    done, undone = [note for note in notes if note[0] == "+"], [note[1:] for note in notes if note[0] == "-"]
    before = list(NAMES[: NAMES.index(refuses)]) if refuses else []
    if not done and refuses != NAMES[0]:
        return "No step was done. Each is a pair of functions: call the first one, do()."
    if len(done) > len(before) and refuses:
        return "The steps went on after one had refused."
    if undone and undone == before and len(before) > 1:
        return "Undone in the order of doing. What was built on an earlier step must go before it does: newest first."
    if refuses in undone:
        return "The step that refused was undone, and had done nothing."
    if set(undone) > set(before):
        return "Steps were undone that had never begun."
    if before and not undone:
        return "Nothing was undone: the account and the home are still there, and nobody pays for them."
    if len(undone) < len(before):
        return "Not everything was undone that had been done."
    return "What was done and undone is not right."


def _check_broken_undos(function: Callable[..., Any]) -> None:
    """Two undos fail, and the third can still be done."""
    steps, called = _Steps("mail", ("trial", "home")), "mail refuses, and neither trial nor home can be undone"
    try:
        with bounded():
            got = function(steps.pairs())
    except ConnectionError as error:
        got = error
    if "-account" not in steps.notes:
        said = "An undo failed, and those after it were never tried: the account is still there, although it could be undone."
        raise Wrong(said, called, _words(steps.wanted), _words(steps.notes), _LOOK)
    reported = list(got) if isinstance(got, (list, tuple)) else [got]
    missing = [error for error in steps.errors[1:] if error not in reported]
    if missing:
        said = "An undo failed, and nobody is told: it looks as if all were well. Give its error back, too."
        raise Wrong(said, called, f"{steps.errors!r}", f"{got!r:.120}", _LOOK)
    if reported != steps.errors:
        said = "What failed is there, in another order: first the step's error, then those of the undos, as they came."
        raise Wrong(said, called, f"{steps.errors!r}", f"{got!r:.160}", _LOOK)


def _check_interrupted(function: Callable[..., Any]) -> None:
    """Somebody presses Ctrl-C: that is no failure of a step, and the program has to end."""

    def interrupted() -> None:
        raise KeyboardInterrupt

    def failing() -> None:
        raise Rejected("no")

    for steps in ([(interrupted, failing)], [(list, interrupted), (failing, failing)]):
        try:
            got = function(steps)
        except KeyboardInterrupt:
            continue
        _refuse_interrupted(got)


def _refuse_interrupted(got: Any) -> None:
    said = "Somebody pressed Ctrl-C, and it was taken for a step that failed: nobody can stop the program. Catch Exception, not everything."
    raise Wrong(said, "Ctrl-C in a step, and in an undo", "the KeyboardInterrupt", f"{got!r:.40}")


_LOOK = "Keep what was done in a list, and go through it backward."
_HEAD = "def compensate(steps):\n    done = []\n    for do, undo in steps:\n        try:\n            do()\n        except Exception as error:\n            failed = [error]\n"
_TAIL = "            return failed\n        done.append(undo)\n    return []"
_BACK = (
    "            for back in reversed(done):\n                try:\n                    back()\n"
    "                except Exception as another:\n                    failed.append(another)\n"
)
_BARE = "            for back in reversed(done):\n                back()\n"

COMPENSATE = Exercise(
    id="compensate",
    lesson=11,
    title="Take it back",
    minutes=7,
    task=(
        "Write `compensate(steps)`. Each step is a pair of functions, `(do, undo)`. Do them one after the other; if one raises, undo what was "
        "done, newest first. Give back a list of the errors: first the step's, then those of undos that failed. An undo that fails must "
        "neither go unnoticed nor keep the others from being tried. If all goes well, the list is empty."
    ),
    stub='def compensate(steps):\n    """Do all the steps; or undo what was done, and say what failed."""\n    ...',
    check=check,
    hints=(
        "Append each undo to a list *after* its do has gone well.",
        "except Exception as error: failed = [error], then go through reversed(list), then return failed.",
        "Each undo needs a try of its own: its error goes into failed, and the loop goes on.",
    ),
    solutions=(
        _HEAD + _BACK + _TAIL,
        "def compensate(steps):\n    if not steps:\n        return []\n    (do, undo), *rest = steps\n    try:\n        do()\n"
        "    except Exception as error:\n        return [error]\n    failed = compensate(rest)\n    if failed:\n        try:\n            undo()\n"
        "        except Exception as error:\n            failed.append(error)\n    return failed",
    ),
    wrong={
        _HEAD + _BACK.replace("reversed(done)", "done") + _TAIL: "Undone in the order of doing",
        _HEAD + "            undo()\n" + _BACK + _TAIL: "The step that refused was undone",
        _HEAD + _BACK.replace("back in reversed(done)", "_, back in reversed(steps)") + _TAIL: "The step that refused was undone",
        _HEAD + _TAIL: "Nothing was undone",
        (_HEAD + _BACK + _TAIL).replace("except Exception as error", "except BaseException as error"): "Somebody pressed Ctrl-C",
        "def compensate(steps):\n    for do, undo in steps:\n        do()\n    return []": "The refusal went through",
        _HEAD + _BACK + _TAIL.replace("return failed", "return []"): "The error is lost",
        _HEAD + _BACK + _TAIL.replace("return failed", "return error"): "The error itself comes back",
        _HEAD + _BACK + _TAIL.replace("return failed", "return str(error)"): "A text comes back",
        _HEAD + _BACK + _TAIL.replace("return failed", "raise"): "What was done is undone, as it should be",
        (_HEAD + _BACK + _TAIL).replace(" do()", " do"): "No step was done",
        _HEAD + _BACK + _TAIL.removesuffix("    return []"): "All went well, and that is said by an empty list",
        _HEAD + "            if done:\n                done[-1]()\n" + _TAIL: "Not everything was undone",
        _HEAD + _BARE + _TAIL: "An undo failed, and those after it were never tried",
        _HEAD + _BACK.replace("except Exception as another:\n                    failed.append(another)", "except Exception:\n                    pass") + _TAIL: (
            "An undo failed, and nobody is told"
        ),
        _HEAD + _BACK.replace("failed.append(another)", "failed.insert(0, another)") + _TAIL: "What failed is there, in another order",
        (_HEAD + _BACK + _TAIL).replace("except Exception as error", "except Rejected as error"): "Only a refusal is caught",
        "def compensate(steps):\n    done, reason, failed = [], '', []\n    for do, undo in steps:\n        try:\n            do()\n            done.append(undo)\n"
        "        except Exception as error:\n            reason, failed = str(error), [error]\n            break\n"
        "    for back in reversed(done if reason else []):\n        back()\n    return failed if reason else []": (
            "A step failed with an error that has no text"
        ),
        _HEAD
        + _BACK.replace("back in reversed(done)", "_, back in reversed(steps[len(done) + 1:])")
        + _BACK
        + _TAIL: "Steps were undone that had never begun",
        "def compensate(steps):\n    done, failed = [], []\n    for do, undo in steps:\n        try:\n            do()\n            done.append(undo)\n"
        "        except Exception as error:\n            failed.append(error)\n    for back in reversed(done if failed else []):\n        back()\n    return failed": (
            "The steps went on after one had refused"
        ),
    },
)  # fmt: skip
