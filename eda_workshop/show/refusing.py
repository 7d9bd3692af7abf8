"""The scene of "can you say no?": one message, whoever was to get it, and what each of them did."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Literal

from eda_workshop.show import palette, svg
from eda_workshop.show.blocks import gauge
from eda_workshop.show.lanes import Disc, disc
from eda_workshop.show.picture import Picture

Way = Literal["command", "event", "query"]
Mark = Literal["done", "refused", "shut out", "idle"]

MOST = 3
_CALLS: dict[Way, str] = {"command": "bus.send", "event": "bus.publish", "query": "a call"}
_SIGNS: dict[Mark, str] = {"done": "✓", "refused": "✗", "shut out": "✗", "idle": "–"}
_EDGES: dict[Mark, str] = {
    "done": palette.SUBSCRIBER,
    "refused": palette.LOST,
    "shut out": palette.LOST,
    "idle": palette.EDGE,
}

_VERDICTS: dict[tuple[Way, Way], str] = {
    ("command", "command"): "A request, sent as one: exactly one may do it, and that one may say no.",
    (
        "command",
        "event",
    ): "An order dressed up as news: nobody need hear it, whoever does may carry it out, and no answer comes.",
    ("command", "query"): "It was asked like a question, but it is there to change something.",
    ("event", "command"): "It has happened: to say no makes it no less true, and only one may hear of it.",
    ("event", "event"): "News: it is true whoever hears it, and whatever they do.",
    ("event", "query"): "Whoever has to ask hears of it only when asking.",
    ("query", "command"): "It wants an answer and changes nothing: a plain call would do.",
    ("query", "event"): "A question put to everybody: they may answer, and nobody gets the answer.",
    ("query", "query"): "A question: the answer is all that comes of it, and it may be asked again.",
}
"""(what it means, how it was sent) → what that comes to."""


@dataclass(frozen=True)
class Taker:
    """Somebody who was to get the message: the name, what became of it there, and how that looks."""

    name: str
    did: str
    mark: Mark


@dataclass(frozen=True)
class RefusingState:
    """One message, sent one way.

    name      what the message is called
    means     what it really is
    wants     what its sender expects
    way       how it was sent
    takers    who was there
    errors    how many errors the sender got
    refusals  how many receivers said no
    reactions how many receivers did something
    answers   how many answers came back to the sender
    facts     the names in the log afterwards
    said      the library's own words, "" if it had no objection
    """

    name: str
    means: Way
    wants: str
    way: Way
    takers: tuple[Taker, ...]
    errors: int
    refusals: int
    reactions: int
    answers: int
    facts: tuple[str, ...]
    said: str = ""

    @property
    def verdict(self) -> str:
        """What it comes to, to send such a message in this way."""
        return _VERDICTS[self.means, self.way]


def draw_refusing(state: RefusingState) -> Picture:
    """The sender and the log on the left, the receivers on the right, the counts below, with their sentence."""
    parts = [_sender(state), _log(state.facts)]
    for index in range(MOST):
        taker = state.takers[index] if index < len(state.takers) else None
        parts.append(_slot(taker, 24 + 70 * index))
        reached = taker is not None and taker.mark in ("done", "refused")
        parts.append(_arrow(54 + 70 * index, reached=reached) if taker else "")
    parts.append(svg.text(436, 46, _CALLS[state.way], size=12, anchor="middle", family=palette.MONO, halo=True))
    parts.append(_said(state.said))
    for index, (name, words, count, color) in enumerate(
        (
            ("errors", "for the sender", state.errors, palette.LOST),
            ("refusals", "said no", state.refusals, palette.MUTED),
            ("reactions", "did something", state.reactions, palette.SUBSCRIBER),
        )
    ):
        y = 282 + 40 * index
        parts.append(gauge(y, name, words, count, MOST, color=color, right=780))
        parts.append(svg.text(800, y + 21, str(count), size=18, weight="700"))
    return Picture("".join(parts), 404, _sentence(state))


def _sender(state: RefusingState) -> str:
    box = svg.rect(24, 24, 320, 112, rx=8, fill="none", stroke=palette.PUBLISHER, stroke_width=2)
    lines = [
        svg.text(40, 48, f"sender, {_article(state.way)}", size=12, color=palette.MUTED),
        svg.text(40, 76, state.name, size=18, weight="700", family=palette.MONO, width=288),
        svg.text(40, 100, state.wants, size=12.5, width=296),
        svg.text(40, 122, f"answers that came back: {state.answers}", size=12, color=palette.MUTED),
    ]
    return svg.group(box, *lines, title=f"{state.name}: {state.wants}")


def _article(way: Way) -> str:
    return {"command": "sends a command", "event": "publishes an event", "query": "asks a question"}[way]


def _log(facts: tuple[str, ...]) -> str:
    parts = [
        svg.rect(24, 148, 320, 80, rx=8, fill=palette.LOG, opacity=0.25),
        svg.text(40, 168, "log: what has happened" if facts else "log: nothing has happened", size=12, weight="600"),
    ]
    for index, name in enumerate(facts):
        x, y = 52 + 150 * (index % 2), 188 + 25 * (index // 2)
        parts.append(disc(x, y, Disc(0, index + 1)))
        parts.append(svg.text(x + 16, y + 4, name, size=11.5, width=128))
    return "".join(parts)


def _slot(taker: Taker | None, y: float) -> str:
    if taker is None:
        empty = svg.rect(528, y, 328, 60, rx=8, fill="none", stroke=palette.FAINT, stroke_dasharray="3 4")
        return empty + svg.text(544, y + 35, "nobody", size=12, color=palette.MUTED)
    edge = _EDGES[taker.mark]
    dashes = "5 3" if edge == palette.LOST else None
    box = svg.rect(528, y, 328, 60, rx=8, fill="none", stroke=edge, stroke_width=2, stroke_dasharray=dashes)
    name = svg.drop(548, y + 24, palette.SUBSCRIBER) + svg.text(564, y + 28, taker.name, weight="600")
    did = svg.text(564, y + 47, f"{_SIGNS[taker.mark]} {taker.did}", size=12.5, width=284)
    return svg.group(box, name, did, title=f"{taker.name}: {taker.did}")


def _arrow(y: float, *, reached: bool) -> str:
    color = palette.EVENT if reached else palette.EDGE
    path = svg.element(
        "path",
        d=f"M346 80 C430 80 430 {y:g} 512 {y:g}",
        fill="none",
        stroke=color,
        stroke_width=2.5 if reached else 1.5,
        stroke_dasharray=None if reached else "3 4",
    )
    head = svg.element("path", d=f"M512 {y - 6:g} l12 6 l-12 6 z", fill=color) if reached else ""
    return path + head


def _said(words: str) -> str:
    if not words:
        return svg.text(24, 256, "The library has no objection.", size=12.5, color=palette.MUTED)
    cross = svg.text(24, 256, "✗", size=13, color=palette.WRONG, weight="700")
    return cross + svg.text(42, 256, words, size=12.5, width=814, weight="600")


def _sentence(state: RefusingState) -> str:
    there = _count(len(state.takers), "receiver")
    counts = f"**{_count(state.errors, 'error')}, {_count(state.reactions, 'reaction')}**, {_count(state.refusals, 'refusal')}"
    way = "an event" if state.way == "event" else f"a {state.way}"
    held = [name if count == 1 else f"{count}× {name}" for name, count in Counter(state.facts).items()]
    facts = f"The log holds {', '.join(held)}." if held else "The log is empty."
    return f"{state.name} as {way} to {there}: {counts}. {facts} {state.verdict}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
