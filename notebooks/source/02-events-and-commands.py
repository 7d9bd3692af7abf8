# %% [markdown]
# # 02 · Events and commands: what happened, and what shall be done
#
# **Question.** What happened, and what shall be done: why are they so often mixed up, and what does it cost?
#
# **70 minutes**, 28 of them exercises. Afterwards you can
#
# - tell command, event and query apart, also where the name misleads;
# - find the fact behind an order, and name it in the past;
# - make an event with an id, its data and its two times, and show that nobody can change it;
# - tell four meanings of *event-driven* from one another, with a benefit and a price of each;
# - turn a consumer that asks into one that is told, and count what that saves and costs.

# %%
# %load_ext eda_workshop
from eda_workshop import Bus, CounterIds, Event, ManualClock, open_log
from eda_workshop.errors import EdaError, Rejected
from eda_workshop.exercises import check, hint, quiz, solution
from eda_workshop.widgets import CanYouSayNo, NotificationOrState

# %% [markdown]
# ## Three kinds of message
#
# When two parts of a system talk, they do one of three things. One **asks for something to be done**, one **tells what has
# happened**, or one **wants to know something**. Here all three, on the drive.
#
# A **bus** carries messages between parts that don't know each other. `bus.send` carries a command to its one handler, and
# `bus.publish` tells an event to whoever listens. A question needs no bus: it is a call, and the answer is what it returns.

# %%
bus = Bus(open_log("memory://", clock=ManualClock()), ids=CounterIds())
paths = []


@bus.handle("folder.create")
def create(command):
    if command.data["path"] in paths:
        raise Rejected("the folder exists")
    paths.append(command.data["path"])
    bus.publish("folder.created", command.data)


bus.send("folder.create", {"path": "/ada"})  # a command: it may be refused
len(paths), [event.name for event in bus.log]  # a query, and the event that has come of it all

# %% [markdown]
# | | command | event | query |
# | --- | --- | --- | --- |
# | says | do this | this has happened | what is …? |
# | is named | as an order: `folder.create` | as a fact: `folder.created` | as a question |
# | is for | exactly one | nobody, one, or many | one who knows |
# | may be refused | yes | no: it is true already | there is nothing to refuse |
# | changes something | if it is accepted | has done so before it was told | never |
#
# Jonas Bonér puts it this way: events are facts. Facts don't change, they only become more, and whoever gets one may ignore
# it but can't take it back.
#
# ## Picture it: can you say no?
#
# Below, a message goes to some receivers. The first thing to try is a command. **Predict:** what happens if there is nobody to take it,
# and what if there are two?

# %%
box = CanYouSayNo("folder.create", "command")
for count in (0, 1, 2, 3):
    box.receivers(count)
    print(f"to {count} receivers: errors {box.numbers['errors']}, reactions {box.numbers['reactions']}")
box.receivers(1)
box.refuse()
box

# %% [markdown]
# A command has exactly one addressee. None is an error, and two are an error too, or the folder would be made twice. Its one addressee may
# say no, as above: the sender is told, and nothing has happened.
#
# ## Break it: refuse a fact
#
# Now Ada has signed up. That is published to three, and the first of them says no. **Predict:** is it still true, and do the others hear of it?

# %%
CanYouSayNo("user.signed_up", "event", 3, refuses=True)

# %% [markdown]
# It is in the log, and the two others have reacted. Whoever says no to a fact has only said that *it* will not react: for the sender there
# is no error, and nothing to wait for. Try it with no receivers as well: an event that nobody hears is no mistake.
#
# ## An order in the dress of an event
#
# Many systems publish `email.send`. It goes over the bus like an event. **Predict:** with three receivers, how many e-mails does Ada get?

# %%
CanYouSayNo("email.send", "event", 3)

# %% [markdown]
# As many as there are receivers: three, or none. The sender wanted one, and relied on a certain service to write it. Martin
# Fowler calls that a **passive-aggressive command**: the sender expects somebody to act, and words it as if it only told something.
#
# A better name alone is no cure: `report.requested` is past, and still its sender waits for the report. Nor does an order make a
# command: `quota.check` changes nothing and is a query. So don't go by the name. Ask: *what does the sender expect?* Then choose
# the way, and at last a name that says so. Go through the other messages with the box above and find the one way that fits each.
#
# ## What an event is made of
#
# A fact can't be changed, so an `Event` can't, nor can its data. **Predict:** the dict that went into it is changed afterwards. What
# does the event say?

# %%
data = {"folder": "f1", "path": "/ada/photos"}
event = Event("folder.created", data, subject="folder/f1", id="evt-0001")

data["path"] = "/ada/secrets"
print(event.data["path"])
try:
    event.data["path"] = "/ada/secrets"
