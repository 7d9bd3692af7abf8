"""The quiz of lesson 09."""

from eda_workshop.exercises.asking import ask

QUESTIONS = (
    ask(
        "A handler sends an e-mail. What must it do so that it can be replayed?",
        ("send through a gateway, and nothing else", "Whoever replays sets the mode; the handler never knows."),
        (
            "ask whether a replay is running, and if so send nothing",
            "The next handler forgets to ask. What is silent in a replay has to be so by itself.",
        ),
        (
            "nothing: a replay doesn't call handlers",
            "It may, to build what they build. Then every e-mail goes out again.",
        ),
        place=1,
    ),
    ask(
        "In a replay a handler asks for a rate that nobody asked for live. What happens?",
        (
            "the replay stops and says which answer is missing",
            "A person finds out the rate of that day and records it; then it goes on.",
        ),
        (
            "it gets today's rate, since there is no other",
            "For that day's payment? It would be wrong, and nobody would notice.",
        ),
        ("it gets None", "Then something is computed with None, and the state is wrong in a new way."),
        place=1,
    ),
    ask(
        "Power went between sending an e-mail and recording that it was sent. What follows?",
        ("it may be sent a second time", "At least once. With the event's id the receiver recognizes the twin."),
        ("it is never sent again", "Nobody knows that it was sent, so it will be."),
        (
            "nothing, if the two are in one try block",
            "A try block catches errors. A power cut is none: the program is gone.",
        ),
        place=0,
    ),
)
