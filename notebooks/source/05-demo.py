# %% [markdown]
# # 05 · The demo: request against publish
#
# **Question.** Publishing answers at once. What did that cost, and what can go wrong now?
#
# **60 minutes**, 35 of them exercises. Afterwards you can
#
# - compute how long a caller waits, with a request and with an event, and where the work goes;
# - write a handler that lives with twins and with failures half-way;
# - find the faults in a small service that publishes, and name what each one loses;
# - order the two writes of a *dual write* so that a crash between them harms nothing.

# %%
# ModuleNotFoundError? Choose Kernel → Change Kernel → Python 3 (ipykernel), in the JupyterLab that the kit opened.
# %load_ext eda_workshop
from eda_workshop import Bus, CounterIds, Delivery, ManualClock, deduplicated, open_log
from eda_workshop.exercises import check, hint, quiz, solution
from eda_workshop.widgets import RequestOrPublish

# %% [markdown]
# ## Picture it
#
# A service makes folders. Making one takes a worker three seconds. In the **request** way the caller asks and waits until
# the folder is there. In the **publish** way the service says that a folder is wanted, and the caller goes on.
#
# The clock below is simulated: nothing really takes time, so you may try anything. **Predict** for six callers, one every
# two seconds: how long does the last one wait, in either way?

# %%
RequestOrPublish()

# %% [markdown]
# On request, callers wait for the worker *and* for everybody before them, the last one eight seconds. On publish each waits a
# tenth of a second. But compare the two rows of the worker: they are the same. The work is **later, not gone**.
#
# **Try it:** how seldom must callers come so that the queue stays empty?

# %%
RequestOrPublish(every=4)

# %% [markdown]
# Three seconds apart are enough, for here they come like clockwork. Real callers come in bunches, and then a queue builds up
# long before the worker has no pause left.
#
# **Break it:** callers come twice as fast as the worker works. Watch *unfinished*.

# %%
RequestOrPublish(every=1.5, callers=12)

# %% [markdown]
# The callers on publish notice nothing, and that is the trouble: the queue grows in silence. Whoever publishes needs a
# measure of what is waiting. A synchronous caller *is* that measure.
#
# ## On the real bus
#
# The same with the bus and a log. The service publishes and returns; a worker with a place in the log catches up when it
# gets round to it. Its **lag** is the head of the log less its position.

# %%
log = open_log("memory://", clock=ManualClock(tick=1))
bus = Bus(log, ids=CounterIds())
made = []
worker = bus.subscriber("worker", durable=True)
worker.on("folder.requested", lambda event: made.append(event.data["path"]))

worker.close()
for path in ("/ada", "/grace", "/edsger"):
    bus.publish("folder.requested", {"path": path})
log.head - log.position_of("worker"), made

# %% [markdown]
# Three events wait, and nobody had to. When the worker comes back, under the same name, it goes on where it was.
#
# (Is `folder.requested` a fact? By the test of lesson 02 it is a command that waits in line: its sender relies on one worker. That
# is how work is handed out. Where others shall react as well, tell them what has happened.)

# %%
worker = bus.subscriber("worker", durable=True)
worker.on("folder.requested", lambda event: made.append(event.data["path"]))
worker.catch_up()
worker.close()  # so that this cell can be run again
log.head - log.position_of("worker"), made

# %% [markdown]
# ## Twins
#
# *At least once* means: sometimes twice. An acknowledgement gets lost, a worker dies between its work and the note that it
# is done. Here about one copy in three is doubled, always the same ones.

# %%
bus = Bus(clock=ManualClock(), ids=CounterIds(), delivery=Delivery(seed=3, duplicate=0.35))
mailer = bus.subscriber("mailer")
outbox = []
mailer.on("user.signed_up", lambda event: outbox.append(event.data["user"]))

for user in ("ada", "grace", "edsger", "barbara", "alan"):
    bus.publish("user.signed_up", {"user": user})
outbox

# %% [markdown]
# Some people got two welcome mails. **Predict:** which would be a safe way to tell a twin from a second event: the same
# user, the same data, or the same id?
#
# Only the id. Ada may well sign up a second time after leaving, or create two equal folders. A handler that gives the
# same result however often one event comes is **idempotent**. Some are so by nature, because they *set* and don't *add*:

