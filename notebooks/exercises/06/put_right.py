"""Correct a wrong record without touching it."""

from contextlib import suppress

from eda_workshop import Conflict, CounterIds, Event, FrozenData, ManualClock, open_log
from eda_workshop.exercises import Wrong

# %% task: Put it right, touch nothing (lesson 06, 7 minutes, function)
# The log holds three `payment.received`, each with an `amount`. The one with the id `evt-0002` says 100, but it was 10. What was received is
# the sum over the amounts of `payment.received` *and* of `payment.corrected`. Write `put_right(log)`, which makes that sum right by appending
# one `payment.corrected`. Its data are `event`, the id of the event that it corrects, and `amount`, the number to add; a reason may be there,
# too. What is recorded stays as it is. If `put_right` is called twice, or by two programs at once, it corrects once; the second program may
# get a `Conflict`.


# %% stub
def put_right(log):
    """Append what makes the sum right, once."""
    ...


# %% hint
# The wrong 100 stays in the sum for good. Which number must you add, so that 10 of it are left?
# %% hint
# Twice is harmless in two ways. Look whether there is a correction of evt-0002 already, and append with `expected=` the head that you looked
# at; or let the log see that it is the same event.
# %% hint
# To the log it is the same event only if all of it is the same: give it an `id="…"` and an `occurred="2026-03-06T10:00:00Z"`.


# %% solution
def put_right(log):
    data = {"event": "evt-0002", "amount": -90}
    log.append(Event("payment.corrected", data, id="correction-of-evt-0002", occurred="2026-03-06T10:00:00Z"))


# %% solution
def put_right(log):
    wrong, head = log.find("evt-0002"), log.head
    done = {event.data["event"] for event in log.read(upto=head, names="payment.corrected")}
    if wrong.id not in done:
        data = {"event": wrong.id, "amount": 10 - wrong.data["amount"]}
        log.append(Event("payment.corrected", data), expected=head)


# %% unusual: a float, and a reason
def put_right(log):
    data = {"event": "evt-0002", "amount": -90.0, "reason": "typed wrongly"}
    log.append(Event("payment.corrected", data, id="c-1", occurred="2026-03-06T10:00:00Z"))


# %% wrong: You tried to change a recorded event. It has been published, and others may have acted on it.
def put_right(log):
    log.find("evt-0002").data["amount"] = 10


# %% wrong: You appended evt-0002 with different content. One id is one fact, and the log refuses a second version of it.
def put_right(log):
    log.append(log.find("evt-0002").replace(data={"amount": 10}))


# %% wrong: You went behind the log's back: you changed or removed what was recorded, and the chain of hashes shows it.
def put_right(log):
    log._events[1] = log._events[1].replace(data={"amount": 10})


# %% wrong like solution: You didn't say which event you correct. Readers of the log see a number from nowhere.
# "event": "evt-0002", ->

# %% wrong like solution: You point to a position. `event` holds the id of the event that it corrects.
# "event": "evt-0002" -> "event": 2

# %% wrong like solution: You added the right value. The wrong one still counts, so add the difference.
# "amount": -90 -> "amount": 10

# %% wrong like solution: You have the right difference in the wrong direction, so the sum is further off than before.
# "amount": -90 -> "amount": 90

# %% wrong like solution: You took the wrong payment back completely, but some money did come in.
# "amount": -90 -> "amount": -100

# %% wrong like solution: You recorded a payment that nobody made. What happened is a correction.
# "payment.corrected", data -> "payment.received", data

# %% wrong like solution: You correct twice if you are called twice, because to the log the second correction is a new fact.
# , id="correction-of-evt-0002", occurred="2026-03-06T10:00:00Z" ->

# %% wrong like solution: You made the second event with the same id and a different `occurred`, so the log refused it. To repeat an append, send the same event again.
# , occurred="2026-03-06T10:00:00Z" ->


# %% wrong: You let the second call get a Conflict. It says that the log has grown, and not that the correction is there.
def put_right(log):
    log.append(Event("payment.corrected", {"event": "evt-0002", "amount": -90}), expected=3)


# %% wrong: You remember the correction outside of the log, so you leave a different log uncorrected.
done = []


def put_right(log):
    if not done:
        log.append(Event("payment.corrected", {"event": "evt-0002", "amount": -90}))
        done.append(1)


