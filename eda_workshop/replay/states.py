"""The values of a keyed model at one position, and how many positions share them."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

_MISSING = object()


class Versions:
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

    def rewrite(self, key: str, after: int, rows: list[tuple[int, Any]], until: int) -> None:
        """Put other values of a key in place of those at the snapshots after < position < until.

        rows  positions in between with the value from there on; the last one must be the value at `until`
        """
        positions, values = self._by_key.get(key, (array("q"), []))
        first, last = bisect_right(positions, after), bisect_left(positions, until)
        positions[first:last] = array("q", [position for position, _ in rows])
        values[first:last] = [value for _, value in rows]
        if positions:
            self._by_key[key] = (positions, values)
        else:
            self._by_key.pop(key, None)

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


class Layer(dict[str, Any]):
    """Values that changed since a snapshot, over those that did not. What `States` were made of stays as it is."""

    __slots__ = ("position", "versions")

    def __init__(self, versions: Versions, position: int, values: Mapping[str, Any] = {}) -> None:
        super().__init__(values)
        self.versions = versions
        self.position = position

    def get(self, key: str, default: Any = None) -> Any:
        """The value now, or else the snapshot's."""
        value = super().get(key, _MISSING)
        return self.versions.get(key, self.position, default) if value is _MISSING else value

    def copy(self) -> Layer:
        """Another layer over the same snapshot, to go on with."""
        return Layer(self.versions, self.position, self)


class States(Mapping[str, Any]):
    """The state of a keyed model at one position: a mapping from key to value that never changes.

    It shares with other positions what they have in common, so it costs little, however many keys there are.
    """

    def __init__(self, layer: Layer) -> None:
        self._layer = layer

    def __getitem__(self, key: str) -> Any:
        value = self._layer.get(key, _MISSING)
        if value is _MISSING:
            raise KeyError(key)
        return value

    def __iter__(self) -> Iterator[str]:
        layer = self._layer
        yield from layer.versions.keys(layer.position)
        yield from self._added()

    def __len__(self) -> int:
        layer = self._layer
        return sum(1 for _ in layer.versions.keys(layer.position)) + sum(1 for _ in self._added())

    def __eq__(self, other: object) -> bool:
        return dict(self) == dict(other) if isinstance(other, Mapping) else NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return repr(dict(self))

    def _added(self) -> Iterator[str]:
        """The keys that the snapshot below does not have."""
        layer = self._layer
        return (key for key in layer if layer.versions.get(key, layer.position, _MISSING) is _MISSING)
