# %% [markdown]
# # 07 · Replay: state is a fold
#
# **Question.** The log says what happened. How does it say what *is*, what *was*, and at what price?
#
# **60 minutes**, 26 of them exercises. Afterwards you can
#
# - write a reducer that gives the same state every time, and find what would spoil it;
# - see the state at any position and at any time;
# - choose how far snapshots lie apart, and count what they spare;
# - undo an event, and say when that can't be done from the event alone.

# %%
# ModuleNotFoundError? Choose Kernel → Change Kernel → Python 3 (ipykernel), in the JupyterLab that the kit opened.
# %load_ext eda_workshop
from eda_workshop import KeyedModel, ManualClock, Model, Timeline, applies, check_determinism, fold, open_log, reverses
from eda_workshop.drive import Folders, stream
from eda_workshop.exercises import check, hint, quiz, solution
from eda_workshop.widgets import OrderMatters, ReplayPlayer, SnapshotSpacing, UndoButton

log = open_log("memory://", clock=ManualClock("2026-03-02T09:00:00Z", tick=60))
log.append(*stream(30))
print(log)

# %% [markdown]
# ## Picture it
#
# Thirty events from the life of the drive, and what folders there are at each position. To go through recorded events once more is
# a **replay**. Step **Forward** and **Back**, move the slider, press play. Watch which line an event changes. **Predict before each
# step** what will.

# %%
player = ReplayPlayer(log, Folders)
player.seek(12)
player

# %% [markdown]
# ## A model is a set of reducers
#
# A **reducer** takes the state and one event and gives the next state. That is all. Which one runs is decided by the event's
# name; what it does is plain Python, without a `self`: it has nothing but the two. The state at a position is what you get when all
# events up to there went through: a **fold**.

# %%
class People(Model):
    initial = {"users": 0, "shares": 0}

    @applies("user.signed_up")
    def signed_up(state, event):
        return {**state, "users": state["users"] + 1}

    @applies("folder.shared")
    def shared(state, event):
        return {**state, "shares": state["shares"] + 1}


fold(log, People)

# %% [markdown]
# Events without a reducer are passed over. Other people will ask other questions of the same log, and nobody had to know them
# when the events were recorded.
#
# Where there are many things of one kind, a **keyed** model keeps a value for each subject, and its reducers see only that
# one.

# %%
class Paths(KeyedModel):
    initial = ""

    @applies("folder.created", "folder.moved")
    def placed(path, event):
        return event.data["path"]


fold(log, Paths, upto=12)

# %% [markdown]
# ## Break it: a reducer that is not pure
#
# This one changes the state it was given, instead of giving back a new one. **Predict:** what could go wrong with that?

# %% tags=["raises-exception"]
class Careless(Model):
    initial = {"users": 0}

    @applies("user.signed_up")
    def signed_up(state, event):
        state["users"] += 1
        return state


fold(log, Careless)

# %% [markdown]
# It is refused, with position and event. States are shared: by snapshots, by branches, by whoever looked at them a moment
# ago. If one reducer could change one, it would change them all, in the past too.
#
# And this one looks at the clock. It runs, and it gives another state each time it does:

# %%
import datetime


class Stamped(Model):
    initial = ""

    @applies("user.signed_up")
    def signed_up(state, event):
        return f"last sign-up seen {datetime.datetime.now()}"


for impurity in check_determinism(Stamped, log):
    print(impurity)

# %% [markdown]
# `event.occurred` is the time to use: it is part of the fact. The same goes for chance, for files, for every question to the
# outside. It even goes for `hash(text)` and for the order of a set, which each process has anew; the check finds those, too. What was decided once belongs *in* the event.
#
# ## Any position, any time
#
# A **timeline** gives the state anywhere. Three questions that sound alike, and are not:

# %%
timeline = Timeline(log, Paths, every=10)
print("after 7 events:           ", len(timeline.at(position=7)), "folders")
print("as recorded by 09:07:     ", len(timeline.at(recorded="2026-03-02T09:07:00Z")), "folders")
print("of what occurred by 09:07:", len(timeline.at(occurred="2026-03-02T09:07:00Z")), "folders")

# %% [markdown]
# The second asks what *we knew*, the third what had *happened*, whenever we learned of it; both include the moment itself. Lessons 12 to 14
# live on the difference. All three apply the events in the order in which they were recorded, just as they were recorded. With `corrected=True` a
# timeline follows the order in which things happened, and leaves out what was rejected: lesson 14.
#
# ## Why a look back is cheap: snapshots
#
# To see position 29 of 30, must all 29 events be applied? Every ten events the timeline has kept a **snapshot**. It goes on
# from the last one before.

