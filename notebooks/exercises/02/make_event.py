"""Publish on Friday what happened on Tuesday."""

from eda_workshop import DuplicateEvent, ManualClock, open_log
from eda_workshop.clock import as_instant
from eda_workshop.exercises.lesson_02.verbs import is_past

# %% task: Tuesday's meal, on Friday (lesson 02, 6 minutes, function)
# A restaurant's line was down from Tuesday to Friday. Now its slips come in, some of them twice. Each is a dict:
#
# ```python
# {'number': 'slip-0117', 'table': 4, 'euros': 24, 'paid': '2026-03-03T20:15:00+01:00'}
# ```
#
# Write `make_event(log, slip)`. It appends one event to the log, with the name of a fact, an id, the time at which it happened, and table
# and euros as data. A slip that comes again is still one meal. Two slips are two meals, even if everything but their numbers is equal.


# %% stub
def make_event(log, slip):
    """Append the event that this slip is about."""
    ...


# %% hint
# `log.append(Event(name, data, id=…, occurred=…))`: which of these does the slip know?
# %% hint
# The log adds the time of recording itself. If the same event comes again, with the same id and content, the log doesn't record it again.
# %% hint
# The slip's number is the same whenever this slip comes in, and no other slip has it.


# %% solution
def make_event(log, slip):
    from eda_workshop import Event

    event = Event(
        "meal.paid", {"table": slip["table"], "euros": slip["euros"]}, id=slip["number"], occurred=slip["paid"]
    )
    log.append(event)


# %% unusual: it publishes on a bus, under an id of its own making, and asks the log first
def make_event(log, slip):
    from eda_workshop import Bus

    id = f"restaurant/{slip['number']}"
    if all(event.id != id for event in log):
        Bus(log).publish("table.bill.paid", slip, id=id, occurred=slip["paid"])


# %% wrong like solution: You named the event like an order. By Friday, the meal has already been paid for.
# meal.paid -> meal.pay

# %% wrong like solution: You named what happened to the slip, and that was on Friday. What happened on Tuesday, and to what?
# meal.paid -> slip.received

# %% wrong like solution: You didn't say when it occurred, so it counts as occurring when the event was made. The slip knows the time.
# , occurred=slip["paid"] ->

# %% wrong like solution: You gave the time of recording as the time of occurrence. The meal was paid for on Tuesday, and its slip came in on Friday.
# occurred=slip["paid"] -> occurred=log.clock.now()

# %% wrong like solution: You gave the same slip a different id each time, so one meal became two.
# id=slip["number"], ->

# %% wrong like solution: You gave every meal the same id, so only the first is in the log. An id belongs to one occurrence.
# id=slip["number"] -> id="meal.paid"

# %% wrong like solution: You made the id from the table. A table sees many guests, so two meals became one.
# id=slip["number"] -> id=f"table-{slip['table']}"

# %% wrong like solution: You left out the euros, so the log can't say how much was paid.
# , "euros": slip["euros"] ->

# %% wrong like solution: You turned the euros into text. Amounts are numbers, or nobody can add them up.
# "euros": slip["euros"] -> "euros": str(slip["euros"])

# %% wrong like solution: You wrote the time of recording into the data. Only the log knows it, and adds it by itself.
# {"table": -> {"recorded": "Friday", "table":

# %% wrong like solution: You changed the slip itself. It belongs to the restaurant, so leave it as it is.
# id=slip["number"] -> id=slip.pop("number")

# %% wrong like solution: You appended nothing, so the log is empty. An event that no log holds is gone when your function ends.
# log.append(event) -> return event

# %% wrong like solution: You appended two events for one slip.
# log.append(event) -> log.append(event, event.replace(id=event.id + "-again"))


# %% wrong: You remember the slips outside of the log. A log that has never seen this slip stays empty then.
seen = set()


def make_event(log, slip):
    from eda_workshop import Event

    if slip["number"] not in seen:
        seen.add(slip["number"])
        log.append(Event("meal.paid", {"table": slip["table"], "euros": slip["euros"]}, occurred=slip["paid"]))


# %% check
SLIP = {"number": "slip-0117", "table": 4, "euros": 24, "paid": "2026-03-03T20:15:00+01:00"}
ANOTHER = {"number": "slip-0121", "table": 9, "euros": 61, "paid": "2026-03-04T12:40:00+01:00"}
CASES = {
    "make_event(log, slip) for slip-0117, on Friday morning": [SLIP],
    "slip-0121, of a different table": [ANOTHER],
    "slip-0117 twice": [SLIP, SLIP],
    "slip-0117 and slip-0118: two parties at table 4, the same amount, the same minute": [
        SLIP,
        {**SLIP, "number": "slip-0118"},
    ],
    "slip-0117, slip-0121, and slip-0117 once more": [SLIP, ANOTHER, SLIP],
}


def observe(make_event, slips):
    """The meals in the log, and whether the slips are as they were; names and ids may be any that make sense."""
    log = open_log("memory://", clock=ManualClock("2026-03-06T09:00:00Z"))
    given = [dict(slip) for slip in slips]
    refused = [slip["number"] for slip in given if is_refused(make_event, log, slip)]
    changed = [slip for slip, before in zip(given, slips, strict=True) if slip != before]
    seen = {"events": [meal(event) for event in log], "refused by the log": refused, "changed slips": changed}
    return {name: facts for name, facts in seen.items() if facts or name == "events"}


def is_refused(make_event, log, slip):
    """Whether the log says that it has a different event with this id."""
    try:
        make_event(log, slip)
    except DuplicateEvent:
        return True
    return False


def meal(event):
    """What the event says of a meal."""
    *_, noun, verb = event.name.split(".")
    about = "the slip" if noun == "slip" else "a fact" if is_past(verb) else "an order"
    more = {"recorded": event.data["recorded"]} if "recorded" in event.data else {}
    told = {"table": event.data.get("table"), "euros": event.data.get("euros")}
    return told | {"occurred": when(event), "name": about} | more


def when(event):
    """The time of occurrence, as a slip has it; the machine's own clock may show any."""
    if event.occurred == event.recorded:
        return "when it was recorded"
    times = {as_instant(slip["paid"]): slip["paid"] for slip in (SLIP, ANOTHER)}
    return times.get(event.occurred, "when the event was made")
