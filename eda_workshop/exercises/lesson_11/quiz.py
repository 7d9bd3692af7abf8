"""The quiz of lesson 11."""

from eda_workshop.exercises.asking import ask

QUESTIONS = (
    ask(
        "In a choreography, where is it written down what happens after a sign-up?",
        (
            "nowhere: it is the sum of who listens to what",
            "The registry and a trace show it. No place holds it, which is its strength and its price.",
        ),
        ("in the service that begins it", "It says that something happened, and knows nobody who hears it."),
        ("in the names of the events, read in order", "A name says what happened, not what happens next."),
        place=0,
    ),
    ask(
        "The valet's copy says 14 degrees. Is it 14 degrees outside?",
        (
            "it was, when the last change was told",
            "A copy is as old as what was heard last. Whether that matters has to be decided for each question.",
        ),
        ("yes, else a change would have come", "It may be under way, or the line may be down: silence says nothing."),
        (
            "nobody can know that without asking",
            "Not even then: the answer is old when it arrives. It is only less old.",
        ),
        place=2,
    ),
    ask(
        "A step of a saga fails. What does compensation do?",
        (
            "it does new work that makes up for the old",
            "The facts stay in the log. An account that was opened and closed is not one that never was.",
        ),
        (
            "it rolls back, as a transaction does",
            "Others have seen what was done, and acted on it. Nothing can be made unseen.",
        ),
        (
            "it deletes the events of the steps before the failed one",
            "What happened, happened. A log takes nothing back.",
        ),
        place=0,
    ),
)
