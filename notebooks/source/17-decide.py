# %% [markdown]
# # 17 · Decide: who may say yes
#
# **Question.** Who may say yes, and what must not have changed meanwhile?
#
# **75 minutes**, 35 of them exercises. Afterwards you can
#
# - write a decision as a starting state, rules that may say no, and reducers that may not;
# - run it so that two desks that decide at the same moment can't both be right by mistake;
# - choose the events that a decision depends on: the whole log, the stream of one entity, or a query;
# - make a value unique without asking a read model;
# - write examples of how a decision must behave, and find out which wrong programs they catch.
#
# ## Two desks, one book
#
# A library has one copy of *Emma* and two desks. Ada is at one of them, Bob at the other. Both desks look into the log at the same
# moment. Nobody has the book, so each desk records a loan. **Predict:** who has *Emma*? And where is the mistake: in the read, in the
# append, or between the two?

# %%
# ModuleNotFoundError? Choose Kernel → Change Kernel → Python 3 (ipykernel), in the JupyterLab that the kit opened.
# %load_ext eda_workshop
from datetime import date, timedelta

from eda_workshop import Command, Conflict, Decider, Event, ManualClock, Query, Rejected
from eda_workshop import applies, decides, execute, fold, kills, open_log, spec
from eda_workshop.exercises import check, hint, quiz, solution
from eda_workshop.stories.desks import Desk, borrowed, lending, reserved, reserving, returned, returning
from eda_workshop.widgets import SpecTable, TwoDesks

# %%
shelf = open_log("memory://", clock=ManualClock("2026-03-02T09:00:00Z"))
seen = {"ada": list(shelf), "bob": list(shelf)}
for reader in seen:
    if not seen[reader]:
        shelf.append(borrowed("emma", reader))
[event.data["reader"] for event in shelf]

# %% [markdown]
# Both have it. Each desk read correctly, and each append worked. The mistake is between the two: when Bob's desk acted on what it had
# read, that was out of date.
#
# The log puts all appends in one order, so it can notice this. Give it two things: `after`, the position up to which you read, and
# `unless`, the events that your decision depends on. If one of those was added after your position, the log refuses the append. This
# pair is the **append condition**. **Predict:** three desks looked at the same moment. Which appends go through?

# %%
shelf = open_log("memory://", clock=ManualClock("2026-03-02T09:00:00Z"))
seen = shelf.head
for title, reader in [("emma", "ada"), ("dune", "cy"), ("emma", "bob")]:
    try:
        shelf.append(borrowed(title, reader), after=seen, unless=Query(tags=f"book/{title}"))
        print(reader, "has", title)
    except Conflict as conflict:
        print(reader, "has to look again:", conflict)

# %% [markdown]
# Cy's append goes through although the log has grown, because a loan of *Dune* doesn't change a decision about *Emma*. Bob's desk gets a
# `Conflict`. That is neither a yes nor a no: the desk has to look again and decide again. No desk waits for a lock, and none overwrites
# anything. This is **optimistic concurrency**.
#
# A `Query` chooses events by their names, by their **tags**, or by both, and `|` joins two queries. Tags name the entities that an
# event concerns, and its subject counts as one of them.
#
# Note the position *before* you read the events. If you ask for `log.head` afterwards, you neither read nor notice what came in between.
#
# ## Exercise: by hand

# %% [markdown]
# exercise: reserve

# %% [markdown]
# ## A decision is a function
#
# A **decider** has three parts. `initial` is the state before anything happened. `@applies` marks reducers, as in every model. `@decides`
# marks a rule: it takes the state and a command, and it returns events or raises `Rejected`. The field calls the two kinds of functions
# *evolve* and *decide*.
#
# The library's desk is written that way. At most three books for each reader is an **invariant**, a rule that must hold at all times.
# **Predict:** Ada has *Emma*. What does the rule return if Bob wants *Dune*, and what if he wants *Emma*?

# %%
state = fold([borrowed("emma", "ada")], Desk)
print(dict(Desk.lend(state, lending("dune", "bob", day=5)).data))
try:
    Desk.lend(state, lending("emma", "bob"))
except Rejected as no:
    print("refused:", no)

