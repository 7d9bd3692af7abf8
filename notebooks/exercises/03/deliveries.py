"""Predict the copies on a topic and on a queue."""

# %% task: Count the copies (lesson 03, 4 minutes, form)
# Three publishers publish two events each, and four taps are open all the time. How many copies are delivered in all if the pipe is a
# topic, and how many if it is a queue? Write the numbers down before you try it out.

# %% form: Try it with PipeAndTaps, and open a fourth tap.
# topic: copies in all, if every tap gets every event
#   right 24
#   wrong 6: You let the taps of the topic share the events. Water divides, but an event is copied.
#   wrong 8: You counted the events of one publisher on the topic. Multiply by the publishers, too.
#   wrong 12: You counted one event per publisher on the topic. Each of them publishes two.
#   wrong 4: You counted the copies of a single event on the topic. How many events are there?
#   other: You have a different number for the topic. Multiply the publishers, their events and the taps.
# queue: deliveries in all, if the taps share the events
#   right 6
#   wrong 24: You made copies on the queue. A queue hands each message to one consumer.
#   wrong 2: You counted the events of one publisher on the queue. There are three.
#   wrong 3: You counted one event per publisher on the queue. Each of them publishes two.
#   wrong 4: You counted the taps of the queue. Who takes a message doesn't change how many there are.
#   other: You have a different number for the queue. Multiply the publishers and their events.

# %% hint
# How many events are there in all? That is the number of messages, whatever the pipe is.
# %% hint
# A topic delivers each of them once to every open tap. A queue delivers each of them once.

# %% solution
deliveries = {"topic": 3 * 2 * 4, "queue": 3 * 2}

# %% wrong: You have the two the wrong way round. Which of them copies?
deliveries = {"topic": 6, "queue": 24}
