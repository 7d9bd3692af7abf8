"""The quiz of lesson 05."""

from eda_workshop.exercises.asking import ask

QUESTIONS = (
    ask(
        "Publishing instead of requesting made the answer come 3 s earlier. Where did the 3 s of work go?",
        ("they are done later, by the worker", "The work is later, not gone: if jobs come faster, the queue grows."),
        ("they are saved", "Nobody did less. Only the caller no longer waits."),
        ("they are done at the same time by the bus", "A bus delivers; it does no work of its own."),
        place=1,
    ),
    ask(
        "At-least-once delivery brought an event twice. What should the handler do?",
        ("recognize the id and do its work once", "Twins share their id. Handled once is what counts."),
        (
            "nothing: the broker has to see to it that each comes once",
            "No network can promise that. It looks so only where the receiver recognizes twins.",
        ),
        (
            "look at the data, and skip what it has had before",
            "Equal data may be two events: the second order of the same book would be lost.",
        ),
        place=0,
    ),
    ask(
        "A service makes a folder on disk and then publishes folder.created. What can go wrong?",
        (
            "a crash between the two: the folder is there and nobody hears of it",
            "Two writes without a transaction. Record the fact first, and let a subscriber do the rest.",
        ),
        (
            "nothing, if the publish is in a try block",
            "Catching the error makes the loss silent, not smaller. And a crash is no error that is caught.",
        ),
        (
            "nothing, if it publishes first and makes the folder then",
            "Then a crash leaves an event without its folder. Only where the event stays in a log can a subscriber still make it.",
        ),
        place=2,
    ),
)
