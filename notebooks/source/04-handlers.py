# %% [markdown]
# # 04 · Handlers: one for each subscriber and event
#
# **Question.** “One handler for each event, no more.” Many taps on one pipe. How can both be true?
#
# **60 minutes**, 22 of them exercises. Afterwards you can
#
# - say how often what is called for any set of registrations;
# - provoke the error for a second handler, read it, and resolve it in three legal ways;
# - name events so that a namespace groups them, and tell the three kinds of *unique* apart;
# - use patterns, and see where two of them overlap.

# %%
# ModuleNotFoundError? Choose Kernel → Change Kernel → Python 3 (ipykernel), in the JupyterLab that the kit opened.
# %load_ext eda_workshop
from eda_workshop import Bus, CounterIds, Event, ManualClock, competing
from eda_workshop.exercises import check, hint, quiz, solution
from eda_workshop.widgets import RegistryGrid

# %% [markdown]
# ## A handler is a function of one event
#
# You hand the bus the function itself, `welcome`, not its result, `welcome()`. The bus calls it, later, with the event.

# %%
bus = Bus(clock=ManualClock(), ids=CounterIds())
mailer = bus.subscriber("mailer")


@mailer.on("user.signed_up")
def welcome(event):
    print("Dear", event.data["user"] + ", welcome!")


bus.publish("user.signed_up", {"user": "ada"})

# %% [markdown]
# **Break it.** Pass the result of a call instead, and the bus tells you at once, not when the first event comes.

# %% tags=["raises-exception"]
mailer.on("folder.shared", print("I run now, not later"))

# %% [markdown]
# ## The rule, and how to read it
#
# In many frameworks you may register two functions for one event, and both run. Ours refuses. The rule is:
#
# > **One subscriber has at most one handler for an event name. Any number of subscribers may each have their own.**
#
# So the registry is a table: a row for each subscriber, a column for each name, and *one* handler in a cell. “One to one”
# holds for the cell, “many taps” for the column. Register handlers below, in free cells and in taken ones, and publish.

# %%
def three_reactions(grid):
    for subscriber in ("mailer", "folders", "audit"):
        grid.register(subscriber, "user.signed_up")
    grid.publish("user.signed_up")
    return grid


three_reactions(RegistryGrid())

# %% [markdown]
# ## Break it: a taken cell
#
# The mailer has a handler for `user.signed_up`. **Predict:** what becomes of the first handler if you register a second?

# %%
taken = three_reactions(RegistryGrid())
taken.register("mailer", "user.signed_up")

# %% [markdown]
# Nothing. The second was refused, and the registry is as it was. Two more rules are thinkable. Read **globally**, “one
# handler for each event” would allow one on the *whole bus*. Ada's mail still goes out, but look at the column:

# %%
three_reactions(RegistryGrid(rule="global"))

# %% [markdown]
# Fan-out is lost: of three reactions one is left. A name that may have no more than one handler is not an event any
# more but a *command*. And with **no rule** at all, as in Node's `EventEmitter`, everything is accepted. Now run the cell with the
# registrations a second time, as everybody does in a notebook, and sign Ada up:

# %%
def run_twice(grid):
    grid.register("mailer", "user.signed_up")
    grid.run_again()
    grid.publish("user.signed_up")
    return grid


run_twice(RegistryGrid(rule="none"))

# %% [markdown]
# Two welcome mails. Comparing functions doesn't help: running `def` again makes a *new* function. Only the pair
# (subscriber, name) is the same as before, and so that is what the bus goes by:

# %%
run_twice(RegistryGrid())

# %% [markdown]
# ## Why so strict?
#
# Two handlers of *one* subscriber for *one* event would raise questions nobody wants to answer: which runs first? If the
# first succeeds and the second fails, has the mailer handled the event? Which of them is retried? With one handler there
# is one place to look, one outcome, one owner.
#
# ## Three legal ways to do two things
#
# - **One handler that calls two functions**, in an order that everybody can read.
# - **A second subscriber**, if the two things have nothing to do with each other: then each may fail for itself.
# - **A further event**, if the second thing is worth telling: the mailer publishes `email.sent`, and whoever counts mails
#   listens to that.

# %%
bus = Bus(clock=ManualClock(), ids=CounterIds())
mailer, statistics = bus.subscriber("mailer"), bus.subscriber("statistics")
sent, greeted, counted = [], [], []


def welcome_and_greet(event):
    sent.append(event.data["user"])
    greeted.append(event.data["user"])


mailer.on("user.signed_up", welcome_and_greet)
statistics.on("user.signed_up", lambda event: counted.append(event.id))
bus.publish("user.signed_up", {"user": "ada"}), sent, greeted, counted

# %% [markdown]
# ## When the cell runs again
#
# In a notebook you will meet the error below without having done anything wrong. It names the subscriber, the event and the
# handler that is there. Say what you want: `replace=True` swaps the handler, `off` takes the old one away. Or make the bus in
# the same cell that registers, as these lessons do.
#
# Not only the handler outlives a cell, its subscriber does too: a second `bus.subscriber("mailer")` on one bus is refused as well.
# `bus.subscribers` is a dict of those that are there, and `close()` takes one away with its handlers.

