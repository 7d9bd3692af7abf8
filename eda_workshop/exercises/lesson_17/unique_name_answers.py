"""Answers to only one folder of a name: right ones, and what people write on the way there."""

from __future__ import annotations

_RIGHT = """def unique_name(log, shown, folder, name):
    tag = f"name:{name.casefold()}"
    while True:
        head, taken = log.head, False
        for event in log.read(where=Query("folder.*", tags=tag)):
            taken = event.name == "folder.created"
        if taken:
            return False
        created = Event("folder.created", {"folder": folder, "name": name}, subject=f"folder/{folder}", tags=[tag])
        try:
            log.append(created, after=head, unless=Query("folder.*", tags=tag))
            return True
        except Conflict:
            pass"""
_DECIDER = """class Naming(Decider):
    initial = False

    def boundary(command):
        return Query(["folder.created", "folder.deleted"], tags="name:" + command.data["name"].casefold())

    @applies("folder.created")
    def created(taken, event):
        return True

    @applies("folder.deleted")
    def deleted(taken, event):
        return False

    @decides("folder.create")
    def create(taken, command):
        if taken:
            raise Rejected("the name is taken")
        tag = "name:" + command.data["name"].casefold()
        return Event("folder.created", command.data, subject="folder/" + command.data["folder"], tags=[tag])


def unique_name(log, shown, folder, name):
    try:
        execute(log, Naming, Command("folder.create", {"folder": folder, "name": name}))
    except Rejected:
        return False
    return True"""

RIGHT = (_RIGHT, _DECIDER)

_LOOK = """        for event in log.read(where=Query("folder.*", tags=tag)):
            taken = event.name == "folder.created"
"""
_CONDITION = 'after=head, unless=Query("folder.*", tags=tag)'


def _with(old: str, new: str) -> str:
    return _RIGHT.replace(old, new)


WRONG = {
    """def unique_name(log, shown, folder, name):
    if name.casefold() in shown:
        return False
    tag = f"name:{name.casefold()}"
    log.append(Event("folder.created", {"folder": folder, "name": name}, subject=f"folder/{folder}", tags=[tag]))
    return True""": "You believed the screen, and it lags",
    _with(f", {_CONDITION}", ""): "Two folders have the name: you appended without a condition",
    _with(_CONDITION, "expected=head"): "Right, but every stranger disturbs you",
    _with(_CONDITION, 'after=head, unless=Query("folder.created")'): "Any two new folders collide",
    _with("name.casefold()", "name"): "You compare names as they were typed",
    _with("name.casefold()", "name.lower()"): "lower() isn't enough",
    _with('taken = event.name == "folder.created"', "taken = True"): "A deleted folder keeps its name",
    _with(", tags=[tag])", ")"): "Your event doesn't have the name's tag",
    _with("            pass", "            return False"): "You treated a Conflict as a no",
    _with("            pass", "            raise"): "Your function lets the Conflict through",
    _with('"name": name}', '"name": name.casefold()}'): "You recorded something other than the folder",
    _with(_LOOK, ""): "The name went to a second folder",
}
