# %% [markdown]
# # 01 · Architectures: kill a box, see what falls
#
# **Question.** One part of a system falls. What falls with it, and what decides that?
#
# **70 minutes**, 30 of them exercises. Afterwards you can
#
# - tell how a system is *deployed* from how it is *distributed*, and place any system on both axes;
# - work out from a list of links who stops when one part stops, and how often everything is up that is needed;
# - say what a queue in the middle cures, and what it doesn't;
# - tell a monolith, a microlith and microservices apart by a test, not by their looks;
# - put numbers beside each way to build a system, also those that speak against it.

# %%
# ModuleNotFoundError? Choose Kernel → Change Kernel → Python 3 (ipykernel), in the JupyterLab that the kit opened.
# %load_ext eda_workshop
from eda_workshop.exercises import check, hint, quiz, solution
from eda_workshop.show.runs import copy_chart, requests_chart
from eda_workshop.simulate import (
    Cut, Load, Operation, Outage, Service, Slow, System, availability, blast, call, event, needed, run_system,
)
from eda_workshop.simulate.architectures import ARCHITECTURES
from eda_workshop.widgets import KillABox, TwoAxes

# %% [markdown]
# ## Two axes, not one
#
# The drive of this workshop lets people share folders. Whoever builds it decides two things, and they are often taken for one:
#
# - **Deployment:** what is released together, starts together and crashes together? Such a thing is a *unit*; copies of it that share the load
#   are still one unit. A system of one unit is a **monolith**.
# - **Distribution:** on how many kinds of machines does it run? Those are its **tiers**. On one: screen, logic and data on one computer. On two:
#   a program on every desk, a database on a server. On three: screen, logic and data apart.
#
# A **layer** is something else again: it says what code is *for*. All three layers can live on one machine, and in one unit.
#
# **Predict:** the logic of the drive is one unit, and runs between a browser and a database server. Is it three-tier, or a monolith?

# %%
axes = TwoAxes()
axes

# %% [markdown]
# Both. It is one of the most common systems there is: a monolith on three tiers. Move the parts with the controls, and deploy a
# change. What does each axis cost: machines to keep, hops to wait for, parts to restart?
#
# ## Break it: kill a box
#
# Now look at what the first axis does when something breaks. Below is that system as a graph; the frame is the unit.
#
# **Predict:** the mailer has a fault and crashes. It only writes e-mails. Who can still look at their folders?

# %%
box = KillABox("three tiers, monolith")
box.kill("mailer")
box

# %% [markdown]
# Nobody. What runs in one unit falls as one. Click a box to bring it back, and another to take it down. The part that fell, those that
# fell with it, and those that can't do all of their work any more, are the **blast radius**.
#
# That is the case against the monolith, and here is the case for it. Inside it a call can't be lost on the way, costs nearly nothing,
# and several changes can be one transaction. There is one thing to deploy, to watch and to understand. Nor is it a heap: a **modular
# monolith** keeps its parts apart inside, each with its own data. Most systems are served well by that for a long time.
#
# ## The same, with people in it
#
# The graph says who *can* fall. What do people notice? `run_system` lets time pass, in a simulation: ten requests a second for a
# minute, and from second 20 to 35 the mailer is down. All times are virtual, so it takes no longer than a blink; the random parts
# come from a seed, so everybody sees the same.

# %%
load, fault = Load(rate=10, seconds=60), Outage("mailer", at=20, seconds=15)
monolith = ARCHITECTURES["three tiers, monolith"].system
run = run_system(monolith, load, [fault], seed=1)
print(run)
print(run.all.reasons)

# %% [markdown]
# A quarter of all requests failed. `run.of("share")` and `run.services["mailer"]` tell more: how long answers took, how busy each
# part was, how much piled up.
#
# ## Cut it in pieces: the microlith
#
# So the parts are cut out of the unit: each is deployed alone, on a machine of its own. Messages go through queues, because queues
# decouple, and the database stays, because it was there. Seven units now. **Predict:** the mailer falls. How many boxes can't do all their work?

# %%
micro = KillABox("microlith")
micro.kill("mailer")
micro

