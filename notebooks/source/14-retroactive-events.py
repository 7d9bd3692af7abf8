# %% [markdown]
# # 14 · Retroactive events: the late letter
#
# **Question.** A letter comes late. What it says changes what should have been done since. Nothing in the log may be changed. What now?
#
# **80 minutes**, 41 of them exercises. Afterwards you can
#
# - tell the three kinds of retroactive event apart, and find the branch point of each;
# - put the past right by rebuild, rewind and selective replay, and say beforehand what each will cost;
# - ask what was believed on any day, after any number of corrections;
# - work out what the world outside must be told, and what not again;
# - say when a plain adjustment is the better way.

# %%
# ModuleNotFoundError? Choose Kernel → Change Kernel → Python 3 (ipykernel), in the JupyterLab that the kit opened.
# %load_ext eda_workshop
from datetime import timedelta

from eda_workshop import Event, History, ManualClock, diff, fold, open_log
from eda_workshop.drive import Folders, stream
from eda_workshop.drive.billing import Billing, day, photos
from eda_workshop.exercises import check, hint, quiz, solution
from eda_workshop.stories.cargo import Freight, voyage
from eda_workshop.widgets import LateLetter

# %% [markdown]
# ## A letter comes late
#
# Books are loaded, the ship calls at Vancouver, and they are unloaded in San Francisco. Whatever was aboard in a Canadian port counts
# as having been in Canada. The note about the loading lay in a drawer, and is recorded last.
#
# **Predict:** folded in the order recorded, where are the books now, and were they in Canada?

# %%
load, *rest = voyage()
log = open_log("memory://", clock=ManualClock(day(10)))
log.append(*rest, load)
fold(log, Freight).cargo["books"]

# %% [markdown]
# Still aboard, and never in Canada: both wrong. The log's order is the order in which we *learned* things. It is not the order in
# which they *happened*. A **history** folds in the order of occurrence.

# %%
history = History(log, Freight)
history.state().cargo["books"]

# %% [markdown]
# ## Three realities
#
# Fowler's pattern speaks of three parallel models:
#
# - the **incorrect reality**: the state as it is, without the letter;
# - the **correct branch**: the state as it should be, had the letter come in time;
# - the **corrected reality**: the state that we end up with.
#
# They part at the **branch point**: before the first event that occurred later. Let us do it properly this time: first a plan, which
# changes nothing, then the commit.

# %%
log = open_log("memory://", clock=ManualClock(day(10), tick=3600))
log.append(*rest)
history = History(log, Freight)
plan = history.late(load)
print(plan)
print("branch point:", plan.since.date(), "| log still ends at", log.head)
for difference in diff(plan.incorrect, plan.correct):
    print(difference)
outcome = plan.commit()
print(outcome.strategy, outcome.steps, "steps; corrected as it should be:", outcome.corrected == outcome.correct)

# %% [markdown]
# The plan has folded the correct branch, so that nothing can go wrong afterwards. Only the commit appends: **one event more**.
#
# ## Three kinds
#
# | kind | what turned out | what is appended | branch point |
# | --- | --- | --- | --- |
# | **late** | it happened, and nobody knew | the event itself, with the time at which it occurred | before the first that occurred later |
# | **rejected** | it never happened | `event.rejected`, which names it | before the wrong event |
# | **incorrect** | it happened otherwise | `event.corrected`, with the right data or time | before the wrong event; the earlier of two times |
#
# The ship did not call at Vancouver, it was Los Angeles; `so_far` tells the story up to that correction. **Predict:** what becomes of the books?

# %%
def so_far():
    log = open_log("memory://", clock=ManualClock(day(10), tick=3600))
    log.append(*rest)
    history = History(log, Freight)
    history.late(load).commit()
    history.correct("evt-0002", data={"port": "Los Angeles"}, reason="misheard on the radio").commit()
    return history


history = so_far()
history.state().cargo["books"].was_in_canada

# %% [markdown]
# A fact cannot be retracted; so how can an event be rejected or corrected? By **another fact**. The entry stays, and its reading
# changes: `log.effective()` gives the events as they count, and with `corrected=True` `fold`, `Timeline`, `Projection` and `MemoryImage` read them so. And a correction is a fact like others, so it can be wrong, too. It was
# Vancouver after all:

# %%
history = so_far()
log = history.log
correction = list(log)[-1]
history.withdraw(correction.id, reason="the harbor has the papers").commit()
for event in log:
    print(event.position, event.occurred.date(), event.name, dict(event.data))
print("chain of hashes:", log.verify() or "whole", "| been in Canada:", history.state().cargo["books"].was_in_canada)

# %% [markdown]
# ## What did we believe?
#
# Nothing was lost on the way. At every position, and at every moment of recording, the belief of that time can still be asked for.
# Lesson 12 did this for one value; here it is the whole state.

# %%
for known in range(4, log.head + 1):
    books = history.state(known=known).cargo["books"]
    print(f"known at {known}: been in Canada {books.was_in_canada!s:5} aboard {books.aboard}")

# %% [markdown]
# ## Break it
#
# Somebody rejects the correction, as if it were an event that happened. **Predict:** what should the history say?

# %% tags=["raises-exception"]
history.reject(correction.id)

# %% [markdown]
# ## Two ways back
#
# **Rebuild**: take the last snapshot before the branch point, and go forward. **Rewind**: undo from the newest event back to the branch
# point, newest first, and go forward again. Both end in the same state; which is cheaper?
#
# With *n* events, *B* of them before the branch point, and the snapshot at *S*, one late event costs *n − S + 1* steps by rebuild,
# and *2 (n − B) + 1* by rewind: what was undone must be done again. **Predict** where rewind begins to win.

