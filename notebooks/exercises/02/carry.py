"""Keep a copy of what events carry, and ask nobody."""

from eda_workshop import Event

# %% task: Carry it (lesson 02, 7 minutes, function)
# A mailer keeps a copy of people's names and addresses. So far each event only says who has changed, and the mailer calls back:
#
# ```python
# def notified(copy, event, ask):
#     user = event.data["user"]
#     copy[user] = ask(user)  # {"name": …, "address": …}
# ```
#
# From now on the events carry the user and whatever has changed: the name, the address, or both. Write `carry(copy, event, ask)`, which
# updates the copy without asking. Leave any field the event doesn't carry as it was. (You still get `ask`, because the mailer always did.)


# %% stub
def carry(copy, event, ask):
    """Bring the copy of this event's user up to date."""
    ...


# %% hint
# What do you know of the user so far, and what does the event add? `event.data` is a dict that you may read and not change.
# %% hint
# Put two dicts together: what is known of the user, and over it what the event says.
# %% hint
# `copy.get(user, {})` is what the copy knows of a user, and it is empty for a new one.


# %% solution
def carry(copy, event, ask):
    user = event.data["user"]
    copy[user] = {**copy.get(user, {}), **event.data}


# %% solution
def carry(copy, event, ask):
    known = copy.setdefault(event.data["user"], {"name": "", "address": ""})
    known.update(event.data)


# %% unusual: field by field, and without the user in the copy
def carry(copy, event, ask):
    for field in ("name", "address"):
        if field in event.data:
            copy.setdefault(event.data["user"], {})[field] = event.data[field]


# %% wrong like solution: You called back. A callback returns the state *now*, not the state at the time of the event, so nobody ever saw Elm Street.
# {**copy.get(user, {}), **event.data} -> ask(user)


# %% wrong: You call back and fall back on the event only if the source is down. A callback that works returns the state now, not the state at the time of the event.
def carry(copy, event, ask):
    user = event.data["user"]
    try:
        copy[user] = ask(user)
    except ConnectionError:
        copy[user] = {**copy.get(user, {}), **event.data}


# %% wrong: You still ask the source, and throw the answer away. Everything you need is in the event and in the copy.
def carry(copy, event, ask):
    user = event.data["user"]
    ask(user)
    copy[user] = {**copy.get(user, {}), **event.data}


# %% wrong: You ask the source for what the event leaves out, and just then the source is down. The copy has it already.
def carry(copy, event, ask):
    user = event.data["user"]
    copy[user] = dict(event.data if "name" in event.data else ask(user))


# %% wrong like solution: You rely on a field that this event doesn't carry. Carrying state doesn't end the coupling: it moves into the shape of the data.
# {**copy.get(user, {}), **event.data} -> {"name": event.data["name"], "address": event.data["address"]}

# %% wrong like solution: You replaced what the copy knows by what the event says. The event says nothing about Ada's name, and her name is gone.
# {**copy.get(user, {}), **event.data} -> dict(event.data)

# %% wrong like solution: You wrote None over what the event doesn't carry. It says nothing about Ada's name, so she still has one.
# {**copy.get(user, {}), **event.data} -> {field: event.data.get(field) for field in ("name", "address")}

# %% wrong like solution: You emptied the copy. The event is about Ada, and what the copy knows of others has to stay.
# copy[user] = {**copy.get(user, {}), **event.data} -> known = {**copy.get(user, {}), **event.data}; copy.clear(); copy[user] = known

# %% wrong like solution: Your code assumes that the copy already has every user. Each copy begins empty, and its owner has to fill it.
# copy[user] = {**copy.get(user, {}), **event.data} -> copy[user] = {**copy[user], **event.data}

# %% wrong like solution: You left the copy you were given as it was. `copy[user] = …` changes it, and `copy = …` doesn't.
# copy[user] = {**copy.get(user, {}), **event.data} -> copy = {**copy, user: dict(event.data)}

# %% wrong like solution: You keep the address alone. The copy holds a dict for each user, with name and address.
# {**copy.get(user, {}), **event.data} -> event.data.get("address")


# %% check
ADA = {"name": "Ada", "address": "Elm Street 2"}
GRACE = {"name": "Grace", "address": "Mill Road 5"}
MOVED = {"user": "ada", "name": "Ada", "address": "Oak Lane 3"}
CASES = {
    "the event for Elm Street 2, while the source is at Oak Lane 3 already": (
        {"ada": {}},
        [{"user": "ada", **ADA}],
        MOVED,
    ),
    "that event and the one for Oak Lane 3": ({"ada": {}}, [{"user": "ada", **ADA}, MOVED], MOVED),
    "an event with the address alone, while the source is down": (
        {"ada": ADA, "grace": GRACE},
        [{"user": "ada", "address": "Oak Lane 3"}],
        None,
    ),
    "an event that carries nothing but the user": ({"ada": ADA}, [{"user": "ada"}], MOVED),
    "an event about a new user, with the address alone": ({}, [{"user": "edsger", "address": "Hill 7"}], None),
    "an event about a new user, with the name alone": ({}, [{"user": "edsger", "name": "Edsger"}], None),
}


def observe(carry, case):
    """What the copy knows of each user, and how often the source was asked; whether the copy has the user's id too doesn't matter."""
    before, changes, truth = case
    copy = {user: dict(known) for user, known in before.items()}
    asked = []

    def ask(user):
        asked.append(user)
        if truth is None:
            raise ConnectionError("the source is down")
        return {field: truth[field] for field in ("name", "address")}

    for number, data in enumerate(changes, 1):
        event = Event("user.address_changed", data, subject=f"user/{data['user']}", id=f"evt-{number:04}")
        carry(copy, event, ask)
    return {"copy": {user: known_fields(known) for user, known in copy.items()}, "callbacks": len(asked)}


def known_fields(known):
    """Name and address, where they are known."""
    if not hasattr(known, "items"):
        return known
    return {field: value for field, value in known.items() if field != "user" and value != ""}
