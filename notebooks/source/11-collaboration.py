# %% [markdown]
# # 11 · Collaboration: ask, or be told
#
# **Question.** A part of a system needs something of another. Does it ask at the moment of need, or has it been told before?
#
# **80 minutes**, 38 of them exercises. Afterwards you can
#
# - turn a flow of requests into one of events, and say what that costs and saves in messages, waiting and mistakes;
# - recognize a request and an order that only look like events;
# - run one flow as a choreography and as an orchestration, and say where its order is written down;
# - undo what was done when a step fails, and live with answers that come twice, early or too late;
# - find a circle before it runs, and draw what happened from the log.
#
# ## Leaving the house
#
# Somebody is about to leave. Below twelve degrees a coat is needed. By **request**, the house asks the temperature sensor, decides, and
# orders the valet to fetch a coat: a question with its answer, a command with its confirmation, while somebody stands at the door.
#
# **Predict:** for forty minutes the line to the sensor is down. What happens to those who want to leave?

# %%
# ModuleNotFoundError? Choose Kernel → Change Kernel → Python 3 (ipykernel), in the JupyterLab that the kit opened.
# %load_ext eda_workshop
from eda_workshop import Bus, CounterIds, ManualClock, open_log
from eda_workshop.drive.signup import choreographed, order_known_by, request
from eda_workshop.exercises import check, hint, quiz, solution
from eda_workshop.flows import Saga, Step, asyncapi, find_circles, sequence
from eda_workshop.widgets import FlowTrace, LeavingTheHouse, LinksOrBus

house = LeavingTheHouse("ask")
house.cut(at=40, minutes=40)
house

# %% [markdown]
# They can't. Nobody is dressed wrongly, because nobody leaves without a true answer; and when there is none, nobody leaves at all.
#
# Now the other style, **event collaboration**: each part says when something changed, and whoever needs that keeps it. The sensor says each change
# of temperature, the valet keeps the last. Whoever goes out says *that*, and the valet acts on what it knows.
# **Predict:** the same day, the same outage. Who is blocked, who is dressed wrongly, and how many messages go round?

# %%
told = LeavingTheHouse("be told")
told.cut(at=40, minutes=40)
told

# %% [markdown]
# Nobody is blocked, and three are dressed wrongly. The copy answered all the time; in the shaded part it was old, and didn't know it. Fewer
# than half as many messages went round, and at the door only one each: the changes had been told before. So the
# waiting is shorter as well, by as much as the sentence says.
#
# Neither is better. Asked is *true or not at all*, told is *always, and perhaps old*. For a coat the second will do. (Strictly, an answer was true
# when it was given. It ages on its way as well, only less.)
#
# ## Try, and break it
#
# Let the temperature change sixty times in an hour: which style sends more messages now? Then let the valet *not* hear what was said before it came.

# %%
restless, late = LeavingTheHouse("be told"), LeavingTheHouse("be told")
print(restless.changes(60))
late.changes(2)
print(late.bootstrap(False))

# %% [markdown]
# Two prices of being told. Every change is sent, needed or not. And a newcomer knows *nothing* until the first change: it needs a start, and there
# are three ways. Ask once; let the channel keep the last value; or read the log from its beginning, as `after=0` does.
#
# ## Links
#
# Why bother? Because of the ties. **Predict:** eight parts, each may need each other one. How many links are there, and how many with a bus in between?

# %%
links = LinksOrBus()
links.parts(8)
links

# %% [markdown]
# Fifty-six and eight. And a chain of eight that wait for each other is up 92 % of the time, a publisher 99 %. But read the sentence to its end: a part
# that reacts to `order.placed` depends on what that event says. The ties to *places and times* are gone, the tie to *meaning* stays. And set
# the tick: the bus is a part, too.
#
# ## Disguises
#
# Two things look like events and are not. Here is the first. **Predict:** what does the shipping service gain from being told by an event?

# %%
bus = Bus(open_log("memory://", clock=ManualClock()), ids=CounterIds())
shop = {"o-1": "Ada, 1 Example Street"}


