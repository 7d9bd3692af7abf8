"""The quiz of lesson 05."""

from eda_workshop.exercises.asking import ask

QUESTIONS = (
    ask(
        "Publishing instead of requesting made the answer come 3 s earlier. Where did the 3 s of work go?",
        (
            "they are done later, by the worker",
            "The work is later, not gone: if jobs come faster, the queue grows.",
        ),
        ("they are saved", "Nobody did less. Only the caller no longer waits."),
        ("they are done at the same time by the bus", "A bus delivers; it does no work of its own."),
        place=0,
    ),
    ask(
        "At-least-once delivery brought an event twice. What should the handler do?",
        ("recognize the id and do its work once", "Duplicates share their id. Handled once is what counts."),
        (
            "nothing, brokers deliver exactly once",
            "No network does. It looks so only where the receiver recognizes twins.",
        ),
        ("recognize the user and skip", "The user's second, different event would be lost with the twin."),
        place=1,
    ),
    ask(
        "A service makes a folder on disk and then publishes folder.created. What can go wrong?",
        (
            "a crash between the two: the folder is there and nobody ever hears of it",
            "Two writes without a transaction. Record the fact first, and let a subscriber do the rest.",
        ),
        ("nothing, if the publish is in a try block", "Swallowing the error makes the loss silent, not smaller."),
        (
            "nothing, if it publishes first and never records",
            "Then a crash loses the folder: a fact without its effect.",
        ),
        place=2,
    ),
)
