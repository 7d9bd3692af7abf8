"""Whether a verb is in the past, as far as its form can tell."""

from __future__ import annotations

_IRREGULAR = (
    " begun bought broken brought built cut done drawn eaten found given gone got hidden kept known left lent lost made met paid "
    "put quit read sent shut sold spent stolen taken told withdrawn won written "
)
_NO_PAST = " bleed breed embed exceed feed need proceed seed shed speed succeed "

ASKS = {"requested", "ordered", "asked", "required", "needed", "wanted", "demanded", "commanded", "triggered", "due"}
"""Words in the past that say what somebody is asked to do."""


def is_past(verb: str) -> bool:
    """Whether one of the words in it is a past form: ``signed_up``, ``paid``; ``put`` and ``read`` count as well.

    >>> [is_past(verb) for verb in ("signed_up", "paid", "send", "moving")]
    [True, True, False, False]
    """
    return any(_is_form(word) for word in verb.split("_"))


def _is_form(word: str) -> bool:
    is_regular = word.endswith("ed") and len(word) > 3 and f" {word} " not in _NO_PAST
    return is_regular or (word != "" and f" {word} " in _IRREGULAR)
