"""Events of the library, made by hand."""

from __future__ import annotations

from eda_workshop.event import Event
from eda_workshop.stories.library import day


def fact(number: int, name: str, reader: str, title: str = "emma", date: int = 0) -> Event:
    """An event of the library, on a day of March."""
    data = {"title": title, "reader": reader}
    return Event(name, data, subject=f"book/{title}", id=f"slip-{number}", occurred=day(date or number))