def ask_the_shop(order):
    if not shop:
        raise ConnectionError("the shop is down")
    return shop[order]


shipping = bus.subscriber("shipping", on_error="park")
shipping.on("order.placed", lambda event: print("parcel to", ask_the_shop(event.data["order"])))
bus.publish("order.placed", {"order": "o-1"})
shop.clear(), bus.publish("order.placed", {"order": "o-2"})
bus.dead_letters

# %% [markdown]
# Nothing: it calls back and waits. That is a **request in disguise**. If the event carried the address, the shop might be down.
#
# The second is the **passive-aggressive command**: `valet.fetch_coat`, published as if it had happened. The sender counts on one receiver to do
# one thing, and has no way to hear a no. If you must have it done, and by somebody certain, *send a command*, `bus.send("coat.fetch")`: that is honest,
# exactly one handler takes it, and it can be refused.
#
# ## A flow of several steps: nobody leads
#
# Somebody signs up: an account is opened, a home folder made, a trial begun, a mail sent. In a **choreography** each
# participant reacts to the fact before its own. The picture, a **trace**, is drawn from the log alone, by who caused what.

# %%
flow = FlowTrace("choreography")
flow

# %% [markdown]
# Where is the *order* of the steps written down? Look who listens to what:

# %%
bus = Bus(open_log("memory://", clock=ManualClock(tick=1)), ids=CounterIds())
choreographed(bus)
for participant, heard in order_known_by(bus).items():
    print(f"{participant:9} hears {', '.join(heard)}")

before = set(bus.registry())
bus.subscriber("statistics").on("account.opened", lambda event: None)
print("rows added:", len(set(bus.registry()) - before), "· rows changed:", len(before - set(bus.registry())))

# %% [markdown]
# In four places, a piece in each; the whole is nowhere. That is the strength: a newcomer subscribes, and not one line of the others is changed, as
# the last line counts.
#
# And the weakness: to see the flow you must watch it run, and to put a step *between* two others you must change both. Now let billing
# refuse. **Predict:** what happens to the account and the home?

# %%
FlowTrace("choreography", refuses="billing")

# %% [markdown]
# Each participant also listens for failures, and takes its own part back: the home is removed, then the account closed. It works, and more than
# half of what the registry lists above is about things that go wrong.
#
# ## The same flow: one leads
#
# In an **orchestration** one place knows the steps. It sends a command for each, and waits for the fact that it is done.
# A flow with an undo for each step is a **saga**, whether one leads or nobody: the choreography above is one, too. The class `Saga` leads.
# It runs once for each conversation, or once for each key, if you pass one: `key=lambda event: event.data["member"]`. When one handler
# announces two members, both belong to the same conversation, so only a key starts two sagas.

# %%
FlowTrace("orchestration", refuses="billing")

# %% [markdown]
# Squares are commands, discs are events. The trial was refused, then what had been done was undone, newest first. A transaction would have made it as
# if nothing had been. That is not to be had here: others may have seen the account already. Compensation is *new work* that makes up for
# old work, and both stay in the log, as number 5, `account.opened`, and 26, `account.closed`.
#
# ## What a saga insists on
#
# **Predict:** which of these two steps will it not take?

# %% tags=["raises-exception"]
Saga(
    bus,
    "joining",
    "member.came",
    [
        Step("card.charge", "card.charged"),
        Step("badge.print", "badge.printed"),
    ],
)

# %% [markdown]
# If the badge can't be printed, who gives the money back? Such a question is asked when the saga is made, not at night. Where
# nothing can be undone, it must be said: `kept="a mail can't be unsent"`.
#
# ## A process that waits
#
# Some steps wait for a person. Give such a step time, `within`, by the bus's clock. The next `check` or `publish` gives up
# what is late, and undoes what was done. **Predict:** and if the person clicks *after* that?

# %%
clock = ManualClock()
bus = Bus(open_log("memory://", clock=clock), ids=CounterIds())
bus.handle("address.confirm", lambda command: print("mail: please click, within the hour"))
bus.handle("address.forget", lambda command: print("forgets the address"))
saga = Saga(bus, "joining", "member.came", [Step("address.confirm", "address.confirmed", "address.forget", within=3600)])