except EdaError as error:
    print(error)

# %% [markdown]
# What has been told stays as it was told. If it was wrong, one tells a *second* event that puts it right; a lesson of its own is
# about that.
#
# ## Two times
#
# Ada moves a folder on the train, in a tunnel, at two past nine. Her laptop tells it when there is a network again, at 9:40. When did it
# happen? Both times are needed: Fowler's *Domain Event* has one for when it **occurred**, and one for when the system **noticed**.
# The first belongs to the event. The second is added by the **log**, which takes down what is told, and calls it **recorded**.

# %%
log = open_log("memory://", clock=ManualClock("2026-03-02T09:40:00Z"))
moved = Event("folder.moved", {"folder": "f1", "path": "/ada/summer"}, id="evt-0002", occurred="2026-03-02T09:02:00Z")
log.append(moved)

for event in log:
    print(event.name, "occurred", event.occurred.time(), "recorded", event.recorded.time())

# %% [markdown]
# Which was first, this or a move that Grace's laptop recorded at 9:30? That depends on which time you mean. Much of this workshop lives from
# the difference.
#
# ## Three ids
#
# Two people may sign up in the same second with equal data; these are two events. So each occurrence has an **id** of its own, unique within
# its *source*, and a log that has it already does not record the same event again. Two sources may well use the same id: `/billing` has
# an event 1, and `/shop` has another. The name belongs to the *kind*, and is shared. With the id, two more from Greg Young: the **correlation**, the same along a whole conversation, and the **causation**, the id of the direct cause. The bus fills
# them in:

# %%
bus = Bus(open_log("memory://", clock=ManualClock()), ids=CounterIds())
folders, mailer = bus.subscriber("folders"), bus.subscriber("mailer")
folders.on("user.signed_up", lambda event: bus.publish("folder.created", {"path": "/" + event.data["user"]}))
mailer.on("folder.created", lambda event: bus.publish("email.sent", {"text": event.data["path"] + " is yours"}))

bus.publish("user.signed_up", {"user": "ada"})
bus.publish("user.signed_up", {"user": "grace"})
for event in bus.log:
    print(f"{event.id}  {event.name:15} conversation {event.correlation}, because of {event.causation or 'nothing before'}")

# %% [markdown]
# Two conversations, each with its own id, of three events each. A cause is the event that was being handled when this one was published:
# the step right before, and not the beginning of it all.
#
# ## Four meanings
#
# “Our system is event-driven.” Fowler found that people mean at least four things by it, and talk past one another. None is the
# right one, and they are no levels to be climbed. Take them one after the other.
#
# **1. Notification.** *Something has changed; ask if you want to know more.* The event is small, and often holds an id only.

# %%
accounts, calls = {"ada": {"email": "ada@example.org"}}, []


def ask(user):
    calls.append(user)
    return accounts[user]


bus = Bus(clock=ManualClock(), ids=CounterIds())
bus.subscriber("mailer").on("user.address_changed", lambda event: print("to", ask(event.data["user"])["email"]))

accounts["ada"] = {"email": "ada@lovelace.example"}
bus.publish("user.address_changed", {"user": "ada"})
print(len(calls), "callback to accounts")

# %% [markdown]
# *Benefit:* hardly any coupling, and easy to begin with. *Price:* whoever wants more must call back; and what follows from what
# stands in no one place of the code.
#
# **2. Carried state**, in full *event-carried state transfer*. *Something has changed, and this is how it is now.* Each consumer keeps a copy
# of what it needs, and asks nobody.

# %%
copy, calls = {}, []
bus = Bus(clock=ManualClock(), ids=CounterIds())
mailer = bus.subscriber("mailer")
mailer.on("user.address_changed", lambda event: copy.update({event.data["user"]: event.data["email"]}))

bus.publish("user.address_changed", {"user": "ada", "email": "ada@lovelace.example"})
print("to", copy["ada"], "with", len(calls), "callbacks")

# %% [markdown]
# *Benefit:* the mailer works while accounts is down, and accounts is spared all questions. *Price:* more bytes, many copies that are
# a little late, and everybody depends on the shape of what is carried.
#
# **3. Event sourcing.** *What has happened is what we keep; how things are follows from it.* The log is the truth, and any state can be
# had from it, of now and of then. No bus is needed, and nothing has to be asynchronous.

# %%
log = open_log("memory://", clock=ManualClock())
for number, amount in enumerate((100, -30, 50)):
    log.append(Event("money.moved", {"amount": amount}, id=f"m{number}"))


def balance(upto=None):
    return sum(event.data["amount"] for event in log.read(upto=upto))


print("now", balance(), "and after the first two", balance(upto=2))

