# %% [markdown]
# # 15 · Beyond one machine: four patterns, and a real server
#
# **Question.** One machine is not enough, or not safe enough. What changes in what you have learned, and what stays as it is?
#
# **80 minutes**, 30 of them exercises. Afterwards you can
#
# - match a need to one of four patterns of distributed systems, or say that it needs none;
# - run the same program on a log in memory and on a server, and show that both hold the same;
# - kill a subscriber and the server, and say what is lost (nothing) and what may come twice;
# - share work among processes, and choose how long a worker may keep what it took;
# - say what an acknowledgement promises, and what publish/subscribe without a log does not.
#
# ## Three tiers
#
# Four patterns come up again and again when one machine is not enough. The oldest has **three tiers**: frontends, servers in the middle behind a load balancer, and
# a store in several copies. A server that keeps nothing can be added, and can die. **Predict:** three servers that keep the sessions of their users in
# their own memory, and one dies, and with it two replicas of three. What is lost, and what can't be done any more?

# %%
# ModuleNotFoundError? Choose Kernel → Change Kernel → Python 3 (ipykernel), in the JupyterLab that the kit opened.
# %load_ext eda_workshop
from eda_workshop.widgets import Shards, StreamAndTable, ThreeTiers, TwoPaths

tiers = ThreeTiers()
tiers.keep_sessions()
tiers.down(servers=1, replicas=2)
tiers

# %% [markdown]
# A third of the sessions, for they were in that one server, and every write, for one replica is no majority. And the other two servers are too few now: those
# who wait give up, so that much of the work is done for nobody. Let the servers keep nothing, bring the replicas back, and make it four.
#
# ## Shards: to each its part of the keys
#
# The drive has a thousand users, too many for one program and one store. So program and store stand there four times, each with its own part of the users, and a router
# sends each user to the one that the *hash* of the name says: **sharding**. No shard knows of the others. **Predict:** what becomes of the four when a few users do most of
# the work?

# %%
hot = Shards(4)
print("all users alike:", hot.numbers["hot"], "times the mean on the fullest shard")
hot.skew(1.5)
hot

# %% [markdown]
# A **hot shard**: one is full, the others are bought for nothing. Ten times as many would not help: Ada is one key. She can have a shard of her own. Or her events
# are split over all; **predict** what that costs, then look at the discs with a second ring.

# %%
split = Shards(8, skew=1.5)
split.biggest("split over all")
split

# %% [markdown]
# The fullest has less than twice the mean now, and nobody knows any more what Ada did first. The other two costs stand at the bottom: *one shard more* moves nearly all users, unless the router is
# chosen well (try *rendezvous*: only those move whom the new shard gets); and a question about *everybody* needs all shards to be up at once.
#
# ## Streams and tables
#
# The other way begins at the log. Each program reads the same **stream** and keeps the **table** that it needs: a fold, as ever. A table can also be turned
# into a stream: whenever a row changes, its owner tells. So the two are one thing in two views, and a program may live next to its data.
# **Predict:** of ten events about four folders, only the newest of each is kept. Which table comes of it? And what can't be asked any more?

# %%
kept = StreamAndTable()
kept

# %% [markdown]
# The same table from four events of ten: that is **compaction**, and for a read model it will do. But where *f1* was after position 3 nobody knows any more: no audit,
# no temporal query, no late letter. A log that keeps all is the past; one that is compacted is a table in disguise.
#
# ## Lambda: two ways for one number
#
# The **lambda** pattern has nothing to do with the cloud functions of that name. The same events go two ways: a *batch* counts all of them again every quarter of
# an hour, by when they occurred; a *stream* counts what has come since; who asks gets both added up. **Predict:** some uploads are told late. Where does
# the number served leave the truth, and what does each batch mend?

# %%
paths = TwoPaths()
paths

# %% [markdown]
# What is late belongs to a time that the batch has closed: the stream passes it over, and the next batch finds it. Set *Told twice* to 0.5 and *Told late* to 0: the stream counts twins, the batch
# knows their ids. Then tick *Change the rule in one program*: the price of two programs is that a rule is written twice, and one is forgotten.
#
# ## One line
#
# Sharded or not, the drive has outgrown its process. Its folders are made by one program, its mails are sent by another, and a third will come. They need a log
# that all of them reach. This lesson uses **NATS JetStream**, a small server; where none is found, it goes on with SQLite files, which several
# programs can share, too. Only the log's address differs. The line under the next cell says which of them you have. If it says *files*, read “file” wherever the
# text says “server”: the code runs all the same, but what a server does when it is killed you only see as a stored result.

# %% tags=["nbval-ignore-output"]
import time
from itertools import islice

from eda_workshop import Bus, CounterIds, Event, History, ManualClock, NoServer, copy_log, open_log
from eda_workshop.drive import Drive
from eda_workshop.drive.remote import FolderProgram
from eda_workshop.exercises import check, hint, quiz, solution
from eda_workshop.servers import a_place
from eda_workshop.stories.cargo import Freight, voyage
from eda_workshop.stories.redis import listen_to_redis