conversation = bus.publish("member.came", {"user": "ada"}).event.correlation
clock.advance(hours=1)
print("given up:", saga.check(), "·", saga.of(conversation).reason)
bus.publish("address.confirmed", correlation=conversation)
print(saga.of(conversation).status, saga.of(conversation).undone)

# %% [markdown]
# Too late, but it *did* happen: so it is undone, too. A process that waits has to say what it does with each answer: in time, never, and too late.
#
# ## Twins again
#
# The network doubles copies. **Predict:** which of the two ways to sign up does something twice?

# %%
for name in ("choreography", "orchestration"):
    doubled = FlowTrace(name)
    doubled.double()
    facts = doubled.numbers["facts"]
    print(f"{name:13} {len(facts)} facts, {len(set(facts))} different")

# %% [markdown]
# Each participant of the choreography trusts that it is told once. The saga keeps a state for each conversation or key, so it knows what is done.
# It isn't the leading that helps, it is the memory: `deduplicated` of lesson 05 gives the same to each participant.
#
# ## Circles
#
# Folders keeps each mail that was sent. Of whatever happens to a folder a notice is made. The mailer sends each notice … Nobody planned
# it, and it never ends. In the log it can be found when it has happened; in a table of who hears what, and says what, before.

# %%
table = {
    "folders": (["mail.sent"], ["folder.filled"]),
    "notices": (["folder.*"], ["notice.made"]),
    "mailer": (["notice.made", "user.signed_up"], ["mail.sent"]),
}
find_circles(table)

# %% [markdown]
# In a log of what happened, `find_cycle(causes(log))` finds the same. And should it come to that, the bus stops a chain of more than fifty
# events that cause one another, and prints it; a good flow doesn't need that.
#
# ## What others get to see
#
# A picture for people who weren't there, as text that Mermaid draws; and for programs the registry as an AsyncAPI document.

# %%
bus = Bus(open_log("memory://", clock=ManualClock(tick=1)), ids=CounterIds())
choreographed(bus)
request(bus)
print(sequence(bus.log).mermaid())
document = asyncapi(bus, title="The drive's sign-up")
print(len(document["channels"]), "channels,", len(document["operations"]), "operations, such as", list(document["operations"])[0])

# %% [markdown]
# ## When which?
#
# | | ask | be told | choreography | orchestration |
# | --- | --- | --- | --- | --- |
# | takes | what is true now | what was said last | each reacts | one leads |
# | gains | no copies, no lag | answers while others are down | newcomers change nothing | the flow stands in one place |
# | costs | waits, and falls with others | old answers, a start for newcomers | the flow stands nowhere | one more part that all need |
# | good for | a last seat, a balance to be spent | coats, lists, statistics | two or three independent reactions | many steps, money, undoing |
#
# A big system may well have all four. And copies agree *in the end*: that is **eventual consistency**, and it promises no time. In the picture
# above the valet was behind the sensor by a few seconds on a good day, and by forty minutes on a bad one.
#
# ## Exercises

# %% [markdown]
# exercise: moment_of_need

# %% [markdown]
# exercise: going_out

# %% [markdown]
# exercise: newest

# %% [markdown]
# exercise: who_knows

# %% [markdown]
# exercise: circles

# %% [markdown]
# exercise: compensate

# %% [markdown]
# ## Quiz

# %%
quiz(11)

# %% [markdown]
# ## Take away
#
# - Asking is true or not at all; being told is always, and perhaps old. Decide for each question.
# - An event that somebody calls back for, or that only one may hear, is a request or an order in disguise.
# - A choreography is written down nowhere, an orchestration in one place. Both have to undo, and to live with twins and late answers.
# - Compensation is new work, not a rollback. What happened stays in the log.
#
# **Next:** [Temporal property: what held, and what was known](12-temporal-property.ipynb) · Words: [glossary](glossary.md)
