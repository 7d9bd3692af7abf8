# %% [markdown]
# # 09 · Gateways: the world outside
#
# **Question.** Replaying an event handles it again. Does everybody get their e-mail again, too?
#
# **50 minutes**, 20 of them exercises. Afterwards you can
#
# - name the three ways in which a program touches the outside, and what a replay must do with each;
# - write handlers that can be replayed, and that can't tell whether they are;
# - answer a question in a replay as it was answered then, and say what to do when nobody asked then;
# - find the leak in a handler that goes past its gateway.

# %%
# ModuleNotFoundError? Choose Kernel → Change Kernel → Python 3 (ipykernel), in the JupyterLab that the kit opened.
# %load_ext eda_workshop
from eda_workshop import Bus, CounterIds, Event, Gateways, ManualClock, Message, open_log, outbound_diff
from eda_workshop.exercises import check, hint, quiz, solution
from eda_workshop.widgets import SpamMeter

# %% [markdown]
# ## Picture it: the spam meter
#
# Five people sign up and get an e-mail each. A payment of 100 € is booked in dollars, at the rate of the day, 1.10. Then the log
# is replayed, because a bug was fixed. **Predict:** how many e-mails are in the inboxes? What does the payment come to, if the rate
# is 1.25 by now?

# %%
SpamMeter().replay()

# %% [markdown]
# Five people have a second e-mail, and 15 dollars came from nowhere. Press **Replay** a few more times in the instrument, then
# tick **Gateways**.

# %%
meter = SpamMeter()
meter.replay()
meter.replay()
meter.replay()
meter

# %% [markdown]
# ## What touches the outside
#
# | way | example | in a replay |
# | --- | --- | --- |
# | **update**: it tells | an e-mail, a booking elsewhere | silent |
# | **query**: it asks | an exchange rate, a stock, the clock | the answer of then |
# | **both**: it asks and changes | an order that gives a delivery date | the answer of then, and silent |
#
# A model has none of them: its reducers are pure, so they can be replayed as they are. It is the *handlers*, those that react to
# events, which reach outside. They get a **gateway**.

# %%
log = open_log("memory://", clock=ManualClock("2026-03-02T09:00:00Z", tick=60))
gateways = Gateways(log)
inbox, market = [], {"EUR": 1.10}

mail = gateways.update("mail", inbox.append)
rate = gateways.query("rate", lambda currency: market[currency])


def book(event):
    dollars = round(event.data["euros"] * rate("EUR"), 2)
    mail(to=event.data["user"], text=f"{dollars:.2f} USD booked")
    return dollars

# %% [markdown]
# `book` does not know what a replay is. There is no `if replaying:` in it, and there must not be: the next person would forget
# one. Now live:

# %%
log.append(Event("payment.received", {"user": "ada", "euros": 100}, id="pay-1", occurred="2026-03-02T09:00:00Z"))
payment = next(log.read())
gateways.handle(payment, book)
inbox, gateways.suppressed

# %% [markdown]
# And a replay, some days later, at another rate. Before you look: what is in the inbox, and what would the e-mail say?

# %%
market["EUR"] = 1.25
gateways.replay(book)
print("sent:      ", [message["text"] for message in inbox])
print("would send:", gateways.outbound[-1].content["text"], "· kept silent:", gateways.suppressed)

# %% [markdown]
# The same 110.00 as then. Where does the answer come from? From the log: what a gateway was told is recorded beside the event that
# asked, and is there after a restart, too.

# %%
for event in log:
    print(event.position, event.name, dict(event.data))

# %% [markdown]
# Each answer is kept with the event that asked as its cause, the gateway, the question, and *which time* it was asked, `nth`, counted
# from 0: a handler that asks twice got two answers.
#
# ## Break it: a question that was never asked
#
# A new version of the handler wants the rate of the pound as well. Nobody asked for it then. **Predict:** what should the replay
# do: ask now, take nothing, or stop?

# %% tags=["raises-exception"]
def book_both(event):
    return book(event), rate("GBP")


gateways.replay(book_both)

# %% [markdown]
# It stops, and says so. To ask now would give today's rate for that day's payment, silently. Somebody has to find out what it was
# then, and record that:

# %%
gateways.answer("rate", ["GBP"], 1.31, event=payment)
gateways.replay(book_both)  # how many events were replayed

# %% [markdown]
# And the mode? It is restored, however a replay ends, also by the error above. A switch that is set before and reset after, without
# `finally`, stays off for ever the first time something fails.

# %%
gateways.mode

# %% [markdown]
# ## Later is easier: buffered messages
#
# An invoice goes out at the end of the month. Until then it waits, and what waits can still be taken back. In lesson 14, when a
# letter comes late, that will be worth a lot.

# %%
sent, bills = [], Gateways(log)
invoice = bills.buffered("invoice", sent.append, release=lambda event: "2026-03-31T22:00:00Z")

bills.handle(payment, lambda event: invoice(to=event.data["user"], euros=event.data["euros"]))
print(len(bills.waiting), "waiting,", len(sent), "sent")
bills.withdraw("pay-1")
print(len(bills.waiting), "waiting,", bills.release("2026-04-01T00:00:00Z"), "released")

# %% [markdown]
# ## What should have been sent
#
# A replay with corrected events gives a corrected list of messages. Beside the old list it shows what to do: leave alone what is
# right, send what is missing, apologize for what was wrong. **Nothing is sent again that was right.**

# %%
from eda_workshop.values import freeze

had = [Message("mail", freeze({"to": "ada", "usd": 110}), "pay-1"), Message("mail", freeze({"to": "bob", "usd": 55}), "pay-2")]
should = [had[0], Message("mail", freeze({"to": "bob", "usd": 60.5}), "pay-2")]
for kind, messages in outbound_diff(had, should).items():
    print(kind, [dict(message.content) for message in messages])

# %% [markdown]
# ## On the bus
#
# `gateways.handler` makes a handler fit for a bus: what it does is done because of the event that it handles.

# %%
bus = Bus(open_log("memory://", clock=ManualClock()), ids=CounterIds())
outside = Gateways(bus.log)
letters = []
post = outside.update("post", letters.append)
welcome = outside.handler(lambda event: post(to=event.data["user"]))

bus.subscriber("mailer").on("user.signed_up", welcome)
bus.publish("user.signed_up", {"user": "ada"})
outside.replay(lambda event: post(to=event.data["user"]))
letters, outside.suppressed

# %% [markdown]
# One honest remark. Between sending and recording that it was sent, there is a moment. If the power goes in that moment, the message
# goes out again: *at least once*. Send the event's id along, and a number if one event sends several. That is an *idempotency key*, by
# which the receiver recognizes twins.
#
# ## Exercises

# %% [markdown]
# exercise: leaks

# %% [markdown]
# exercise: recorded

# %% [markdown]
# exercise: silent

# %% [markdown]
# ## Quiz

# %%
quiz(9)

# %% [markdown]
# ## Take away
#
# - Reducers don't reach outside; handlers do, through gateways.
# - In a replay, updates are silent and questions get the answers of then. Without a recorded answer, a replay stops.
# - The handler never knows the mode; whoever replays sets it, and restores it whatever happens.
# - Put what you were told into the event, where you can: then there is nothing to ask.
#
# **Next:** [CQRS: one side writes, many read](10-cqrs.ipynb) · Words: [glossary](glossary.md)
