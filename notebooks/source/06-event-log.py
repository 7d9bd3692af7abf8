# %% [markdown]
# # 06 · The event log: what happened, in order, for good
#
# **Question.** Events pass by. Where do they go, and why is that place worth more than the state they lead to?
#
# **54 minutes**, 18 of them exercises. Afterwards you can
#
# - record events as they stream, and say what a log promises that a log *file* does not;
# - repeat an append without recording anything twice;
# - show that a record was changed, and correct a mistake without changing any;
# - read old events in a new shape, and take a log to another place and back.

# %%
# ModuleNotFoundError? Choose Kernel → Change Kernel → Python 3 (ipykernel), in the JupyterLab that the kit opened.
# %load_ext eda_workshop
import os
from pathlib import Path

from eda_workshop import Bus, CounterIds, Event, ManualClock, Upcasters, open_log
from eda_workshop.exercises import check, hint, quiz, solution
from eda_workshop.lessons import lesson_files
from eda_workshop.widgets import LogBuilder, TapeAndGauge

os.chdir(lesson_files("06"))  # a folder for this lesson's files; run again, it is the same

# %% [markdown]
# ## Picture it: tape and gauge
#
# Files are uploaded and deleted. Each of that is an event on a **tape**; a **gauge** shows how much is stored now. The tape
# is the log, the gauge is the state.
#
# **Predict first:** the gauge is erased, and the tape is replayed into it. What does it show?

# %%
tape = TapeAndGauge()
for gb in (5, 3, -2):
    tape.record(gb)
tape.erase()
tape

# %% [markdown]
# Press **Replay one** until the end: the gauge is back at 6 GB. Everything that the gauge knew, the tape knew.
#
# ## Break it: past the tape
#
# Somebody is in a hurry and turns the gauge by hand, two GB up. **Predict:** what does it show after erasing and replaying?

# %%
hasty = TapeAndGauge()
hasty.record(5)
hasty.cheat(2)

# %%
hasty.erase()
hasty.replay()

# %% [markdown]
# The two GB are gone, and nobody can say whether they were ever there. That is the difference between an **event log** and the
# notes in a log file: **every** change of state comes from an event. Record only some of them, and you can't rebuild.
#
# ## Record as it streams
#
# A bus with a log behind it writes each event down *before* anybody hears of it. Here the log is a file.

# %%
log = open_log("drive.db", clock=ManualClock("2026-03-02T09:00:00Z"))
bus = Bus(log, ids=CounterIds())
bus.subscriber("mailer").on("user.signed_up", lambda event: print("mail to", event.data["user"], "for event", event.position))

bus.publish("user.signed_up", {"user": "ada"}, subject="user/ada")
log.clock.advance(minutes=1)
bus.publish("folder.created", {"folder": "f1", "path": "/ada/photos"}, subject="folder/f1")
list(log)

# %% [markdown]
# Each record has a **position**, from 1, without gaps. That is the order of the log: not the time, which two events may
# share and which clocks get wrong, and not the id.
#
# Run the cell again, or restart the kernel and run it then. The file is still there, and nothing is in it twice: the events come
# with the ids that the log knows already, and nobody gets a second mail.
#
# ## Two times
#
# A phone was offline. On Friday it tells of a folder that was moved on Tuesday. The event carries both times: when it
# **occurred**, which the phone knows, and when it was **recorded**, which only the log can say.

# %%
log.clock.advance(days=4)
late = Event("folder.moved", {"folder": "f1", "path": "/ada/summer"}, subject="folder/f1", id="late", occurred="2026-03-03T18:00:00Z")
log.append(late)
for event in log:
    print(event.position, event.name, "| occurred", event.occurred.date(), "| recorded", event.recorded.date())

# %% [markdown]
# `read` asks for positions, names, a subject, or either time. `after=2` begins with position 3; a span of time includes its
# beginning and leaves out its end.

# %%
print([event.position for event in log.read(subject="folder/f1")])
print([event.position for event in log.read(names="folder.*", after=2)])
print([event.position for event in log.read(occurred=("2026-03-03T00:00:00Z", "2026-03-04T00:00:00Z"))])

# %% [markdown]
# ## Two people, one seat
#
# Ada and Grace look at the log at the same moment, both see that a seat is free, and both append; with an **expected position**,
# `append(event, expected=position)`, the second of them gets a `Conflict`, because the log has grown since she looked. Who may say
# yes, and what must not have changed meanwhile, is a lesson of its own: [Decide](17-decide.ipynb).
#
# ## The same event again
#
# What if an acknowledgement gets lost, so that a program appends the same event a second time? The log knows its source and its
# **id**: the program gets the old position, and the log stays as it is. That holds for the *same event*. An event that is made again
# with the same id has a different time, so it says something else, and the log refuses it. Keep the event until you have the answer,
# and send that one again.

# %%
names = open_log("memory://", clock=ManualClock())
hers = Event("name.taken", {"name": "photos", "by": "ada"}, id="ada-1")
names.append(hers)

# %%
names.append(hers), names.head

