"""The capstone: parts that fit together, in whatever way they are written, and what is handed in."""

from dataclasses import fields

import pytest

from eda_workshop import exercises
from eda_workshop.exercises.lesson_16.hand_in import hand_in
from eda_workshop.exercises.lesson_16.solutions import answer, kit
from eda_workshop.stories.lending import Library, Parts, library_log
from eda_workshop.stories.library import LETTER_DAY, SLIPS, day

PARTS = {exercise.id: exercise for exercise in exercises.of(16)}


def march(parts):
    """The library after March, the letter and a pulled plug."""
    library = Library(parts, library_log())
    for slip in SLIPS[:10]:
        library.take(slip)
    library.until(day(LETTER_DAY))
    library.letter()
    library = Library(parts, library.log, library.world)
    library.open_box(36)
    return library


def test_each_part_but_the_desk_is_an_exercise():
    """The kit brings the decision; nothing else that the library needs is left to it."""
    assert {field.name for field in fields(Parts)} == {*PARTS, "lend"}


@pytest.mark.parametrize(
    ("id", "source"), [(id, source) for id, exercise in PARTS.items() for source in exercise.solutions]
)
def test_every_solution_fits_the_others(id, source):
    """Whichever way a part is written, March ends in the same state, and with the same letters."""
    ours, kits = march(Parts(**{**vars(kit()), id: answer(source, id)})), march(kit())
    assert ours.history.state() == kits.history.state()
    assert ours.world.received == kits.world.received
    assert ours.screen == kits.screen


def test_what_is_right_is_used_and_the_kit_stands_in():
    """A right part is the team's own; one that is missing, wrong or untouched is the kit's, and said so."""
    names = {}
    exec(PARTS["suppose"].stub, names)
    own = answer(PARTS["wire"].solutions[1], "wire")
    names |= {"wire": own, "shelf": lambda book, event: 1}
    handed = hand_in(names)
    assert handed.own == ("wire",)
    assert handed.parts.wire is own
    assert {name: handed.outcomes[name].state for name in ("wire", "shelf", "suppose", "react")} == {
        "wire": "right",
        "shelf": "wrong",
        "suppose": "not attempted",
        "react": "not attempted",
    }
    assert repr(handed) == "Of 8 parts 1 are yours, and the others the kit's."
    assert march(handed.parts).world.received == march(kit()).world.received


def test_it_is_told_in_a_table_too():
    """Each part has a row with whose it is, in words."""
    html = hand_in({})._repr_mimebundle_()["text/html"]
    assert html.count("<tr>") == 1 + len(PARTS)
    assert html.count("the kit&#x27;s") == len(PARTS) + 1
    assert '<th scope="col"' in html


def test_handing_in_counts_as_no_attempt(tmp_path, monkeypatch):
    """Progress is for those who ask for a check."""
    monkeypatch.setenv("EDA_WORKSHOP_HOME", str(tmp_path))
    hand_in({"shelf": lambda book, event: 1})
    assert list(tmp_path.iterdir()) == []


def test_a_part_can_be_spoiled_on_purpose():
    """Two readers get one book from a desk that doesn't look; what was handed in stays as it was."""
    handed = hand_in({})
    spoiled = Library(handed.with_part(lend=lambda history, event: history.log.append(event)), library_log())
    for slip in SLIPS:
        spoiled.take(slip)
    assert spoiled.world.refused == []
    assert [event.data["reader"] for event in spoiled.log.read(names="book.borrowed", subject="book/emma")] == [
        "ada",
        "cy",
        "grace",
    ]
    sound = Library(handed.parts, library_log())
    for slip in SLIPS:
        sound.take(slip)
    assert [number for number, _ in sound.world.refused] == [9]
