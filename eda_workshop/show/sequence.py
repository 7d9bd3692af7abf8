"""The scene of a sequence: participants as lanes, messages from left to right, and what each number stands for."""

from __future__ import annotations

from eda_workshop.flows.sequence import Sequence, SequenceMessage
from eda_workshop.show import palette, svg
from eda_workshop.show.picture import WIDTH, Picture

LEFT, RIGHT, TOP = 150, WIDTH - 24, 40
_KEYS = 4


def draw_sequence(drawn: Sequence, *, upto: int | None = None) -> Picture:
    """The messages between the lanes; with `upto` only so many of them are drawn in full, the others are faint."""
    lane = min(38, 250 / max(len(drawn.participants), 1))
    ys = {name: TOP + lane * number for number, name in enumerate(drawn.participants)}
    bottom = TOP + lane * max(len(drawn.participants) - 1, 0)
    step = min(64.0, (RIGHT - LEFT - 40) / max(len(drawn.messages), 1))
    shown = len(drawn.messages) if upto is None else upto
    labels = _labels(drawn)
    parts = [_lane(name, y) for name, y in ys.items()]
    for number, message in enumerate(drawn.messages):
        x, faint = LEFT + 30 + step * number, number >= shown
        parts.append(_message(message, labels[number], x, ys, faint=faint))
    rows = -(-len(drawn.messages) // _KEYS)
    parts += [_key(message, labels[number], number, bottom + 44) for number, message in enumerate(drawn.messages)]
    return Picture("".join(parts), round(bottom + 52 + 20 * rows), _sentence(drawn, shown))


def _labels(drawn: Sequence) -> list[str]:
    """Events have their number in the log; commands, which are in no log, a letter."""
    letters = iter("abcdefghijklmnopqrstuvwxyz")
    return [next(letters) if message.is_command else str(message.number) for message in drawn.messages]


def _lane(name: str, y: float) -> str:
    return svg.text(24, y + 4, name, weight="600", width=LEFT - 40) + svg.line(
        LEFT, y, RIGHT, y, stroke=palette.EDGE, stroke_width=1
    )


def _message(message: SequenceMessage, label: str, x: float, ys: dict[str, float], *, faint: bool) -> str:
    y, ends = ys[message.sender], [ys[name] for name in message.hearers if name != message.sender]
    color = palette.PUBLISHER if message.is_command else palette.EVENT
    parts = [svg.line(x, y, x, end, stroke=color, stroke_width=2) for end in ends]
    parts += [_head(x, end, color, downward=end > y) for end in ends]
    parts.append(_sign(message, label, x, y))
    words = ", ".join(message.hearers) or ("refused" if message.refused else "nobody")
    return svg.group(
        *parts, title=f"{label} {message.name}: {message.sender} → {words}", opacity=0.25 if faint else None
    )


def _head(x: float, y: float, color: str, *, downward: bool) -> str:
    back = -9 if downward else 9
    return svg.element("path", d=f"M{x - 5:.2f} {y + back:.2f} h10 l-5 {-back} z", fill=color)


def _sign(message: SequenceMessage, label: str, x: float, y: float) -> str:
    """An event is a disc, hollow if nobody heard it; a command is a square, crossed if it was refused."""
    if message.is_command:
        edge = palette.LOST if message.refused else palette.PUBLISHER
        box = svg.rect(x - 10, y - 10, 20, 20, rx=3, fill=palette.PAPER, stroke=edge, stroke_width=2)
        cross = svg.text(x + 15, y - 6, "✗", size=13, weight="700", color=palette.WRONG)
        return (
            box
            + svg.text(x, y + 4, label, size=11.5, weight="700", anchor="middle")
            + (cross if message.refused else "")
        )
    heard = bool(message.hearers)
    disc = svg.circle(
        x,
        y,
        11,
        fill=palette.EVENT if heard else palette.PAPER,
        stroke=palette.EVENT,
        stroke_width=2,
        stroke_dasharray=None if heard else "3 2",
    )
    color = palette.ON_EVENT if heard else palette.INK
    return disc + svg.text(x, y + 4, label, size=11, weight="700", anchor="middle", color=color)


def _key(message: SequenceMessage, label: str, number: int, top: float) -> str:
    """What a number or letter stands for, in four columns."""
    width = (WIDTH - 48) / _KEYS
    x, y = 24 + width * (number % _KEYS), top + 20 * (number // _KEYS)
    kind = (", refused" if message.refused else ", asked") if message.is_command else ""
    return svg.text(x, y, label, size=12, weight="700") + svg.text(
        x + 26, y, message.name + kind, size=12, width=width - 34, color=palette.MUTED
    )


def _sentence(drawn: Sequence, shown: int) -> str:
    if not drawn.messages:
        return "No message yet: nothing has happened in this conversation."
    commands = sum(message.is_command for message in drawn.messages)
    kinds = f"{_count(len(drawn.messages) - commands, 'event')}" + (
        f" and {_count(commands, 'command')}" if commands else ""
    )
    head = f"**{len(drawn.messages)}** messages among {_count(len(drawn.participants), 'participant')}: {kinds}"
    unheard = f", {drawn.unheard} of the events heard by nobody" if drawn.unheard else ""
    last = drawn.messages[min(shown, len(drawn.messages)) - 1] if shown else None
    at = f" Shown up to {last.name}." if last is not None and shown < len(drawn.messages) else ""
    more = f" {drawn.left_out} more are not drawn." if drawn.left_out else ""
    return f"{head}{unheard}.{at}{more}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"
