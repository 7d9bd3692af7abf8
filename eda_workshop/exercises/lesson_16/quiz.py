"""The quiz of lesson 16."""

from eda_workshop.exercises.asking import ask

QUESTIONS = (
    ask(
        "The program is killed right after slip 8 was recorded, before the post wrote to Grace. It starts again. What happens?",
        (
            "the screen shows everything, and Grace is told once",
            "The log has slip 8. The post goes on behind what it handled last, and the screen hears all of it anew.",
        ),
        (
            "the screen is blank until the next slip comes, and Grace is not told",
            "Both have a position in the log. The post is durable and finds slip 8 behind its own; the screen begins with the first event, for its memory is gone.",
        ),
        (
            "the screen shows everything, Grace is told, and Alan is told again about Dune",
            "That was handled before, and the post's position is kept. Even if it were delivered twice: what went out is recorded, under the event that caused it.",
        ),
        place=1,
    ),
    ask(
        "Edith's card was written on 3 March and found on the 21st. Where does it stand?",
        (
            "last in the log, and first in Emma's line",
            "The log is the order of learning: nothing is put between two records. The line is folded in the order of occurrence.",
        ),
        (
            "between slip 2 and slip 3, in the log and in the line",
            "Then the log would have been changed, and what was believed on the 20th could not be asked any more.",
        ),
        (
            "last in both: whoever comes too late stands behind",
            "She didn't come too late, her card did. When it occurred and when it was recorded are two times.",
        ),
        place=0,
    ),
    ask(
        "Grace fetched Emma before the letter came. Then the letter is taken in, and settled. What is wrong now?",
        (
            "a message: it suits the past as it should have been, and not today",
            "Edith reads that Emma waits for her, and it is in Grace's bag. Some consequences no message takes back; a person has to see them.",
        ),
        (
            "the state: Grace counts as the holder, though she had no right to the book",
            "She has it: that is a fact, and no letter changes it. The right to it is another thing.",
        ),
        (
            "nothing: state and messages are as they should have been",
            "The messages are, and that is the trouble. The corrected reality is not the correct branch: the book is out.",
        ),
        place=2,
    ),
)
