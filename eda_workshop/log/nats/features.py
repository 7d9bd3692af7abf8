"""What a server's version can do. Old ones pass over what they don't know, so what they lack is not asked of them."""

from __future__ import annotations

from typing import NamedTuple

Version = tuple[int, int, int]

OLDEST = (2, 9, 0)
BATCHES = (2, 12, 0)
PAGES = (2, 11, 0)
MOST = 1_000
"""Messages in one atomic batch, as servers are set up unless they are told otherwise."""


class Features(NamedTuple):
    """version: of the server; batches: whether it stores several messages or none; pages: whether it sends many at once."""

    version: Version
    batches: bool
    pages: bool

    @property
    def most(self) -> int:
        """How many events one append may have."""
        return MOST if self.batches else 1


def features_of(version: Version) -> Features:
    """What a server of this version is good for."""
    return Features(version, version >= BATCHES, version >= PAGES)


def text_of(version: Version) -> str:
    """The version as it is written: 2.9.10."""
    return ".".join(map(str, version))