# %%
boxes = open_log("memory://", clock=ManualClock(day(60)))
boxes.append(*(Event("cargo.loaded", {"cargo": f"box {n}"}, id=f"box-{n}", occurred=day(n)) for n in range(1, 33)))
loading = History(boxes, Freight, every=16)
for kept in (2, 10, 17, 22, 25, 31):
    late = Event("cargo.loaded", {"cargo": "letter"}, occurred=day(kept) + timedelta(hours=1))
    costs, snapshot = loading.late(late).costs, kept // 16 * 16
    print(f"B = {kept:2}, S = {snapshot:2}: rebuild {costs['rebuild']:2}, rewind {costs['rewind']:2}")

# %% [markdown]
# Rewind is cheaper exactly when the branch point is nearer to the head than to the snapshot behind it: *n − B < B − S*. And every
# snapshot after the branch point is **stale**: it holds what was wrong. The plan lists them, and none is used again.
#
# ## A third way: only what is touched
#
# A model with a state for each subject needs neither. The events of *other* folders can't change this one. **Predict:** of 5,000 events,
# how many must be replayed for one folder?

# %%
drive = open_log("memory://", clock=ManualClock(day(90)))
drive.append(*stream(5_000))
folders = History(drive, Folders, every=500)
moved = next(drive.read(2_000, names="folder.moved"))
plan = folders.correct(moved.id, data={**moved.data, "path": "/ada/right"})
print(plan.costs, "| stale snapshots:", len(plan.stale))
outcome = plan.commit("selective")
print(outcome.steps, "steps, and", outcome.spared, "spared:", dict(outcome.corrected)[moved.subject])

# %% [markdown]
# It costs what its subject's later events cost, however long the log is. An event that touches several subjects widens the plan to
# all of them; a model with one state for everything has to be rebuilt or rewound.
#
# ## The world outside
#
# The drive's bills: mails go out at once when somebody stores much; invoices wait five days after the month is closed. Ada's phone was
# offline, and on 31 March it tells of photos of 10 March. **Predict:** which mails and invoices were wrong, which are missing?

# %%
billing = Billing()
billing.month()
phone = billing.history.late(photos(10, "evt-0012", "ada", 3))
for kind in ("same", "missing", "wrong", "waiting"):
    print(kind, [(message.gateway, message.cause) for message in getattr(phone.external, kind)])

phone.commit().settle()
print("sent on 3 April:", billing.release(34), "invoices")
for gateway, content in billing.outside:
    print(gateway, content)

# %% [markdown]
# Two mails were right and stay alone: a replay without gateways would have sent them again. One mail was missing, and went out. And the
# invoice was wrong, but it **waited**: it was taken back without a trace, and made anew. That is why buffering until a cut-off is
# worth so much.
#
# ## Picture it: the late letter
#
# Choose what turned out, about which event, and on which day it was: type the numbers, or drag the slider. Look at the branch point, the
# steps of each strategy, and the outbox. Then commit, and settle. **Try:** with *Invoices are out*, what changes in the last box?
# And what does the plan say if Ada removed her 2 GB on 1 March, before she had any?

# %%
letter = LateLetter()
letter

# %% [markdown]
# A reducer takes every event, or it could not replay the log. What can't have happened is said beside it: `@possible("photos.removed")` marks a function that
# returns a sentence for a removal of what nobody has. A plan names each later event that has become impossible, and commits only with a reason for each.
#
# When the invoices are out already, the corrected reality needs more than the right state: a credit note, and a new invoice. Where not
# even that helps, because a ship has sailed on, **the corrected reality is not the correct branch**, and the outcome says why.

# %%
letter.invoices()
letter.reject(6)
letter.commit("rewind")
letter.settle()

# %% [markdown]
# A corrected event may also ask a question that nobody asked at the time. No recorded answer, no guess: it is flagged for a person
# (`external.unanswered`), and once the answer is recorded, the rest follows.
#
# ## When not to
#
# Most systems should not do this as a whole. It needs every effect in the log, every outside way behind a gateway, and models that can
# be replayed. It pays where corrections are frequent and dear, in a bounded part, inside a cycle before it is closed.
#
# Elsewhere, add a **compensating event** now: the balance comes to the right amount, and the past stays as it was believed. After an
# audit, that is often what the law wants, too.

# %%
owed = Billing()
owed.month()
right = owed.history.late(photos(10, "evt-0012")).correct["user/ada"]
now = owed.history.state(subject="user/ada")
owed.history.record(photos(31, "adjustment", "ada", right - now))
print(
    "today",
    owed.history.state(subject="user/ada"),
    "| on 15 March still",
    owed.history.state(subject="user/ada", occurred=day(15)),
)

# %% [markdown]
# ## Exercises

# %% [markdown]
# exercise: which_kind

# %% [markdown]
# exercise: steps

# %% [markdown]
# exercise: what_counts

# %% [markdown]
# exercise: three_letters

# %% [markdown]
# exercise: outbox

# %% [markdown]
# ## Quiz

# %%
quiz(14)

# %% [markdown]
# ## Take away
#
# - The log's order is the order of learning; what counts is the order of occurrence, with corrections applied.
# - Late, rejected, incorrect: each is one more fact. Nothing is deleted, and every past belief can be asked for.
# - Plan first: branch point, stale snapshots, steps by rebuild, rewind and selective replay. All three end in the same state.
# - Outside: leave alone what is right, send what is missing, take back what is wrong. What waits is taken back without a trace.
# - A compensating event is often enough.
#
# **Next:** [Beyond one machine: four patterns, and a real server](15-beyond-one-machine.ipynb) · Words: [glossary](glossary.md)