# %% wrong: You take any correction for yours. In this log a different payment was corrected before, and evt-0002 was left wrong.
def put_right(log):
    head = log.head
    if not list(log.read(upto=head, names="payment.corrected")):
        log.append(Event("payment.corrected", {"event": "evt-0002", "amount": -90}), expected=head)


# %% wrong: You looked for a correction, but not whether one came in before you appended. Two programs looked at the same time, and both corrected.
def put_right(log):
    done = {event.data["event"] for event in log.read(names="payment.corrected")}
    if "evt-0002" not in done:
        log.append(Event("payment.corrected", {"event": "evt-0002", "amount": -90}))


# %% wrong: You appended nothing, so the log is as it was before.
def put_right(log):
    return sum(event.data["amount"] for event in log) - 90


# %% check
CASES = {
    "put_right(log)": "once",
    "put_right(log), and then again, as after an answer that got lost": "twice",
    "put_right(log) on a different log, in which a user has signed up since": "signed up",
    "put_right(log) on a different log, in which evt-0003 was corrected": "other",
    "A looks; B looks and appends; A appends": "read",
    "A looks and appends; before that is written, B looks and appends": "write",
}


def observe(put_right, story):
    """The sum of the log afterwards; the first call also shows what a correction says."""
    log = payments()
    if story == "once":
        return once(put_right, log)
    if story == "twice":
        put_right(log)
        put_right(log)
    else:
        meeting(put_right, log, story)
    return {"the sum": total(log)}


def once(put_right, log):
    """What it appended, if the records before are as they were."""
    before = list(log.read(raw=True))
    try:
        put_right(log)
    except FrozenData:
        raise Wrong(
            "You tried to change a recorded event. It has been published, and others may have acted on it."
        ) from None
    require_untouched(log, before)
    added = list(log.read(after=len(before), raw=True))
    return {"the sum": total(log), "appended": [correction(event) for event in added]}


def require_untouched(log, before):
    """Raise `Wrong` unless the records are those that were there."""
    try:
        is_untouched = list(log.read(upto=len(before), raw=True)) == before and log.verify() is None
    except (AttributeError, TypeError):
        is_untouched = False  # something else is now in the place of a record
    if not is_untouched:
        said = "You went behind the log's back: you changed or removed what was recorded, and the chain of hashes shows it."
        raise Wrong(said, look="You need no attribute that begins with _.")


def correction(event):
    """What an event says of a correction; a whole number may be written in any way, and a reason may be there."""
    amount = event.data.get("amount")
    is_whole = isinstance(amount, float) and amount.is_integer()
    return {"name": event.name, "event": event.data.get("event"), "amount": int(amount) if is_whole else amount}


def meeting(put_right, log, story):
    """Others were here before, or come in between; then a Conflict is an answer, too."""
    if story == "signed up":
        log.append(Event("user.signed_up", {"user": "ada"}, id="evt-0004", occurred=log.clock.now()))
    if story == "other":
        data = {"event": "evt-0003", "amount": 1}
        log.append(Event("payment.corrected", data, id="evt-0004", occurred=log.clock.now()))
    if story in ("read", "write"):
        come_in_between(put_right, log, story)
    with suppress(Conflict):
        put_right(log)


def come_in_between(put_right, log, method):
    """A second program comes in after the first read, or before the first write."""
    plain = getattr(log, method)

    def meet(*given, **more):
        setattr(log, method, plain)
        seen = iter(list(plain(*given, **more))) if method == "read" else None
        put_right(log)
        return seen or plain(*given, **more)

    setattr(log, method, meet)


def payments():
    """Three payments, the second of them recorded wrongly."""
    clock, new_id = ManualClock(tick=60), CounterIds()
    log = open_log("memory://", clock=clock)
    amounts = (25, 100, 7)
    log.append(
        *(Event("payment.received", {"amount": amount}, id=new_id(), occurred=clock.now()) for amount in amounts)
    )
    return log


def total(log):
    """What was received, as the log has it."""
    payments = log.read(names=("payment.received", "payment.corrected"), raw=True)
    amounts = [event.data.get("amount") for event in payments]
    if not all(isinstance(amount, (int, float)) for amount in amounts):
        return "none, because an amount isn't a number"
    return int(sum(amounts)) if float(sum(amounts)).is_integer() else sum(amounts)
