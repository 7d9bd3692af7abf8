"""Snapshots: states that spare the events before them; in memory they share what did not change, in files they last."""

from __future__ import annotations

import hashlib
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from eda_workshop.errors import BadFile, BadSnapshot
from eda_workshop.files import whole_file
from eda_workshop.log import EventLog
from eda_workshop.replay.fold import ABSENT, Values
from eda_workshop.replay.freeze import freeze_state
from eda_workshop.replay.model import Model, fingerprint
from eda_workshop.values import same

EVERY = 1_000
"""Events between two snapshots, unless the caller chose."""

_MARK = b"eda_workshop snapshot 1\n"


# --- in memory ----------------------------------------------------------------------------------


class SnapshotStore:
    """Every value that a key had at a snapshot, once for each time it changed.

    A snapshot adds the values that changed since the one before; those that did not are shared.
    """

    def __init__(self) -> None:
        self.positions: list[int] = []
        self._by_key: dict[str, tuple[array[int], list[Any]]] = {}

    def take(self, position: int, changed: Iterable[tuple[str, Any]]) -> None:
        """Take a snapshot at a position after all others, of the values that changed since the last.

        What an interruption left half done is done again.
        """
        for key, value in changed:
            versions = self._by_key.get(key)
            if versions is None:
                self._by_key[key] = (array("q", (position,)), [value])
            elif versions[0][-1] < position:
                del versions[1][len(versions[0]) :]
                versions[1].append(value)
                versions[0].append(position)
        self.positions.append(position)

    def drop_after(self, position: int) -> None:
        """Forget the snapshots after a position."""
        del self.positions[bisect_right(self.positions, position) :]
        for key, (positions, values) in list(self._by_key.items()):
            count = bisect_right(positions, position)
            if count == 0:
                del self._by_key[key]
            del positions[count:], values[count:]

    def drop_last(self) -> dict[str, Any] | None:
        """Forget the last snapshot; return the values that had changed for it, None if there is none."""
        if not self.positions:
            return None
        last, changed = self.last, dict[str, Any]()
        for key, (positions, values) in self._by_key.items():
            if positions[-1] == last:
                changed[key] = values[len(positions) - 1]
        self.drop_after(last - 1)
        return changed

    @property
    def last(self) -> int:
        """The position of the last snapshot; 0 if there is none."""
        return self.positions[-1] if self.positions else 0

    def before(self, position: int) -> int:
        """The position of the last snapshot at or before this one; 0, where nothing has happened yet, if none is."""
        index = bisect_right(self.positions, position)
        return self.positions[index - 1] if index else 0

    def get(self, key: str, position: int, default: Any) -> Any:
        """The key's value at a snapshot."""
        versions = self._by_key.get(key)
        if versions is None:
            return default
        index = bisect_right(versions[0], position)
        return versions[1][index - 1] if index else default

    def keys(self, position: int) -> Iterator[str]:
        """The keys that had a value at a snapshot, in the order of their first one."""
        return (key for key, (positions, _) in self._by_key.items() if positions[0] <= position)


class Overlay(dict[str, Any]):
    """Values that changed since a snapshot, over those that did not. Once a `KeyedState` shows it, it stays as it is."""

    __slots__ = ("position", "store")

    def __init__(self, store: SnapshotStore, position: int, values: Mapping[str, Any] = {}) -> None:
        super().__init__(values)
        self.store = store
        self.position = position

    def get(self, key: str, default: Any = None) -> Any:
        """The value now, or else the snapshot's."""
        value = super().get(key, ABSENT)
        return self.store.get(key, self.position, default) if value is ABSENT else value

    def copy(self) -> Overlay:
        """Another overlay over the same snapshot, to go on with."""
        return Overlay(self.store, self.position, self)


