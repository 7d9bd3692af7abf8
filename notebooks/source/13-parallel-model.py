# %% [markdown]
# # 13 · Parallel model: what if
#
# **Question.** What if it had gone otherwise? And how do we ask, so that nobody notices?
#
# **70 minutes**, 32 of them exercises. Afterwards you can
#
# - branch off from any place of a log, edit what follows, and show that the log is as it was;
# - say how two worlds differ, and tell a difference of events from a difference of states;
# - try out futures that have not happened, and keep them out of every log;
# - ask what would have been sent, without sending it, and say what a question costs.

# %%
# ModuleNotFoundError? Choose Kernel → Change Kernel → Python 3 (ipykernel), in the JupyterLab that the kit opened.
# %load_ext eda_workshop
from eda_workshop import Event, Gateways, ManualClock, Timeline, diff, open_log
from eda_workshop.exercises import check, hint, quiz, solution
from eda_workshop.show.tree import branch_graph
from eda_workshop.stories.cargo import Freight, voyage
from eda_workshop.widgets import RailwaySwitch

log = open_log("memory://", clock=ManualClock("2026-03-06T09:00:00Z", tick=60))
log.append(*voyage())
timeline = Timeline(log, Freight)
for event in log:
    print(event.position, event.occurred.date(), event.name, *event.data.values())

# %% [markdown]
# ## You know this already
#
# Books went by ship, and called at Vancouver on the way to San Francisco. Whatever was aboard in a Canadian port counts as having
# been in Canada: it gets a mark.
#
# You use **parallel models** every day, in version control: any older state of your files, a branch for an idea, several at once,
# and none of them disturbs the others. A parallel model is a *whole* state that is not the present one: at another time, or in
# another past, present or future. The name is Martin Fowler's. A temporal property, as in the last lesson, keeps history inside one
# value; here everything is otherwise at once.
#
# The simplest one you have met in lesson 07: the state at another position. It rests on the same idea as all that follows: begin with
# nothing, and apply the events that count in that world.

# %%
then, now = timeline.at(position=1), timeline.at()
then.cargo["books"], now.cargo["books"]

# %% [markdown]
# ## Picture it: the railway switch
#
# Above runs the log. Behind event 1 stands a switch, and a second line leaves there. In it the ship called at Los Angeles instead of
# Vancouver. Below, a quantity is drawn along both lines: how many pieces of cargo have the mark. Customs are told of each arrival; the
# instrument counts whether they are told of any in a branch. **Predict:** where do the two curves part, and do they meet again?

# %%
def marked(state):
    return sum(item.was_in_canada for item in state.cargo.values())


def words(event):
    return f"{event.name.split('.')[1]} {event.data.get('port') or event.data['cargo']}"


def arrival(event):
    return event.data if event.name == "ship.arrived" else None


def call(port):
    return Event("ship.arrived", {"port": port}, id=port, subject="ship/king-roy", occurred="2026-03-03T18:00:00Z")


# %%
ready = {port: call(port) for port in ("Los Angeles", "Halifax", "Boston")}
switch = RailwaySwitch(log, Freight, marked, "marked cargo", ready=ready, label=words, tells=arrival)
switch.replace(2, "Los Angeles")
switch

# %% [markdown]
# Now you. **Start over**, and let 2 and 3 never have been. **Branch off**, which makes a branch of the branch, and call at Halifax
# after 4, or after 5. Then tick **Branch graph**. Three numbers to watch: the differences at the end, the events that had to be replayed, and
# the calls to the outside.
#
# ## What if?
#
# The same in code. `branch(at)` shares everything up to a position. After it, four edits are possible: `replace`, `drop`, `insert` and
# `append`. **Predict** what each of these two comes to.

# %%
los_angeles = timeline.branch(1).replace(2, data={"port": "Los Angeles"})
never = timeline.branch(1).drop(2).drop(3)
print("as it was:  ", now.cargo["books"].was_in_canada)
print("Los Angeles:", los_angeles.state.cargo["books"].was_in_canada)
print("never there:", never.state.cargo["books"].was_in_canada)
los_angeles, los_angeles.diff()

# %% [markdown]
# A branch keeps its tail: the ship goes on to San Francisco, and the books go ashore there, by the same events as in the log. And
# `diff` compares **states**, part by part. It does not count events. Is there a branch with other events and no difference?