# %%
folders = {}


def folder_moved(event):
    folders[event.data["folder"]] = event.data["path"]


event = Bus(ids=CounterIds(), clock=ManualClock()).event("folder.moved", {"folder": "f1", "path": "/ada/summer"})
folder_moved(event)
folder_moved(event)
folders

# %% [markdown]
# Mails can't be set. There the handler has to remember which ids it has done. The same seed, so the same twins:

# %%
bus = Bus(clock=ManualClock(), ids=CounterIds(), delivery=Delivery(seed=3, duplicate=0.35))
outbox = []
careful = deduplicated(lambda event: outbox.append(event.data["user"]))
bus.subscriber("mailer").on("user.signed_up", careful)

for user in ("ada", "grace", "edsger", "barbara", "alan"):
    bus.publish("user.signed_up", {"user": user})
outbox, careful.duplicates

# %% [markdown]
# When does it note the id, before its work or after? **Before**: if the work fails, the retry is taken for a twin, and the
# mail is lost. **After**: a crash in between sends it twice. `deduplicated` notes it after; to lose nothing is the better
# choice here. Only where work and note are *one* write, as in one database transaction, there is no in between.
#
# ## The dual write
#
# The most common fault of all looks harmless. A service does something, and then says so:

# %%
def create_folder(disk, publish, path):
    disk.add(path)
    publish("folder.created", {"path": path})


def broken_network(name, data):
    raise ConnectionError("no route to the broker")


disk = set()
try:
    create_folder(disk, broken_network, "/ada/photos")
except ConnectionError as error:
    print(error, "-", disk)

# %% [markdown]
# The folder is there, and nobody will ever hear of it. Two writes, no transaction: between them is a place where a crash
# leaves half of the truth. To swallow the exception makes it worse, because then it happens in silence.
#
# The cure is to make *one* write and to derive the other. Record the fact first; a subscriber with a place in the log
# brings the disk up to date, again and again if it must, and is idempotent.
#
# Where the state has to stay in a database, there is another cure, the *transactional outbox*: the change and the event are
# written there in one transaction, and a relay publishes from it, at least once.

# %%
log = open_log("memory://", clock=ManualClock())
bus = Bus(log, ids=CounterIds())
disk = set()

bus.publish("folder.created", {"path": "/ada/photos"})
print("crash! disk:", disk, "log:", len(log))

keeper = Bus(log).subscriber("disk", durable=True, after=0)
keeper.on("folder.created", lambda event: disk.add(event.data["path"]))
keeper.catch_up()
print("back.  disk:", disk, "log:", len(log))

# %% [markdown]
# ## Order
#
# On one link, events arrive in the order they were published. Over several links, or with delays, they need not. Here some
# copies are overtaken by the next:

# %%
bus = Bus(clock=ManualClock(), ids=CounterIds(), delivery=Delivery(seed=2, reordered=0.4))
arrived = []
bus.subscriber("audit").on("folder.moved", lambda event: arrived.append(event.data["step"]))

for step in range(1, 9):
    bus.publish("folder.moved", {"step": step})
bus.settle()
arrived

# %% [markdown]
# If order matters, it must be *in* the events: a position in a log, or a number for each subject. The time on the clock of
# whoever published is not enough, because clocks differ. A handler that sets needs it too: a twin that comes late, behind a newer
# event, would set the old value again.

# %% [markdown]
# ## Exercises
#
# First, read code. The service below is about thirty lines long and full of faults of the kinds that you have just met.

# %% [markdown]
# exercise: find_the_bug

# %% [markdown]
# exercise: idempotent

# %% [markdown]
# exercise: log_first

# %% [markdown]
# exercise: facts_not_orders

# %% [markdown]
# ## Quiz

# %%
quiz(5)

# %% [markdown]
# ## Take away
#
# - Publishing shortens the caller's wait, not the work. Measure what is waiting.
# - At least once means twins. A handler that sets is idempotent; one that adds must remember ids, *after* its work.
# - Two writes without a transaction are a fault. Write the fact, derive the rest.
# - An event tells what happened; it doesn't say who shall do what.
#
# **Next:** [The event log: what happened, in order, for good](06-event-log.ipynb) · Words: [glossary](glossary.md)
