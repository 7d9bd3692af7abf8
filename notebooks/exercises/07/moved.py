"""A pure reducer for folders that move."""

from types import FunctionType

from eda_workshop import CounterIds, Event, FrozenData, ManualClock, Model, applies
from eda_workshop.exercises import Wrong
from eda_workshop.exercises.purity import require_pure
from eda_workshop.values import freeze

# %% task: A reducer for moves (lesson 07, 6 minutes, function)
# The state is a dict from folder to path, such as `{"f1": "/ada/photos"}`. Write `moved(state, event)`, a pure reducer for `folder.moved`,
# whose data are `folder` and the new `path`. It returns the state after the event. If a folder moved that the state doesn't have, the state
# stays as it is.


# %% stub
def moved(state, event):
    """The state after folder.moved."""
    ...


# %% hint
# How can you return the next state without changing the one you were given?
# %% hint
# First the odd case: if `event.data["folder"]` is not in `state`, return `state`.
# %% hint
# `{**state, key: value}` is a new dict in which `key` has a different value.


# %% solution
def moved(state, event):
    if event.data["folder"] not in state:
        return state
    return {**state, event.data["folder"]: event.data["path"]}


# %% unusual: it builds every entry again
def moved(state, event):
    folder, path = event.data["folder"], event.data["path"]
    return {each: path if each == folder else old for each, old in state.items()}


# %% wrong: You changed the state you were given. Snapshots and every reader that looked at it share it.
def moved(state, event):
    if event.data["folder"] in state:
        state[event.data["folder"]] = event.data["path"]
    return state


# %% wrong like solution: Your reducer returned None, so after this event the state is gone.
# return {**state, -> state = {**state,

# %% wrong like solution: You kept only the folder that moved. The state is all folders, including those that stay where they are.
# {**state, event.data["folder"]: event.data["path"]} -> {event.data["folder"]: event.data["path"]}

# %% wrong like solution: You moved every folder. The event is about one of them.
# {**state, event.data["folder"]: event.data["path"]} -> dict.fromkeys(state, event.data["path"])

# %% wrong like solution: You dropped the folder that moved. It is in a new place now, not nowhere.
# {**state, event.data["folder"]: event.data["path"]} -> {each: state[each] for each in state if each != event.data["folder"]}

# %% wrong like solution: You added an entry under the event's subject. The key is the folder in its data.
# {**state, event.data["folder"]: -> {**state, event.subject:

# %% wrong like solution: You returned the path alone. The next state has the same form as the one before.
# return {**state, event.data["folder"]: event.data["path"]} -> return event.data["path"]


# %% wrong: You returned the state as it was, without what the event says.
def moved(state, event):
    return state


# %% wrong: You let a folder come into being by moving. It was never created, so it stays out.
def moved(state, event):
    return {**state, event.data["folder"]: event.data["path"]}


# %% wrong like solution: Your reducer fails for a folder that isn't there. It meets every event of the log, including the odd ones.
# if event.data["folder"] not in state: -> if not state[event.data["folder"]]:

# %% wrong like solution: You returned None for a folder that isn't there. The state stays as it is, so return it.
# return state -> return None

# %% wrong: You remember folders outside of the state, so a different state comes out with folders that it doesn't have.
seen = {}


def moved(state, event):
    if event.data["folder"] not in state:
        return state
    seen.update({**state, event.data["folder"]: event.data["path"]})
    return dict(seen)


# %% wrong like solution: The reducer reads the clock, and each replay would do it again.
# return {**state -> import time; now = time.time(); return {**state

# %% wrong like solution: The reducer prints, and each replay would do it again.
# return {**state -> print("moved"); return {**state


# %% check
BEFORE = {"f1": "/ada/photos", "f2": "/grace"}
CASES = {
    "f1 of f1 and f2 moves": (BEFORE, [("f1", "/ada/summer")]),
    "f9 moves, a folder that isn't there": (BEFORE, [("f9", "/nowhere")]),
    "f1, f2, f9 and f1 move": (
        BEFORE,
        [("f1", "/ada/summer"), ("f2", "/grace/music"), ("f9", "/x"), ("f1", "/ada/sea")],
    ),
    "f3 moves, in a state that has nothing to do with the ones before": ({"f3": "/alan"}, [("f3", "/alan/new")]),
}


def observe(moved, case):
    """The state after these moves, of a reducer that looks at nothing but the state and the event."""
    state, moves = case
    require_pure(model(moved))
    new_id = CounterIds()
    for folder, path in moves:
        data = {"folder": folder, "path": path}
        event = Event("folder.moved", data, subject=f"folder/{folder}", id=new_id(), occurred=ManualClock().now())
        state = after(moved, state, event)
    return state


def after(moved, state, event):
    """The next state; the one before it is frozen."""
    try:
        return moved(freeze(state), event)
    except FrozenData:
        said = "You changed the state you were given. Snapshots and every reader that looked at it share it."
        raise Wrong(said, look="Return a new dict, made from the old one.") from None


def model(function):
    """A model with a copy of the function: to mark it as a reducer would change the learner's own."""
    copy = FunctionType(
        *(getattr(function, f"__{part}__") for part in ("code", "globals", "name", "defaults", "closure"))
    )
    copy.__kwdefaults__ = function.__kwdefaults__
    return type("Folders", (Model,), {"initial": BEFORE, "moved": applies("folder.moved")(copy)})
