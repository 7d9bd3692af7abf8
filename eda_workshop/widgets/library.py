"""The lending library: March at the desk, a letter, and the plug, with parts that a team wrote."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import ipywidgets

from eda_workshop.errors import BadSetting
from eda_workshop.event import Event
from eda_workshop.show.library import BookLane, LibraryState, Spell, draw_library
from eda_workshop.show.month import Look, Mark
from eda_workshop.show.picture import Picture
from eda_workshop.stories.lending import Library, Parts, library_log
from eda_workshop.stories.library import BORROWED, LETTER_DAY, LOAN, NAMES, RETURNED, SLIPS, Book, day
from eda_workshop.widgets.instrument import Frame, Instrument, button

SLIP, LETTER, PLUG, REBUILD, APRIL = "slip", "letter", "plug", "rebuild", "april"
TITLES = ("emma", "dune")


def run(parts: Parts, steps: Iterable[str]) -> Library:
    """Live through these steps, from an empty log on."""
    library, slips = Library(parts, library_log()), iter(SLIPS)
    for step in steps:
        if step == SLIP:
            library.take(next(slips))
        elif step == LETTER:
            library.until(day(LETTER_DAY))
            library.letter()
        elif step == PLUG:
            library = Library(parts, library.log, library.world)
        elif step == REBUILD:
            library.rebuild_screen()
        elif step == APRIL:
            library.open_box(36)
    return library


class LendingLibrary(Instrument):
    """March at the desk of a library that is made of these parts; slip by slip, with a letter, and a plug to pull.

    >>> from eda_workshop.exercises.lesson_16.hand_in import hand_in
    >>> LendingLibrary(hand_in({}).parts).slips(8)
    18 March: 8 slips, 0 refused, 11 records in the log. Emma: in, grace and cy wait. Dune: alan has it. 2 messages went out, 1 waits, and the screen shows what counts.
    """

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.settings: tuple[str, ...] = ()
        super().__init__()

    def frame(self) -> Frame:
        library = run(self.parts, self.settings)
        state = _look(library, self.settings)
        numbers = {"records": library.log.head, "received": list(library.world.received), "screen": library.screen}
        return Frame(draw_library(state), numbers)

    def slips(self, count: int = 1) -> Picture:
        """So many more slips come to the desk."""
        return self._do(lambda: self._slips(count))

    def letter(self) -> Picture:
        """Ada's letter is taken in."""
        return self._do(lambda: self._add(LETTER))

    def pull_the_plug(self) -> Picture:
        """All that is in memory is gone; the program starts again over the same log."""
        return self._do(lambda: self._add(PLUG))

    def rebuild(self) -> Picture:
        """The screen is made anew, from what counts."""
        return self._do(lambda: self._add(REBUILD))

    def april(self) -> Picture:
        """The fifth of April: what is due goes out."""
        return self._do(lambda: self._add(APRIL))

    def reset(self) -> Picture:
        """Back to the first of March."""
        return self._do(self._forget)

    def _controls(self) -> list[list[ipywidgets.Widget]]:
        left = len(SLIPS) - 1
        return [
            [
                button("Next slip", self.slips),
                button(f"Slips up to {left}", lambda: self.slips(max(left - self.settings.count(SLIP), 1))),
                button("Take the letter in", self.letter),
                button("Pull the plug", self.pull_the_plug),
                button("Rebuild the screen", self.rebuild),
                button("Let April come", self.april),
                button("Start over", self.reset),
            ]
        ]

    def _slips(self, count: int) -> None:
        most = len(SLIPS) - self.settings.count(SLIP)
        if not most:
            raise BadSetting("slips", count, "nothing: all slips are typed in. Start over for another March")
        if not isinstance(count, int) or isinstance(count, bool) or not 1 <= count <= most:
            raise BadSetting("slips", count, f"a whole number from 1 to {most}: so many are left")
        self._add(*[SLIP] * count)

    def _add(self, *steps: str) -> None:
        self.settings = (*self.settings, *steps)

    def _forget(self) -> None:
        self.settings = ()


# --- the picture --------------------------------------------------------------------------------


def _look(library: Library, steps: tuple[str, ...]) -> LibraryState:
    now = library.log.clock.now()
    counting = [event for event in library.log.effective() if event.name in NAMES]
    agrees = library.screen == library.parts.on_screen(counting)
    lanes = tuple(_lane(library, title, counting, now) for title in TITLES)
    waiting = [
        f"{message.gateway}: {message.content['reader']} {message.content['euros']} €, {due[8:10].lstrip('0')} {_month(due)}"
        for (_, message), (due, _) in zip(
            library.gateways.recording.waiting(), library.gateways.recording.buffer.values(), strict=True
        )
    ]
    told = tuple(_words(what, content) for what, content in library.world.received)
    rows = tuple(f"{reader}: {_places(places)}" for reader, places in _in_line(library.screen))
    sentence = _sentence(library, steps, lanes, len(told), len(waiting), agrees=agrees)
    return LibraryState(lanes, _day(now), told, tuple(waiting), rows, agrees, sentence)


