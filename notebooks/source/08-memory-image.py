# %% [markdown]
# # 08 · Memory image: pull the plug
#
# **Question.** If the log brings everything back, what is a database still needed for?
#
# **55 minutes**, 25 of them exercises. Afterwards you can
#
# - keep the whole state in memory and lose nothing when the process dies;
# - say what each order of log, memory and answer costs when the power goes in between;
# - restart fast, with a snapshot, and know when not to trust it;
# - build a display that is fed by events, and lets its users write without writing itself.

# %%
# ModuleNotFoundError? Choose Kernel → Change Kernel → Python 3 (ipykernel), in the JupyterLab that the kit opened.
# %load_ext eda_workshop
import os

from eda_workshop import CounterIds, Event, ManualClock, MemoryImage, Rejected, fold, open_log
from eda_workshop.drive import Count, Folders, stream
from eda_workshop.exercises import check, hint, quiz, solution
from eda_workshop.lessons import lesson_files
from eda_workshop.widgets import PullThePlug, TwoBoards

os.chdir(lesson_files("08"))  # a folder for this lesson's files; run again, it is the same

# %% [markdown]
# ## Picture it
#
# A counter in memory, seven clicks. What is in memory is gone when the plug is pulled. **Predict:** what does the counter show
# after the restart, with a log behind it?

# %%
PullThePlug().pull()

# %% [markdown]
# “In memory” does not mean “lost in a crash”. And what if there is no log, only a snapshot every four clicks?

# %%
PullThePlug(log=False, snapshots="every 4").pull()

# %% [markdown]
# A snapshot alone loses what came after it. With the log *and* the snapshot, the restart takes the snapshot and replays only the
# tail. Now try the instrument: which settings lose a click that somebody was told of?

# %%
plug = PullThePlug(snapshots="every 4")
plug.click(3)
plug.pull("in the middle of a click")
plug

# %% [markdown]
# ## Break it: memory first
#
# Many programs do it the other way round: change memory, answer, and write to the disk when there is time. **Predict:** the power
# goes in the middle of the eighth click.

# %%
PullThePlug(order="memory first").pull("in the middle of a click")

# %% [markdown]
# The screen said 8, the restart says 7. So the order is: **append, apply, publish**, and only then say yes. Then a crash can
# only lose what nobody was promised.
#
# ## A memory image
#
# That is all there is to a **memory image**: the state in memory, a log, and that order. No tables, no mapping, no waiting for a
# query.

# %%
log = open_log("drive.db", clock=ManualClock(tick=1))
image = MemoryImage(log, Count, snapshots="drive.snapshot", every=20)
for event in stream(50):
    image.record(event)
image.state

# %% [markdown]
# The process ends here: we drop the image. A new one comes back by itself and tells how.

# %%
del image
image = MemoryImage(log, Count, snapshots="drive.snapshot", every=20)
print(image.state == fold(log, Count), image.recovery)

# %% [markdown]
# Forty events were spared. `published` would count those that a crash had kept from being published: recovery makes up for them.
#
# But is a snapshot to be trusted? It carries its position, the log's hash there, and a fingerprint of the model that made it. Give
# it to another model, and it is set aside, with a word on why.

# %%
MemoryImage(log, Folders, snapshots="drive.snapshot", every=1_000).recovery

# %% [markdown]
# ## Pull the plug, for real
#
# Below, another process writes to a file of its own and says after each event that it is written. We listen to 25 such promises
# and then kill it without warning, `kill -9`. **Predict:** are all 25 there? Could there be more?

# %%
WRITER = """
from eda_workshop import Event, MemoryImage, open_log
from eda_workshop.drive import Count
image = MemoryImage(open_log("killed.db"), Count, snapshots="killed.snapshot", every=10)
for number in range(image.position + 1, 100_000):
    image.record(Event("user.signed_up", {"user": f"u{number}"}, id=f"e{number}"))
    print(f"e{number}", flush=True)
"""

# %% tags=["not-in-a-browser"]
import subprocess
import sys

writer = subprocess.Popen([sys.executable, "-c", WRITER], stdout=subprocess.PIPE, text=True)
promised = [writer.stdout.readline().strip() for _ in range(25)]
writer.kill()
writer.communicate()
print("the writer was killed after", promised[-1])

# %% tags=["not-in-a-browser"]
left = open_log("killed.db")
revived = MemoryImage(left, Count, snapshots="killed.snapshot", every=10)
print("every promise was kept:  ", all(left.find(id) for id in promised))
print("the chain is whole:      ", left.verify() is None)
print("state = fold of the log: ", revived.state == fold(left, Count))
print("it began with a snapshot:", revived.recovery.snapshot >= 20)

# %% [markdown]
# There may well be a few more than 25: events that were written while we were busy killing. They are in the log, so they
# happened. What must never be is the opposite. Run the two cells again: the next writer goes on where the last one was killed.
#
# A killed process is not quite a power cut: what it had handed to the operating system still gets to the disk. Against a power cut,
# the log waits at each append until the disk itself has the event.
#
# ## Decide, then record
#
# Who checks that a name is free, or that there is enough money? Not the reducers: they take what happened. A decision looks at the
# state, says no, or gives an event. A replay never decides again.

# %%
def sign_up(state, user):
    if state["users"] >= 8:
        raise Rejected("the service is full")
    return Event("user.signed_up", {"user": user}, id=f"new-{user}")


print(image.state["users"], "users")
try:
    image.execute(sign_up, "katherine")
except Rejected as no:
    print("no:", no)

# %% [markdown]
# And who may write? **One** writer at a time: then there is nothing to lock, and the rules see a state that stands still. Readers
# may be many: each state that was given out never changes.
#
# ## Many images, one log
#
# Nothing says that there is only one image. A display may keep its own, shaped for what it shows, fed by the same events. That is
# an **event poster**: it loads the state of the morning, follows the stream, and when it dies, a new one is put up in its place.
#
# What if somebody *writes* on such a display? Two boards show an auction; every bid must be 10 € more than the last. Somebody
# bids 50 at A, it arrives; then somebody bids 55 at B. **Predict:** what does each board show, if boards write into themselves?

# %%
def auction(boards):
    boards.bid("A", 50)
    boards.deliver()
    boards.bid("B", 55)
    boards.deliver()
    return boards


auction(TwoBoards(local=True))

# %% [markdown]
# 55 was refused: too little. But B had shown it already, and nothing will ever take it back. Now the boards *send* what the user
# wants and wait for the event, like everybody else:

# %%
auction(TwoBoards())

# %% [markdown]
# A moment later, but right, and on all boards alike. The web page of lesson 01 that keeps a copy of what it shows is such a
# poster in a browser, and the same rule holds for it.
#
# ## When not to
#
# The state must fit into memory, or be divided among several images that fold a part of the events each. Restarts take time:
# measure them. And old events must be readable for as long as you want to come back from them.
#
# ## Exercises

# %% [markdown]
# exercise: keep

# %% [markdown]
# exercise: come_back

# %% [markdown]
# exercise: board

# %% [markdown]
# ## Quiz

# %%
quiz(8)

# %% [markdown]
# ## Take away
#
# - A memory image is the state in memory plus a log: **append, apply, publish**, then answer.
# - Recovery is snapshot + tail. The snapshot alone loses the tail; the log alone may be slow.
# - A snapshot is used only if it belongs to this log, this position and this model.
# - Deciding may say no; applying may not. A replay applies.
# - A poster sends what its users want, and shows what happened.
#
# **Next:** [Gateways: the world outside](09-gateways.ipynb) · Words: [glossary](glossary.md)
