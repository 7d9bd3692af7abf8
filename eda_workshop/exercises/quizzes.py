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
    6: (
        _ask(
            "A phone was offline on Tuesday and tells on Friday of a folder that it moved. Where in the log does that event stand?",
            (
                "at the end, as of Friday, with Tuesday as its time of occurring",
                "The log grows at its end only. Both times are in the record.",
            ),
            (
                "between the events of Tuesday",
                "Nothing is ever put in between: whoever has read that far would never see it.",
            ),
            (
                "nowhere: it is too late",
                "A fact is a fact, however late one learns of it. It carries the time when it occurred.",
            ),
            place=1,
        ),
        _ask(
            "log.append(event, expected=7) raises Conflict. What do you know?",
            (
                "the log has grown since position 7, so decide again on what is new",
                "Nothing was appended, and nothing is wrong. Look, and decide again.",
            ),
            (
                "your event is refused for good",
                "It only says that somebody was quicker. What they said may have nothing to do with yours.",
            ),
            ("the event was appended, but out of order", "After an error nothing has been appended."),
            place=0,
        ),
        _ask(
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
    ),
    7: (
        _ask(
            "Which of these may a reducer use?",
            ("event.occurred", "It is part of the fact, so that every replay sees the same."),
            ("the clock", "Each replay would read another time, and come to another state."),
            (
                "a list that it appends to, outside of the state",
                "It would grow at each replay, and snapshots know nothing of it.",
            ),
            place=2,
        ),
        _ask(
            "All snapshots are deleted. What is lost?",
            (
                "nothing but time, until they are made again",
                "They follow from the log. A snapshot only spares the replay of what is before it.",
            ),
            (
                "the states between them",
                "Any state can be folded from the first event on. Without snapshots it takes longer.",
            ),
            (
                "the events that they stand for",
                "A snapshot stands beside the log, never for it. No event is dropped when one is taken.",
            ),
            place=0,
        ),
        _ask(
            "folder.moved says where a folder moved to. What does it take to undo it?",
            (
                "the path before, kept beside the event, or found by a replay",
                "To undo what sets a value, you need the value that it replaced.",
            ),
            (
                "the event alone",
                "To add 10 can be undone so. But this event sets a path, and doesn't say which one it replaced.",
            ),
            (
                "the empty path that folders begin with",
                "That is what a new folder has. This one may have been moved many times before.",
            ),
            place=1,
        ),
    ),
    8: (
        _ask(
            "Append, apply, answer. The power goes after the append and before the answer. What is true after the restart?",
            (
                "the event counts, although nobody was told",
                "It is in the log, so it happened. The caller asks again, and its id makes that harmless.",
            ),
            ("the event is gone", "The log has it, and the restart replays it."),
            (
                "nobody can say",
                "The log can. What it holds happened, what it doesn't hold did not.",
            ),
            place=1,
        ),
        _ask(
            "There is a snapshot every hour. May the events before it be thrown away?",
            (
                "no: the snapshot follows from them, and another model needs them all",
                "A mended reducer, a new read model, a question about last week: each begins with the first event.",
            ),
            (
                "yes: the snapshot holds what they came to",
                "What they came to under today's code. Tomorrow's code may see more in them.",
            ),
            (
                "yes, after two snapshots",
                "However many there are, none of them can answer a question that is asked for the first time.",
            ),
            place=0,
        ),
        _ask(
            "A user bids on a board. When does the board show it?",
            (
                "when the event comes that the bid was accepted",
                "So it shows what happened, at the same moment as all other boards.",
            ),
            ("at once, to be fast", "Then it shows bids that will be refused, and differs from the other boards."),
            (
                "when the command has returned",
                "It might, but the other boards don't see the command. One way in for all of them: the event.",
            ),
            place=2,
        ),
    ),
    9: (
        _ask(
            "A handler sends an e-mail. What must it do so that it can be replayed?",
            (
                "send through a gateway, and nothing else",
                "Whoever replays sets the mode; the handler never knows.",
            ),
            (
                "ask whether a replay is running",
                "The next handler forgets to ask. What is silent in a replay has to be so by itself.",
            ),
            (
                "nothing: a replay doesn't call handlers",
                "It may, to build what they build. Then every e-mail goes out again.",
            ),
            place=1,
        ),
        _ask(
            "In a replay a handler asks for a rate that nobody asked for live. What happens?",
            (
                "the replay stops and says which answer is missing",
                "A person finds out the rate of that day and records it; then it goes on.",
            ),
            ("it gets today's rate", "For that day's payment? It would be wrong, and nobody would notice."),
            ("it gets None", "Then something is computed with None, and the state is wrong in a new way."),
            place=0,
        ),
        _ask(
            "Power went between sending an e-mail and recording that it was sent. What follows?",
            (
                "it may be sent a second time",
                "At least once. With the event's id the receiver recognizes the twin.",
            ),
            ("it is never sent again", "Nobody knows that it was sent, so it will be."),
            (
                "nothing, if the two are in one try block",
                "A try block catches errors. A power cut is none: the program is gone.",
            ),
            place=2,
        ),
    ),
    10: (
        _ask(
            "A read model is ten events behind. Is an answer of it wrong?",
            (
                "it is right for ten events ago, and may even be the same now",
                "Lag is counted in events. Whether an answer is stale depends on what those ten are about.",
            ),
            ("yes, until it has caught up", "Only if one of the ten changes what was asked for."),
            (
                "no: a read model is never wrong",
                "It may be out of date, and somebody has to decide whether that matters.",
            ),
            place=1,
        ),
        _ask(
            "Where does a new projection begin?",
            ("at position 0", "It has all of history to learn; that is what makes new questions possible."),
            (
                "at the head, like a new subscriber",
                "Then it says how things went since this morning, and takes it for everything.",
            ),
            (
                "where the old one was",
                "The old one's position says what the old one has seen. This one has seen nothing.",
            ),
            place=0,
        ),
        _ask(
            "Does CQRS need event sourcing?",
            (
                "no: two models may share one database",
                "They go well together, and neither needs the other.",
            ),
            (
                "yes: without a log there is nothing to read from",
                "A table that is brought up to date in the same transaction will do.",
            ),
            (
                "yes, and two databases",
                "It needs two models. Where they are kept is another question.",
            ),
            place=2,
        ),
    ),
}
