# %% [markdown]
# # 10 · CQRS: one side writes, many read
#
# **Question.** What decides well is rarely what reads well. Must both be the same?
#
# **55 minutes**, 24 of them exercises. Afterwards you can
#
# - tell commands from queries, and give each a model of its own;
# - feed two read models from one log, measure how far they are behind, and rebuild one while the other serves;
# - read what you wrote yourself, without waiting for everybody;
# - say for which systems this is too much.

# %%
# ModuleNotFoundError? Choose Kernel → Change Kernel → Python 3 (ipykernel), in the JupyterLab that the kit opened.
# %load_ext eda_workshop
from eda_workshop import KeyedModel, ManualClock, Model, Projection, applies, open_log
from eda_workshop.drive import Folders, stream
from eda_workshop.exercises import check, hint, quiz, solution
from eda_workshop.widgets import LagSlider

log = open_log("memory://", clock=ManualClock(tick=1))
log.append(*stream(40))
print(log)

# %% [markdown]
# ## Two models of one service
#
# To decide whether a folder may be moved, you need its path, and whether another has it already. To draw Ada's home page, you
# need *her* folders, sorted, with the number of people who see them. One structure for both serves neither.
#
# **CQRS**, command query responsibility segregation, says: two models. Commands go to one side, which may say no. Queries go to the
# other, which never changes anything. With a log in between, the read side is simply a fold that is made for reading. A home page
# belongs to a person, and the events are about folders: `keys=` says whose page an event changes.

# %%
class HomePages(KeyedModel):
    initial = ()

    @applies("folder.created", keys=lambda event: [event.data["user"]])
    def created(folders, event):
        return tuple(sorted((*folders, event.data["path"])))


# %%
class Totals(Model):
    initial = {"folders": 0, "shares": 0}

    @applies("folder.created")
    def created(total, event):
        return {**total, "folders": total["folders"] + 1}

    @applies("folder.shared")
    def shared(total, event):
        return {**total, "shares": total["shares"] + 1}

# %% [markdown]
# A **projection** is such a model with a position of its own. It follows the log, at its own pace.

# %%
pages, totals = Projection(log, HomePages), Projection(log, Totals)
pages.advance()
totals.advance(15)
pages, totals

# %%
print("Ada's page:", pages.get("ada"))
print("totals:    ", totals.state, "and", totals.lag, "events behind")

# %% [markdown]
# The totals are not wrong; they are the totals of a moment ago. Whether that matters is a question to the business, not to the
# database: who looks at them, and what do they decide?
#
# ## Picture it: lag
#
# One event is written a second. Two read models follow, with delays that you choose, and are asked once a second. An answer is
# **stale** if the log, read to its end, gives another. **Predict:** the folder list is 1 s behind. How many of its answers are stale?

# %%
LagSlider(folders=1, totals=4)

# %% [markdown]
# About half: not every event changes the folders. Lag is counted in events, staleness in answers, and they are not the same.
#
# ## Break it: throw a read model away
#
# The totals have a bug. Mend the model, drop its state, and rebuild it from the log. **Predict:** what do the folder pages do
# meanwhile?

# %%
lag = LagSlider(folders=0, totals=1)
lag.drop("totals")
lag

# %% [markdown]
# They serve, and notice nothing. A read model is a copy that can be had again, so it may be changed as often as the screens it
# serves. Above, the old totals served until they were dropped. Better: build the new one beside the old, and swap when it is there.

# %%
class BetterTotals(Totals):
    @applies("folder.moved")
    def moved(total, event):
        return {**total, "moves": total.get("moves", 0) + 1}


fresh = totals.rebuild(BetterTotals)
fresh.advance()
print("old:", totals.state, "| new:", fresh.state)
totals = fresh

# %% [markdown]
# It began at 0, not now: a new projection has all of history to learn.
#
# ## Read your own write
#
# Ada creates a folder, and her page, a moment later, doesn't show it. She creates it again. So whoever wrote should *wait for
# their own position*, and nobody else for anything.

# %% tags=["not-in-a-browser"]
from eda_workshop import Event

pages.start()  # a thread of its own, from here on
at_ten = "2026-03-02T10:00:00Z"
mine = Event("folder.created", {"user": "ada", "folder": "f99", "path": "/ada/thesis"}, subject="folder/f99", id="mine", occurred=at_ten)
(position,) = log.append(mine)
pages.wait(position)
print("/ada/thesis" in pages.get("ada"))
pages.stop()

# %% [markdown]
# A command returns where its event stands, not a page: with that position, anybody can wait for any read model.
#
# And if a read model does not get there? Then it says so, instead of letting you wait.

# %% tags=["raises-exception"]
log.append(Event("folder.created", {"user": "ada", "folder": "f100", "path": "/ada/talk"}, subject="folder/f100", id="more", occurred=at_ten))
pages.wait(log.head)

# %% [markdown]
# ## One fails, the others go on
#
# A reducer that meets something unforeseen stops its own projection, before that event, and no other. Mend it, and it goes on.

# %%
class Fragile(Model):
    initial = 0

    @applies("folder.shared")
    def shared(count, event):
        return count + len(event.data["group"])


fragile = Projection(log, Fragile)
try:
    fragile.advance()
except Exception as error:
    print(error)
fragile, totals

# %% [markdown]
# ## A projection only listens
#
# It publishes nothing, sends nothing, asks nobody and writes into no other projection. Otherwise a rebuild would do all that again.
# Whoever wants effects subscribes to the bus, with a gateway.

# %% tags=["not-in-a-browser"]
from eda_workshop.show.replaying import lag_chart
from eda_workshop.widgets.lag import LagSettings, run

state = run(LagSettings(seconds=30, folders=2, totals=6, dropped=((18, "totals"),)))
lag_chart(state.heads, {reader.name: reader.positions for reader in state.readers})

# %% [markdown]
# ## When not to
#
# CQRS is not event sourcing, and neither needs the other: two models may share one database, and be brought up to date in one
# transaction. It is not for the whole system, either. Most parts are served well by one model, one table, and four verbs: create,
# read, update, delete. It pays where reading and writing really differ: in shape, in load, or in how often they change. What it
# costs, you have seen: lag, and somebody who must explain it.
#
# ## Exercises

# %% [markdown]
# exercise: totals

# %% [markdown]
# exercise: read_your_write

# %% [markdown]
# exercise: rebuild

# %% [markdown]
# exercise: which_side

# %% [markdown]
# ## Quiz

# %%
quiz(10)

# %% [markdown]
# ## Take away
#
# - Two models: one decides, the others answer. A log between them feeds any number of the second kind.
# - Every read model has a position; the difference to the head is its **lag**, and lag is not staleness.
# - To read your own write, wait for *your* position on *that* read model.
# - Drop and rebuild at will; start at 0; swap when it is ready. A projection has no effects.
# - Use it where reading and writing differ. Elsewhere, one model is enough.
#
# **Next:** [Collaboration: ask, or be told](11-collaboration.ipynb) · Words: [glossary](glossary.md)