# %% [markdown]
# Five of seven. Look at the links: each request goes into a queue, and then its sender *waits for the answer*. The queue has changed
# the wire, not the wait. What falls together when one part falls is in truth one thing, however many boxes it is drawn as: it has
# the price of many and the fate of one.
#
# The word **microlith**, from Jonas Bonér, is used in two ways. For some it is a monolith with queues in the middle that passes for
# microservices. For others it is services that call each other directly, over HTTP; and the cure is a broker that keeps what
# others will read later. One has a queue for the illness, the other for the medicine. So don't look for the queue, use the **failure test**:
#
# > Stop one part. Whoever stops with it, and need not, was tied too tightly.
#
# ## Try: which knot to cut?
#
# Under *Link*, choose sharing → mailer and make it a *queue* that is not waited for, or an *event*. Then the other link that leads
# to the mailer. In code:

# %%
loose = KillABox("microlith")
loose.kill("mailer")
print(loose.tie("sharing", "mailer", "call"))
print(loose.tie("sharing", "mailer", "queue"))
print(loose.tie("accounts", "mailer", "event"))

# %% [markdown]
# The number to watch is the radius: 5, 4, 1. A call in place of the queue changed nothing; not to wait changed everything.
#
# What a queue does is to keep work for later. So it carries a system over a restart, and over a rush that ends. It does no work: where more
# comes than can be done, all day, it only grows. Nor does it come for nothing: whoever hands something over needs *it* to be up.
#
# That can't be done with every link. Sharing needs to know whether the friend exists *before* it says yes. It waits for accounts
# because it must have an answer. How it might have that answer beforehand is a story for later lessons.
#
# ## A chain is weaker than its links
#
# Who waits, needs the others to be up. If each unit is up 99 of 100 hours, and they fail independently, then n in a row are up together
# 0.99 × 0.99 × … of the time. **Predict:** a request needs eight of them. How many hours a month does it fail?

# %%
for count in (1, 2, 4, 6, 8):
    services = [Service(f"s{number}") for number in range(count)]
    links = [call(f"s{number}", f"s{number + 1}") for number in range(count - 1)]
    up = availability(System("chain", services, links, [Operation("ask", "s0")]))
    print(f"{count} in a row: {up:.4f}, {(1 - up) * 720:4.1f} hours a month")

# %% [markdown]
# Each part has its seven hours, and the eight together have 56. To cut a system in pieces that wait for one another makes it *less*
# available than it was. Copies of a part help, as far as they don't fall for the same reason; and so does not to wait.
#
# ## A copy of one's own: the single page
#
# A **single-page application** is loaded once, draws its screens itself, and asks a server for data only. Such a page can
# keep a copy of what it has seen. Here is a page that answers from its copy and is told of every change, while others change things
# on the server. This is also how any system is described: services, links, and what people ask for.

# %% tags=["not-in-a-browser"]
page = System(
    "page with a copy",
    [Service("page", work=0.001), Service("server", work=0.01)],
    [event("server", "folder.shared", "page", "share")],
    [Operation("list", "page", 3), Operation("share", "server", 1)],
)
offline = Cut("page", "server", at=15, seconds=20)
run = run_system(page, Load(rate=4, seconds=60), [offline], seed=1)
copy_chart(run, "page", [offline])

# %% [markdown]
# In the shaded time, the train was in a tunnel. Everybody was answered; the answers grew old; when the tunnel ended, the page heard what
# it had missed, and was current at once. A copy trades *failing* for *being late*. Whether that is a good trade depends on the question:
# for a list of folders, yes; for the last seat on a flight, no.
#
# What makes it a single-page application is where the screens are drawn. Offline copies, service workers, web sockets are techniques
# that it *may* use, and it needs no microservices behind it.
#
# ## Microservices
#
# A **microservice** is deployed independently, owns its data, and is made around one ability of the business. Small is not the point:
# independent is. The parts of the drive again, each with its own data, and no shared database.
# **Predict:** they call each other directly. The mailer falls. Who can still list their folders, and who can still share one?

# %%
services = KillABox("microservices by request")
services.kill("mailer")
services

# %% [markdown]
# Listing goes on: whoever doesn't need the broken part works fine, and each service can be rolled back without touching the others. That
# is the gain, and it is real; the *release test* asks for it: change one part, and see who must be released with it. But whoever *does*
# need the broken part, directly or through others, fails as before: sharing asks the mailer, and waits.
#
# The price: a network in every call, parts of a request that succeed while others fail, data that agree only after a while, and
# many things to deploy and watch. It is paid on the first day. The gain comes with many teams and many releases.
#
# ## Say what happened
#
# The last way to build it: who is asked, decides alone, from its own data and copies of what it needs of others; and then it says
# what *happened*. Whoever wants to, reacts. What was said stays in a **log**, for those who are down.

