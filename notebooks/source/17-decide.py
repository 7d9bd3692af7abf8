# %% [markdown]
# # 17 · Decide: who may say yes
#
# **Question.** Who may say yes, and what must not have changed meanwhile?
#
# **75 minutes**, 35 of them exercises. Afterwards you can
#
# - write a decision as a starting state, a rule that may say no, and reducers that may not;
# - run it so that two people at once can't both be right by mistake;
# - choose what a decision depends on: the whole log, one entity, or a query over several;
# - make a value unique without asking a read model;
# - write examples of what a decision must do, and find out which wrong programs they catch.
#
# ## Two desks, one book
#
# A library has one copy of *Emma* and two desks. Ada asks at one of them, Bob at the other, at the same moment. Each desk looks into
# the log, finds that nobody has the book, and records that it was borrowed. **Predict:** who has it? And where is the mistake: in the
# look, in the append, or between the two?

# %%
# ModuleNotFoundError? Choose Kernel → Change Kernel → Python 3 (ipykernel), in the JupyterLab that the kit opened.
# %load_ext eda_workshop
from datetime import date, timedelta

from eda_workshop import Command, Conflict, Decider, Event, ManualClock, Query, Rejected
from eda_workshop import applies, decides, execute, fold, kills, open_log, spec
from eda_workshop.exercises import check, hint, quiz, solution
from eda_workshop.stories.desks import WRONG, Desk, borrowed, lending, reserved, reserving, returned, returning

shelf = open_log("memory://", clock=ManualClock("2026-03-02T09:00:00Z"))
seen = {"ada": list(shelf), "bob": list(shelf)}
for reader in seen:
    if not seen[reader]:
        shelf.append(borrowed("emma", reader))
[event.data["reader"] for event in shelf]

# %% [markdown]
# Both have it. Each look was right, and so was each append. The mistake is between the two: what a desk had seen was old when it
# acted on it.
#
# So say with the append what must not have happened since you looked. `after` is the position up to which you read, and `unless` is
# a query for the events that would change your mind. **Predict:** three desks looked at the same moment. Which appends go through?

# %%
shelf = open_log("memory://", clock=ManualClock("2026-03-02T09:00:00Z"))
seen = shelf.head
for title, reader in [("emma", "ada"), ("dune", "cy"), ("emma", "bob")]:
    try:
        shelf.append(borrowed(title, reader), after=seen, unless=Query(tags=f"book/{title}"))
        print(reader, "has", title)
    except Conflict as conflict:
        print(reader, "gets a conflict:", conflict)

# %% [markdown]
# Cy's append goes through although the log has grown: a loan of *Dune* would not change a decision about *Emma*. Bob's desk gets a
# `Conflict`. That is neither a yes nor a no. It means: look again, and decide again.
#
# ## Exercise: by hand

# %% [markdown]
# exercise: reserve

# %% [markdown]
# ## A decision is a function
#
# A decider has three parts. `initial` is the state before anything happened. `@applies` marks reducers, as in every model: a
# reducer takes what has happened and never says no. `@decides` marks a rule: it takes the state and a command, and it returns events
# or raises `Rejected`.
#
# The library's desk is written that way. **Predict:** Ada has *Emma*. What does the rule return if Bob asks for
# *Dune*, and what if he asks for *Emma*?

# %%
state = fold([borrowed("emma", "ada")], Desk)
print(dict(Desk.lend(state, lending("dune", "bob", day=5)).data))
try:
    Desk.lend(state, lending("emma", "bob"))
except Rejected as no:
    print("refused:", no)

# %% [markdown]
# Nothing was read and nothing was written: a decision is a pure function. The day is in the command, because a rule that reads the
# clock would decide differently when it is asked again.
#
# Now the rule gets stricter: from today, nobody may have a second book. **Predict:** Ada has three since last year. What does a
# replay do at her second and her third?

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
# It takes all three. A replay never asks a rule, so a new rule can't change what has happened. It holds for every decision from today.
#
# ## One loop
#
# `execute` does what you did by hand: read what the decision depends on, fold it, decide, append under a condition, and after a
# conflict begin again. It returns what was recorded, and how many attempts it took.

# %%
library = open_log("memory://", clock=ManualClock("2026-03-02T09:00:00Z"))
asked = lending("emma", "ada")
execute(library, Desk, asked)

# %% [markdown]
# **Predict:** the answer got lost, and the same command is executed a second time. Does Ada get a refusal, because *Emma* is out?

# %%
execute(library, Desk, asked)

# %% [markdown]
# No. Its events have the command's id, so the log knows that this command has led to them already: no attempt was needed, and nothing
# was added. A different command about the same book is another matter, and a refusal leaves nothing behind:

