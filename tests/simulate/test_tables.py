"""Stream and table against each other: whatever happens, both say the same, and compaction keeps the newest only."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eda_workshop import BadSetting, Event, open_log
from eda_workshop.simulate.tables import FOLDERS, STORY, Question, changes, compacted, story, table_of, views

TABLES = st.dictionaries(st.sampled_from(FOLDERS), st.sampled_from(["/a", "/b", "/c"]))
DEEDS = st.lists(st.tuples(st.sampled_from(FOLDERS), st.sampled_from(["/a", "/b", ""])), max_size=12)


@given(old=TABLES, new=TABLES)
def test_changes_turn_one_table_into_the_other(old: dict[str, str], new: dict[str, str]) -> None:
    """Applied to the old table they give the new one, and nothing that stayed is told."""
    told = changes(old, new)
    table: dict[str, Any] = {**old, **dict(told)}
    assert {folder: path for folder, path in table.items() if path is not None} == new
    assert all(old.get(folder) != path for folder, path in told)


@given(deeds=DEEDS)
def test_compaction_keeps_the_table(deeds: list[tuple[str, str]]) -> None:
    """Whatever happened, the newest event of each folder gives the table of all."""
    log = open_log("memory://")
    for folder, path in deeds:
        name, data = (
            ("folder.moved", {"folder": folder, "path": path}) if path else ("folder.deleted", {"folder": folder})
        )
        log.append(Event(name, data, subject=f"folder/{folder}"))
    kept = compacted(list(log))
    assert table_of(kept) == table_of(list(log))
    assert len({event.subject for event in kept}) == len(kept) == len({folder for folder, _ in deeds})


def test_the_story_step_by_step() -> None:
    """By hand: three folders are left, four events kept; what the table tells at each step is the event."""
    last = views(len(STORY), Question("f1", 3))
    assert (last.table, last.kept, last.same) == ({"f1": "/ada", "f3": "/films", "f4": "/music"}, (5, 8, 9, 10), True)
    for position, (_, folder, path) in enumerate(STORY, 1):
        assert views(position, Question()).told == [(folder, path or None)]
    assert (views(0, Question()).told, len(story())) == ([], 10)


@pytest.mark.parametrize(
    ("position", "folder", "after", "answers"),
    [
        (10, "f1", 3, ("/home", "nobody knows")),
        (10, "f1", 10, ("/ada", "/ada")),
        (10, "f2", 4, ("/grace", "nobody knows")),
        (10, "f2", 6, ("deleted", "deleted")),
        (10, "f4", 3, ("not there yet", "not there yet")),
        (4, "f1", 7, ("nobody knows", "nobody knows")),
        (2, "f1", 1, ("/ada", "/ada")),
    ],
)
def test_questions_about_the_past(position: int, folder: str, after: int, answers: tuple[str, str]) -> None:
    """All events know, as far as they were read; the compacted ones only what nothing came after."""
    assert views(position, Question(folder, after)).answers == answers


@pytest.mark.parametrize(
    "wrong",
    [lambda: Question("f9"), lambda: Question("f1", 11), lambda: Question("f1", -1), lambda: views(11, Question())],
)
def test_wrong_wishes_are_refused(wrong: Any) -> None:
    """With what to give instead."""
    with pytest.raises(BadSetting):
        wrong()
