# %% [markdown]
# # 03 · The bus: a pipe and its taps
#
# **Question.** Somebody publishes an event. Who gets it, who doesn't, and who remembers?
#
# **60 minutes**, 22 of them exercises. Afterwards you can
#
# - predict who gets how many copies, on a topic and on a queue;
# - show that a closed tap misses what a log would have kept;
# - read a receipt, and say what a publisher does *not* learn;
# - keep one failing subscriber from harming the others, and bring it what it missed.

# %%
# %load_ext eda_workshop
from eda_workshop import Bus, CounterIds, Delivery, ManualClock, deduplicated, open_log, retry
from eda_workshop.exercises import check, hint, quiz, solution
from eda_workshop.widgets import PipeAndTaps

# %% [markdown]
# ## Picture it
#
# Publish/subscribe is often drawn as a water **pipe**: many tanks feed it, many **taps** read from it, and what goes in on one
# side can be read on the other about when it is sent. Publishers don't know the taps, and taps don't know each other.
#
# **Predict first:** three taps are open, and two events are published. How many copies come out of the taps, 2, 3 or 6?

# %%
pipe = PipeAndTaps()
pipe.publish("user.signed_up")
pipe.publish("folder.created")
pipe

# %% [markdown]
# Six. And here the picture of water leaks: water *divides* among the taps, an event is *copied* to each. What one tap
# takes, no other goes without. Such a pipe is called a **topic**.
#
# Publish a few more with the form: choose the kind of event, fill in its fields, press **Publish**.
#
# ## Break it: close a tap
#
# The mailer goes down for a moment. Two events pass, then it is back. **Predict:** what will it have got?

# %%
def outage(pipe):
    pipe.publish("user.signed_up")
    pipe.close("mailer")
    pipe.publish("user.signed_up")
    pipe.publish("user.signed_up")
    pipe.open("mailer")
    pipe.publish("user.signed_up")
    pipe.open("search")
    pipe.publish("folder.shared")
    return pipe


outage(PipeAndTaps())

# %% [markdown]
# The hollow discs are gone for good. A plain topic delivers **at most once**: whoever isn't there misses it, and nobody
# notices, least of all the publisher. The search, a tap that was opened late, has missed even more, for the same reason.
#
# ## Put a log behind the pipe
#
# Now the same story again, with one change: every event is written to a **log** first, and each tap keeps its place in
# it. Nothing else is different. **Predict:** what happens to the hollow discs?

# %%
outage(PipeAndTaps(log=True))

# %% [markdown]
# They are filled. The dashed rim says that they came *late*: when the tap opened again, it read on from its place in the
# log. Delivery has become **at least once**: nothing is lost, and after a crash the last event may come a second time.
#
# ## A queue is something else
#
# “Put it on the queue” and “publish it” are often said for one another. A **queue** hands each message to *one* consumer
# and keeps it until it is fetched: that is for sharing work. A **topic** tells everybody: that is for sharing news.

# %%
queue = PipeAndTaps(queue=True)
for _ in range(4):
    queue.publish("email.sent")
queue.close("folders")
queue.publish("email.sent")
queue

# %% [markdown]
# Five messages, five deliveries: the open taps take turns. Switch *Pipe is a* to compare.
#
# ## The real bus
#
# Behind the picture is a bus of a few lines. Here it is without the picture, and without a log.

# %%
bus = Bus(clock=ManualClock(), ids=CounterIds())
mailer, folders = bus.subscriber("mailer"), bus.subscriber("folders")

mailer.on("user.signed_up", lambda event: print("mail to", event.data["user"]))
folders.on("user.signed_up", lambda event: print("home for", event.data["user"]))

bus.publish("user.signed_up", {"user": "ada"})

# %% [markdown]
# `publish` here is *synchronous*: it returns when every handler has run. What it returns is a **receipt**: who got the
# event. It never holds what a handler returned: a publisher that wants an answer is not publishing, it is asking.

# %%
receipt = bus.publish("user.signed_up", {"user": "grace"})
receipt.delivered_to, receipt.failed, receipt.unheard

# %% [markdown]
# And an event that nobody listens to? That is allowed: it is a fact, heard or not. The receipt says so, because it is
# worth knowing: the name may be mistyped.

# %%
bus.publish("user.singed_up", {"user": "edsger"})

# %% [markdown]
# ## What a handler publishes waits its turn
#
# Reactions cause further events. The bus finishes with one event before it begins with the next, first in, first out, so
# that all subscribers see events in one order. Each new event remembers its **cause**, and all of them their
# **conversation**; with a log behind it the bus can draw the tree.

# %%
bus = Bus(open_log("memory://", clock=ManualClock()), ids=CounterIds())
folders, mailer = bus.subscriber("folders"), bus.subscriber("mailer")

folders.on("user.signed_up", lambda event: bus.publish("folder.created", event.data))
mailer.on("folder.created", lambda event: bus.publish("email.sent", event.data))
mailer.on("user.signed_up", lambda event: print("the mailer knows", event.data["user"]))

first = bus.publish("user.signed_up", {"user": "ada"}).event
bus.trace(first)

# %% [markdown]
# ## Break it: one handler fails
#
# The mailer's handler is broken. **Predict:** does the audit, which subscribed after it, still get the event?

# %%
bus = Bus(open_log("memory://", clock=ManualClock()), ids=CounterIds())
mailer, audit = bus.subscriber("mailer"), bus.subscriber("audit")


