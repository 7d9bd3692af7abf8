"""The quiz of lesson 04."""

from eda_workshop.exercises.asking import ask

QUESTIONS = (
    ask(
        "Which of these does the bus refuse?",
        (
            "a second handler of the mailer for user.signed_up",
            "One subscriber has at most one handler for a name, so that one owner succeeds, fails and retries.",
        ),
        (
            "a handler of the audit for user.signed_up, beside the mailer's",
            "Any number of subscribers may react, each with a handler of its own.",
        ),
        ("one function of the mailer for two names", "Each name still resolves to one handler. That is allowed."),
        place=1,
    ),
    ask(
        "user.signed_up was published twice with different ids. What is unique here?",
        (
            "each of the two occurrences, by its id",
            "A name has one meaning, an id has one occurrence, and a subscriber has one handler for a name.",
        ),
        ("the name, so the second is a twin of the first", "Two people may sign up. Twins share an id, not a name."),
        ("the data, so equal data means the same event", "Ada may create two equal folders. Only the id tells."),
        place=0,
    ),
    ask(
        "Which names does user.* stand for?",
        ("user.signed_up, but not user.profile.updated", "The star is exactly one token. user.> takes both."),
        (
            "all names whose first token is user",
            "That is user.>, which takes one token or more after it. The star takes one.",
        ),
        ("user.signed_up and user", "A star is exactly one token, never none, and user alone is no name."),
        place=0,
    ),
)
