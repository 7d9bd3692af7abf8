"""What a log keeps for those who read it: how far each has come, who is at work under a name, and what each could not handle."""

from __future__ import annotations

import itertools
import os
import platform
import secrets
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Literal, NamedTuple, Protocol, TypeVar

import msgspec

from eda_workshop.errors import BadLog, NameTaken, check_number

KeyKind = Literal["subscriber", "letter", "group", "worker", "parked"]


class Key(NamedTuple):
    """Where a log's store keeps a text: of what kind, under whose name, and which one if there are several."""

    kind: KeyKind
    name: str
    item: str = ""


class Letter(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a consumer could not handle, as the log's store keeps it. The event itself is in the log, at the position.

    key        what must stay in order: the event's subject
    handler    who failed with it
    attempts   how often it was tried
    due        when it is tried again; None: when somebody asks for it
    held       whether it waits only because an event before it with the same key does
    error      how the last attempt ended; "" if there was none
    discarded  why nobody needs it any more; "" while it waits
    """

    position: int
    key: str = ""
    handler: str = ""
    attempts: int = 0
    due: datetime | None = None
    held: bool = False
    error: str = ""
    traceback: str = ""
    discarded: str = ""


class _Place(msgspec.Struct, frozen=True, omit_defaults=True):
    """A consumer's record in the store. `proof` shows that a log with these events kept the position."""

    position: int = 0
    proof: str = ""
    epoch: int = 0
    holder: str = ""


_Kept = TypeVar("_Kept")
LetterKind = Literal["letter", "parked"]
"""Whose letters: a durable subscriber's, or those that a group has parked."""


class Store(Protocol):
    """What the parts of this module need of a log; see `EventLog` for what each does."""

    url: str

    @property
    def head(self) -> int: ...
    @property
    def closed(self) -> bool: ...
    def get_state(self, key: Key) -> tuple[str, int]: ...
    def put_state(self, key: Key, text: str, revision: int) -> int: ...
    def states(self, kind: str, name: str | None = None) -> Mapping[Key, str]: ...
    def proof(self, subscriber: str, position: int) -> str: ...
    def hold(self, key: Key, holder: str, new: str) -> bool: ...
    def let_go(self, key: Key, holder: str) -> None: ...


# --- who is at work under a name ----------------------------------------------------------------

_numbers = itertools.count(1)


def new_holder() -> str:
    """A name for one more consumer of this process, which says where it runs."""
    return f"process {os.getpid()} on {platform.node() or 'this machine'}, {_secret()}.{next(_numbers)}"


def is_here(holder: str) -> bool:
    """Whether a consumer of this process has this name."""
    return holder.rpartition(", ")[2].startswith(f"{_secret()}.")


def _secret() -> str:
    """What no other process has; a child that was forked from this one is another."""
    process = os.getpid()
    if process not in _secrets:
        _secrets[process] = secrets.token_hex(8)
    return _secrets[process]


_secrets: dict[int, str] = {}


class Claim:
    """The right to work under a name. It ends with `release`, with the process, or when a newer claim takes over.

    Each claim of a name has the next epoch, and all that it writes is checked against the store: the older of two is
    refused. Within a process the newer takes over. While another process that lives has the name, `NameTaken`.

    first  the place of a name that nobody has had yet
    """

    def __init__(self, store: Store, key: Key, who: str, first: _Place | None = None) -> None:
        self._store, self._key, self._who = store, key, who
        self.holder = new_holder()
        while True:
            text, revision = store.get_state(key)
            before = _place(store, key, text, first)
            if not store.hold(key, before.holder, self.holder):
                raise NameTaken(who, _where(before.holder))
            self.place = msgspec.structs.replace(before, epoch=before.epoch + 1, holder=self.holder)
            try:
                self._revision = store.put_state(key, _encode(self.place), revision)
            except BaseException:
                store.let_go(key, self.holder)
                raise
            if self._revision:
                return

    @property
    def epoch(self) -> int:
        """Which claim of this name it is, from 1."""
        return self.place.epoch

    def check(self) -> None:
        """Raise `NameTaken` if a newer claim took over."""
        text, revision = self._store.get_state(self._key)
        if revision == self._revision:
            return
        place = _place(self._store, self._key, text)
        if place.holder != self.holder:
            raise NameTaken(self._who, "a newer one of that name", is_newer=True)
        # An interruption came between a write and what is noted of it here.
        self._revision, self.place = revision, place

    def move(self, position: int, proof: str) -> None:
        """Keep a position; raises `NameTaken` if a newer claim took over."""
        self._write(msgspec.structs.replace(self.place, position=position, proof=proof))

    def release(self) -> None:
        """Give the name back. What took over meanwhile keeps it."""
        revision, self._revision = self._revision, 0
        if revision and not self._store.closed:
            self._store.put_state(self._key, _encode(msgspec.structs.replace(self.place, holder="")), revision)
            self._store.let_go(self._key, self.holder)

    def _write(self, place: _Place) -> None:
        while not (revision := self._store.put_state(self._key, _encode(place), self._revision)):
            self.check()
        self._revision, self.place = revision, place


def _where(holder: str) -> str:
    """What a person can find: the holder without what only programs need."""
    return holder.rpartition(", ")[0] or "another program"


def _place(store: Store, key: Key, text: str, first: _Place | None = None) -> _Place:
    return decoded(store, key, text, _Place) if text else first or _Place()


def decoded(store: Store, key: Key, text: str, kind: type[_Kept]) -> _Kept:
    """What a text of the store says. Raises `BadLog` for one that is damaged."""
    try:
        return msgspec.json.decode(text, type=kind)
    except (msgspec.DecodeError, ValueError) as error:
        problem = f"is damaged where it keeps the {key.kind} {key.name!r} ({error})"
        raise BadLog(store.url, problem, "Somebody changed it; restore the log from a copy.") from None


def _encode(value: _Place | Letter) -> str:
    return msgspec.json.encode(value).decode()


# --- durable subscribers ------------------------------------------------------------------------


class Consumer:
    """A durable subscriber's place in a log: its position, which only goes forward, and the letters it left behind.

    Made by `EventLog.consumer`. One program at a time has it, see `Claim`.

    >>> log = open_log("memory://")
    >>> _ = log.append(Event("user.signed_up"))
    >>> mailer = log.consumer("mailer", after=0)
    >>> mailer.move(1); mailer.position, log.position_of("mailer")
    (1, 1)
    """

    def __init__(self, store: Store, name: str, after: int) -> None:
        self.name = name
        self._store = store
        position_of(store, name)  # one of another log is refused
        # Name and position are one write: a crash between two would leave a position that was never meant.
        first = _Place(after, store.proof(name, after))
        self._claim = Claim(store, Key("subscriber", name), f"Subscriber {name!r}", first)

    @property
    def position(self) -> int:
        """All events up to here are handled, or have left a letter."""
        return self._claim.place.position

    @property
    def epoch(self) -> int:
        """How often the name was claimed, this time included."""
        return self._claim.epoch

    def move(self, position: int) -> None:
        """Go forward to a position. Raises `NameTaken` if a newer consumer of the name took over."""
        if position > self.position:
            self._claim.move(position, self._store.proof(self.name, position))

    def letters(self) -> list[Letter]:
        """What it could not handle, in the order of positions, and what was discarded of that."""
        return letters_of(self._store, "letter", self.name)

    def keep(self, letter: Letter) -> None:
        """Keep a letter, in place of one for the same position."""
        self._claim.check()
        keep_letter(self._store, "letter", self.name, letter)

    def drop(self, position: int) -> None:
        """The letter for this position was handled."""
        self._claim.check()
        drop_letter(self._store, "letter", self.name, position)

    def release(self) -> None:
        """Free the name for another program; the position and the letters stay."""
        self._claim.release()


def position_of(store: Store, subscriber: str) -> int | None:
    """How far a durable subscriber has come, None if it was never here. Raises `BadLog` for a position of another log."""
    key = Key("subscriber", subscriber)
    text, _ = store.get_state(key)
    return _proven(store, subscriber, _place(store, key, text)) if text else None


def positions(store: Store) -> dict[str, int]:
    """How far each durable subscriber has come, in the order of their names."""
    kept = sorted(store.states("subscriber").items())
    return {key.name: _proven(store, key.name, _place(store, key, text)) for key, text in kept}


def keep_position(store: Store, subscriber: str, position: int) -> None:
    """Keep a position, as whoever has the name from now on; one behind what is kept changes nothing."""
    position = check_number("position", position, 0, store.head)
    consumer = Consumer(store, subscriber, after=position)
    consumer.move(position)
    consumer.release()


def delete_subscriber(store: Store, name: str) -> bool:
    """Forget a durable subscriber, its position and its letters; False if there is none. Raises `NameTaken`."""
    return _delete(store, Key("subscriber", name), f"Subscriber {name!r}", "letter")


def delete_group(store: Store, name: str) -> bool:
    """Forget a group, what its workers have and what it parked; False if there is none. Raises `NameTaken`."""
    for worker in store.states("worker", name):
        _delete(store, worker, worker_name(name, worker.item))
    is_there = bool(store.get_state(Key("group", name))[0])
    _clear(store, Key("group", name))
    _clear_all(store, "parked", name)
    return is_there


def _delete(store: Store, key: Key, who: str, letters: LetterKind | None = None) -> bool:
    if not store.get_state(key)[0]:
        return False
    claim = Claim(store, key, who)
    if letters:
        _clear_all(store, letters, key.name)
    _clear(store, key)
    store.let_go(key, claim.holder)
    return True


def _clear_all(store: Store, kind: LetterKind, name: str) -> None:
    for key in store.states(kind, name):
        _clear(store, key)


def _clear(store: Store, key: Key) -> None:
    while True:
        text, revision = store.get_state(key)
        if not text or store.put_state(key, "", revision):
            return


def worker_name(group: str, worker: str) -> str:
    """How an error calls a worker of a group."""
    return f"Worker {worker!r} of the group {group!r}"


def _proven(store: Store, subscriber: str, place: _Place) -> int:
    if place.position > store.head or place.proof != store.proof(subscriber, place.position):
        problem = f"holds a position of the subscriber {subscriber!r} that it never kept: it was changed, made again, or lost its end"
        remedy = f"Restore the log from a copy, or begin again: log.delete_subscriber({subscriber!r})."
        raise BadLog(store.url, problem, remedy)
    return place.position


# --- letters ------------------------------------------------------------------------------------


def letters_of(store: Store, kind: LetterKind, name: str) -> list[Letter]:
    """The letters of a subscriber ("letter") or a group ("parked"), in the order of positions."""
    letters = (decoded(store, key, text, Letter) for key, text in store.states(kind, name).items())
    return sorted(letters, key=lambda letter: letter.position)


def all_letters(store: Store) -> Iterator[tuple[str, Letter]]:
    """The letters of all subscribers, each with the subscriber's name, in the order of names and positions."""
    for name in sorted({key.name for key in store.states("letter")}):
        for letter in letters_of(store, "letter", name):
            yield name, letter


def keep_letter(store: Store, kind: LetterKind, name: str, letter: Letter) -> None:
    """Keep a letter, in place of one for the same position."""
    key = Key(kind, name, str(letter.position))
    while not store.put_state(key, _encode(letter), store.get_state(key)[1]):
        pass


def drop_letter(store: Store, kind: LetterKind, name: str, position: int) -> None:
    """Take the letter for a position out, if there is one."""
    _clear(store, Key(kind, name, str(position)))
