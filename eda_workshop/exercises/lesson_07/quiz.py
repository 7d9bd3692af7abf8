"""The quiz of lesson 07."""

from eda_workshop.exercises.asking import ask

QUESTIONS = (
    ask(
        "Which of these may a reducer use?",
        ("event.occurred", "It is part of the fact, so that every replay sees the same."),
        ("the clock", "Each replay would read another time, and come to another state."),
        (
            "a list that it appends to, outside of the state",
            "It would grow at each replay, and snapshots know nothing of it.",
        ),
        place=0,
    ),
    ask(
        "All snapshots are deleted. What is lost?",
        (
            "nothing but time, until they are made again",
            "They follow from the log. A snapshot only spares the replay of what is before it.",
        ),
        (
            "the states at the positions where they were taken",
            "Any state can be folded from the first event on. Without snapshots it takes longer.",
        ),
        (
            "the events that they stand for",
            "A snapshot stands beside the log, never for it. No event is dropped when one is taken.",
        ),
        place=2,
    ),
    ask(
        "folder.moved says where a folder moved to. What does it take to undo it?",
        (
            "the path before, kept beside the event or found by a replay",
            "To undo what sets a value, you need the value that it replaced.",
        ),
        (
            "the event alone: it says all that was changed",
            "To add 10 can be undone so. But this event sets a path, and doesn't say which one it replaced.",
        ),
        (
            "the empty path that folders begin with",
            "That is what a new folder has. This one may have been moved many times before.",
        ),
        place=1,
    ),
)
