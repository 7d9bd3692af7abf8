"""Command, event or query? The name may lie; what its sender expects does not."""

# %% task: Say what it is (lesson 02, 5 minutes, form)
# Ten messages, with what their senders expect. Write `"command"`, `"event"` or `"query"` behind each. Some of the names are misleading, so
# go by what the sender expects.

# %% form: Read what the sender expects, not the name.
# folder.create: one service should create it, or say why not
#   right command
#   wrong event: You called a folder that isn't there yet an event. What can still be refused hasn't happened.
#   wrong query: You called a request for a folder a query. Its sender wants something to change.
# folder.created: anyone who cares may know; nothing is awaited
#   right event
#   wrong command: You called a folder that is there already a command. Nobody is asked to do anything.
#   wrong query: You called a folder that is there already a query. Its sender wants no answer.
# folders_of_ada: a list comes back, and all is as before
#   right query
#   wrong command: You called a question a command. Nothing should change; the sender wants to know something.
#   wrong event: You called a question an event. Nothing has happened that others could hear of.
# email.send: published to all; the sender relies on the mailer
#   right command
#   wrong event: You went by the pipe. Publishing an order doesn't make it an event: the sender relies on one receiver's work.
#   wrong query: You called an order for an e-mail a query. An answer alone is not what its sender wants.
# report.requested: published; the sender waits until one service is done
#   right command
#   wrong event: You went by the past tense. It is an order dressed up as a fact, because its sender waits for one service.
#   wrong query: You called an order for a report a query. The report isn't there yet, so somebody has to make it.
# payment.refused: the bank has decided; the shop tells everybody
#   right event
#   wrong command: You read an order to refuse. The bank has refused already, and no listener can undo that.
#   wrong query: You called the bank's decision a query. It is over, and the shop asks nothing.
# quota.check: a number comes back, the same however often one asks
#   right query
#   wrong command: You went by the verb. All that comes of this message is a number, so there is nothing to refuse.
#   wrong event: You called a question for a number an event. It hasn't happened; somebody wants to know.
# user.signed_up: three services react, and the sender needs none
#   right event
#   wrong command: You counted the reactions. Without all three of them it would be just as true that Ada signed up.
#   wrong query: You called a sign-up a query. Three services react, and none of them answers.
# password.reset: Ada has a new one; audit and mailer may know
#   right event
#   wrong command: You read the verb as an order. It looks the same in the past, and Ada has her new password already.
#   wrong query: You called a new password a query. Nobody waits for an answer.
# next_number: a number comes back, and is used up
#   right command
#   wrong event: You called a number that nobody has asked for yet an event. Nothing happens until somebody asks.
#   wrong query: You called it a query. It changes something: if you ask twice, you get two different numbers.

# %% hint
# Has it happened already? Then it is an event, whatever its name sounds like, and however many react.
# %% hint
# If it hasn't happened, does anything change when it is done? If it does, it is a command. If it does not, it is a query.
# %% hint
# A sender that publishes a message and then waits for one particular service has sent a command.

# %% wrong: You made everything an event. Ask of each message whether it has happened, should be done, or only asks something.
names = ["folder.create", "folder.created", "folders_of_ada", "email.send", "report.requested", "payment.refused"]
say_what = dict.fromkeys([*names, "quota.check", "user.signed_up", "password.reset", "next_number"], "event")