place = a_place()
place

# %% [markdown]
# Here is a program you know: the drive, its commands, its three subscribers. It runs twice, once on a log in memory, once over there.
# **Predict:** which of it has to be written anew, and will both logs end in the same hash?

# %%
def live(url):
    bus = Bus(open_log(url, clock=ManualClock(tick=1)), ids=CounterIds())
    drive = Drive(bus)
    for user in ("ada", "grace"):
        bus.send("user.sign_up", {"user": user, "email": f"{user}@example.org"})
    bus.send("folder.share", {"folder": "home-ada", "user": "ada", "with": "grace"})
    return bus.log


here, there = live("memory://"), live(place.fresh("drive"))
print("events:", here.head, "and", there.head)
print("the same hash at the end:", here.last.hash == there.last.hash)
print(copy_log(there, open_log("memory://")))

# %% [markdown]
# Not a line. The hash covers every event, its position, both its times and all before it; so all of that is the same, letter for letter. Therefore a log can move house,
# too, as the last line does: `python3 workshop.py copy drive.db nats://127.0.0.1:4222/drive` does it with a file and a server, and goes on where it broke off.
#
# On the server each event is one message, a CloudEvent, on a subject such as `drive.folder/home-ada.folder.shared`; its sequence there is its
# position. Any program that speaks NATS can read along, in whatever language.
#
# What replays, replays there, too. A ship's voyage of which one event came late. **Predict:** have the books been in Canada?

# %%
load, *rest = voyage()
sea = open_log(place.fresh("sea"), clock=ManualClock("2026-03-10T12:00:00Z", tick=60))
for event in rest:
    sea.append(event)

history = History(sea, Freight)
plan = history.late(load)
print("before:", history.state().cargo.get("books").was_in_canada, "| kind:", plan.kind, "| affected:", len(plan.affected), "events")
plan.commit()
print("after:", history.state().cargo["books"].was_in_canada, "| chain:", sea.verify() or "whole")

# %% [markdown]
# The late letter is the fifth record on the server, and the first in the order of what happened. No server knows that order. It keeps the order of
# recording; what counted when is computed by whoever asks.
#
# Now two writers on two machines. Both have read up to the same place, and each has decided something. **Predict:** what happens to the second?

# %% tags=["raises-exception"]
monday, tuesday = open_log(place.url("drive")), open_log(place.url("drive"))
seen = monday.head
monday.append(Event("folder.moved", {"folder": "home-ada", "path": "/a"}), expected=seen)
tuesday.append(Event("folder.moved", {"folder": "home-ada", "path": "/b"}), expected=seen)

# %% [markdown]
# The rule is the server's now, and it holds between any machines: whoever comes second reads what is new, and decides again.
#
# ## Two programs, and the plug
#
# The folder service is a program of its own now, with a process of its own: it hears `user.signed_up`, works slowly, and publishes
# `folder.created`. **Predict:** it is killed, as by `kill -9`; three users sign up; it is started again. What becomes of the three?

# %% tags=["not-in-a-browser"]
bus = Bus(log := open_log(place.fresh("homes")))
folders = FolderProgram(place.url("homes"), slow=0.05).start()

def sign_up(*users):
    return [bus.publish("user.signed_up", {"user": user}).event.position for user in users]

def homes(count):
    return [event.data["user"] for event in islice(log.follow(names="folder.created", patience=15), count)]

print("heard at once:", sign_up("ada") and homes(1))
folders.kill()
print("recorded while it is dead:", sign_up("grace", "alan", "edith"))
print("folders:", len(list(log.read(names="folder.created"))))
folders.start()
print("after its return:", homes(4))

# %% [markdown]
# Nothing is lost and nobody had to ask. It is a **durable** subscriber: the log keeps how far it has come, under its name, and it goes on there.
#
# One step further: the *server* is killed. Publisher and service are not told. **Predict:** what do they do, and is anything missing or double afterwards?

# %% tags=["not-in-a-browser", "nbval-ignore-output"]
print(place.kill_and_start("recorded: 2 | homes of all 6 | missing: none | twice: 0 | chain: whole"))

# %% tags=["not-in-a-browser"]
recorded = sign_up("barbara", "tim")
users = homes(6)
print("recorded:", len(recorded), "| homes:", users)
print("missing:", {e.data["user"] for e in log.read(names="user.*")} - {*users}, "| twice:", len(users) - len({*users}))
print("chain:", log.verify() or "whole")

# %% [markdown]
# If a server was killed, both waited, and went on by themselves; files were there all the time. Nothing that was **acknowledged** is gone. But read that word with care: what an answer promises is a setting.
# The kit's server answers when the disk has the event. Most are set up to answer sooner, and a power cut may take what was answered in the last
# moments; in a cluster you wait for two machines of three instead. Each promise has a price at every append.
#
# And *twice*? If the service is killed behind its own event, and before its new position, the same sign-up comes again. No server can know
# whether the work was done. So deliveries are **at least once**, and the receiver tells twins apart. This one gives the folder's event an id that is made
# of the sign-up's, and looks whether the log has it. The last exercise does it in a database.
#
# ## Asked, or told
#
# The talk's demo, for real. The same slow program can also be *asked*, by HTTP. **Predict:** three folders at 0.2 s each. How long does the third user wait?

