"""Read old folders in the new shape, with an owner."""

from eda_workshop import Event, FrozenData, ManualClock, open_log
from eda_workshop.exercises import Wrong

# %% task: An owner for old folders (lesson 06, 5 minutes, function)
# Version 1 of `folder.created` has the data `{"path": "/ada/photos"}`. Version 2 also has `owner`, the first part of the path: `"ada"`.
# Write the upcaster `with_owner(data)`. It takes data of version 1 and returns data of version 2. It runs on every event ever stored.
# Some have further fields, which stay as they are, and one is about `"/"`, whose owner is `""`. Try it without looking back at the lesson.


# %% stub
def with_owner(data):
    """Data of version 1 in, data of version 2 out."""
    ...


# %% hint
# The data are frozen. What can you return that has everything the old data had, and the owner?
# %% hint
# Try `"/ada/photos".split("/")` and `"/".split("/")` in a cell. At which place is the owner?
# %% hint
# You can copy a dict and add to it in one go: `{**data, "owner": …}`.


# %% solution
def with_owner(data):
    owner = data["path"].split("/")[1]
    return {**data, "owner": owner}


# %% solution
def with_owner(data):
    return data | {"owner": data["path"].strip("/").partition("/")[0]}


# %% unusual: it thaws the data first
def with_owner(data):
    new = data.copy()
    _, new["owner"], *_ = new["path"].split("/")
    return new


# %% wrong: You changed the data you were given. They belong to a stored event and stay as they are.
def with_owner(data):
    data["owner"] = data["path"].split("/")[1]
    return data


# %% wrong like solution: You returned the owner alone, so the path is gone. Readers of the new version need it too.
# {**data, "owner": owner} -> {"owner": owner}

# %% wrong like solution: You returned the owner's name instead of data. The data of the new version have all fields.
# {**data, "owner": owner} -> owner

# %% wrong like solution: You left out fields that you don't know. Some program stored them, and another may read them.
# {**data, "owner": owner} -> {"path": data["path"], "owner": owner}


# %% wrong: You returned a whole event. An upcaster gets and returns only its data; name, id and times stay what they were.
def with_owner(data):
    return {"name": "folder.created", "data": {**data, "owner": data["path"].split("/")[1]}}


# %% wrong like solution: You took the piece before the first slash, which is empty.
# split("/")[1] -> split("/")[0]

# %% wrong like solution: You took the last part of the path, which is the folder itself. The owner is at the other end.
# split("/")[1] -> split("/")[-1]

# %% wrong like solution: You kept the slash in front of the owner. In a path it separates the names and belongs to none.
# data["path"].split("/")[1] -> "/" + data["path"].split("/")[1]

# %% wrong like solution: Your function fails for "/". An upcaster runs on every event ever stored, and if it fails on one, nobody can read past it.
# data["path"].split("/")[1] -> [part for part in data["path"].split("/") if part][0]

# %% wrong like solution: You invented an owner for "/". That path has no first part, so its owner is "".
# split("/")[1] -> split("/")[1] or "nobody"

# %% wrong like solution: You added a version. The log counts versions outside of the data.
# {**data, "owner": owner} -> {**data, "owner": owner, "version": 2}

# %% wrong like solution: You returned the data without an owner.
# {**data, "owner": owner} -> {**data}


# %% check
CASES = {
    'with_owner({"path": "/ada/photos/2025"})': {"path": "/ada/photos/2025"},
    'with_owner({"path": "/grace", "color": "red", "tags": ["new"]})': {
        "path": "/grace",
        "color": "red",
        "tags": ["new"],
    },
    'with_owner({"path": "/"})': {"path": "/"},
}


def observe(with_owner, stored):
    """The data that it returns for a stored event, which are those that a reader of the log gets."""
    log = open_log("memory://", clock=ManualClock())
    log.append(Event("folder.created", stored, id="evt-0001", occurred="2026-03-02T09:00:00Z"))
    try:
        new = with_owner(next(log.read()).data)
    except FrozenData:
        said = "You changed the data you were given. They belong to a stored event and stay as they are."
        raise Wrong(said, look="Return a dict of your own.") from None
    return f"the event {new.name}" if isinstance(new, Event) else new