def _lane(library: Library, title: str, counting: list[Any], now: datetime) -> BookLane:
    own = [event for event in counting if event.subject == f"book/{title}"]
    marks: list[Mark] = []
    for event in own:
        recorded = library.log.find(event.id)
        moved = recorded is not None and recorded.occurred != event.occurred
        look: Look = "changed" if moved else "event"
        marks.append(Mark(_day(event.occurred), _number(event), look, f"{event.name}, {event.data['reader']}"))
        if moved and recorded is not None:
            marks.append(Mark(_day(recorded.occurred), _number(event), "gone", "recorded here, and corrected"))
    book = library.history.state(subject=f"book/{title}")
    return BookLane(title.capitalize(), _state(book, own), tuple(marks), tuple(_spells(own, now)))


def _spells(events: list[Any], now: datetime) -> Iterable[Spell]:
    """Who had the book from when to when; a reader who brings it back brings back the own one."""
    out: dict[str, Event] = {}
    for event in events:
        reader = event.data["reader"]
        if event.name == BORROWED:
            out[reader] = event
        elif event.name == RETURNED and reader in out:
            yield _spell(out.pop(reader), event.occurred)
    for event in out.values():
        yield _spell(event, now)


def _spell(borrowed: Event, end: datetime) -> Spell:
    start = borrowed.occurred
    return Spell(borrowed.data["reader"], _day(start), _day(end), _day(start + LOAN))


def _state(book: Book, events: list[Any]) -> str:
    waiting = f"; {_and(book.waiting)} wait{'s' * (len(book.waiting) == 1)}" if book.waiting else ""
    out = len([e for e in events if e.name == BORROWED]) - len([e for e in events if e.name == RETURNED])
    if out > 1:
        return f"{out} readers have it ✗{waiting}"
    return (f"{book.holder} has it" if book.holder else "in") + waiting


def _sentence(
    library: Library, steps: tuple[str, ...], lanes: tuple[BookLane, ...], told: int, waiting: int, *, agrees: bool
) -> str:
    now, refused = library.log.clock.now(), len(library.world.refused)
    slips, plugs = steps.count(SLIP), steps.count(PLUG)
    head = f"{now.day} {now:%B}: {slips} slip{'s' * (slips != 1)}, {refused} refused"
    head += ", the letter taken in" if LETTER in steps else ""
    head += f", the plug pulled {plugs} time{'s' * (plugs != 1)}" if plugs else ""
    books = " ".join(f"{lane.title}: {lane.state.replace('; ', ', ')}." for lane in lanes)
    out = f"**{told}** message{'s' * (told != 1)} went out, {waiting} wait{'s' * (waiting == 1)}"
    shows = "shows what counts" if agrees else "doesn't show what counts"
    return f"{head}, {library.log.head} records in the log. {books} {out}, and the screen {shows}.{_failed(library)}"


def _failed(library: Library) -> str:
    """What waits to be tried again, in a sentence for each."""
    letters = library.bus.dead_letters
    return "".join(
        f" The {each.subscriber} failed with {each.event.id} ({each.reason}), and tries again later."
        for each in letters
    )


def _words(what: str, content: dict[str, Any]) -> str:
    if "euros" in content:
        return f"{what}: {content['reader']} {content['euros']} €"
    told = f"{what} to {content['to']}"
    return f"{told}: {content['title']} waits for you" if what == "mail" else f"{told} about {content['title']}"


def _places(places: dict[str, int]) -> str:
    return ", ".join(f"{title} {'here' if place == 0 else f'place {place}'}" for title, place in places.items())


def _in_line(screen: dict[str, dict[str, int]]) -> list[tuple[str, dict[str, int]]]:
    """The rows by their first title, and by their place in its line."""
    return sorted(screen.items(), key=lambda row: (min(row[1].items()), row[0]))


def _and(names: tuple[str, ...]) -> str:
    return " and ".join(", ".join(names).rsplit(", ", 1))


def _day(moment: datetime) -> float:
    return (moment - day(1)).total_seconds() / 86_400 + 1


def _number(event: Event) -> int:
    digits = "".join(filter(str.isdigit, event.id))
    return int(digits[-3:] or 0)


def _month(due: str) -> str:
    return datetime.fromisoformat(due).strftime("%B")