# %% tags=["raises-exception"]
mailer.on("user.signed_up", welcome_and_greet)

# %%
mailer = bus.subscribers["mailer"]
mailer.on("user.signed_up", welcome_and_greet, replace=True)
mailer.off("user.signed_up")
bus.registry()

# %% [markdown]
# ## Names
#
# A name says what happened: `noun.verb_past`. Lower-case tokens joined by dots, at least two; the first ones are the
# **namespace**. It groups: `folder.created`, `folder.moved`, `folder.shared` belong together. It does not make unique.
# A name that orders somebody about, such as `email.send`, is a command in disguise: it knows its receiver.

# %%
from eda_workshop.errors import EdaError

for name in ("user.signed_up", "signup", "User.SignedUp", "user..signed_up", "user.signed up", "user.*"):
    try:
        print("✓", Event(name).name)
    except EdaError as error:
        print("✗", error)

# %% [markdown]
# ### Unique: three different things
#
# | what | is unique by | means |
# | --- | --- | --- |
# | a **kind** of event | its name | one meaning for one name |
# | an **occurrence** | its id | published twice, it is still one |
# | a **handler** | subscriber and name | one owner for each reaction |
#
# Two people who sign up make two events of one name. One event that is delivered twice has one id.
#
# ## Patterns
#
# A handler may be bound to a **pattern**: `*` stands for exactly one token, `>` for one or more at the end.

# %%
from eda_workshop.names import matches

names = ("user.signed_up", "user.profile.updated", "folder.created")
for pattern in ("user.*", "user.>", "*.created", ">"):
    print(f"{pattern:10}", [name for name in names if matches(pattern, name)])

# %% [markdown]
# **Predict:** the audit listens to `folder.*`. May it also have a handler for `folder.moved`?

# %% tags=["raises-exception"]
bus = Bus(clock=ManualClock(), ids=CounterIds())
audit = bus.subscriber("audit")


@audit.on("folder.*")
def note(event):
    print("some folder:", event.name)


@audit.on("folder.moved")
def note_move(event):
    print("moved!")

# %% [markdown]
# No: for `folder.moved` it would have two handlers, and the rule would be broken by the back door. Some brokers deliver
# twice in this case, without a word.
#
# Somebody who only *looks*, a recorder or a meter, is no subscriber: it **observes**. Observers may overlap with anything,
# don't count as handlers, and may not publish.

# %%
seen = []
meter = bus.observe(">", lambda event: seen.append(event.name))
bus.publish("folder.moved")
meter.close()  # so that this cell can be run again
seen

# %% [markdown]
# ## Many hands, one subscriber
#
# If one mailer is too slow, several **compete** for its events. They are still one subscriber with one handler: each
# event goes to one of them.

# %%
mailers = bus.subscriber("mailers")
mailers.on(
    "user.signed_up",
    competing(
        lambda event: print("mailer 1 writes to", event.data["user"]),
        lambda event: print("mailer 2 writes to", event.data["user"]),
    ),
)
for user in ("ada", "grace", "edsger"):
    bus.publish("user.signed_up", {"user": user})
mailers.close()  # so that this cell can be run again

# %% [markdown]
# ## Commands: exactly one
#
# Where you *want* exactly one addressee who may say no, send a **command**. Its name is an order, `folder.create`, and it
# lives in a registry of its own. No handler is an error, and two are an error.

# %%
bus = Bus(clock=ManualClock(), ids=CounterIds())
try:
    bus.send("folder.create", {"path": "/ada"})
except EdaError as error:
    print(error)


@bus.handle("folder.create")
def create(command):
    bus.publish("folder.created", command.data)
    return "made " + command.data["path"]


bus.send("folder.create", {"path": "/ada"})

# %% [markdown]
# | | handlers | with none | with two |
# | --- | --- | --- | --- |
# | command | exactly one | error | error |
# | event | one for each subscriber | unheard, and fine | fine; error within one subscriber |
# | competing group | several, one subscriber | as an event | each event goes to one |
#
# ## Exercises

# %% [markdown]
# exercise: count_calls

# %% [markdown]
# exercise: two_things

# %% [markdown]
# exercise: rename

# %% [markdown]
# exercise: run_again

# %% [markdown]
# ## Quiz

# %%
quiz(4)

# %% [markdown]
# ## Take away
#
# - The registry is a table: one handler in a cell, any number of cells in a column.
# - A second handler in a cell is refused, and nothing changes; so a cell that runs twice sends no second mail.
# - Kinds are unique by name, occurrences by id, handlers by subscriber and name.
# - A pattern that overlaps is a second handler. Who only looks, observes.
#
# **Next:** [The demo: request against publish](05-demo.ipynb) · Words: [glossary](glossary.md)