# %% [markdown]
# This read nothing and wrote nothing, because a decision is a pure function. Even the day is in the command: a rule that reads the clock
# would decide differently the next time.
#
# Now the library gets stricter, and nobody may have a second book. Ada has had three since last year. **Predict:** where does the new rule
# belong, in a reducer or in a rule that decides? And what does a replay do at her second book?

# %%
class StrictDesk(Desk):
    @decides("book.lend")
    def lend(state, command):
        if command.data["reader"] in state["holder"].values():
            raise Rejected("one book is enough")
        return Desk.lend(state, command)


history = [borrowed(title, "ada") for title in ("dune", "emma", "faust")]
print(dict(fold(history, StrictDesk)["holder"]))

# %% [markdown]
# The replay takes all three, because it never asks a rule. You can say no to a command, but not to a fact. If a reducer refused the second
# book, no replay would get past the day on which a librarian made an exception. The new rule holds for the next command.
#
# A decider that depends on one entity alone, such as one reader's loans, is what many books call an **aggregate**.
#
# ## One loop
#
# `execute` does what you did by hand: note the position, read the events that the decision depends on, fold them, decide, and append under
# the condition. **Predict:** if there is a conflict, does it report that to the user, decide again, or append anyway? In the next cell a
# different desk lends *Emma* while ours is still thinking, and a reader brings it back. (The rule itself plays that desk. A real one is pure.)

# %%
library = open_log("memory://", clock=ManualClock("2026-03-02T09:00:00Z"))


class SlowDesk(Desk):
    @decides("book.lend")
    def lend(state, command):
        print("deciding on", library.head, "events")
        if library.head == 0:
            library.append(borrowed("emma", "bob"), returned("emma", "bob"))
        return Desk.lend(state, command)


asked = lending("emma", "ada")
execute(library, SlowDesk, asked)

# %% [markdown]
# It decides again, on the events that are there by then. The answer can still be yes, as here, or it can be no. After five attempts it gives up,
# and the error lists the events that overtook it.
#
# **Predict:** the answer got lost on its way, and the same command is executed a second time. Does Ada get a refusal because *Emma* is out?

# %%
execute(library, Desk, asked)

# %% [markdown]
# No. The events have ids that are made from the command's id, so the log knows that this command has led to them already: it took 0 attempts,
# and nothing was added. A different command about the same book gets a refusal, which leaves nothing in the log.
#
# ## Exercise: a decider

# %% [markdown]
# exercise: lend

# %% [markdown]
# ## Where is the boundary?
#
# Everything depends on the events that a decision reads: the whole log, the events of one entity, or a query over several. Here eight desks
# sell seats, and each seat is paid from a wallet that holds 10 €. A desk that gets a conflict decides again. **Predict:** eight unrelated
# sales at one moment, and the boundary is the whole log. How many conflicts until all eight are written: 0, 7 or 28? Press *All at once*.

# %%
unrelated = TwoDesks(desks=8, boundary="log")
unrelated

# %% [markdown]
# It takes 28 conflicts. In each round one desk gets through, and all others have to begin again: 7 + 6 + 5 + 4 + 3 + 2 + 1. Every one of these conflicts is needless,
# because no desk cares which other seats are sold. Choose *query: seat or wallet*, and press *All at once* again: there are none.
#
# **Break it:** now two desks sell two seats to Ada, who can pay for one. **Predict:** which boundary protects both the seat and the wallet: the seat's stream,
# the wallet's stream, or a query over both? Press *All read, all append*, then choose a different boundary. Do the same with *One seat for all*.

# %%
wallet = TwoDesks(desks=2, boundary="seat")
wallet.one_wallet()
wallet

# %% [markdown]
# The events about one entity are its **stream**, and their number is its **revision**. Many event stores let an append expect the revision of one
# stream. The seat's stream says nothing about the wallet, so Ada pays with money that she doesn't have. With the wallet's stream, two people buy one
# seat. If a boundary is too wide, strangers disturb you. If it is too narrow, a rule is broken, and no error shows it.
#
# A query has exactly the events that the decision needs. It follows the decision, not the data model, and it is different for each command. This is the
# **Dynamic Consistency Boundary**. The library's desk reads one book and one reader's loans. **Predict:** eight writers sell different seats of *one* show.
# How many conflicts are there if the boundary is the show's stream?

