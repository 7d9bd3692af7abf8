"""The quiz of lesson 12."""

from eda_workshop.exercises.asking import ask

QUESTIONS = (
    ask(
        "The letter of 5 April says that 6500 was a mistake. What becomes of the row of 15 March?",
        (
            "nothing: it stays as it was",
            "Record history only grows. Who asks what was known in March still gets it; from 5 April on the new row counts.",
        ),
        (
            "it is corrected to 6400, from 15 February on",
            "Then nobody could say any more why the run of 25 March paid 6500.",
        ),
        ("it is removed", "That it was believed for three weeks is a fact, and somebody acted on it."),
        place=2,
    ),
    ask(
        "On 10 May a raise from 1 July on is recorded. Asked on 10 May, what does she earn today?",
        ("what she earned before", "The raise is scheduled: known from 10 May on, holding from 1 July on."),
        ("the new salary: it is recorded", "It is known, and does not hold yet: that takes until 1 July."),
        ("Unknown, until 1 July", "What held before goes on; the raise says nothing about May."),
        place=2,
    ),
    ask(
        "Two times on each value say that 300 are owed. Do they say which bank transfers would have gone out?",
        (
            "no: they tell values, not consequences",
            "For what would have happened, the events must be handled again, in a model beside the real one.",
        ),
        ("yes, they are in the history", "The history has salaries. What was done because of them stands elsewhere."),
        (
            "yes, if the transfers have two times as well",
            "That tells which transfers were made, and when that was known; not which ones should have been.",
        ),
        place=0,
    ),
)
