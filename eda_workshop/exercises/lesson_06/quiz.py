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
        "log.append(event, expected=7) raises Conflict. What do you know?",
        (
            "the log does not end at position 7 any more",
            "Somebody has appended since you read. Nothing of yours was, so look at what is new, and decide again.",
        ),
        (
            "your event is refused for good, because somebody was first",
            "It only says that somebody was quicker. What they said may have nothing to do with yours.",
        ),
        ("the event was appended, but out of order", "After an error nothing has been appended."),
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
