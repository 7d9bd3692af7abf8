"""Answers to what would go out: those that are right, and what people write on the way there."""

from __future__ import annotations


def _source(*lines: str) -> str:
    return "def would_send(branch, gateways, handler):\n" + "\n".join(f"    {line}" for line in lines)


_LOOP = ("for event in branch.events:", "    if event.name.startswith('gateway.'):", "        continue")
_BY_HAND = (
    "messages, missing = [], 0",
    "with gateways.branching():",
    *(f"    {line}" for line in _LOOP),
    "        before = len(gateways.outbound)",
    "        try:",
    "            gateways.handle(event, handler)",
    "        except MissingAnswer:",
    "            missing += 1",
    "        else:",
    "            messages += gateways.outbound[before:]",
    "return messages, missing",
)

RIGHT = (
    _source("rehearsal = branch.rehearse(gateways, handler)", "return rehearsal.messages, len(rehearsal.unanswered)"),
    _source(*_BY_HAND),
)

WRONG = {
    _source("return branch.rehearse(gateways, handler).messages, 1"): "In another branch",
    _source("return branch.rehearse(gateways, handler)"): "That is the whole rehearsal",
    _source("told = branch.rehearse(gateways, handler)", "return told.messages, told.unanswered"): (
        "Those are the questions themselves"
    ),
    _source("told = branch.rehearse(gateways, handler)", "return len(told.unanswered), told.messages"): (
        "The two are swapped"
    ),
    _source("told = branch.rehearse(gateways, handler)", "return len(told.messages), len(told.unanswered)"): (
        "That is how many messages there are"
    ),
    _source("told = branch.rehearse(handler, gateways)", "return told.messages, len(told.unanswered)"): (
        "What was passed as gateways is none"
    ),
    _source(*_LOOP, "    gateways.handle(event, handler)", "return gateways.outbound, 0"): "You handled a made-up",
    _source(*_LOOP, "    gateways.handle(event.event, handler)", "return gateways.outbound, 0"): "A gateway fired",
    _source("gateways.replay(handler)", "return gateways.outbound[-3:], 1"): "Those are the messages of the real",
    _source(
        "with gateways.branching():",
        *(f"    {line}" for line in _LOOP),
        "        gateways.handle(event, handler)",
        "return gateways.outbound, 1",
    ): "The first question without an answer",
    _source("rehearsal = branch.rehearse(gateways, handler)", "return gateways.outbound, 1"): "Old messages",
    _source("rehearsal = branch.rehearse(gateways, handler)", "return rehearsal.messages, 0"): "One event of the",
    _source("branch.rehearse(gateways, handler)"): "Nothing comes back",
    _source("branch.rehearse(gateways, lambda event: None)", "return [], 1"): "Nothing would go out",
    _source(
        "gateways.mode = 'branch'",
        "rehearsal = branch.rehearse(gateways, handler)",
        "return rehearsal.messages, len(rehearsal.unanswered)",
    ): "The gateways are still cut off",
    _source(
        "for event in branch.events:",
        "    gateways.answer('rate', ['EUR'], 1.25, event=event)",
        "rehearsal = branch.rehearse(gateways, handler)",
        "return rehearsal.messages, len(rehearsal.unanswered)",
    ): "The real log has grown",
    _source(
        "rehearsal = branch.rehearse(gateways, handler)",
        "return rehearsal.messages[:1], len(rehearsal.unanswered)",
    ): "Not all messages",
    _source(
        "rehearsal = branch.rehearse(gateways, handler)",
        "return [message.content for message in rehearsal.messages], 1",
    ): "Messages were asked for",
}
