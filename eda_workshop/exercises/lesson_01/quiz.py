"""The quiz of lesson 01."""

from eda_workshop.exercises.asking import ask

QUESTIONS = (
    ask(
        "A team has a three-tier system. Is it a monolith?",
        (
            "that can't be told from the tiers",
            "Tiers say on how many kinds of machines it runs, a monolith is what is deployed as one. Both may be true.",
        ),
        (
            "no: three tiers are the opposite of a monolith",
            "Its middle tier may well be one unit: the most common monolith there is.",
        ),
        ("yes: whatever has tiers is one", "Ten services may share the middle tier, each deployed alone."),
        place=0,
    ),
    ask(
        "A monolith is split into services that each wait for the next. What happens to its availability?",
        ("it gets worse: all must be up at once", "Shares of time are multiplied, and a network comes on top."),
        (
            "it gets better: one of them can fail while the others go on",
            "One can fail, and then all who wait for it fail with it. Those who go on are those who don't wait.",
        ),
        ("nothing: the code is the same", "The code is, but it now runs in parts that fall one by one."),
        place=1,
    ),
    ask(
        "In a system of independent services one is down. Who is not affected?",
        (
            "those who need it neither directly nor through others",
            "That is the whole promise of independence, and it is a good one.",
        ),
        (
            "everybody else: each service is deployed alone",
            "Independent of deployment is not independent of answers: who asks it gets none.",
        ),
        ("nobody: in the end everything is connected", "Connected, yes. But whoever waits for nobody goes on."),
        place=2,
    ),
)
