"""A learner's state in a sentence."""

from __future__ import annotations

from typing import Any

import msgspec

from eda_workshop.errors import cut


def shown(state: Any) -> str:
    """The state as Python prints it, or only its type where that could differ from run to run.

    >>> shown({"f1": "/ada"}), shown({"f1": object()})
    ("{'f1': '/ada'}", 'dict')
    """
    try:
        msgspec.json.encode(state)
    except (TypeError, ValueError, RecursionError, msgspec.MsgspecError):
        return type(state).__name__
    return cut(repr(state), 120)
