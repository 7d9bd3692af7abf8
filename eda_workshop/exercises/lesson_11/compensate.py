"""Undo what was done when a step fails."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from eda_workshop.errors import Rejected
from eda_workshop.exercises.attempt import bounded, require_function
from eda_workshop.exercises.exercise import Exercise, Wrong

NAMES = ("account", "home", "trial", "mail")


class _Steps:
    """Steps that note what is done and undone; one of them may refuse, and one undo may fail."""

    def __init__(self, refuses: str = "", breaks: str = "", error: type[Exception] = Rejected) -> None:
        self.notes: list[str] = []
        self.refuses, self.breaks, self.error = refuses, breaks, error

    def pairs(self) -> list[tuple[Callable[[], None], Callable[[], None]]]:
        return [(self._do(name), self._undo(name)) for name in NAMES]

    def _do(self, name: str) -> Callable[[], None]:
        def do() -> None:
            if name == self.refuses:
                raise self.error(f"no {name}")
            self.notes.append(f"+{name}")

        return do

    def _undo(self, name: str) -> Callable[[], None]:
        def undo() -> None:
            if name == self.breaks:
                raise ConnectionError(f"{name} can't be undone now")
            self.notes.append(f"-{name}")

        return undo


def _wanted(refuses: str) -> list[str]:
    done = NAMES[: NAMES.index(refuses)] if refuses else NAMES
    return [f"+{name}" for name in done] + ([f"-{name}" for name in reversed(done)] if refuses else [])


def check(answer: Any) -> None:
    function = require_function(answer, "steps")
    for refuses in ("", "trial", "account", "mail"):
        steps = _Steps(refuses)
        called = f"four steps, of which {refuses} refuses" if refuses else "four steps that all go well"
        got = _run(function, steps, called)
        if steps.notes != _wanted(refuses):
            said = _said(steps.notes, refuses)
            raise Wrong(
                said, called, " ".join(_wanted(refuses)) or "nothing", " ".join(steps.notes) or "nothing", _LOOK
            )
        reason = f"no {refuses}" if refuses else ""
        if got != reason:
            raise Wrong(_said_of_reason(got, reason), called, f"{reason!r}", f"{got!r:.40}")
    _check_other_failure(function)
    _check_broken_undo(function)


def _run(function: Callable[..., Any], steps: _Steps, called: str) -> Any:
    try:
        with bounded():
            return function(steps.pairs())
    except Rejected:
        if steps.notes == _wanted(steps.refuses):
            said = "What was done is undone, as it should be; and then the refusal went through. Give its reason back."
            raise Wrong(said, called, f"{f'no {steps.refuses}'!r}", "Rejected was raised") from None
        said = "The refusal went through. It must be caught, and what was done before it undone."
        raise Wrong(said, called, " ".join(_wanted(steps.refuses)), " ".join(steps.notes) or "nothing", _LOOK) from None


def _said_of_reason(got: Any, reason: str) -> str:
    if not reason:
        return "All went well, and that is said by an empty text."
    if isinstance(got, Exception):
        return "The error itself comes back. The reason is wanted as text, str(error)."
    if isinstance(got, str) and reason in got:
        return "The reason is there, and more with it. Give back the error's own text, str(error)."
    return "The reason is lost: nobody can say why it was undone."


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


def _check_other_failure(function: Callable[..., Any]) -> None:
    """A step may fail without refusing: the same is due to those that were done."""
    steps = _Steps("mail", error=ConnectionError)
    try:
        with bounded():
            function(steps.pairs())
    except ConnectionError:
        pass
    if steps.notes != _wanted("mail"):
        said = "Only a refusal is caught. A step can fail in another way, a line that is cut, and what was done is there as before."
        called = "mail can't be reached"
        raise Wrong(said, called, " ".join(_wanted("mail")), " ".join(steps.notes), _LOOK)


def _check_broken_undo(function: Callable[..., Any]) -> None:
    steps = _Steps("mail", breaks="home")
    try:
        with bounded():
            got = function(steps.pairs())
    except Rejected as refused:
        if _tells(refused):
            return
        got = f"{refused!r}"
    except Exception:
        return
    # Whatever is more than the bare reason tells that something went wrong.
    if not isinstance(got, str) or got in ("", "no mail", "Rejected('no mail')"):
        said = "An undo failed, and nobody is told: it looks as if all were well. Let the error through, or say it in the reason."
        called = "mail refuses, and home can't be undone"
        raise Wrong(said, called, "an error, or a reason that tells of it", f"{got!r:.60}", _LOOK)


def _tells(error: BaseException | None) -> bool:
    """Whether the failed undo is behind this error."""
    if error is None or isinstance(error, ConnectionError):
        return error is not None
    return _tells(error.__cause__) or _tells(error.__context__)


_LOOK = "Keep what was done in a list, and go through it backward."
_HEAD = "def compensate(steps):\n    done = []\n    for do, undo in steps:\n        try:\n            do()\n        except Exception as refused:\n"
_TAIL = "            return str(refused)\n        done.append(undo)\n    return ''"
_BACK = "            for back in reversed(done):\n                back()\n"

COMPENSATE = Exercise(
    id="compensate",
    lesson=11,
    title="Take it back",
    minutes=6,
    task=(
        "Write `compensate(steps)`. Each step is a pair of functions, `(do, undo)`. Do them one after the other; if one raises, undo what was "
        "done, newest first, and give back the reason as text, `str(error)`. If all go well, give back `''`. An undo that fails must not go unnoticed."
    ),
    stub='def compensate(steps):\n    """Do all the steps; or undo what was done, and say why."""\n    ...',
    check=check,
    hints=(
        "Append each undo to a list *after* its do has gone well.",
        "except Exception as error: go through reversed(list), then return str(error).",
        "No try around an undo that only hides its error. Let it through, or add it to the reason.",
    ),
    solutions=(
        _HEAD + _BACK + _TAIL,
        "def compensate(steps):\n    if not steps:\n        return ''\n    (do, undo), *rest = steps\n    try:\n        do()\n"
        "    except Exception as refused:\n        return str(refused)\n    reason = compensate(rest)\n    if reason:\n        undo()\n    return reason",
    ),
    wrong={
        _HEAD + _BACK.replace("reversed(done)", "done") + _TAIL: "Undone in the order of doing",
        _HEAD + "            undo()\n" + _BACK + _TAIL: "The step that refused was undone",
        _HEAD
        + "            for _, back in reversed(steps):\n                back()\n"
        + _TAIL: "The step that refused was undone",
        _HEAD + _TAIL: "Nothing was undone",
        "def compensate(steps):\n    for do, undo in steps:\n        do()\n    return ''": "The refusal went through",
        _HEAD + _BACK + _TAIL.replace("return str(refused)", "return ''"): "The reason is lost",
        _HEAD + _BACK + _TAIL.replace("return str(refused)", "return refused"): "The error itself comes back",
        _HEAD + _BACK + _TAIL.replace("return str(refused)", "return repr(refused)"): "The reason is there, and more",
        _HEAD + _BACK + _TAIL.replace("return str(refused)", "raise"): "What was done is undone, as it should be",
        (_HEAD + _BACK + _TAIL).replace(" do()", " do"): "No step was done",
        _HEAD + _BACK + _TAIL.removesuffix("    return ''"): "All went well, and that is said by an empty text",
        _HEAD + "            if done:\n                done[-1]()\n" + _TAIL: "Not everything was undone",
        _HEAD
        + _BACK.replace(
            "back()", "try:\n                    back()\n                except Exception:\n                    pass"
        )
        + _TAIL: ("An undo failed, and nobody is told"),
        (_HEAD + _BACK + _TAIL).replace("except Exception", "except Rejected"): "Only a refusal is caught",
        _HEAD
        + "            for _, back in reversed(steps[len(done) + 1:]):\n                back()\n"
        + _BACK
        + _TAIL: "Steps were undone that had never begun",
        "def compensate(steps):\n    done, reason = [], ''\n    for do, undo in steps:\n        try:\n            do()\n            done.append(undo)\n"
        "        except Exception as refused:\n            reason = str(refused)\n    for back in reversed(done if reason else []):\n        back()\n    return reason": (
            "The steps went on after one had refused"
        ),
    },
)