# %% tags=["raises-exception"]
execute(library, Desk, lending("emma", "bob"))

# %% [markdown]
# ## Exercise: a decider

# %% [markdown]
# exercise: lend

# %% [markdown]
# ## Where is the boundary?
#
# Everything depends on what a decision reads: the whole log, the events of one entity, or a query over several. The `boundary` of a
# decider says it. Eight desks decide at one moment, each about a different book. A desk that gets a conflict decides again, until
# all eight loans are recorded. **Predict:** how many conflicts are there if the boundary is the whole log? And if it is the book?

# %%
TITLES = ("dune", "emma", "faust", "hamlet", "kim", "middlemarch", "ulysses", "walden")


def conflicts(boundary):
    log, waiting, count = open_log("memory://", clock=ManualClock()), list(TITLES), 0
    while waiting:
        seen = log.head
        for title in list(waiting):
            try:
                log.append(borrowed(title, "ada"), after=seen, unless=boundary(title))
                waiting.remove(title)
            except Conflict:
                count += 1
    return count

# %%
print("the whole log:", conflicts(lambda title: Query()))
print("the book:     ", conflicts(lambda title: Query(tags=f"book/{title}")))

# %% [markdown]
# Too wide a boundary is still right, and every stranger disturbs you. **Break it:** what about one that is too narrow? A reader may
# have three books. This desk reads only the events of the one book. **Predict:** what does it do at the fourth?

# %%
narrow = WRONG["reads the book alone"].decider
print(spec(narrow).given(*history).when(lending("kim", "ada")).then(borrowed("kim", "ada")))
print(spec(Desk).given(*history).when(lending("kim", "ada")).refused())

# %% [markdown]
# It lends a fourth book, without any error: a broken rule that nobody sees. The right desk reads the book *and* the reader's loans.
# Its boundary is a query over both, and it changes from one command to the next:

# %%
Desk.boundary(lending("kim", "ada"))

# %% [markdown]
# ## Exercise: two entities

# %% [markdown]
# exercise: seat_and_wallet

# %% [markdown]
# ## Only once
#
# No two folders may be called `photos`. The screen shows which names there are, from a read model, and it says that `photos` is free.
# **Predict:** is it free, or was it free a moment ago?
#
# It was. A read model is always a little behind, so it can't decide. The log can, because it judges the append itself. Give each
# event a tag for its name, and ask for a query that must stay empty:

# %%
names = open_log("memory://", clock=ManualClock("2026-03-02T09:00:00Z"))
photos = Query("folder.created", tags="name:photos")
for folder in ("f1", "f2"):
    try:
        names.append(Event("folder.created", {"folder": folder, "name": "photos"}, tags=["name:photos"]), unless=photos)
        print(folder, "is called photos")
    except Conflict as conflict:
        print(folder, "is not:", conflict.event.data["folder"], "has the name")

# %% [markdown]
# Nobody read anything first. `unless` without `after` means: never, since the log began. Before you build this, ask *why* the value
# must be unique. Often it needn't be, and two folders that a person can merge later cost less than a refusal.
#
# ## Exercise: a unique name

# %% [markdown]
# exercise: unique_name

# %% [markdown]
# ## Given, when, then
#
# A decision is easy to test, because nothing is around it: *given* what has happened, *when* a command comes, *then* these events
# happen, or it is refused. Such a spec is a function of the decider, so that it can examine any of them.

# %%
def lends(decider):
    return spec(decider).when(lending("emma", "ada")).then(borrowed("emma", "ada"))


def refuses(decider):
    return spec(decider).given(borrowed("emma", "bob")).when(lending("emma", "ada")).refused()


lends(Desk), refuses(Desk)

# %% [markdown]
# Both hold. But how good are they? Eight people wrote this desk, and each of them made one mistake. **Predict:** how many of the eight
# do these two specs catch?

# %%
wrong = [mutant.decider for mutant in WRONG.values()]
print(len(kills([lends, refuses], wrong)), "of", len(wrong))

# %% [markdown]
# Two, and both by their events. The others go wrong only at the edge of a rule, where no spec has looked yet. Wrong programs that are
# made to be found are called mutants, and the share that your tests catch says more about them than how many there are.
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
# - A decision may say no. A reducer takes whatever has happened.
# - Read, decide, append under a condition; after a conflict, decide again. A conflict is not a no.
# - The boundary belongs to the decision. Too wide, and strangers disturb; too narrow, and a rule breaks without a sound.
# - A read model can't make a value unique; an append that is judged by the log can.
#
# **Next:** [Replay: state is a fold](07-replay.ipynb) · Words: [glossary](glossary.md)
