"""Snapshots in files: a state that spares the events before it, if it belongs to this log and this model."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from eda_workshop.errors import BadFile, BadSnapshot
from eda_workshop.files import whole_file
from eda_workshop.log import EventLog
from eda_workshop.replay.folding import WHOLE, Values
from eda_workshop.replay.model import Model, fingerprint
from eda_workshop.replay.solid import solid
from eda_workshop.values import FrozenDict

_MARK = b"eda_workshop snapshot 1\n"


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
        same = _unpack(model, packed) == given
    except Exception as error:
        raise BadSnapshot(model.__name__, str(error)) from error
    if not same:
        raise BadSnapshot(model.__name__, "it would not come back the same")
    return packed


def _unpack(model: type[Model], packed: bytes) -> Values:
    kind: Any = type(model.initial)
    if model.initial is None or issubclass(kind, (dict, list)):
        kind = Any
    values = msgspec.msgpack.decode(packed, type=dict[str, kind])
    return {key: solid(value) for key, value in values.items()}


def whole(values: Values, model: type[Model]) -> Any:
    """The state as a caller sees it: one value, or a mapping that can't be changed."""
    return FrozenDict(values) if model.keyed else values[WHOLE]
