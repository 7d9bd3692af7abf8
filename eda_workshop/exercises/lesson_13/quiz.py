"""The quiz of lesson 13."""

from eda_workshop.exercises.asking import ask

QUESTIONS = (
    ask(
        "What is parallel about a parallel model?",
        (
            "it is another version of the whole state, beside the real one",
            "Another time, another past, another future. It may well be computed in one thread, after lunch.",
        ),
        (
            "it runs in another thread, at the same time",
            "Threads say how something is computed. A model is parallel because of what it says.",
        ),
        (
            "it follows the log a little behind, like a read model",
            "A read model will get there. A branch has left the log, and is not going to meet it again.",
        ),
        place=1,
    ),
    ask(
        "Two branches have different events. What does their diff say?",
        (
            "what differs in their states",
            "It may be nothing: another way may lead to the same end. And one event more may change every value.",
        ),
        ("which events only one of them has", "That is what divergence counts. diff compares what the events come to."),
        (
            "what differs at each position",
            "One event put in would make everything after it different, although nothing is.",
        ),
        place=0,
    ),
    ask(
        "A branch turned out to be what should have happened. How does it become real?",
        (
            "somebody decides so, and records new, plain events",
            "To correct the past is a decision with a name and a date. That is the next lesson.",
        ),
        (
            "its events are appended to the log, after what is there",
            "No log takes what was made up; and the events that it replaces would still be there.",
        ),
        (
            "the timeline switches over to it",
            "A timeline follows its log. Who would know tomorrow why the state is another?",
        ),
        place=1,
    ),
)
