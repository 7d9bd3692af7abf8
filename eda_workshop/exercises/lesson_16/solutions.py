"""A way to write each part of the library. The kit's own library is made of the first ones."""

from __future__ import annotations

from typing import Any

from eda_workshop.stories.lending import Part, Parts

FROM_SLIP = """VERBS = {"borrow": "borrowed", "return": "returned", "reserve": "reserved"}


def from_slip(slip):
    return Event(
        f"book.{VERBS[slip['what']]}",
        {"title": slip["title"], "reader": slip["reader"]},
        subject=f"book/{slip['title']}",
        id=f"slip-{slip['slip']}",
        occurred=slip["when"],
    )
"""

WIRE = """def wire(bus, post, screen):
    patient = retry(10, wait=backoff(60, cap=3600))
    bus.subscriber("post", durable=True, after=0, on_error=patient).on("book.returned", post)
    bus.subscriber("screen", after=0).on("book.*", screen)
"""

WIRE_BY_NAME = """def wire(bus, post, screen):
    letters = bus.subscriber("post", durable=True, after=0, on_error="park")
    letters.on("book.returned", post)
    display = bus.subscriber("screen", after=0)
    for name in ("book.borrowed", "book.returned", "book.reserved"):
        display.on(name, screen)
    bus.redeliver("post")
"""

SHELF = """from dataclasses import replace
from datetime import timedelta


def shelf(book, event):
    reader = event.data["reader"]
    if event.name == "book.reserved":
        return replace(book, waiting=(*book.waiting, reader))
    if event.name == "book.borrowed":
        waiting = tuple(other for other in book.waiting if other != reader)
        return replace(book, holder=reader, due=event.occurred + timedelta(days=10), waiting=waiting, late=0)
    if event.name == "book.returned":
        late = max((event.occurred - book.due).days, 0) if book.due else 0
        return replace(book, holder="", due=None, late=late)
    return book
"""

ON_SCREEN = """def on_screen(events):
    lines, seen = {}, set()
    for event in events:
        if event.id in seen or not event.name.startswith("book."):
            continue
        seen.add(event.id)
        reader, line = event.data["reader"], lines.setdefault(event.data["title"], [None])
        if event.name == "book.reserved":
            line.append(reader)
        elif event.name == "book.borrowed":
            line[:] = [reader, *(other for other in line[1:] if other != reader)]
        elif event.name == "book.returned":
            line[0] = None
    rows = {}
    for title, line in lines.items():
        for place, reader in enumerate(line):
            if reader:
                rows.setdefault(reader, {})[title] = place
    return rows
"""

SUPPOSE = """def suppose(timeline):
    return timeline.branch(5).drop("slip-6").drop("slip-7").drop("slip-10")
"""

REACT = """def react(event, book, mail, fine):
    if event.name != "book.returned":
        return
    if book.late:
        fine(reader=event.data["reader"], euros=book.late)
    if book.waiting:
        mail(to=book.waiting[0], title=event.data["title"])
"""

TAKE_IN = """def take_in(history):
    card = Event(
        "book.reserved",
        {"title": "emma", "reader": "edith"},
        subject="book/emma",
        id="slip-12",
        occurred="2026-03-03T12:00:00Z",
    )
    history.correct("slip-8", occurred="2026-03-12T12:00:00Z", reason="it lay in the box").commit().settle()
    history.late(card).commit().settle()
"""

AS_BELIEVED = """def as_believed(history, subject, moment):
    thought = history.state(occurred=moment, known=moment, subject=subject)
    so = history.state(occurred=moment, subject=subject)
    return thought, so
"""


def answer(source: str, id: str) -> Part:
    """What a cell with this source defines under this name."""
    names: dict[str, Any] = {}
    exec("from eda_workshop import *", names)
    exec(compile(source, f"<{id}>", "exec"), names)
    found: Part = names[id]
    return found


def kit() -> Parts:
    """The kit's own parts."""
    return Parts(
        from_slip=answer(FROM_SLIP, "from_slip"),
        wire=answer(WIRE, "wire"),
        shelf=answer(SHELF, "shelf"),
        on_screen=answer(ON_SCREEN, "on_screen"),
        suppose=answer(SUPPOSE, "suppose"),
        react=answer(REACT, "react"),
        take_in=answer(TAKE_IN, "take_in"),
        as_believed=answer(AS_BELIEVED, "as_believed"),
    )
