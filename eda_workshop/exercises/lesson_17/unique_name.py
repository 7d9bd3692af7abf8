"""A name that only one folder may have, without asking a read model."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from typing import Any

from eda_workshop.exercises.attempt import in_short, require_function
from eda_workshop.exercises.exercise import Exercise, Wrong
from eda_workshop.exercises.lesson_17.busy_log import BusyLog, call
from eda_workshop.exercises.lesson_17.unique_name_answers import RIGHT, WRONG


def check(answer: Any) -> None:
    function = require_function(answer, "log", "shown", "folder", "name")
    _check_screen(function)
    _check_alone(function)
    _check_taken(function)
    _check_spelling(function)
    _check_given_back(function)
    _check_overtaken(function)
    _check_again(function)
    _check_disturbed(function)


def _check_screen(function: Callable[..., Any]) -> None:
    """The read model lags: a name is taken that it doesn't show, and one is free that it shows."""
    late, old = _log("f1", "photos"), _log("f1", "photos")
    _deleted(old, "f1", "photos")
    if (
        call(function, late, frozenset(), "f9", "photos") is True
        and call(function, late, {"photos"}, "f8", "photos") is False
    ):
        said = "You believed the screen, and it lags: f1 has had the name for a moment."
        raise Wrong(said, "f1 is called photos, and the screen doesn't show it yet", "False", "True", _LOOK)
    if (
        call(function, old, {"photos"}, "f9", "photos") is False
        and call(function, old, frozenset(), "f8", "photos") is True
    ):
        said = "The screen still shows the name of a folder that is gone, and you believed it."
        raise Wrong(said, "f1 is deleted, and the screen still shows photos", "True", "False", _LOOK)


def _check_alone(function: Callable[..., Any]) -> None:
    """Nobody has the name."""
    log = _log("f1", "music")
    head = log.head
    got = _create(function, log, "Photos")
    added = log.all_of()[head:]
    if [(event.name, dict(event.data)) for event in added] != [("folder.created", {"folder": "f9", "name": "Photos"})]:
        said = "You recorded something other than the folder with its name as it was typed."
        found = ", ".join(f"{event.name} {dict(event.data)}" for event in added) or "nothing"
        raise Wrong(said, _CALLED, "one folder.created with folder 'f9' and name 'Photos'", f"{found:.120}")
    if got is not True:
        raise Wrong("The folder is there, but you don't return True.", _CALLED, "True", in_short(got))
    if not any(tag.startswith("name:") for tag in (*added[0].tags, added[0].subject)):
        said = "Your event doesn't have the name's tag, so no later decision about this name will read it."
        raise Wrong(said, _CALLED, "'name:photos' among its tags", f"{added[0].tags}")


def _check_taken(function: Callable[..., Any]) -> None:
    """Somebody has it."""
    log = _log("f1", "photos")
    got = _create(function, log, "photos")
    _require_no(log, got, "The name went to a second folder, although f1 has it.", "f1 is called photos")


def _check_spelling(function: Callable[..., Any]) -> None:
    """The same name, typed in another way."""
    log = _log("f1", "photos")
    said = "You compare names as they were typed, so photos and Photos are two folders."
    _require_no(
        log, _create(function, log, "Photos"), said, "f1 is called photos; f9 wants Photos", "What does casefold do?"
    )
    log = _log("f1", "STRASSE")
    said = "lower() isn't enough: STRASSE and straße are the same name in capitals."
    _require_no(
        log, _create(function, log, "straße"), said, "f1 is called STRASSE; f9 wants straße", "What does casefold do?"
    )


def _check_given_back(function: Callable[..., Any]) -> None:
    """The folder was deleted; then there is a new one of the name."""
    log = _log("f1", "photos")
    _deleted(log, "f1", "photos")
    called = "f1 was called photos and is deleted; f9 wants photos"
    got = _create(function, log, "photos")
    if got is not True:
        raise Wrong("A deleted folder keeps its name forever.", called, "True", in_short(got), "Which events end it?")
    said = "The name became free once and counts as free ever since, although f9 has it now."
    again = _create(function, log, "photos", folder="f10")
    if again is not False:
        raise Wrong(said, f"{called}, then f10 wants it", "False", in_short(again))


def _check_overtaken(function: Callable[..., Any]) -> None:
    """Somebody takes the name right before the append."""
    log = _log("f1", "music")
    log.before_appends = [partial(_created, log, "f2", "PHOTOS")]
    got = _create(function, log, "photos")
    said = "Two folders have the name: your condition is about other events than the other folder's."
    if not log.had_condition:
        said = "Two folders have the name: you appended without a condition, so nothing noticed the other."
    _require_no(log, got, said, "f2 takes PHOTOS right before you append")


