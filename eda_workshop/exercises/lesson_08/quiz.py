"""The quiz of lesson 08."""

from eda_workshop.exercises.asking import ask

QUESTIONS = (
    ask(
        "Append, apply, answer. The power goes after the append and before the answer. What is true after the restart?",
        (
            "the event counts, although nobody was told",
            "It is in the log, so it happened. The caller asks again, and its id makes that harmless.",
        ),
        (
            "the event is gone, because it was promised to nobody",
            "What was not promised may be lost, but need not be. The log has it, and the restart replays it.",
        ),
        ("nobody can say whether it happened", "The log can. What it holds happened, what it doesn't hold did not."),
        place=2,
    ),
    ask(
        "There is a snapshot every hour. May the events before it be thrown away?",
        (
            "no: another model will need them all",
            "A mended reducer, a new read model, a question about last week: each begins with the first event.",
        ),
        (
            "yes: the snapshot holds what they came to",
            "What they came to under today's code. Tomorrow's code may see more in them.",
        ),
        (
            "yes, after two snapshots",
            "However many there are, none of them can answer a question that is asked for the first time.",
        ),
        place=2,
    ),
    ask(
        "A user bids on a board. When does the board show it?",
        (
            "when the event comes that the bid was accepted",
            "So it shows what happened, at the same moment as all other boards.",
        ),
        (
            "at once, and takes it back if it is refused",
            "Then it shows bids that never were, and differs from the other boards meanwhile.",
        ),
        (
            "when the command has returned without an error",
            "It might, but the other boards don't see the command. One way in for all of them: the event.",
        ),
        place=0,
    ),
)
