"""The quiz of lesson 15."""

from eda_workshop.exercises.asking import ask

QUESTIONS = (
    ask(
        "A log is cut into eight shards by folder. Which order can a reader rely on?",
        (
            "that of the events of each folder",
            "All of a folder's events are on one shard, and a shard has one order. Between shards there is none.",
        ),
        (
            "that of all events, by their times of recording",
            "Eight clocks don't agree to the millisecond, and what came first on two machines has no answer in a time stamp.",
        ),
        (
            "none: a distributed log has no order",
            "Each shard has one, and that is why the key is chosen so that what belongs together stays together.",
        ),
        place=0,
    ),
    ask(
        "A subscriber was killed while it handled event 7. The log delivers 7 again. Why?",
        (
            "nobody outside can know whether its work was done",
            "The work and its acknowledgement are two things. Delivered again, it may be done twice; not delivered, perhaps never. The id makes “twice” harmless.",
        ),
        (
            "the log has a fault: exactly once was promised",
            "No network and no server can promise that for your work. What it can do is deliver at least once, and you tell twins apart.",
        ),
        (
            "the disk was too slow to keep the position of 7 in time",
            "It may have been on the way there. But also with the fastest disk there is a moment between the work and the position.",
        ),
        place=1,
    ),
    ask(
        "The server acknowledged an event. What does that promise?",
        (
            "what the server's settings say",
            "That it is in memory, on one disk, or on several machines. Ask the operator, and choose: what waits for more costs time at each event.",
        ),
        (
            "that it is on the disk, and outlives a power cut",
            "Only if the server is told to wait for that. Many bring what they have acknowledged to the disk some time later.",
        ),
        (
            "that the subscribers have it",
            "They take it when they can: later, or when they are back. That is what the log stands between for.",
        ),
        place=1,
    ),
)