class KeyedState(Mapping[str, Any]):
    """The state of a keyed model at one position: a mapping from key to value that never changes.

    It shares with other positions what they have in common, so it costs little, however many keys there are.
    """

    def __init__(self, overlay: Overlay) -> None:
        self._overlay = overlay

    def __getitem__(self, key: str) -> Any:
        value = self._overlay.get(key, ABSENT)
        if value is ABSENT:
            raise KeyError(key)
        return value

    def __iter__(self) -> Iterator[str]:
        overlay = self._overlay
        yield from overlay.store.keys(overlay.position)
        yield from self._added()

    def __len__(self) -> int:
        overlay = self._overlay
        return sum(1 for _ in overlay.store.keys(overlay.position)) + sum(1 for _ in self._added())

    def __eq__(self, other: object) -> bool:
        return dict(self) == dict(other) if isinstance(other, Mapping) else NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return repr(dict(self))

    def _added(self) -> Iterator[str]:
        """The keys that the snapshot below does not have."""
        overlay = self._overlay
        return (key for key in overlay if overlay.store.get(key, overlay.position, ABSENT) is ABSENT)


# --- in a file ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Snapshot:
    """A state that was read from a file, or why it was not used.

    position   the state is the one after the events up to here; 0 if there is none
    values     by key; None if there is none
    discarded  why the file was not used, in words; "" if it was, or if there is no file
    """

    position: int
    values: Values | None
    discarded: str = ""


class _Stored(msgspec.Struct, array_like=True):
    """What a file holds behind its checksum."""

    model: str
    fingerprint: str
    position: int
    hash: str
    values: bytes


def write_snapshot(path: Path, log: EventLog, model: type[Model], position: int, values: Values) -> None:
    """Write the state at a position to a file, whole or not at all.

    Raises `BadSnapshot` for a state that would not come back the same, `BadFile` if the file can't be written.
    """
    packed = _pack(model, values)
    stored = _Stored(model.__name__, fingerprint(model), position, _hash_at(log, position), packed)
    body = msgspec.msgpack.encode(stored)
    try:
        with whole_file(path) as file:
            file.write(_MARK + hashlib.sha256(body).digest() + body)
    except OSError as error:
        raise BadFile(str(path), f"can't be written ({error.strerror})", "The log is unharmed without it.") from error


def read_snapshot(path: Path, log: EventLog, model: type[Model]) -> Snapshot:
    """The state in a file, if it belongs to this log and this model; a file that doesn't is only told of."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return Snapshot(0, None)
    except OSError as error:
        return Snapshot(0, None, f"it can't be read ({error.strerror})")
    stored = _open(content)
    if stored is None:
        return Snapshot(0, None, "it is torn or damaged")
    if stored.model != model.__name__:
        return Snapshot(0, None, f"it is of the model {stored.model}")
    if stored.fingerprint != fingerprint(model):
        return Snapshot(0, None, "the model has changed since")
    if stored.position > log.head:
        return Snapshot(0, None, f"it is of position {stored.position}, and this log ends at {log.head}")
    if stored.hash != _hash_at(log, stored.position):
        return Snapshot(0, None, f"it is of another log, with another event at position {stored.position}")
    try:
        return Snapshot(stored.position, _unpack(model, stored.values))
    except Exception as error:
        return Snapshot(0, None, f"its values no longer fit the model ({error})")


def _open(content: bytes) -> _Stored | None:
    start = len(_MARK) + hashlib.sha256().digest_size
    digest, body = content[len(_MARK) : start], content[start:]
    if not content.startswith(_MARK) or hashlib.sha256(body).digest() != digest:
        return None
    return msgspec.msgpack.decode(body, type=_Stored)


def _hash_at(log: EventLog, position: int) -> str:
    return next(log.read(position - 1, position, raw=True)).hash if position else ""


def _pack(model: type[Model], values: Values) -> bytes:
    given = dict(values)
    try:
        packed = msgspec.msgpack.encode(given)
        is_back = same(_unpack(model, packed), given, exactly=True)
    except Exception as error:
        raise BadSnapshot(model.__name__, str(error)) from error
    if not is_back:
        raise BadSnapshot(model.__name__, "it would not come back the same")
    return packed


def _unpack(model: type[Model], packed: bytes) -> Values:
    kind: Any = type(model.initial)
    if model.initial is None or issubclass(kind, (dict, list)):
        kind = Any
    values = msgspec.msgpack.decode(packed, type=dict[str, kind])
    return {key: freeze_state(value) for key, value in values.items()}
