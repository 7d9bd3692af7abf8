"""The scene of specs and wrong deciders: a cross where one dies, and a story that tells a survivor from the right one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eda_workshop.show import palette, svg
from eda_workshop.show.picture import WIDTH, Picture

LEFT, RIGHT, TOP = 216, WIDTH - 24, 82
MOST_DECIDERS, MOST_ROWS = 10, 9
_NUMBERS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


@dataclass(frozen=True)
class SpecRow:
    """A spec: its name, why it counts nothing ("" if it counts), and whether it kills each wrong decider."""

    name: str
    problem: str
    kills: tuple[bool, ...]


@dataclass(frozen=True)
class WrongDecider:
    """A wrong decider: its name, where it errs, and the names of the specs that kill it."""

    name: str
    edge: str
    killed_by: tuple[str, ...] = ()


@dataclass(frozen=True)
class StoryTold:
    """A story on which a wrong decider differs.

    number  the decider, from 1
    name    what it is called
    fault   what is wrong with it, in a sentence
    given   the events before, each in a few words
    when    the command, in a few words
    right   what the right decider does
    wrong   what the wrong decider does
    """

    number: int
    name: str
    fault: str
    given: tuple[str, ...]
    when: str
    right: str
    wrong: str


@dataclass(frozen=True)
class SpecTableState:
    """Specs in rows, wrong deciders in columns, and the story that is told, if any."""

    rows: tuple[SpecRow, ...]
    deciders: tuple[WrongDecider, ...]
    story: StoryTold | None = None

    @property
    def survivors(self) -> tuple[WrongDecider, ...]:
        """The wrong deciders that no spec kills."""
        return tuple(decider for decider in self.deciders if not decider.killed_by)

    @property
    def killed(self) -> int:
        """How many wrong deciders at least one spec kills."""
        return len(self.deciders) - len(self.survivors)


def column_width(deciders: int) -> float:
    """How wide the column of a wrong decider is, in pixels."""
    return min((RIGHT - LEFT) / max(deciders, 1), 92)


def draw_spec_table(state: SpecTableState) -> Picture:
    """The table, and below it the story that is told."""
    height = 26 if len(state.rows) <= 6 else 20
    rows = _fitted(state.rows)
    bottom = TOP + height * (len(rows) or 3)
    parts = [svg.text(24, TOP - 8, "spec", size=12, weight="600")]
    parts += [_column(state, number, bottom) for number in range(1, len(state.deciders) + 1)]
    parts += [_row(row, TOP + height * index, height, len(state.deciders)) for index, row in enumerate(rows)]
    parts.append(_invitation(TOP) if not rows else "")
    parts.append(_feet(state, bottom))
    body, end = _story(state.story, bottom + 36) if state.story else ("", bottom + 34)
    return Picture("".join([*parts, body]), round(end), _sentence(state))


def _fitted(rows: tuple[SpecRow, ...]) -> tuple[SpecRow, ...]:
    """As many rows as fit; the last stands for all that don't."""
    if len(rows) <= MOST_ROWS:
        return rows
    shown, others = rows[: MOST_ROWS - 1], rows[MOST_ROWS - 1 :]
    kills = tuple(map(any, zip(*(row.kills for row in others), strict=True)))
    return (*shown, SpecRow(f"and {len(others)} more", "", kills))


def _left(number: int, deciders: int) -> float:
    return LEFT + column_width(deciders) * (number - 1)


def _column(state: SpecTableState, number: int, bottom: float) -> str:
    """The head of a column, and its frame: dashed if the decider survives, thick while its story is told."""
    decider, width = state.deciders[number - 1], column_width(len(state.deciders))
    x, lives, told = _left(number, len(state.deciders)), not decider.killed_by, _is_told(state, number)
    frame = svg.rect(
        x + 3,
        10,
        width - 6,
        bottom + 22 - 10,
        rx=6,
        fill="none",
        stroke=palette.INK if told else palette.LOST if lives else palette.EDGE,
        stroke_width=2.5 if told else 1.5,
        stroke_dasharray="5 3" if lives else None,
    )
    heading = svg.text(x + width / 2, 29, str(number), size=13, weight="700", anchor="middle")
    words = decider.name if told or not lives else "survivor"
    lines = _wrapped(words, width - 8, 11, 3)
    name = [svg.text(x + width / 2, 45 + 13 * at, line, size=11, anchor="middle") for at, line in enumerate(lines)]
    killers = f"killed by {', '.join(decider.killed_by)}" if decider.killed_by else "no spec kills it"
    return svg.group(frame, heading, *name, title=f"{number}, {words}: {killers}")


def _is_told(state: SpecTableState, number: int) -> bool:
    return state.story is not None and state.story.number == number


def _row(row: SpecRow, y: float, height: float, deciders: int) -> str:
    middle, width = y + height / 2, column_width(deciders)
    line = svg.line(24, y, LEFT + width * deciders, y, stroke=palette.FAINT)
    name = svg.text(24, middle + 4, row.name, size=12.5, weight="600", width=LEFT - 34, family=palette.MONO)
    if row.problem:
        return line + name + _problem(row.problem, middle, LEFT + 8, width * deciders - 16)
    cells = [
        _cross(_left(number, deciders) + width / 2, middle, width, height)
        for number, kills in enumerate(row.kills, 1)
        if kills
    ]
    return svg.group(line, name, *cells, title=f"{row.name} kills {sum(row.kills)}")


