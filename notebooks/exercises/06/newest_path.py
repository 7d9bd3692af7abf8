"""Find out where a folder is now, from events in no order at all."""

from eda_workshop import Event, ManualClock, open_log

# %% task: Where is it now? (lesson 06, 6 minutes, function)
# You get a list of recorded events, shuffled. `folder.created` and `folder.moved` have the data `folder`, such as `"f1"`, and `path`. Other
# events may be among them. Write `newest_path(events, folder)`. It returns the path of that folder after all of the events, in the order
# in which the *log* has them, or `None` if no event says where the folder is. Some events come from a phone that was offline for days,
# and some were appended together.


# %% stub
def newest_path(events, folder):
    """The path of the folder after all events, None if there is none."""
    ...


# %% hint
# A list can be in any order, and two times can be the same. What is different for each record of a log, and grows?
# %% hint
# Keep the events that say a path of this folder. The one among them with the greatest position has the answer.
# %% hint
# `max(…, key=lambda event: event.position, default=None)` returns None if there is nothing to choose from.


# %% solution
def newest_path(events, folder):
    told = ("folder.created", "folder.moved")
    mine = [event for event in events if event.name in told and event.data["folder"] == folder]
    mine.sort(key=lambda event: event.position)
    return mine[-1].data["path"] if mine else None


# %% unusual: it goes by what an event says, not by its name, and overwrites
def newest_path(events, folder):
    path = None
    for event in sorted(events, key=lambda event: event.position):
        if event.data.get("folder") == folder:
            path = event.data.get("path", path)
    return path


# %% wrong like solution: You took the last one in the list. The list has no order, but the log does.
# mine.sort(key=lambda event: event.position) -> pass

# %% wrong like solution: You took the first one in the list. The list has no order, but the log does.
# mine.sort(key=lambda event: event.position) -> mine.reverse()

# %% wrong like solution: You went by the time it occurred. The phone reported one move days later, so the log has it after others that occurred later.
# event.position -> event.occurred

# %% wrong like solution: You went by the time it was recorded. Several events were recorded at one moment, and any of them could be the newest.
# event.position -> event.recorded

# %% wrong like solution: You went by the ids. An id tells one event from another and says nothing about their order.
# event.position -> event.id

# %% wrong like solution: You read only the events that create a folder. It may have moved since.
# ("folder.created", "folder.moved") -> ("folder.created",)

# %% wrong like solution: You read only the events that move a folder. One that never moved is still where it was created.
# ("folder.created", "folder.moved") -> ("folder.moved",)

# %% wrong like solution: You returned a path without asking which folder the event is about.
# and event.data["folder"] == folder -> and "path" in event.data

# %% wrong like solution: You returned an empty path for a folder that no event mentions. There is no path then, not even an empty one.
# if mine else None -> if mine else ""

# %% wrong like solution: Your function raises for a folder that no event mentions. It should return None.
# if mine else None ->

# %% wrong like solution: You expected every event to have a path. Some say other things, like folder.shared.
# event.name in told and event.data["folder"] == folder -> event.data["folder"] == folder

# %% wrong like solution: You returned the event itself. Return the path in its data.
# mine[-1].data["path"] -> mine[-1]


# %% check
EARLY = (
    ("laptop-1", "folder.created", "f1", "/ada/photos", "2026-03-02T09:00:00Z"),
    ("laptop-2", "folder.created", "f2", "/ada/music", "2026-03-02T09:10:00Z"),
    ("laptop-3", "folder.moved", "f1", "/ada/summer", "2026-03-02T09:20:00Z"),
    ("tablet-1", "folder.moved", "f1", "/ada/tents", "2026-03-02T09:25:00Z"),
    ("laptop-4", "folder.moved", "f1", "/ada/sea", "2026-03-02T09:30:00Z"),
)
LATE = (
    ("laptop-5", "folder.moved", "f1", "/ada/greece", "2026-03-06T09:00:00Z"),
    ("laptop-6", "folder.moved", "f1", "/ada/islands", "2026-03-06T09:10:00Z"),
    ("laptop-7", "folder.moved", "f1", "/ada/boats", "2026-03-06T09:20:00Z"),
    ("phone-1", "folder.moved", "f1", "/ada/holidays", "2026-03-03T18:00:00Z"),
    ("laptop-8", "folder.moved", "f3", "/ada/letters", "2026-03-06T09:30:00Z"),
    ("laptop-9", "folder.shared", "f1", "", "2026-03-06T09:40:00Z"),
)
SHUFFLED = (5, 11, 6, 8, 1, 10, 9, 2, 4, 7, 3)
IN_ORDER = tuple(range(1, 12))

CASES = {
    'newest_path(events, "f1"), with the events of a log in a shuffled list': (SHUFFLED, "f1"),
    'newest_path(events, "f2"), a folder that was never moved': (SHUFFLED, "f2"),
    'newest_path(events, "f1"), with the list in the order of the log': (IN_ORDER, "f1"),
    'newest_path(events, "f1"), with the list from its end': (IN_ORDER[::-1], "f1"),
    'newest_path(events, "f9"), a folder that no event mentions': (SHUFFLED, "f9"),
    'newest_path([], "f1")': ((), "f1"),
}


def observe(newest_path, case):
    """The path, or the event in its place; the list holds the records at these positions, in this order."""
    positions, folder = case
    events = recorded()
    found = newest_path([events[position - 1] for position in positions], folder)
    return f"the event {found.id}" if isinstance(found, Event) else found


def recorded():
    """The events as a log has recorded them: two batches, and the last move was made on a phone that was offline."""
    clock = ManualClock("2026-03-02T12:00:00Z")
    log = open_log("memory://", clock=clock)
    for batch in (EARLY, LATE):
        log.append(*(event(*story) for story in batch))
        clock.advance(days=4)
    return list(log)


def event(id, name, folder, path, occurred):
    """An event of one device, which counts its own ids."""
    data = {"folder": folder, "path": path} if path else {"folder": folder, "with": "grace"}
    return Event(name, data, subject=f"folder/{folder}", id=id, occurred=occurred)
