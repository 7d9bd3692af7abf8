"""A learner's progress: kept whatever two notebooks do at once, whatever the file holds, whatever exercises are called."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from eda_workshop.exercises import progress, progress_map, registry
from eda_workshop.exercises.errors import BadCode
from eda_workshop.exercises.progress import Progress, Record, parse
from eda_workshop.exercises.sharing import read_code, read_codes, share_code
from eda_workshop.lessons.catalogue import LESSONS

KERNEL = """
import os, sys
from eda_workshop.exercises import progress
os.fsync = lambda _: None  # a slow disk is not what this is about
sys.stdin.readline()
for number in range(300):
    progress.change(f"{sys.argv[1]}_{number}", lambda record: setattr(record, "passed", True))
"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A learner of their own."""
    monkeypatch.setenv("EDA_WORKSHOP_HOME", str(tmp_path))
    return tmp_path


def keep(text: str) -> Path:
    """The learner's file, with this in it."""
    place = progress.path()
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8")
    return place


def test_two_notebooks_lose_nothing_of_each_other() -> None:
    """Three hundred exercises are passed in each of two kernels at the same time, and all six hundred are kept."""
    kernels = [
        subprocess.Popen([sys.executable, "-c", KERNEL, name], stdin=subprocess.PIPE, text=True) for name in "ab"
    ]
    for kernel in kernels:
        assert kernel.stdin is not None
        kernel.stdin.write("\n")
        kernel.stdin.flush()
    for kernel in kernels:
        kernel.communicate()
    assert sum(record.passed for record in progress.load().records.values()) == 600


@pytest.mark.parametrize(
    "record",
    [
        '{"attempts": "x"}',
        '{"attempts": -1}',
        '{"attempts": true}',
        '{"attempts": 1.5}',
        '{"attempts": 1e999}',
        '{"attempts": 123456789012345678901234567890}',
        '{"passed": 1}',
        '{"odd": 1}',
        "[]",
        "null",
    ],
)
def test_a_record_that_is_none_damages_the_file(record: str, capsys: pytest.CaptureFixture[str]) -> None:
    """It is set aside with a word, a check goes on, and what was set aside before stays as well."""
    text = f'{{"last": "", "exercises": {{"late_tap": {record}}}}}'
    for count in (1, 2):
        place = keep(text)
        progress.change("late_tap", lambda record: setattr(record, "attempts", record.attempts + 1))
        assert "The progress file was damaged" in capsys.readouterr().err
        assert parse(place.read_text(encoding="utf-8")).records == {"late_tap": Record(attempts=1)}
        assert [path.read_text(encoding="utf-8") for path in place.parent.glob("*.broken*")] == [text] * count


def test_progress_goes_along_with_a_renamed_exercise(monkeypatch: pytest.MonkeyPatch) -> None:
    """Under the new name is what was known under both; the file is written so at the next change."""
    monkeypatch.setattr(progress, "RENAMED", {"old_tap": "late_tap", "queue": "deliveries"})
    tried = {"attempts": 2, "hints": 3, "passed": True, "shown": False}
    keep(json.dumps({"last": "old_tap", "exercises": {"old_tap": tried, "late_tap": {"attempts": 1, "hints": 1}}}))
    assert progress.load() == Progress({"late_tap": Record(3, 3, passed=True)}, "late_tap")
    progress.change("deliveries", lambda record: setattr(record, "passed", True))
    assert list(json.loads(progress.path().read_text(encoding="utf-8"))["exercises"]) == ["late_tap", "deliveries"]


def test_a_dropped_exercise_is_kept_and_not_counted() -> None:
    """Its record stays in the file, in case it comes back; the report is about the exercises that there are."""
    keep(json.dumps({"last": "gone", "exercises": {"gone": {"attempts": 1, "passed": True}}}))
    assert f"0 of {len(registry.every())} exercises done." in progress.report()
    progress.change("late_tap", lambda record: setattr(record, "passed", True))
    assert progress.load().of("gone").passed
    assert f"1 of {len(registry.every())} exercises done." in progress.report()


@pytest.mark.parametrize("id", ["reserve", "lend"])
def test_an_exercise_that_moved_to_another_lesson_stays_solved(id: str) -> None:
    """It keeps its id, so that whoever solved it in lesson 06 or 16 has solved it in lesson 17."""
    keep(json.dumps({"last": id, "exercises": {id: {"attempts": 2, "passed": True}}}))
    drawn = progress_map(LESSONS)
    assert {row.lesson.number: row.done for row in drawn.rows if row.done} == {17: 1}
    assert drawn.next is not None
    assert drawn.next[0].lesson.number == 17


def test_renamed_exercises_are_there_and_their_old_names_are_free() -> None:
    """The table leads to exercises of today, in one step."""
    known = {exercise.id for exercise in registry.every()}
    assert set(progress.RENAMED.values()) <= known
    assert not set(progress.RENAMED) & known


# --- whatever is read from outside ----------------------------------------------------------------

ODD = [
    '"',
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "null",
    "true",
    "-1",
    "1e999",
    "NaN",
    "\\ud800",
    "é",
    "[" * 2000,
    "9" * 5000,
    "",
]


def mutated(text: str, chance: random.Random) -> str:
    """The text with a few of its pieces replaced."""
    letters = list(text)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(letters) + 1)
        letters[at : at + chance.randint(0, 10)] = chance.choice(ODD)
    return "".join(letters)


def test_any_progress_file_is_read_or_refused() -> None:
    """Ten thousand damaged files: each is a `ValueError`, or is read, written and read again as the same."""
    chance, read = random.Random(3), 0
    records = {id: {"attempts": 2, "hints": 1, "passed": True, "shown": False} for id in ("late_tap", "deliveries")}
    good = json.dumps({"last": "late_tap", "exercises": records})
    for _ in range(10_000):
        try:
            found = parse(mutated(good, chance))
        except ValueError:
            continue
        assert parse(json.dumps(found.facts())) == found
        read += 1
    assert read > 100


def test_any_code_is_read_or_refused() -> None:
    """Ten thousand damaged codes, alone and in the text of a chat: each is a `BadCode`, or says the same again."""
    chance, good = random.Random(5), share_code("owl")
    odd = ["-", "EDA-", "é", " ", "\n", "A" * 3000, "7", "0", "\0", "\ud800"]
    for _ in range(10_000):
        letters = list(good)
        for _ in range(chance.randint(1, 3)):
            at = chance.randrange(len(letters) + 1)
            letters[at : at + chance.randint(0, 3)] = chance.choice(odd)
        text = "".join(letters)
        shares, wrong = read_codes(f"so far {text}, and {good}")
        assert any(share.nickname == "owl" for share in shares)
        assert all(sentence.endswith(".") for sentence in wrong)
        try:
            share = read_code(text)
        except BadCode:
            continue
        assert set(share.states) == {exercise.id for exercise in registry.every()}