# %%
timeline.at()  # once through, which takes the snapshots
before = timeline.cost
timeline.at(position=29)
timeline.snapshots, timeline.cost - before

# %% [markdown]
# Snapshots close together: short replays, much to keep. Far apart: the other way round. **Predict** for 1,000 events and a
# snapshot every 100: how many events does a look back apply *on average*?

# %%
SnapshotSpacing(every=100)

# %% [markdown]
# The mean is (k − 1) / 2. Choose other distances. Nothing but speed depends on them: a snapshot can be thrown away at any
# time, for it follows from the log. If it doesn't, it is the snapshot that is wrong.

# %% tags=["not-in-a-browser"]
from eda_workshop.show.replaying import saw_tooth_chart
from eda_workshop.widgets.spacing import run

saw_tooth_chart({every: run(every).costs for every in (250, 100, 50)})

# %% [markdown]
# ## Does order matter?
#
# Deposit 100, withdraw 80 if there is enough, deposit 50. Three events, six orders. **Predict:** how many different ends?

# %%
OrderMatters(2, 1, 3)

# %% [markdown]
# Two. That is why a log has *one* order, and why a replay keeps to it. It also shows a trap: this log holds what was *asked*,
# and the replay decides anew each time. Record what was **decided**, `money.withdrawn` or `withdrawal.refused`, and a replay
# can no longer come to another decision.
#
# ## Undo
#
# Going back by a snapshot always works. Where it is too slow, an event can be undone by its **inverse**. To add 10 is undone by
# taking 10. But to *set* something?
#
# A ship with cargo calls at ports; whatever is aboard in a Canadian port gets a mark. **Predict:** the last arrival, Halifax, is
# undone. Which marks go?

# %%
ship = UndoButton()
ship.undo()
ship

# %% [markdown]
# Two marks are wrong. The inverse put back what cargo *begins* with, not what was there *before*: the books had been in
# Vancouver. That can't be known from the event; it must be kept beside it. Tick **Keep the mark before**.
#
# In a model, `keep` says what to remember, and `reverses` marks the inverse. `undo` takes the newest event first: in another order,
# an older value would be put over a newer one. Without an inverse, it says so.

# %%
class Marks(KeyedModel):
    initial = False

    @applies("ship.arrived", keep=lambda mark, event: mark)
    def arrived(mark, event):
        return mark or event.data["in_canada"]

    @reverses("ship.arrived")
    def departed(mark, event, kept):
        return kept


# %% tags=["raises-exception"]
timeline.seek(30)
timeline.undo()

# %% [markdown]
# Whatever undoing can do, a replay from a snapshot can do too. An inverse is a matter of speed, never of need.
#
# ## The code changed. And now?
#
# A new feature, a bug fixed: change the reducer, replay, and the state is what it should have been all along. Snapshots
# remember which reducers made them, and those of others are not used. Only when a *rule* changed at a date, the old rule has to
# stay: it belongs to the model, looked up by the event's date. Here a share costs 10 cents until 09:05, and 15 from then on.

# %% tags=["not-in-a-browser"]
dearer_from = datetime.datetime(2026, 3, 2, 9, 5, tzinfo=datetime.UTC)


class Fees(Model):
    initial = 0

    @applies("folder.shared")
    def shared(cents, event):
        return cents + (10 if event.occurred < dearer_from else 15)


from eda_workshop.show.replaying import state_chart

state_chart(log, Fees, lambda cents: cents, "fees in cents")

# %% [markdown]
# ## Exercises

# %% [markdown]
# exercise: moved

# %% [markdown]
# exercise: unmoved

# %% [markdown]
# exercise: resume

# %% [markdown]
# exercise: spacing

# %% [markdown]
# ## Quiz

# %%
quiz(7)

# %% [markdown]
# ## Take away
#
# - State is a **fold**: reducers, in the log's order. Same log, same reducers, same state.
# - A reducer sees a state and an event; no clock, no chance, no outside, and it changes nothing it was given.
# - Snapshots spare work and mean nothing: (k − 1) / 2 events for a look back, n / k snapshots to keep.
# - To undo a *set* you need what was there before, kept beside the event. Undo the newest first.
#
# **Next:** [Memory image: pull the plug](08-memory-image.ipynb) · Words: [glossary](glossary.md)