# %%
from eda_workshop.simulate.writers import BOUNDARIES, one_show, write

for boundary in BOUNDARIES:
    sold = write(one_show(8), boundary)
    print(f"{boundary}: {sold.appends} seats sold, {sold.conflicts} conflicts, {sold.needless} of them needless")
print(Desk.boundary(lending("kim", "ada")))

# %% [markdown]
# Here the stream is as bad as the whole log: 28 needless conflicts, because all seats of a show are in one stream. You would have to cut the
# streams differently for this decision, and then they would no longer fit a different one. A query is free of that.
#
# ## Exercise: two entities

# %% [markdown]
# exercise: seat_and_wallet

# %% [markdown]
# ## Only once
#
# No two folders may be called `photos`. The screen shows all names from a read model, and it says that `photos` is free. **Predict:** is the name
# free, is it taken, or was it free a moment ago?
#
# Two people now ask for the name. Each event has a tag for its name, and the append demands that a query stays empty:

# %%
names = open_log("memory://", clock=ManualClock("2026-03-02T09:00:00Z"))
photos = Query("folder.created", tags="name:photos")
for folder in ("f1", "f2"):
    try:
        names.append(Event("folder.created", {"folder": folder, "name": "photos"}, tags=["name:photos"]), unless=photos)
        print(folder, "is called photos")
    except Conflict as conflict:
        print(folder, "isn't:", conflict.event.data["folder"], "has the name")

# %% [markdown]
# The name was free a moment ago. A read model is always a little behind. It may warn you early, but it can't decide. The log can, because it judges the
# append itself. Without `after`, the condition means: never since the log began.
#
# Checking one value against all others is called **set validation**. There are two
# more ways to do it: a unique index on a table that is written in the same transaction, and a **reservation**, an event that takes the name first and gives
# it up if it isn't used.
#
# Before you build any of them, ask *why* the value must be unique. Often two folders with one name cost less than a refusal, because an id tells them apart.
#
# ## Exercise: a unique name

# %% [markdown]
# exercise: unique_name

# %% [markdown]
# ## Given, when, then
#
# A decision is easy to test, because all it knows is in its arguments: *given* these events, *when* this command comes, *then* these events happen, or it
# refuses. Such a **given-when-then** spec is a function of the decider, so that it can examine any of them.

# %%
def lends(decider):
    return spec(decider).when(lending("emma", "ada")).then(borrowed("emma", "ada"))


def refuses(decider):
    return spec(decider).given(borrowed("emma", "bob")).when(lending("emma", "ada")).refused()


lends(Desk), refuses(Desk)

# %% [markdown]
# Both hold. It doesn't matter that ids and times are different. If a spec fails, it says what happened instead, or which values differ:

# %% tags=["raises-exception"]
spec(Desk).when(lending("emma", "ada")).then(borrowed("emma", "ada", day=3))

# %% [markdown]
# But how good are your specs? Here are eight wrong desks, each with one mistake. A wrong program that you make to test your tests is a **mutant**. A cross
# means that a spec has killed it. **Predict:** there is one spec for the loan and one for the refusal. How many of the eight do they kill?

# %%
table = SpecTable([lends, refuses])
table

# %% [markdown]
# Two. The others go wrong only at the edge of a rule, where no spec has looked yet. Click a survivor for a story on which it differs from the right desk.
#
# ## Exercise: catch them

# %% [markdown]
# exercise: kill_the_mutants

# %% [markdown]
# ## Quiz

# %%
quiz(17)

# %% [markdown]
# ## Take away
#
# - A decision may say no. A reducer takes everything that has happened, and a replay never decides.
# - Note the position, read, decide, append under a condition. A conflict isn't a no: decide again.
# - The boundary belongs to the decision. If it is too wide, strangers disturb you; if it is too narrow, a rule is broken without an error.
# - A read model shows what was true a moment ago. Only the log, at the moment of the append, knows what is true now.
#
# **Next:** [Replay: state is a fold](07-replay.ipynb) · Words: [glossary](glossary.md)