# %% tags=["not-in-a-browser"]
folders.stop()
slow = FolderProgram(place.url("homes"), slow=0.2).start()
start = time.perf_counter()
answers = [slow.ask(user)["event"] for user in ("lin", "mae", "joan")]
asked = time.perf_counter() - start

before, start = log.head, time.perf_counter()
sign_up("kim", "lou", "max")
told = time.perf_counter() - start
print("asked:", *answers, "| at least as long as the work of three:", asked >= 0.6)
print("told: in less than half of that:", told < asked / 2, "| folders by then:", len(list(log.read(before, names="folder.*"))))
print("a little later:", homes(9)[-3:])
slow.stop()

# %% [markdown]
# The work took as long both times. The difference is *who waits for it*, and what happens when the program is down: asked, an error at once; told,
# work for later. And the user who was told has no folder yet when the answer comes. Say “we are making it”, and not “done”.
#
# ## Many hands
#
# One program is too slow, so there are two with the same work. As a **group** (elsewhere *competing consumers*, or a *consumer group*) they share the events: each goes to one
# of them. A worker has an event for a while, its *lease* (elsewhere a *visibility timeout*). **Predict:** Ada's process dies with event 1. Who does it, and when?

# %%
def four_photos(clock):
    jobs = open_log(place.fresh("jobs"), clock=clock)
    for number in range(1, 5):
        jobs.append(Event("photo.uploaded", {"number": number}, id=f"photo-{number}", occurred=clock.now()))
    return jobs

clock = ManualClock()
jobs = four_photos(clock)
ada, bob = (jobs.group("thumbnails", worker, lease=30) for worker in ("ada", "bob"))
lost = ada.take()
print("ada takes", lost.position, "and dies; bob takes", [bob.take().position for _ in range(3)], "then", bob.take())
clock.advance(seconds=30)
late = bob.take()
print("30 s later bob takes", late.position, "| done:", bob.done(late), "| ada wakes up and is done, too:", ada.done(lost))

# %% [markdown]
# After the lease, bob. But Ada had only slept: the event was handled twice, and she is told (`False`). And the events are not done in order any more: many
# hands have no order. Who needs order takes one durable subscriber, or a shard for each key.
#
# ## Try, and break it
#
# Make the lease shorter than the work. **Predict:** four photos, two workers, 10 s for each photo, a lease of 5 s. How often is a photo made?

# %%
clock = ManualClock()
jobs = four_photos(clock)
hasty = [jobs.group("hasty", worker, lease=5) for worker in ("ada", "bob")]
made = []
for turn in range(12):
    photo = hasty[turn % 2].take()
    if photo is None:
        break
    made.append(photo.position)
    clock.advance(seconds=10)
print("made:", made, "| too often tried, and parked:", hasty[0].parked)

# %% [markdown]
# Five times the first one, five times the second, and they never come to an end: each photo is taken away before it is done. That is what
# the limit of attempts is for. What is *parked* waits for a person.
#
# ## Without a log
#
# The talk's demo used Redis' publish/subscribe, which is quick and keeps nothing. This cell asks a real Redis, if there is one on this machine. **Predict:** who subscribed late hears how many
# of three messages? And who subscribed to a channel *and* to a pattern that fits it?

# %% tags=["nbval-ignore-output"]
try:
    print(listen_to_redis())
except NoServer as nobody:
    print(nobody)

# %% [markdown]
# Of two messages on its channel the late one heard one; the other is gone, and no restart brings it. Redis' pattern `user.*` fits `user.profile.updated` as well: its star
# crosses dots, and that of NATS and of this kit does not. Whoever listens on both channel and pattern hears a message twice: here, five where three were sent. For a
# cache that is told to forget something, all this may do. For facts it won't.
#
# ## Exercises

# %% [markdown]
# exercise: which_pattern

# %% [markdown]
# exercise: shard_of

# %% [markdown]
# exercise: merged

# %% [markdown]
# exercise: changes

# %% [markdown]
# exercise: receive

# %% [markdown]
# ## Quiz

# %%
quiz(15)

# %% [markdown]
# ## Take away
#
# - What you wrote for one process runs on a server; the order, the expected position and the chain are the same.
# - Delivered at least once, done once: that is the receiver's work, in one transaction with the effect.
# - Order holds where one log, or one shard, holds it. Many hands have none.
# - An acknowledgement promises what the server's settings say. Ask, and choose.
# - Each pattern answers a need and costs something. Without the need, one process and a file go far.
#
# **Next:** [Capstone: a late letter goes through all of it](16-capstone.ipynb) · Words: [glossary](glossary.md)