@mailer.on("user.signed_up")
def welcome(event):
    print("mail to", event.data["email"])


@audit.on("user.signed_up")
def note(event):
    print("audit has", event.id)

# %% tags=["raises-exception"]
bus.publish("user.signed_up", {"user": "ada"})

# %% [markdown]
# It does. The failure stops nobody else, and the event stays published: a fact can't be taken back because a listener
# stumbled. But it isn't hidden either: the publisher is told, and the event waits for the mailer as a **dead letter**.

# %%
bus.dead_letters

# %% [markdown]
# The event carries no `email`, so the handler has to look elsewhere. Mend it, swap it, and deliver the letter again. `redeliver` returns
# the letters that were handled now, and none is left:

# %%
@mailer.on("user.signed_up", replace=True)
def welcome(event):
    print("mail to", event.data["user"] + "@example.org")


bus.redeliver(), bus.dead_letters

# %% [markdown]
# What a failure leads to is the subscriber's **policy**, chosen with `on_error=`. The default, `"raise"`, tells the publisher, which is
# right while you develop. `"park"` only keeps the letter, `"stop"` holds back everything that follows, so that order is kept, and
# `retry(n)` tries up to n times more, and then parks. A letter lives as long as its bus. A *durable* subscriber, which you will
# meet in lesson 05, keeps its letters in the log, so that they outlive the program.

# %%
tries = []


def flaky(event):
    tries.append(event.id)
    if len(tries) < 3:
        raise ConnectionError("the mail server is busy")


news = Bus(clock=ManualClock(), ids=CounterIds())
news.subscriber("newsletter", on_error=retry(3)).on("user.signed_up", flaky)
news.publish("user.signed_up", {"user": "grace"}), len(tries)

# %% [markdown]
# ## Late, and still complete
#
# With a log, a subscriber may start anywhere in it. `after=0` means: from the beginning. It first catches up, then goes
# on live, and there is neither a gap nor a double in between.

# %%
bus = Bus(open_log("memory://", clock=ManualClock()), ids=CounterIds())
for user in ("ada", "grace"):
    bus.publish("user.signed_up", {"user": user})

search = bus.subscriber("search", after=0)
found = []
search.on("user.signed_up", lambda event: found.append(event.data["user"]))

search.catch_up()
bus.publish("user.signed_up", {"user": "edsger"})
found

# %% [markdown]
# ## No network is perfect
#
# Between machines, copies get lost, come twice, or come late. The bus can play that on purpose, from a seed, so that it
# happens in the same way on every run. **Predict:** 20 events, and each copy has a chance
# of one in five to get lost, and the same to come twice. Which number do you trust?

# %%
bus = Bus(ids=CounterIds(), clock=ManualClock(), delivery=Delivery(seed=5, lost=0.2, duplicate=0.2))
meter, careful = bus.subscriber("meter"), bus.subscriber("careful")
counted, recognized = [], []

meter.on("folder.shared", lambda event: counted.append(event.id))
careful.on("folder.shared", deduplicated(lambda event: recognized.append(event.id)))

for number in range(20):
    bus.publish("folder.shared", {"folder": f"f{number}"})
print("meter counted", len(counted), "shares, of", len(set(counted)), "events; careful counted", len(recognized))
bus.statistics().accidents

# %% [markdown]
# Neither of them: 20 folders were shared. The meter counts twins, two copies of one event, as two, and misses what was lost; the
# careful one counts each event once, but what was lost it misses too.
#
# | grade | means | price |
# | --- | --- | --- |
# | at most once | sent, and never again | losses |
# | at least once | sent until acknowledged | twins |
# | effectively once | at least once, and the receiver recognizes twins by their **id** | a memory of ids |
#
# There is no “exactly once” on the wire; what looks like it is the third line. `deduplicated` is such a memory. Against
# losses it can do nothing: for that you need the log.
#
# ## The flow of a whole service
#
# To end with, the drive at work: commands come in, events go round. Each column is one event, from its publisher at the
# top through its name to its subscribers. Hollow discs were heard by nobody.

# %% tags=["not-in-a-browser"]
from eda_workshop.drive import Drive
from eda_workshop.show.flow import flow_chart

log = open_log("memory://", clock=ManualClock(tick=1))
bus = Bus(log, ids=CounterIds())
drive = Drive(bus)
for user in ("ada", "grace"):
    bus.send("user.sign_up", {"user": user, "email": f"{user}@example.org"})
bus.send("folder.create", {"user": "ada", "path": "/ada/photos"})
bus.send("folder.share", {"folder": "f3", "with": "grace"})
flow_chart(log, bus)

# %% [markdown]
# ## Exercises

# %% [markdown]
# exercise: deliveries

# %% [markdown]
# exercise: late_tap

# %% [markdown]
# exercise: topic_or_queue

# %% [markdown]
# exercise: one_fails

# %% [markdown]
# ## Quiz

# %%
quiz(3)

# %% [markdown]
# ## Take away
#
# - A **topic** copies each event to every subscriber that is there; a **queue** gives each message to one consumer.
# - Without a log, delivery is at most once, and nobody notices a loss. With a log, a subscriber is a *place in the log*.
# - `publish` returns a receipt, never a result. A failing handler harms nobody else, and what it missed waits as a dead letter.
# - Twins are recognized by their id, not by what they say.
#
# **Next:** [Handlers: one for each subscriber and event](04-handlers.ipynb) · Words: [glossary](glossary.md)
