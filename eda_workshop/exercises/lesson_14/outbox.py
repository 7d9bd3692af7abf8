"""What was sent against what should have been."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from eda_workshop.exercises.attempt import require_function
from eda_workshop.exercises.exercise import Exercise, Wrong

Mail = dict[str, Any]


def _mail(to: str, usd: int) -> Mail:
    return {"to": to, "usd": usd}


ADA, BOB, CY, LESS = _mail("ada", 110), _mail("bob", 55), _mail("cy", 20), _mail("bob", 40)
TURNED = {"usd": 110, "to": "ada"}
"""Says the same as `ADA`."""


@dataclass(frozen=True)
class Case:
    """What was sent, what should have been, and what a wrong answer means here, where it means one thing."""

    sent: tuple[Mail, ...]
    should: tuple[Mail, ...]
    to_send: tuple[Mail, ...] = ()
    to_retract: tuple[Mail, ...] = ()
    otherwise: str = ""

    @property
    def called(self) -> str:
        return f"sent {_words(self.sent)}; should have been {_words(self.should)}"


_OFTEN = "How often a message occurs was not looked at. Two of the same are two messages, and one may be missing, or too many."
CASES = (
    Case((ADA, BOB), (ADA, BOB)),
    Case((ADA, BOB, CY), (CY, ADA, BOB), otherwise="The same messages in another order were taken for others."),
    Case((ADA, BOB), (ADA, BOB, CY), (CY,)),
    Case((ADA, BOB, CY), (ADA, CY), (), (BOB,)),
    Case((ADA, BOB), (ADA, LESS), (LESS,), (BOB,), "Only the recipient was compared. The mail to bob says the wrong thing."),
    Case((CY, ADA, BOB), (ADA, LESS), (LESS,), (CY, BOB)),
    Case((ADA,), (ADA, ADA), (ADA,), (), _OFTEN),
    Case((BOB, BOB, BOB, CY), (BOB, CY), (), (BOB, BOB), _OFTEN),
    Case((), (BOB, BOB), (BOB, BOB), (), _OFTEN),
    Case((ADA, BOB), (BOB, TURNED), otherwise="Texts were compared. The fields of a message have no order."),
    Case((), ()),
)  # fmt: skip


def check(answer: Any) -> None:
    function = require_function(answer, "sent", "should")
    for case in CASES:
        _try(function, case)


def _try(function: Callable[..., Any], case: Case) -> None:
    sent, should = deepcopy(list(case.sent)), deepcopy(list(case.should))
    try:
        got = function(sent, should)
    except ValueError as error:
        if "not in list" not in str(error):
            raise
        said = "A message was to be taken out of a list that has it no more. How often is it there on each side?"
        raise Wrong(said, case.called, got=f"ValueError: {error}", look=_LOOK) from None
    to_send, to_retract = _pair(got, case)
    if sent != list(case.sent) or should != list(case.should):
        said = "The lists that you were given were changed. What was sent was sent; whoever looks next needs the lists."
        raise Wrong(said, case.called, look="Work on a copy: list(…).")
    if _is_same(to_send, case.to_send) and _is_same(to_retract, case.to_retract):
        return
    expected, found = (
        f"to send {_words(pair[0])}, to retract {_words(pair[1])}"
        for pair in ((case.to_send, case.to_retract), (to_send, to_retract))
    )
    raise Wrong(_said(to_send, to_retract, case), case.called, expected, found, _LOOK)


def _pair(got: Any, case: Case) -> tuple[list[Any], list[Any]]:
    """The two lists, if there are two with messages in them."""
    if got is None:
        raise Wrong("Nothing comes back.", case.called, "a pair of lists", "None")
    if not isinstance(got, (tuple, list)) or len(got) != 2 or any(isinstance(part, (str, Mapping)) for part in got):
        raise Wrong("Two lists were asked for: what to send, and what to retract.", case.called, got=f"{got!r:.80}")
    try:
        to_send, to_retract = map(list, got)
    except TypeError:
        raise Wrong("Two lists were asked for, and one is none.", case.called, got=f"{got!r:.80}") from None
    if not all(isinstance(mail, Mapping) for mail in (*to_send, *to_retract)):
        said = "The lists have no messages in them. Who is to send them needs the whole message, as it was given."
        raise Wrong(said, case.called, got=f"{got!r:.80}")
    return to_send, to_retract


def _said(to_send: list[Any], to_retract: list[Any], case: Case) -> str:
    """The misconception behind other messages than the right ones."""
    if case.otherwise == _OFTEN and (len(to_send) > len(case.to_send) or len(to_retract) > len(case.to_retract)):
        return "The right message, and too often. What is on both sides counts, as often as it is there."
    if case.otherwise:
        return case.otherwise
    if _is_same(to_send, case.to_retract) and _is_same(to_retract, case.to_send):
        return "The two are the wrong way round: first what to send, then what to retract."
    if case.should and _is_same(to_send, case.should):
        if _is_same(to_retract, case.sent):
            return "All is taken back, and all is sent anew. What was right is left alone: nobody wants it twice, nor a sorry for it."
        return "A blind replay: what was right goes out once more, and everybody who got it gets it again."
    if case.to_retract and not to_retract:
        return "What was wrong is still out there. To send what is missing is only half of it."
    if case.to_send and not to_send:
        return "What is wrong is taken back, and what is missing never goes out."
    if any(mail in to_retract for mail in to_send):
        return "A message is in both lists, taken back and sent anew. It was right, and belongs in neither."
    return "That is not the difference between the two."


def _is_same(some: Any, others: Any) -> bool:
    """Whether the messages are the same, in any order, each as often as there."""
    left = list(others)
    for mail in some:
        if mail not in left:
            return False
        left.remove(mail)
    return not left


def _words(mails: Any) -> str:
    told = (" ".join(str(mail[key]) for key in sorted(mail)) for mail in mails)
    return f"[{', '.join(told)}]"[:120]


_LOOK = "Take the messages one by one: was this very one sent, and how often?"


def _source(*lines: str) -> str:
    return "def outbox(sent, should):\n" + "\n".join(f"    {line}" for line in lines)


_MISSING = "[mail for mail in should if mail not in sent]"
_EXTRA = "[mail for mail in sent if mail not in should]"
_LOOP = (
    "to_send, to_retract = list(should), []",
    "for mail in sent:",
    "    if mail in to_send:",
    "        to_send.remove(mail)",
    "    else:",
    "        to_retract.append(mail)",
)
_COUNTED = (
    "had, want = ([tuple(sorted(mail.items())) for mail in mails] for mails in (sent, should))",
    "had, want = Counter(had), Counter(want)",
    "return tuple([dict(mail) for mail in rest.elements()] for rest in (want - had, had - want))",
)


def _set(pairs: str, to_send: str = "want - had", to_retract: str = "had - want") -> str:
    """With sets, of what is said to be a message."""
    return _source(
        f"had, want = ({{{pairs} for mail in mails}} for mails in (sent, should))",
        f"return [dict(mail) for mail in {to_send}], [dict(mail) for mail in {to_retract}]",
    )


OUTBOX = Exercise(
    id="outbox",
    lesson=14,
    title="To send, and to take back",
    minutes=8,
    task=(
        "After a correction two lists lie side by side: `sent`, the messages that went out, and `should`, those that the right history "
        "would have sent. Each message is a dict. Write `outbox(sent, should)`, which returns a pair of lists: the messages to send now, and "
        "those to retract. A message that occurs twice was sent twice. Order does not matter, neither in the lists nor in your answer. "
        "Leave both as they are."
    ),
    stub='def outbox(sent, should):\n    """A pair: what to send now, and what to retract."""\n    ...',
    check=check,
    hints=(
        "What was sent and should have been is right: strike it out on both sides, one for one.",
        "Begin with a copy of `should`. Go through `sent`: what is in the copy is struck out of it; what isn't, is to be retracted.",
    ),
    solutions=(
        _source(*_LOOP, "return to_send, to_retract"),
        "from collections import Counter\n\n\n" + _source(*_COUNTED),
    ),
    wrong={
        _source(
            "send = [mail for mail in should if should.count(mail) > sent.count(mail)]",
            "return send, [mail for mail in sent if sent.count(mail) > should.count(mail)]",
        ): "The right message, and too often",
        _source(
            "send, retract = list(should), list(sent)",
            "for mail in sent:",
            "    if mail in should:",
            "        send.remove(mail)",
            "        retract.remove(mail)",
            "return send, retract",
        ): "A message was to be taken out of a list that has it no more",
        _source("return list(should), []"): "A blind replay",
        _source(f"return list(should), {_EXTRA}"): "A blind replay",
        _source("return list(should), list(sent)"): "All is taken back, and all is sent anew",
        _source("return should, sent"): "All is taken back, and all is sent anew",
        _source(f"return {_MISSING}, []"): "What was wrong is still out there",
        _source(f"return [], {_EXTRA}"): "What is wrong is taken back",
        _source(f"return {_EXTRA}, {_MISSING}"): "The two are the wrong way round",
        _source(f"return {_MISSING}, {_EXTRA}"): "How often a message occurs",
        _set("tuple(sorted(mail.items()))"): "How often a message occurs",
        _source(
            f"to_send, to_retract = {_MISSING}, {_EXTRA}",
            "if len(should) > len(sent) and not to_send:",
            "    to_send = should[len(sent):]",
            "return to_send, to_retract",
        ): "How often a message occurs",
        _source(
            'had, want = ([mail["to"] for mail in mails] for mails in (sent, should))',
            'return [mail for mail in should if mail["to"] not in had], [mail for mail in sent if mail["to"] not in want]',
        ): "Only the recipient was compared",
        _source(
            "pairs = [(old, new) for old, new in zip(sent, should) if old != new]",
            "more = [new for _, new in pairs] + should[len(sent):]",
            "return more, [old for old, _ in pairs] + sent[len(should):]",
        ): "The same messages in another order",
        _source(
            "if sorted(map(str, sent)) == sorted(map(str, should)):",
            "    return [], []",
            "at = next((i for i, (old, new) in enumerate(zip(sent, should)) if old != new), min(len(sent), len(should)))",
            "return should[at:], sent[at:]",
        ): "A message is in both lists",
        _source(*_LOOP).replace("list(should)", "should")
        + "\n    return to_send, to_retract": "The lists that you were",
        "from collections import Counter\n\n\n"
        + _source(*_COUNTED).replace("tuple(sorted(mail.items()))", "str(mail)").replace("dict(mail)", "eval(mail)"): (
            "Texts were compared"
        ),
        "from collections import Counter\n\n\n"
        + _source(*_COUNTED).replace("dict(mail)", "mail"): "The lists have no messages",
        _source(*_LOOP, "return to_send"): "Two lists were asked for",
        _source(*_LOOP): "Nothing comes back",
    },
)