# %%
shorter = timeline.branch(2).drop(3)
print("events:", len(list(shorter.events)), "· differences from the log:", shorter.diff())
print("differences of the two branches:", diff(los_angeles.state, never.state))

# %% [markdown]
# There is: without the departure the books arrive all the same. And the two branches above have different events, and one end.
#
# ## The log knows nothing of it
#
# How do we know that nothing happened to the base? `log.last` is its last record, and carries a hash, which covers
# the record and the hash before it. Had a record been added, the last would be another; had one been
# changed, it would not fit those behind it, and `log.verify()` would say where.

# %%
last, state = log.last, timeline.at()
wild = timeline.branch(0).drop(1).drop(4).replace(2, data={"port": "Halifax"})
wild.append(call("Boston"))
differences = len(wild.diff())
print("before:", last.hash[:24])
print("after: ", log.last.hash[:24])
print("same end, same state:", (last, state) == (log.last, timeline.at()), "· differences of the branch:", differences)

# %% [markdown]
# Nothing is copied for that. The branch reads the log's own events, and notes only its edits. Both worlds live side by side in one
# program, which is safe for two reasons: events and states can't be changed, and no state hides in a global variable. Where a state
# *can* be changed in place, a branch edits the base, however carefully its dict was copied. You will meet such a one in the exercises.
#
# ## Break it: edit what is shared
#
# **Predict:** the branch begins at 3, and 2 is to be otherwise. What should happen?

# %% tags=["raises-exception"]
timeline.branch(3).replace(2, data={"port": "Los Angeles"})

# %% [markdown]
# What both have is not the branch's to change.
#
# ## A future that nobody has seen
#
# The past was one thing. The same works with what comes next: branch at the head, and append.

# %%
tour = timeline.branch().append(
    Event("cargo.loaded", {"cargo": "silk"}, id="plan-1", occurred=log.clock.now()),
    Event("ship.arrived", {"port": "Halifax"}, id="plan-2", occurred=log.clock.now()),
)
print("marked now:", marked(now), "· after the tour:", marked(tour.state))
list(tour.events)[-1].__class__.__name__, tour.diff()

# %% [markdown]
# What was made up is `Hypothetical`, and stays so. **Predict:** the plan is good. Somebody appends the branch's events to the log, to
# make it real.

# %% tags=["raises-exception"]
log.append(*tour.events)

# %% [markdown]
# No log takes them, no bus publishes them, and no live gateway sends anything because of them. A plan becomes a fact when the ship
# arrives. Then somebody records a new, plain event, with the time at which it really occurred.
#
# Events are one thing that can be otherwise; the *model* is the other. Fold one log with two tariffs, or two rules for risk, and compare:
# that is a parallel model, too.
#
# ## Branches of branches
#
# A branch can be branched. The child begins with all that its parent has at this moment. What either of them edits later does not reach
# the other. **Predict:** what is the mark in `detour`, and what in `home`?

# %%
los_angeles = timeline.branch(1).replace(2, data={"port": "Los Angeles"})
detour = los_angeles.branch(3).insert(call("Halifax"))
home = los_angeles.branch(4).drop(5)
los_angeles.append(call("Boston"))
graph = {"Los Angeles": los_angeles, "detour": detour, "home": home, "never": never}
branch_graph(graph, marked, "marked")

# %% [markdown]
# The detour brings the mark back, by another way, so its end is the log's. And nobody but `los_angeles` itself has seen Boston, which it added
# after the children were made.
#
# ## The outside hears nothing of it
#
# Reducers are pure; handlers are not. Here customs are told of each arrival, and asked for the tariff. First it happens, live:

# %%
real = open_log("memory://", clock=ManualClock("2026-03-06T09:00:00Z", tick=60))
real.append(*voyage())
gateways, notices, tariffs = Gateways(real), [], {"Vancouver": 120, "San Francisco": 80, "Halifax": 95}
notify, tariff = gateways.update("notify", notices.append), gateways.query("tariff", tariffs.get)


def customs(event):
    if event.name == "ship.arrived":
        notify(port=event.data["port"], euros=tariff(event.data["port"]))


