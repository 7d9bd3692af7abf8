"""Sort the parts of a system."""

from __future__ import annotations

from typing import Any

from eda_workshop.exercises.attempt import compare, require_words
from eda_workshop.exercises.exercise import Exercise

WORDS = ("client", "edge", "application", "data", "pipe")
RIGHT = {
    "browser": "client",
    "partner": "client",
    "service_worker": "client",
    "balancer": "edge",
    "gateway": "edge",
    "rules": "application",
    "mailer": "application",
    "postgres": "data",
    "redis_store": "data",
    "redis_channel": "pipe",
    "jetstream": "pipe",
}
_SAID = {
    "browser": "The page runs on the user's machine, and asks: it is a client.",
    "partner": "A client is whoever asks, be it a person's page or another program. The person is not meant.",
    "service_worker": "It runs in the browser: a technique of the client, and no service of yours.",
    "balancer": "A load balancer passes requests on. It is nobody's screen, and so no frontend; and it decides nothing.",
    "gateway": "A gateway stands at the edge: it checks and passes on. Frontend is what people use.",
    "rules": "What may be done, and what follows from it, is decided here.",
    "mailer": "It works when it is told to. That nobody waits for it makes it no pipe.",
    "postgres": "What must not be forgotten is kept here.",
    "redis_store": "A product is no tier: here it keeps what must not be forgotten.",
    "redis_channel": "A product is no tier: here it keeps nothing, it only carries what is said to whoever listens.",
    "jetstream": "It keeps messages in order to carry them, also to those who read later: between parts, it is a pipe that remembers.",
}
_LOOK = "Ask what each is used for here, and where it stands between the asker and the data."


def check(answer: Any) -> None:
    table = require_words(answer, RIGHT, WORDS, "Five words are possible.")
    compare(table, RIGHT, _SAID, _LOOK)


_STUB = """sort_terms = {
    "browser": ...,  # the page in Ada's browser
    "partner": ...,  # another company's program, which asks for Ada's public folders
    "service_worker": ...,  # a script in the browser that answers from a cache when offline
    "balancer": ...,  # spreads requests over four servers
    "gateway": ...,  # checks tokens, and passes requests on
    "rules": ...,  # says who may share which folder
    "mailer": ...,  # writes an e-mail for each share
    "postgres": ...,  # PostgreSQL, with accounts and folders
    "redis_store": ...,  # Redis, with shopping carts that must survive a restart
    "redis_channel": ...,  # Redis, as a channel on which services tell each other what happened
    "jetstream": ...,  # NATS JetStream, between the services and the mailer
}"""


def _filled(**changed: str) -> str:
    return f"sort_terms = {RIGHT | changed}"


SORT_TERMS = Exercise(
    id="sort_terms",
    lesson=1,
    title="What stands where?",
    minutes=3,
    task=(
        'Sort eleven parts by what they are used for: `"client"`, `"edge"`, `"application"`, `"data"`, or `"pipe"` for what carries messages.'
    ),
    stub=_STUB,
    check=check,
    hints=(
        "The product does not decide, its use does: Redis is there twice.",
        "Three are clients, two stand at the edge.",
    ),
    solutions=(_filled(),),
    wrong={
        _filled(browser="frontend"): "Five words are possible",
        _filled(balancer="client"): "A load balancer passes requests on",
        _filled(gateway="client"): "A gateway stands at the edge",
        _filled(partner="edge"): "A client is whoever asks",
        _filled(service_worker="application"): "It runs in the browser",
        _filled(redis_channel="data"): "A product is no tier",
        _filled(redis_store="pipe"): "A product is no tier",
        _filled(mailer="pipe"): "It works when it is told to",
    },
)