def _cross(x: float, y: float, width: float, height: float) -> str:
    field = svg.rect(
        x - width / 2 + 7, y - height / 2 + 3, width - 14, height - 6, rx=4, fill=palette.SUBSCRIBER, opacity=0.25
    )
    return field + svg.text(x, y + 5, "✗", size=14, weight="700", anchor="middle")


def _problem(words: str, y: float, x: float, width: float) -> str:
    paper = svg.rect(x - 4, y - 9, width + 8, 18, rx=4, fill=palette.PAPER, stroke=palette.EDGE, stroke_dasharray="3 3")
    return paper + svg.text(x + 2, y + 4, words, size=12, width=width - 6)


def _invitation(y: float) -> str:
    code = ((24, "def full(desk):"), (52, "return spec(desk)…"), (24, "SpecTable([full])"))
    head = svg.text(24, y + 16, "no specs yet:", size=12.5, color=palette.MUTED)
    lines = (svg.text(x, y + 32 + 15 * at, line, size=11.5, family=palette.MONO) for at, (x, line) in enumerate(code))
    return head + "".join(lines)


def _feet(state: SpecTableState, bottom: float) -> str:
    """What becomes of each wrong decider."""
    parts = [svg.text(24, bottom + 14, f"killed: {state.killed} of {len(state.deciders)}", size=12.5, weight="600")]
    for number, decider in enumerate(state.deciders, 1):
        x = _left(number, len(state.deciders)) + column_width(len(state.deciders)) / 2
        words = f"dead, {len(decider.killed_by)}×" if decider.killed_by else "lives"
        weight = None if decider.killed_by else "700"
        parts.append(svg.text(x, bottom + 14, words, size=11.5, anchor="middle", weight=weight))
    return "".join(parts)


def _story(story: StoryTold, top: float) -> tuple[str, float]:
    """Given, when, what the right decider does and what the wrong one; and where that ends."""
    given = _wrapped("; ".join(story.given) or "nothing", 740, 12, 2)
    said = [("given", words) for words in given[:1]] + [("", words) for words in given[1:]]
    said += [("when", story.when), ("right", story.right), ("wrong", story.wrong)]
    title = svg.text(24, top + 10, f"{story.number}, {story.name}: {story.fault}", size=12.5, weight="600", width=832)
    lines = ""
    for at, (head, words) in enumerate(said, 1):
        y = top + 11 + 16 * at
        lines += svg.text(24, y, head, size=12, color=palette.MUTED)
        lines += svg.text(72, y, words, size=12, width=784, weight="600" if head == "wrong" else None)
    return title + lines, top + 11 + 16 * len(said) + 9


def _wrapped(words: str, width: float, size: float, most: int) -> list[str]:
    """The words in lines of at most `width` pixels, the last of `most` cut."""
    room, lines = int(width / (size * 0.56)), [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if len(longer) <= room or not lines[-1] or len(lines) == most:
            lines[-1] = longer
        else:
            lines.append(word)
    return [svg.clip(line, width, size) for line in lines]


def _sentence(state: SpecTableState) -> str:
    counting = [row for row in state.rows if not row.problem]
    idle = [row for row in state.rows if row.problem]
    all_of = len(state.deciders)
    if not state.rows:
        told = f"No specs yet: all {all_of} wrong deciders survive. Write a spec as a function, and pass it in a list."
    else:
        count = f"{len(counting)} spec{'s' * (len(counting) != 1)} kill{'s' * (len(counting) == 1)}"
        told = f"{count} **{state.killed} of {all_of}**; {_surviving(state.survivors)}."
    if idle:
        first = f"because {idle[0].problem}" if len(idle) == 1 else f"{idle[0].name} because {idle[0].problem}"
        told += f" {_and([row.name for row in idle])} count{'s' * (len(idle) == 1)} nothing, {first}."
    return told + (_told(state.story) if state.story else "")


def _surviving(survivors: Sequence[WrongDecider]) -> str:
    """How many survive, and at which edges if these are few."""
    count = len(survivors)
    verb = "survives" if count < 2 else "survive"
    edges = list(dict.fromkeys(decider.edge for decider in survivors))
    if not survivors or len(edges) > 3:
        return f"{_NUMBERS[count]} {verb}"
    if len(edges) == 1:
        return f"{_NUMBERS[count]} {verb} at {edges[0]}"
    parts = [f"{_NUMBERS[sum(decider.edge == edge for decider in survivors)]} at {edge}" for edge in edges]
    return f"{_NUMBERS[count]} {verb}: {_and(parts)}"


def _told(story: StoryTold) -> str:
    given = "; ".join(story.given) or "nothing"
    return (
        f" Story of {story.number}: given {given}, when {story.when}. Right: {story.right}. Wrong: {story.wrong}. "
        f"{story.fault}"
    )


def _and(words: Sequence[str]) -> str:
    return " and ".join(", ".join(words).rsplit(", ", 1))
