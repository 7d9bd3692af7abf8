"""Subscribe late, and miss nothing."""

from eda_workshop import Bus, CounterIds, Event, ManualClock, open_log
from eda_workshop.exercises import Wrong

# %% task: A late tap that misses nothing (lesson 03, 6 minutes, function)
# The audit starts late, on a bus whose log already holds events. Write `late_tap(bus, heard)`. It creates the subscriber `audit` and
# lets the list `heard` get the id of *every* `user.signed_up`: first those in the log, then each new one, in order, and none of them
# twice.


# %% stub
def late_tap(bus, heard):
    """Let "audit" hear every user.signed_up, old and new."""
    ...


# %% hint
# A subscriber can start at any position in the log. Which argument of `bus.subscriber` says where?
# %% hint
# `after=0` means that it has nothing yet. Register a handler that appends `event.id`, then let the subscriber catch up.


# %% solution
def late_tap(bus, heard):
    audit = bus.subscriber("audit", after=0)
    audit.on("user.signed_up", lambda event: heard.append(event.id))
    audit.catch_up()


# %% solution
def late_tap(bus, heard):
    audit = bus.subscriber("audit", durable=True, after=0)

    @audit.on("user.signed_up")
    def note(event):
        heard.append(event.id)


# %% unusual: it reads the log itself, and subscribes for what comes later
def late_tap(bus, heard):
    heard.extend(event.id for event in bus.log.read(names="user.signed_up"))
    bus.subscriber("audit").on("user.signed_up", lambda event: heard.append(event.id))


# %% wrong like solution: You started the audit at the end of the log. It gets only the events that come after it.
# , after=0 ->
# audit.catch_up() ->

# %% wrong like solution: You left out the first event. `after=` names the last position that the subscriber already has, and the first is 1.
# after=0 -> after=1

# %% wrong like solution: You put the events themselves into the list. Each event has an id, and only the id is wanted.
# lambda event: heard.append(event.id) -> heard.append

# %% wrong like solution: Your handler runs for every event. The audit wants only `user.signed_up`.
# "user.signed_up" -> ">"

# %% wrong like solution: You left the list you were given empty. The handler has to append to that one.
# audit = bus.subscriber -> heard, audit = [], bus.subscriber


# %% wrong: You read the log without subscribing, so nothing arrives afterwards.
def late_tap(bus, heard):
    bus.subscriber("audit")
    heard += [event.id for event in bus.log.read(names="user.signed_up")]


# %% wrong: You read the log and also started the subscriber at its beginning, so some events came twice.
def late_tap(bus, heard):
    heard += [event.id for event in bus.log.read(names="user.signed_up")]
    bus.subscriber("audit", after=0).on("user.signed_up", lambda event: heard.append(event.id))


# %% wrong: You didn't create a subscriber called "audit".
def late_tap(bus, heard):
    bus.observe("user.signed_up", lambda event: heard.append(event.id))


# %% check
CASES = {
    "3 sign-ups, then late_tap(bus, heard), then 2 more": (("ada", "grace", "edsger"), ("barbara", "alan")),
    "late_tap(bus, heard) on an empty log, then 1 sign-up": ((), ("ada",)),
    "2 sign-ups, then late_tap(bus, heard), and nothing more": (("ada", "grace"), ()),
}


def observe(late_tap, users):
    """The ids that it heard, or the events."""
    before, after = users
    bus, heard = Bus(open_log("memory://", clock=ManualClock()), ids=CounterIds()), []
    publish(bus, before)
    late_tap(bus, heard)
    if "audit" not in bus.subscribers:
        got = ", ".join(bus.subscribers) or "no subscriber"
        raise Wrong('You didn\'t create a subscriber called "audit".', expected="audit", got=got)
    publish(bus, after)
    return [f"the event {one.id}" if isinstance(one, Event) else one for one in heard]


def publish(bus, users):
    """One sign-up for each, and an event that nobody asked for."""
    for user in users:
        bus.publish("user.signed_up", {"user": user})
    bus.publish("folder.created")
