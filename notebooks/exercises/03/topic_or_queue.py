"""Which needs are news, and which are work?"""

# %% task: Topic or queue? (lesson 03, 4 minutes, form)
# Five needs, and two kinds of pipe. Write `"topic"` or `"queue"` behind each. The question to ask is: must *one* listener do it, or must
# *all* of them know it?

# %% form: Ask: must one do it, or must all know it?
# thumbnails: three workers; each photo needs one thumbnail
#   right queue
#   wrong topic: You give every photo to all three workers, so each thumbnail is made three times.
# sign_up: mailer, folders and audit each react
#   right topic
#   wrong queue: You let only one of mailer, folders and audit hear of the sign-up. The other two never react.
# invoices: two printers; each invoice is printed once
#   right queue
#   wrong topic: You give the invoice to both printers, and both print it.
# scoreboard: every board in the stadium shows every goal
#   right topic
#   wrong queue: You give each goal to one board only, so the boards soon disagree.
# search: a new service wants to hear too; nobody else changes
#   right topic
#   wrong queue: You let the search take events off a queue, so those who read it before lose them.

# %% hint
# A queue shares work among equals. A topic spreads news among different listeners.
# %% hint
# Imagine the wrong pipe for each. What would be done twice, and which listener would hear nothing?

# %% wrong: You made everything a topic. A topic gives work to all workers at once, and all of them do it.
topic_or_queue = dict.fromkeys(["thumbnails", "sign_up", "invoices", "scoreboard", "search"], "topic")

# %% wrong: You made everything a queue. On a queue one listener hears, and the others wait in vain.
topic_or_queue = dict.fromkeys(["thumbnails", "sign_up", "invoices", "scoreboard", "search"], "queue")
