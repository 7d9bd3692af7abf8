"""The quiz of lesson 17."""

from eda_workshop.exercises.asking import ask

QUESTIONS = (
    ask(
        "“A reader has at most three books.” Years later the rule becomes two. Ada has three, and the log is replayed. What happens?",
        (
            "the replay gives Ada three books, and the next loan is refused",
            "The rule is asked when somebody decides. A replay takes what happened, whatever the rule is today.",
        ),
        (
            "the replay stops at her third loan, because it breaks the rule",
            "Then the rule would be in the reducer. A fact that broke today's rule is still a fact.",
        ),
        (
            "the replay leaves out her third loan, because it is refused",
            "Then Ada would have a book that nobody knows of. A replay refuses nothing.",
        ),
        place=0,
    ),
    ask(
        "Eight desks decide at the same moment, each about a different book. Whose appends are refused with a Conflict?",
        (
            "seven of them, because only one can be the first to append",
            "That holds if the boundary is the whole log. Nothing that the others append changes what a desk has read about its book.",
        ),
        (
            "none, if each boundary is the query about the desk's own book",
            "A condition asks only for events that its query means, and no other desk appends one of those.",
        ),
        (
            "none, if each desk takes a lock before it reads the log",
            "Two programs have two locks. And a lock makes all of them wait, even those who don't disturb each other.",
        ),
        place=1,
    ),
    ask(
        "The read model says that the name is free, so you append without a condition. When do two folders get the name?",
        (
            "when the read model has a bug in the way that it compares names",
            "Even a read model without a bug answers with the past: another desk may have taken the name since.",
        ),
        (
            "when the log has two events with the name, and one was rejected",
            "A rejected event doesn't count in the corrected view. The trouble comes from what happens between your look and your append.",
        ),
        (
            "when another desk appended the name after the model had read",
            "A read model shows a moment of the past. What holds now is known where the append is judged.",
        ),
        place=2,
    ),
)