# %% tags=["raises-exception"]
names.append(hers.replace(data={"name": "photos", "by": "eve"}))

# %% [markdown]
# ## Nothing is ever changed
#
# Not through the kit, and not past it: the file is a plain SQLite file, which any tool opens, and its triggers refuse.

# %%
import sqlite3

db = sqlite3.connect(log.path)
for row in db.execute("SELECT position, name, data, recorded_utc FROM readable"):
    print(*row, sep=" | ")
try:
    with db:
        db.execute("UPDATE events SET name = 'nothing.happened' WHERE position = 1")
except sqlite3.IntegrityError as refused:
    print("refused:", refused)

# %% [markdown]
# ## How a log is built
#
# Triggers can be dropped by whoever has the file. So each record also carries a **hash**: a fingerprint of its own text
# *and* of the hash before it. Change one record, and its fingerprint no longer fits; change the fingerprint too, and the next
# record's doesn't. Record some events, change one behind the log's back, and **Verify**.

# %%
builder = LogBuilder()
for name in ("user.signed_up", "folder.created", "folder.moved", "folder.shared"):
    builder.record(name)
builder.tamper(2)
builder.verify()
builder

# %% [markdown]
# There is no magic in it. This is the whole chain, computed by hand from what SQLite holds:

# %%
import hashlib

before = ""
for position, record, stored in db.execute("SELECT position, event, hash FROM events ORDER BY position"):
    before = hashlib.sha256(f"{before}\n{record}".encode()).hexdigest()
    print(position, before[:12], before == stored)

# %% [markdown]
# A chain shows that something *was changed*, not who did it. Two things it can't see: that the last records were cut off, and that
# somebody changed a record and computed *all* hashes from there on anew. For both, somebody else must remember the last hash:
# `log.last.hash`.
#
# ## Break it: the power goes in the middle of a line
#
# A log can leave as a text file, one event a line, in the form of **CloudEvents** that other systems understand too. What if
# the last line breaks off? **Predict:** is the file lost, is the line lost, or does half an event get in?

# %%
Path("drive.ndjson").unlink(missing_ok=True)
log.save("drive.ndjson")
with open("drive.ndjson", "rb+") as file:
    file.truncate(os.path.getsize("drive.ndjson") - 40)

rescued = open_log("memory://")
print(rescued.load("drive.ndjson", restore=True))
rescued, rescued.verify()

# %% [markdown]
# A torn last line is reported and left out: nobody had been told that it was written. Damage in the *middle* is another
# matter. That was acknowledged once, so the file is refused, with the number of the line, and nothing is taken in.

# %% tags=["raises-exception"]
lines = open("drive.ndjson", "rb").read().splitlines(keepends=True)
lines[1] = b'{"specversion": "1.0", "id": \n'
open("damaged.ndjson", "wb").write(b"".join(lines))
open_log("memory://").load("damaged.ndjson")

# %% [markdown]
# ## Old events, new shapes
#
# Last year a folder had no owner. Those events stay as they are, for ever; what changes is how they are *read*. An
# **upcaster** takes the data of one version and gives the next.

# %%
upcasters = Upcasters()


@upcasters.step("folder.created", 1)
def with_owner(data):
    return {**data, "owner": data["path"].split("/")[1]}


log.upcasters = upcasters
event, stored = next(log.read(after=1)), next(log.read(after=1, raw=True))
print("read:  ", event.version, event.data)
print("stored:", stored.version, stored.data)

# %% [markdown]
# If a new version can't be had from the old one, it is not a new version: it is another event, with a name of its own.
#
# ## Wrong, and now?
#
# A mistake in the log stays in the log, because it *was* recorded, and somebody may have acted on it. It is put right by
# **adding**: a new event that says what was wrong. Accountants have done so for five hundred years.
#
# So what you may be asked to delete one day, such as a person's address, must be thought of before: it doesn't belong in a log in
# plain text.
#
# And how large does it get? Ask it.

# %% tags=["not-in-a-browser"]
from eda_workshop.drive import stream
from eda_workshop.show.replaying import growth_chart

year = open_log("memory://", clock=ManualClock(tick=3600))
year.append(*stream(400))
growth_chart(year)

# %% tags=["not-in-a-browser"]
year.statistics().names

# %% [markdown]
# ## Exercises

# %% [markdown]
# exercise: put_right

# %% [markdown]
# exercise: newest_path

# %% [markdown]
# exercise: with_owner

# %% [markdown]
# ## Quiz

# %%
quiz(6)

# %% [markdown]
# ## Take away
#
# - The log holds **every** change, in order of position; the state only follows from it.
# - An event has two times: occurred, and recorded. The log's order is neither: it is the position.
# - To repeat an append, send the same event again: that is harmless.
# - Nothing is changed or deleted. Mistakes are put right by adding; old shapes are brought up to date on reading.
# - A chain of hashes shows that a record was changed. A new end, cut off or computed anew, shows only to whoever kept the last hash.
#
# **Next:** [Replay: state is a fold](07-replay.ipynb), or [Decide: who may say yes](17-decide.ipynb) · Words: [glossary](glossary.md)
