"""Read old folders in the new shape, with an owner."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from eda_workshop.clock import ManualClock
from eda_workshop.errors import FrozenData
from eda_workshop.event import Event
from eda_workshop.exercises.attempt import in_short, require_function
from eda_workshop.exercises.exercise import Exercise, Wrong
from eda_workshop.log import Upcasters, open_log
from eda_workshop.values import freeze

OLD = {"path": "/ada/photos/2025"}
NEW = {**OLD, "owner": "ada"}
_OWNERS = {
    "": "The owner is empty. A path begins with a slash, so there is a piece before it, and that one is empty.",
    "/ada": "The owner has a slash. In the path it parts the names; it belongs to none of them.",
    "ada/": "The owner has a slash. In the path it parts the names; it belongs to none of them.",
    "2025": "You took the last part of the path. That is the folder itself; the owner is at the other end.",
    "photos": "You took a part from the middle of the path. The owner is its first.",
}


def check(answer: Any) -> None:
    function = require_function(answer, "data")
    got = _call(function, OLD)
    _check_shape(got)
    owner = got["owner"]
    if owner != NEW["owner"]:
        said = _OWNERS.get(owner) if isinstance(owner, str) else None
        raise Wrong(said or "That is not the owner.", _called(OLD), got=f"as owner {in_short(owner)}")
    _check_others(function)
    _check_root(function)
    _check_in_a_log(function)


def _call(function: Callable[..., Any], data: dict[str, Any]) -> Any:
    try:
        return function(freeze(data))
    except FrozenData:
        said = "The data you were given were to be changed. They are those of a stored event, and stay as they are."
        raise Wrong(
            said, _called(data), look="Make a dict of your own, with all that was there and the owner."
        ) from None


def _check_shape(got: Any) -> None:
    if got is None:
        raise Wrong("Nothing comes back. An upcaster gives the data of the next version.", _called(OLD), got="None")
    if isinstance(got, Event) or (isinstance(got, Mapping) and "data" in got):
        said = (
            "That is a whole event. An upcaster sees and gives its data only; name, id and times stay what they were."
        )
        raise Wrong(said, _called(OLD), got=in_short(got))
    if isinstance(got, str):
        raise Wrong("That is one value. The data of the next version have all fields.", _called(OLD), got=in_short(got))
    if not isinstance(got, Mapping):
        raise Wrong("An event's data are a dict, and this is none.", _called(OLD), got=type(got).__name__)
    if "path" not in got:
        raise Wrong("The path is gone. Whoever reads the new version needs it too.", _called(OLD), got=_fields(got))
    if "owner" not in got:
        raise Wrong("There is no owner in what comes back.", _called(OLD), got=_fields(got))
    if "version" in got:
        said = "The version is counted by the log, outside of the data: no field of that name was asked for."
        raise Wrong(said, _called(OLD), got=_fields(got))
    if set(got) != set(NEW) or got["path"] != OLD["path"]:
        said = "More than the owner has changed. What was there stays as it was said."
        raise Wrong(said, _called(OLD), "path as it was, and owner", _fields(got))


def _check_others(function: Callable[..., Any]) -> None:
    data = {"path": "/grace", "color": "red", "tags": ["new"]}
    got = _call(function, data)
    if not isinstance(got, Mapping) or any(got.get(field) != data[field] for field in data):
        said = "Fields that you don't know got lost. Somebody put them in, and somebody may read them."
        raise Wrong(said, _called(data), "color and tags as they were", _fields(got))
    if got.get("owner") != "grace":
        said = "For a path of one part the owner is not right."
        raise Wrong(said, _called(data), got=f"as owner {in_short(got.get('owner'))}")


def _check_root(function: Callable[..., Any]) -> None:
    data = {"path": "/"}
    try:
        got = function(freeze(data))
    except Exception as error:
        said = 'It fails for "/". An upcaster meets every event that was ever stored; where one fails, nobody reads on.'
        raise Wrong(said, _called(data), 'the owner ""', type(error).__name__) from None
    if got != {"path": "/", "owner": ""}:
        said = 'The path "/" has no first part, so its owner is "".'
        raise Wrong(said, _called(data), 'the path "/" and the owner ""', _shown(got))


def _check_in_a_log(function: Callable[..., Any]) -> None:
    """What was stored is read in the new shape, and is still stored as it was."""
    upcasters = Upcasters()
    upcasters.step("folder.created", 1)(function)
    clock = ManualClock()
    log = open_log("memory://", clock=clock, upcasters=upcasters)
    log.append(Event("folder.created", OLD, id="evt-0001", occurred=clock.now()))
    event, stored = next(log.read()), next(log.read(raw=True))
    if (event.version, event.data, stored.data) != (2, NEW, OLD):
        raise Wrong("Registered with Upcasters it gives something else.", got=_fields(event.data), look=_LOOK)


def _called(data: dict[str, Any]) -> str:
    return f"with_owner({data})"


def _fields(got: Any) -> str:
    return f"the fields {', '.join(map(str, got))}" if isinstance(got, Mapping) and got else in_short(got)


def _shown(got: Any) -> str:
    return f"as owner {in_short(got['owner'])}" if isinstance(got, Mapping) and "owner" in got else in_short(got)


_LOOK = "Look at “Old events, new shapes”."


def _source(result: str, owner: str = 'data["path"].split("/")[1]') -> str:
    return f"def with_owner(data):\n    owner = {owner}\n    {result}"


_ADD = 'return {**data, "owner": owner}'

WITH_OWNER = Exercise(
    id="with_owner",
    lesson=6,
    title="An owner for old folders",
    minutes=5,
    task=(
        'Version 1 of `folder.created` has the data `{"path": "/ada/photos"}`. Version 2 also has `owner`, the first part of the path: '
        '`"ada"`. Write the upcaster `with_owner(data)`, which takes data of version 1 and returns data of version 2. It will meet every '
        'event that was ever stored: some have further fields, which stay, and one is about `"/"`, whose owner is `""`. Try it without '
        "looking back at the lesson."
    ),
    stub='def with_owner(data):\n    """Data of version 1 in, data of version 2 out."""\n    ...',
    check=check,
    hints=(
        "The data are frozen. What comes back is a new dict with everything that was in the old one, and the owner.",
        'Try "/ada/photos".split("/") and "/".split("/") in a cell: at which place is the owner?',
        'To copy and add in one go: {**data, "owner": …}.',
    ),
    solutions=(
        _source(_ADD),
        _source(_ADD, 'data["path"].strip("/").partition("/")[0]'),
        _source('return data | {"owner": owner}'),
    ),
    wrong={
        _source('data["owner"] = owner\n    return data'): "The data you were given were to be changed",
        _source('data = {**data, "owner": owner}'): "Nothing comes back",
        _source('return {"owner": owner}'): "The path is gone",
        _source('return {"name": "folder.created", "data": {**data, "owner": owner}}'): "That is a whole event",
        _source('return Event("folder.created", {**data, "owner": owner})'): "That is a whole event",
        _source("return owner"): "That is one value",
        _source(_ADD, '"/" + data["path"].split("/")[1]'): "The owner has a slash",
        _source(_ADD, 'data["path"].split("/")[0]'): "The owner is empty",
        _source(_ADD, 'data["path"].split("/")[-1]'): "You took the last part",
        _source(_ADD, 'data["path"].split("/")[2]'): "You took a part from the middle",
        _source(_ADD, '[part for part in data["path"].split("/") if part][0]'): 'It fails for "/"',
        _source(_ADD, 'data["path"].split("/")[1] or "nobody"'): 'The path "/" has no first part',
        _source('return {"path": data["path"], "owner": owner}'): "Fields that you don't know got lost",
        _source('return {**data, "owner": owner, "version": 2}'): "The version is counted by the log",
        _source('return {**data, "owner": owner, "path": data["path"].removeprefix("/ada")}'): "More than the owner",
        _source("return data"): "There is no owner",
        _source(_ADD, '"nobody"'): "That is not the owner",
        _source(_ADD, '"ada"'): "For a path of one part the owner",
    },
)
