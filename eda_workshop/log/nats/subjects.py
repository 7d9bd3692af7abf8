"""Which NATS subject an event is published on: ``stream.entity.name``, so that a server can filter by both."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from eda_workshop.event import Event

NOBODY = "-"
"""Stands for the entity of an event that is about none."""

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_/:@=+-]{0,63}")


def subject_of(stream: str, event: Event) -> str:
    """Where the event is published.

    >>> subject_of("drive", Event("folder.created", subject="folder/7", id="1"))
    'drive.folder/7.folder.created'
    """
    return f"{stream}.{token(event.subject)}.{event.name}"


def filter_of(stream: str, names: Sequence[str] | None, subject: str | None) -> str:
    """What a server may be asked for; it sends all that is wanted, and perhaps more if there are several names."""
    entity = "*" if subject is None else token(subject)
    name = names[0] if names is not None and len(names) == 1 else ">"
    return f"{stream}.{entity}.{name}"


def token(text: str) -> str:
    """One token of a subject for any text: itself, or a hash where NATS has no room for what it holds.

    >>> token("user/ada"), token(""), token("Zoë's folders")
    ('user/ada', '-', '~c03047d83302f9f57a33817963d6f27f')
    """
    if not text:
        return NOBODY
    return text if _PLAIN.fullmatch(text) else "~" + hashlib.sha256(text.encode()).hexdigest()[:32]