# %%
told = KillABox("event-driven")
print(told.kill("mailer"))
print(told.restore())
told.kill("log")
told

# %% [markdown]
# Without the mailer, nobody stops; the mails come later. But look at the picture, where the *log* is down: now nobody can share. Events
# don't take all dependencies away. They gather them in one place, which must be better than the rest: that is why it counts 0.999 here.
#
# ## All of them, under the same load
#
# The same requests at the same moments, and the same outage.

# %% tags=["not-in-a-browser"]
names = ["three tiers, monolith", "modular monolith", "microlith", "microservices by request", "event-driven"]
runs = {name: run_system(ARCHITECTURES[name].system, load, [fault], seed=1) for name in names}
requests_chart(runs, [fault])

# %% [markdown]
# The modular monolith answers quickly, since nobody waits for a mail, and falls all the same: events *inside* a unit cut the waiting,
# not the unit. The bill for each:

# %% tags=["not-in-a-browser"]
print(f"{'':26} units  must be up  radius  share takes  messages  mails late by")
for name, run in runs.items():
    system, must = run.system, needed(run.system, "share")
    units = {system.unit_of(part) for part in must}
    print(
        f"{name:26} {len(system.units):5}  {len(units):10}  {blast(system, 'mailer').radius:6}"
        f"  {run.of('share').mean * 1000:8.0f} ms  {sum(run.messages.values()):8}  {run.services['mailer'].worst_lag:8.1f} s"
    )

# %% [markdown]
# *Must be up* counts the units that a share can't do without. Nobody wins every column. The event-driven system
# fails least, and only the modular monolith answers sooner; it sends more messages than the one by request, its mails can be late, and it is the
# hardest to see through: no place in its code says what happens after a share. Events are a trade, like everything above.
#
# ## Slow is worse than down
#
# A part that has crashed refuses at once. A part that is *slow* makes everybody wait who asks it, and those keep their places while they
# wait. (A machine that is gone doesn't even refuse: to those who call it, it is slow.) Forty requests a second this time. **Predict:** for
# which of the two faults do more people *who don't even share* suffer?

# %%
busy, system = Load(rate=40, seconds=60), ARCHITECTURES["microservices by request"].system
for fault in (Outage("mailer", 20, 15), Slow("mailer", 20, 15, factor=20)):
    lists = run_system(system, busy, [fault], seed=1).of("list")
    print(f"{type(fault).__name__:7} lists: {lists.failed} failed, mean {lists.mean:.3f} s, slowest {lists.slowest:.3f} s")

# %% [markdown]
# When the mailer is down, no list is hurt. When it is merely slow, the web's places fill up with those who wait for a share, and the
# lists stand in line behind them. Time-outs bound that, links that don't wait end it.
#
# ## Words, said more precisely
#
# | often said | more precisely |
# | --- | --- |
# | tier, layer: the same | a *layer* says what code is for, a *tier* where it runs |
# | three-tier is the opposite of a monolith | two axes: a monolith may have one, two or three tiers, or more |
# | the load balancer, the gateway is the frontend | those stand at the *edge*; the client is what people use |
# | Redis, or any product, is the data tier | it depends on its use: a store, a cache, or a pipe |
# | a microservice is small | it can be deployed alone, and owns its data |
# | queues decouple | not waiting decouples; a queue only makes it possible |
# | most prefer microservices | they are a trade; most systems pass through mixed states, and may stay there |
#
# ## Exercises

# %% [markdown]
# exercise: two_axes

# %% [markdown]
# exercise: falls_with

# %% [markdown]
# exercise: chain

# %% [markdown]
# exercise: queue_cures

# %% [markdown]
# exercise: microlith

# %% [markdown]
# exercise: sort_terms

# %% [markdown]
# ## Quiz

# %%
quiz(1)

# %% [markdown]
# ## Take away
#
# - How a system is deployed and how it is distributed are two axes. What is in one unit falls as one.
# - Who waits, falls with whom it waits for. A queue in between changes nothing while somebody waits for the answer.
# - Availabilities of those who must be up together are multiplied. More pieces in a row: less.
# - Events end the waiting. The price is copies that are late, a log that must be up, and a flow that no single place shows.
#
# **Next:** [Events and commands: what happened, and what shall be done](02-events-and-commands.ipynb) · Words: [glossary](glossary.md)
