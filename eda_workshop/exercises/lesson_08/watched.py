"""A dict that sees each of its writes, however it is written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self


class WatchedDict(dict[str, int]):
    """Tells `before` and `after` of every write; `update` and ``|=`` write key by key."""

    before: Callable[[str, int], object] | None = None
    after: Callable[[str, int], object] | None = None

    def __setitem__(self, key: str, value: int) -> None:
        if self.before is not None:
            self.before(key, value)
        super().__setitem__(key, value)
        if self.after is not None:
            self.after(key, value)

    def update(self, *others: Any, **values: int) -> None:
        for key, value in dict(*others, **values).items():
            self[key] = value

    def __ior__(self, other: Any) -> Self:  # type: ignore[override, misc]
        self.update(other)
        return self
