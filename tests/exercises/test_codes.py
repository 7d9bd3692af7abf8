"""Codes that say how far a learner is, and the room that they make together."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eda_workshop import exercises
from eda_workshop.exercises import Room, YourProgress, progress, share_code
from eda_workshop.exercises.errors import BadCode
from eda_workshop.exercises.sharing import read_code, read_codes
from eda_workshop.lessons.catalogue import LESSONS
from eda_workshop.show.picture import WIDTH
from eda_workshop.show.room import FIELD, LEFT

IDS = [exercise.id for exercise in exercises.every()]
STATES = {
    "right": progress.Record(2, passed=True),
    "tried": progress.Record(1),
    "not attempted": progress.Record(),
}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh learner for each test."""
    monkeypatch.setenv("EDA_WORKSHOP_HOME", str(tmp_path))
    return tmp_path


def code_of(monkeypatch: pytest.MonkeyPatch, nickname: str, **states: str) -> str:
    """The code of a learner with these states."""
    known = progress.Progress({id: STATES[state] for id, state in states.items()})
    with monkeypatch.context() as patch:
        patch.setattr(progress, "load", lambda: known)
        return share_code(nickname)


@given(states=st.lists(st.sampled_from(list(STATES)), min_size=len(IDS), max_size=len(IDS)))
def test_a_code_says_what_was_done(states: list[str]) -> None:
    """Each state of each exercise, and nothing that was not in the file."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        wanted = dict(zip(IDS, states, strict=True))
        code = code_of(monkeypatch, "owl", **wanted)
    share = read_code(code)
    assert share.nickname == "owl"
    assert dict(share.states) == wanted
    assert len(code) < 70


@pytest.mark.parametrize("nickname", ["", "a b", "ä", "x" * 21, "-owl", "owl!"])
def test_a_nickname_fits_into_a_code(nickname: str) -> None:
    """What a chat would cut or change is refused, with what to take instead."""
    with pytest.raises(BadCode, match="Take up to 20 letters, digits, - and _"):
        share_code(nickname)


def test_a_mistyped_code_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any one letter that is another, in any place."""
    code = code_of(monkeypatch, "owl", lend="right", deliveries="tried")
    for place, letter in enumerate(code):
        other = "A" if letter != "A" else "B"
        with pytest.raises(BadCode):
            read_code(code[:place] + other + code[place + 1 :])


def test_a_code_of_other_exercises_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another version of the workshop has others; its code would say something wrong."""
    code = share_code("owl")
    shorter = exercises.every()[:-1]
    monkeypatch.setattr("eda_workshop.exercises.registry.every", lambda: shorter)
    with pytest.raises(BadCode, match="another version of the workshop"):
        read_code(code)


def test_codes_are_found_in_a_chat(monkeypatch: pytest.MonkeyPatch) -> None:
    """Among other words, the last of each nickname; what can't be read is told."""
    early = code_of(monkeypatch, "owl")
    late = code_of(monkeypatch, "owl", lend="right")
    other = code_of(monkeypatch, "cat", lend="tried")
    chat = (
        f"10:01 Ada: here ({early})\n10:02 Bob: mine is {other}.\n10:30 Ada: {late}!\n10:31 Cy: EDA-AAAA-0000-cy, EDA-?"
    )
    shares, wrong = read_codes(chat)
    assert [(share.nickname, share.states["lend"]) for share in shares] == [("owl", "right"), ("cat", "tried")]
    assert ["doesn't fit its check" in said for said in wrong] == [True, False]


def test_the_room_says_where_help_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    """How many learners, what everybody has done, and where most are stuck."""
    assert Room(LESSONS).picture.words == "Nobody has shared a code yet."
    codes = [
        code_of(monkeypatch, "owl", deliveries="right", late_tap="tried"),
        code_of(monkeypatch, "cat", deliveries="right", late_tap="tried"),
        code_of(monkeypatch, "fox", deliveries="right", late_tap="right"),
    ]
    room = Room(LESSONS, " ".join(codes))
    assert room.picture.words == (
        f"3 learners have done 4 of {3 * len(IDS)} exercises; 1 of {len(IDS)} are done by everybody. "
        "Most are stuck at late_tap: 2 tried it and are not through."
    )
    assert "late_tap: 1 done, 2 tried" in room.picture.body
    assert room.codes(codes[2]).words.endswith("Nobody is stuck.")


def test_a_code_that_can_not_be_read_spoils_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told of in the status line, and the others are shown."""
    room = Room(LESSONS)
    said = room.codes(f"{code_of(monkeypatch, 'owl')} EDA-AAAA-0000-cy EDA-x").words
    assert said.startswith("Refused: The code 'EDA-AAAA-0000-cy' doesn't fit its check.")
    assert "1 more could not be read. The others are shown." in said
    assert "1 learner has done 0 of" in said


def test_the_map_makes_a_code() -> None:
    """For whoever the learner gives it to; a nickname that can't be used is told in words."""
    board = YourProgress(LESSONS)
    assert board.share("owl") == f"Your code: {share_code('owl')}"
    assert board.share("") == "The nickname '' can't be used. Take up to 20 letters, digits, - and _."


def test_the_longest_lesson_fits() -> None:
    """The fields of each lesson stay within the picture."""
    assert LEFT + FIELD * max(len(exercises.of(lesson.number)) for lesson in LESSONS) < WIDTH