def _check_again(function: Callable[..., Any]) -> None:
    """A conflict that changes nothing: the name was taken and given back."""
    log = _log("f1", "music")

    def come_and_go() -> None:
        _created(log, "f2", "photos")
        _deleted(log, "f2", "photos")

    log.before_appends = [come_and_go]
    got = _create(function, log, "photos")
    if got is not True:
        said = "You treated a Conflict as a no. The name was taken and became free again in the same moment."
        raise Wrong(said, "f2 takes photos and is deleted, right before you append", "True", in_short(got))


def _check_disturbed(function: Callable[..., Any]) -> None:
    """Others create other folders, and do something else."""
    folders, others = _log("f1", "music"), _log("f1", "music")
    folders.before_appends = [partial(_created, folders, f"f{number}", f"letters {number}") for number in (2, 3, 4)]
    others.before_appends = [lambda: others.others("user.signed_up", {"user": "cy"})]
    _create(function, folders, "photos")
    _create(function, others, "photos")
    if others.conflicts:
        said = "Right, but every stranger disturbs you: cy signed up, and you decided again."
        raise Wrong(said, "cy signs up right before you append", "no conflict", f"{others.conflicts}", _WIDE)
    if folders.conflicts:
        said = "Any two new folders collide, whatever their names are."
        called = "folders with other names are created right before you append"
        raise Wrong(said, called, "no conflict", f"{folders.conflicts}", _WIDE)


def _create(function: Callable[..., Any], log: BusyLog, name: str, *, folder: str = "f9") -> Any:
    """What the function returns, for a screen that shows what is so."""
    return call(function, log, _shown(log), folder, name)


def _shown(log: BusyLog) -> Collection[str]:
    """The names that the screen shows: those that are taken now."""
    names = {}
    for event in log.all_of("folder.*"):
        names[event.data["name"].casefold()] = event.name == "folder.created"
    return frozenset(name for name, is_taken in names.items() if is_taken)


def _require_no(log: BusyLog, got: Any, said: str, when: str, look: str = "") -> None:
    """Raise `Wrong` unless f9 was not created and False came back."""
    if any(event.data.get("folder") == "f9" for event in log.all_of("folder.created")):
        raise Wrong(said, when, "False, and nothing appended", in_short(got), look)
    if got is not False:
        raise Wrong("The name is taken, but you don't return False.", when, "False", in_short(got))


def _log(folder: str, name: str) -> BusyLog:
    log = BusyLog()
    log.others("user.signed_up", {"user": "ada"})
    _created(log, folder, name)
    return log


def _created(log: BusyLog, folder: str, name: str) -> None:
    _record(log, "folder.created", folder, name)


def _deleted(log: BusyLog, folder: str, name: str) -> None:
    _record(log, "folder.deleted", folder, name)


def _record(log: BusyLog, what: str, folder: str, name: str) -> None:
    data, tags = {"folder": folder, "name": name}, (f"name:{name.casefold()}",)
    log.others(what, data, subject=f"folder/{folder}", tags=tags)


_CALLED = "unique_name(log, shown, 'f9', 'Photos'), while nobody has the name"
_LOOK = "The read model was right a moment ago. The log decides."
_WIDE = "Which events would change your mind? The condition names these, and no others."


UNIQUE_NAME = Exercise(
    id="unique_name",
    lesson=17,
    title="Only one folder of a name",
    minutes=7,
    task=(
        "No two folders may have the same name, whether it is typed `Photos` or `PHOTOS`. `folder.created` and `folder.deleted` have "
        "the data `folder` and `name`, the subject `folder/` and the folder, and a tag for the name in one spelling: "
        '`f"name:{name.casefold()}"`. The name of a deleted folder is free again.\n\n'
        "Write `unique_name(log, shown, folder, name)`. If the name is free, it appends `folder.created` and returns `True`, else it "
        "appends nothing and returns `False`. `shown` are the names that the screen shows, from a read model. Others create and "
        "delete folders at any moment; only those of the same name may disturb you."
    ),
    stub='def unique_name(log, shown, folder, name):\n    """Create the folder unless its name is taken."""\n    ...',
    check=check,
    hints=(
        "Who knows whether a name is free: the screen, or the log? And who knows it in the moment of the append?",
        "All events about one name have the same tag. The newest of them says whether the name is taken.",
        "where=Query('folder.*', tags=tag) reads them. Append with after=head and unless= the same query, and with tags=[tag], so that "
        "the next decision finds yours.",
    ),
    solutions=RIGHT,
    wrong=WRONG,
)