# %% [markdown]
# *Benefit:* nothing that was is lost: who did what, how it was, what if. *Price:* old events must be understood for ever, and a replay
# must not write to people twice.
#
# **4. CQRS**, command query responsibility segregation. *One model decides, another one answers.* Strictly, it needs no events
# at all, nor two databases; it is only often seen with them.

# %%
owners, pages = {}, {}  # the first to decide by, the second to read from


def create_folder(path, user):
    if path in owners:
        raise Rejected("the folder exists")
    owners[path] = user
    pages[user] = sorted([*pages.get(user, []), path])


create_folder("/ada/photos", "ada")
create_folder("/ada/letters", "ada")
print("the page:", pages["ada"])

# %% [markdown]
# *Benefit:* each side has the shape that it needs. *Price:* two models instead of one; where one is enough, it is a burden.
#
# | | the event carries | the truth is | ask the source? |
# | --- | --- | --- | --- |
# | notification | who or what | with the source | each time |
# | carried state | how it is now | with the source; copies at the consumers | never |
# | event sourcing | what happened | the log | there is none but the log |
# | CQRS | needs no event | the side that decides | the side that answers |
#
# ## What does it cost? Who says what, or only that
#
# The first two are easily mixed up, and they can be measured. A hundred people move house, one a second. Four consumers are told,
# and each writes them a letter. To say *who* takes 40 bytes; *all* that is known of one takes 900. **Predict:** how many bytes go over the
# bus, and how often is the source asked?

# %%
dial = NotificationOrState()
dial

# %% [markdown]
# Those 360,000 bytes travel in either case: with the events, or as answers to 400 callbacks, which come on top of the small events. Try
# other numbers with the sliders. It would be cheaper *not* to carry if most of those who are told didn't want to know more.
#
# ## Break it: the source goes away
#
# For twenty seconds the source can't be reached, and what it would publish waits in it. **Predict:** how many letters fail, in either way, and what is wrong with those
# that don't?

# %%
away = NotificationOrState()
away.outage(20)
away

# %% [markdown]
# With the callback, every letter of those seconds failed. With the copy none failed, and *all of them* went to an old address. There
# you have the trade: **failing against being out of date**. Which is better depends on the letter.
#
# ## A callback answers with now
#
# There is one more difference, and it is easily missed. A number goes from 10 to 20 and on to 30, and the consumer is three seconds
# behind. It is told twice, and asks twice. **Predict:** what does it note?

# %%
NotificationOrState(view="two fast updates")

# %% [markdown]
# That it was ever 20, the one who asks will never know. A callback returns the state of *now*, not the state as of the event. For the
# newest address that is even better. For an audit, a sum or a price it is wrong.
#
# ## Words, said more precisely
#
# Short definitions are good for a first slide, and everybody uses them. When something is to be built, a little more precision pays.
#
# | said loosely | said precisely | why it matters |
# | --- | --- | --- |
# | an event is a call to action | an event is a fact; a call to action is a command | who must be there, and who may refuse |
# | it has a producer and a subscriber | it has a producer, and any number of subscribers, none as well | the producer must not rely on one |
# | pub/sub reads and writes in real time | publishers don't know the subscribers; how soon it arrives is another matter | who is late, or away, may miss it |
# | many subscribers read a queue | a *topic* tells all; a *queue* hands each message to one | half of the reactions may be missing |
# | events are unique | a name is one kind's, an id one occurrence's, a handler one subscriber's | twins are recognized by the id alone |
# | the backend handles all requests | it does what it is asked, and reacts to what it is told | not everything has somebody who waits |
# | a load balancer is a frontend | the client is what people use; a balancer stands at the edge | each fails, and is trusted, in another way |
# | a tier is a layer | a tier is where it runs, a layer what it is for | lesson 01: two axes |
# | the right way | a trade, part by part | each of the four has a price |
#
# ## Exercises

# %% [markdown]
# exercise: say_what

# %% [markdown]
# exercise: past_tense

# %% [markdown]
# exercise: make_event

# %% [markdown]
# exercise: four_meanings

# %% [markdown]
# exercise: carry

# %% [markdown]
# ## Quiz

# %%
quiz(2)

# %% [markdown]
# ## Take away
#
# - A **command** may be refused and has one addressee; an **event** is true already and has any number; a **query** changes nothing.
# - Names mislead. Ask what the sender expects: who relies on one certain service has sent a command, however it is dressed.
# - An event is frozen, is recognized by its source and its id, and has two times: when it occurred and when it was recorded.
# - *Event-driven* means at least four things. To ask fails when the source is away; to be told is out of date.
#
# **Next:** [The bus: a pipe and its taps](03-bus.ipynb) · Words: [glossary](glossary.md)
