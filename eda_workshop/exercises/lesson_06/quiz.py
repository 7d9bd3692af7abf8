"""The quiz of lesson 06."""

from eda_workshop.exercises.asking import ask

QUESTIONS = (
    ask(
        "A phone was offline on Tuesday and tells on Friday of a folder that it moved. Where in the log does that event stand?",
        (
            "at the end, as of Friday, with Tuesday as the time it occurred",
            "The log grows at its end only. Both times are in the record.",
        ),
        (
            "between the events of Tuesday, where it belongs",
            "Nothing is ever put in between: whoever has read that far would never see it.",
        ),
        (
            "nowhere: it is too late",
            "A fact is a fact, however late one learns of it. It carries the time when it occurred.",
        ),
        place=1,
    ),
    ask(
        "A program appends an event and the acknowledgement gets lost, so it appends the same event again. What does the log do?",
        (
            "it returns the position that the event has already",
            "The log knows the event by its source and its id, and it says the same as before. So there is nothing to add.",
        ),
        (
            "it records the event a second time, at a new position",
            "Then no program could repeat an append safely. An event that the log knows is not recorded again.",
        ),
        (
            "it refuses the second append, because the id is in use already",
            "It refuses an event with that id that says something else, such as another time. This one is the same.",
        ),
        place=0,
    ),
    ask(
        "A recorded amount is wrong. How is it put right?",
        ("by appending an event that says so", "The log then tells both: what was said, and that it was wrong."),
        (
            "by changing the record, and its hash too",
            "The next record's hash covers the old one, and others have read and acted on it.",
        ),
        (
            "by deleting the record and appending a right one",
            "Positions have no gaps, and what was acted on must stay to be seen.",
        ),
        place=2,
    ),
)
