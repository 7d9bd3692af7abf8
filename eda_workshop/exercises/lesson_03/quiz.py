"""The quiz of lesson 03."""

from eda_workshop.exercises.asking import ask

QUESTIONS = (
    ask(
        "One event is published on a topic that three taps are open on. How many copies are delivered?",
        ("3", "A topic copies: every tap that is open gets its own."),
        ("1", "That is a queue, which hands each message to one consumer. A topic copies."),
        ("a third for each", "Water in a pipe divides; an event does not. Each tap gets the whole event."),
        place=2,
    ),
    ask(
        "A tap without a log was closed while two events were published. It is opened again. What does it get?",
        ("only what is published from now on", "Without a log nobody remembers what a closed tap missed."),
        ("the two events, then what follows", "Only a log behind the pipe could give them back."),
        ("the newest of the two", "Some brokers keep one last value, but a plain topic keeps none."),
        place=0,
    ),
    ask(
        "What does bus.publish(...) return?",
        (
            "a receipt that says who got the event",
            "It says what was recorded, who got it and where it failed. The publisher learns of delivery, not of results.",
        ),
        (
            "the results of all handlers, in the order of subscription",
            "The publisher does not know its subscribers, so it can't want their results.",
        ),
        ("the first handler's result", "That is a request with an answer. An event expects none."),
        place=2,
    ),
)
