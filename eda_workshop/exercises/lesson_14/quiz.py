"""The quiz of lesson 14."""

from eda_workshop.exercises.asking import ask

QUESTIONS = (
    ask(
        "“A fact can't be retracted.” And yet an event can be rejected. How do both hold?",
        (
            "the rejection is one more fact, which changes how the older one is read",
            "Nothing leaves the log. There is one record more, and from now on the old one counts no more.",
        ),
        (
            "the record is deleted, and the hashes after it are made anew",
            "Then nobody could say any more why something was done. That it was believed is a fact, too.",
        ),
        (
            "the record gets a mark that says: void",
            "A record is never changed. Whoever has read it would not learn of the mark.",
        ),
        place=2,
    ),
    ask(
        "Event 40 of 100 turns out to be wrong; there are snapshots at 30 and at 60. How does a rewind go?",
        (
            "from the state of 100: undo 100, then 99, and so on down to 40; then forward",
            "The newest first, since each undo leads to the state right before its event. The snapshot at 60 is stale.",
        ),
        (
            "from the state of 100: undo 40, then 41, and so on up to 100; then forward",
            "An undo brings back what was before its own event. Undone first, 40 takes 41 to 100 along, and the next undo brings them back.",
        ),
        (
            "from the snapshot at 60, the nearest one: undo 60 down to 40; then forward",
            "The snapshot at 60 has the wrong event in it. It is stale, and can't be where anything begins.",
        ),
        place=1,
    ),
    ask(
        "A correction was committed and settled. Is the corrected reality what it would be, had all been right at once?",
        (
            "inside, as a rule; outside, not always",
            "What was told to the world may need a person to put it right, or can't be put right at all.",
        ),
        (
            "yes: the same events count, so it is the same state",
            "Inside, yes. But letters have been read and parcels opened, and no replay reaches those.",
        ),
        (
            "no, never: the wrong events are still in the log",
            "They are in it, and don't count. The state is most often the same.",
        ),
        place=2,
    ),
)
