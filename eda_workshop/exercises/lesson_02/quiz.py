"""The quiz of lesson 02."""

from eda_workshop.exercises.asking import ask

QUESTIONS = (
    ask(
        "invoice.paid is published, and billing does not agree. Can it refuse?",
        (
            "no: the invoice is paid all the same",
            "Only a command can be refused. Billing may fail to react, and that is its own affair; the fact stays.",
        ),
        (
            "yes: its handler raises, and the event is taken back",
            "A handler that raises has not reacted, that is all. The log has the event, and the others have heard it.",
        ),
        (
            "yes: it sends its no as the reply",
            "An event needs no reply, and has nowhere to put one. If the sender needs an answer, it should send a command.",
        ),
        place=0,
    ),
    ask(
        "A recorded event says 24 euros, and it was 42. What is to be done?",
        (
            "record a second event that corrects the first",
            "What was recorded was believed at that time. The correction is a fact of its own, and comes later.",
        ),
        (
            "change the 24 in the log",
            "To correct is not to edit. Others have read the 24 and have acted on it: that would be inexplicable now.",
        ),
        (
            "record the event again under the same id, with 42",
            "An id stands for one occurrence. The log takes the same event again, but refuses the id with other content.",
        ),
        place=1,
    ),
    ask(
        "“We notify by now. One day we'll be ready for carried state, and at last for event sourcing and CQRS.” What do you say?",
        (
            "they answer different questions, and each has its price",
            "Who has to ask, where the truth is kept, whether one model serves both: three choices, taken part by part.",
        ),
        (
            "right, these are levels, and event sourcing needs CQRS and asynchronous handlers",
            "They are no levels of maturity. A log and one function that folds it are event sourcing already.",
        ),
        (
            "carried state is worth it for all: nothing is coupled any more",
            "Consumers don't need the source to be up any more. They do need the shape of what it carries.",
        ),
        place=1,
    ),
)
