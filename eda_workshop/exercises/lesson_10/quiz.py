"""The quiz of lesson 10."""

from eda_workshop.exercises.asking import ask

QUESTIONS = (
    ask(
        "A read model is ten events behind. Is its answer wrong?",
        (
            "perhaps: that depends on those ten",
            "It is right for ten events ago, and may be the same now. Lag is counted in events, staleness in answers.",
        ),
        ("yes: all its answers are, until it has caught up", "Only if one of the ten changes what was asked for."),
        ("no: a read model is never wrong", "It may be out of date, and somebody has to decide whether that matters."),
        place=2,
    ),
    ask(
        "Where does a new projection begin?",
        ("at position 0", "It has all of history to learn; that is what makes new questions possible."),
        (
            "at the head, like a new subscriber",
            "Then it says how things went since this morning, and takes it for everything.",
        ),
        ("where the old one was", "The old one's position says what the old one has seen. This one has seen nothing."),
        place=2,
    ),
    ask(
        "Does CQRS need event sourcing?",
        ("no: two models may share one database", "They go well together, and neither needs the other."),
        (
            "yes: without a log there is nothing to read from",
            "A table that is brought up to date in the same transaction will do.",
        ),
        ("yes, and two databases", "It needs two models. Where they are kept is another question."),
        place=1,
    ),
)