for event in list(real.read(upto=5)):
    gateways.handle(event, customs)
[(notice["port"], notice["euros"]) for notice in notices]

# %% [markdown]
# A **rehearsal** calls the same handler with the events of a branch, while the gateways are cut off: messages are noted and not
# sent, and questions get the answers that were recorded. **Predict:** what does it say about Los Angeles?

# %%
branch = Timeline(real, Freight).branch(1).replace(2, data={"port": "Los Angeles"})
calls, last = len(notices), real.last
rehearsal = branch.rehearse(gateways, customs)
print("would send:", [(message.content["port"], message.content["euros"]) for message in rehearsal.messages])
print("calls to the outside:", len(notices) - calls, "· log as it was:", real.last == last)
for missing in rehearsal.unanswered:
    print(missing)

# %% [markdown]
# Nobody asked for that tariff then, so nobody knows, and the rehearsal says so: such a question goes to a person. To ask the office
# today would give today's answer for a day in March.
#
# ## What a branch costs
#
# Drop one event of 5,000, and ask about one folder. Must 5,000 events be replayed? **Predict** how many for a keyed model, whose rules
# look at one subject, and how many for a model of the whole.

# %%
from eda_workshop.drive import Count, Folders, stream

story = open_log("memory://", clock=ManualClock(tick=1))
story.append(*stream(5_000))
keyed, whole = (Timeline(story, model).branch(10).drop(11) for model in (Folders, Count))
keyed.value_of("folder/f1")
whole.state
print("events of the folder:", len(list(story.read(subject="folder/f1"))), "of", story.head)
print("replayed, keyed:", keyed.cost.applied, "· whole:", whole.cost.applied)

# %% [markdown]
# The folder's own events, less the one that was dropped: the edit concerns nobody else. This is called **selective replay**. Where one
# rule touches several subjects, nobody can know whom an edit concerns, and everything from there on is replayed, beginning with the last
# snapshot before it.
#
# ## Occurred, or recorded?
#
# “What was the state on the 4th?” can mean two things. This time the papers of the loading came last. **Predict** each line before you
# run it.

# %%
clock = ManualClock("2026-03-01T18:00:00Z")
papers, events = open_log("memory://", clock=clock), voyage()
for day, event in [(2, events[1]), (3, events[2]), (4, events[3]), (5, events[4]), (7, events[0])]:
    clock.set(f"2026-03-{day:02}T18:00:00Z")
    papers.append(event)
late, so = Timeline(papers, Freight), Timeline(papers, Freight, corrected=True)

print("known on the 4th:    ", late.at(recorded="2026-03-04T20:00:00Z").cargo.get("books"))
print("so on the 4th:       ", so.at(occurred="2026-03-04T20:00:00Z").cargo["books"])
print("in order of papers:  ", late.at().cargo["books"])
print("in order of the days:", so.at(occurred="2026-03-07T20:00:00Z").cargo["books"])

# %% [markdown]
# To judge a *decision*, take what was known: `recorded`, or the position that `log.position_at(…)` gives. To know what *was so*, take `occurred`, and
# `corrected=True`: then the events apply in the order in which they occurred. The third line is neither: it applies the loading after the unloading, so the books
# are aboard a ship that lies empty.
#
# ## Exercises

# %% [markdown]
# exercise: how_far

# %% [markdown]
# exercise: what_if

# %% [markdown]
# exercise: fork

# %% [markdown]
# exercise: best_future

# %% [markdown]
# exercise: would_send

# %% [markdown]
# exercise: on_that_day

# %% [markdown]
# ## Quiz

# %%
quiz(13)

# %% [markdown]
# ## Take away
#
# - A **parallel model** is a whole state that is not the present one. Any position of the log is one, and so is any branch.
# - A branch shares what came before, edits what comes after, and keeps the tail. The base can't tell that it was there: same end.
# - `diff` compares states. Other events may come to the same end.
# - What was made up stays made up: no log, no bus and no gateway takes it.
# - In a branch the outside is cut off. Questions that were never asked are left to a person.
# - *As of* has two meanings: what was known, and what was so. Say which.
#
# **Next:** [Retroactive events: the late letter](14-retroactive-events.ipynb) · Words: [glossary](glossary.md)
