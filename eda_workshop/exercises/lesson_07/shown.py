"""A learner's state in a sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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


def as_dict(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, with a dict for whatever mapping it gives back: a model keeps only what can't be changed."""

    def called(state: Any, event: Any, *more: Any) -> Any:
        got = function(state, event, *more)
        return dict(got) if isinstance(got, Mapping) else got

    return called
