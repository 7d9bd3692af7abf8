"""Three questions at the end of each lesson; every wrong answer is a misconception and gets its own word."""

from __future__ import annotations

from eda_workshop.widgets.quiz import Option, Question, Quiz


def quiz(lesson: int) -> Quiz:
    """The quiz of a lesson."""
    return Quiz(f"Quiz of lesson {lesson:02}", QUESTIONS[lesson])


def _ask(text: str, right: tuple[str, str], *wrong: tuple[str, str], place: int) -> Question:
    """A question whose right answer stands at `place`, counted from 0."""
    options = [Option(*answer) for answer in wrong]
    options.insert(place, Option(*right, right=True))
    return Question(text, tuple(options))


QUESTIONS: dict[int, tuple[Question, ...]] = {
    3: (
        _ask(
            "One event is published on a topic that three taps are open on. How many copies are delivered?",
            ("3", "A topic copies: every tap that is open gets its own."),
            ("1", "That is a queue, which hands each message to one consumer. A topic copies."),
            ("a third for each", "Water in a pipe divides; an event does not. Each tap gets the whole event."),
            place=1,
        ),
        _ask(
            "A tap without a log was closed while two events were published. It is opened again. What does it get?",
            ("only what is published from now on", "Without a log nobody remembers what a closed tap missed."),
            ("the two events, then what follows", "Only a log behind the pipe could give them back."),
            ("the newest of the two", "Some brokers keep one last value, but a plain topic keeps none."),
            place=0,
        ),
        _ask(
            "What does bus.publish(...) return?",
            (
                "a receipt: what was recorded, who got it, who failed",
                "The publisher learns of delivery, not of results.",
            ),
            (
                "the results of all handlers",
                "The publisher does not know its subscribers, so it can't want their results.",
            ),
            ("the first handler's result", "That is a request with an answer. An event expects none."),
            place=2,
        ),
    ),
    4: (
        _ask(
            "Which of these does the bus refuse?",
            (
                "a second handler of the mailer for user.signed_up",
                "One subscriber has at most one handler for a name, so that one owner succeeds, fails and retries.",
            ),
            ("a handler of the audit for user.signed_up, beside the mailer's", "Any number of subscribers may react."),
            ("one function of the mailer for two names", "Each name still resolves to one handler. That is allowed."),
            place=2,
        ),
        _ask(
            "user.signed_up was published twice with different ids. What is unique here?",
            (
                "each occurrence, by its id; the name says only what kind of thing happened",
                "A name has one meaning, an id has one occurrence, and a subscriber has one handler for a name.",
            ),
            ("the name, so the second is a duplicate", "Two people may sign up. Duplicates share an id, not a name."),
            ("the data, so equal data means the same event", "Ada may create two equal folders. Only the id tells."),
            place=0,
        ),
        _ask(
            "Which names does user.* stand for?",
            ("user.signed_up, but not user.profile.updated", "The star is exactly one token. user.> takes both."),
            ("every name that begins with user", "That is user.>; and userland.opened is neither."),
            ("user.signed_up and user", "A star is exactly one token, never none, and user alone is no name."),
            place=1,
        ),
    ),
    5: (
        _ask(
            "Publishing instead of requesting made the answer come 3 s earlier. Where did the 3 s of work go?",
            (
                "they are done later, by the worker",
                "The work is later, not gone: if jobs come faster, the queue grows.",
            ),
            ("they are saved", "Nobody did less. Only the caller no longer waits."),
            ("they are done at the same time by the bus", "A bus delivers; it does no work of its own."),
            place=0,
        ),
        _ask(
            "At-least-once delivery brought an event twice. What should the handler do?",
            ("recognize the id and do its work once", "Duplicates share their id. Handled once is what counts."),
            (
                "nothing, brokers deliver exactly once",
                "No network does. It looks so only where the receiver recognizes twins.",
            ),
            ("recognize the user and skip", "The user's second, different event would be lost with the twin."),
            place=1,
        ),
        _ask(
            "A service makes a folder on disk and then publishes folder.created. What can go wrong?",
            (
                "a crash between the two: the folder is there and nobody ever hears of it",
                "Two writes without a transaction. Record the fact first, and let a subscriber do the rest.",
            ),
            ("nothing, if the publish is in a try block", "Swallowing the error makes the loss silent, not smaller."),
            (
                "nothing, if it publishes first and never records",
                "Then a crash loses the folder: a fact without its effect.",
            ),
            place=2,
        ),
    ),
}
