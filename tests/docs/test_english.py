"""Our English: what reads like another language's may only become rarer, and the list says by how much it has."""

from __future__ import annotations

import re

import english
import pytest
from english import Pattern, Text

PATTERNS = english.patterns()
TEXTS = {"readers": english.readers, "docstrings": english.docstrings}
SPARE, SHARE = 0.5, 0.1
"""How far the list may lie above today's number: half a hit in 10,000 words, or a tenth of the number if that is more."""


def allowed(most: float, words: int) -> float:
    """A number from the list, and one hit or a hundredth more, because clean text comes and goes. But 0 is 0."""
    return most + max(10_000 / words, most / 100) if most else 0


@pytest.mark.parametrize("seen_by", TEXTS)
@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.name)
def test_a_pattern_only_becomes_rarer(pattern: Pattern, seen_by: str) -> None:
    """There are no more hits than the list says, and it says so when they have become fewer."""
    texts = TEXTS[seen_by]()
    most, now = getattr(pattern, seen_by), english.rate(pattern.find, texts)
    see = f"`python tests/docs/english.py {pattern.name}` shows each."
    assert now <= allowed(most, english.words(texts)), (
        f"{now} hits in 10,000 words, and english.txt allows {most}: say it in other words. {see}"
    )
    spare = max(SPARE, SHARE * now)
    assert most <= now + spare, f"{now} hits in 10,000 words, and english.txt allows {most}: write {now} there."


def test_the_list_names_each_pattern_once() -> None:
    """Each pattern has a name of its own, and both numbers are tenths from 0 up."""
    assert len({pattern.name for pattern in PATTERNS}) == len(PATTERNS) >= 38
    numbers = [number for pattern in PATTERNS for number in (pattern.readers, pattern.docstrings)]
    assert all(number >= 0 and number == round(number, 1) for number in numbers)


HITS = {
    "headless-who": "Who asks gets both added up.",
    "is-no": "It is no lock.",
    "shall": "so that somebody shall know.",
    "asked-for": "The branch was asked for.",
    "stands": "A switch stands behind it.",
    "for-because": "That is enough, for it comes like clockwork.",
    "to-subject": "To swallow the exception makes it worse.",
}


@pytest.mark.parametrize(("name", "sentence"), HITS.items())
def test_a_pattern_finds_what_it_is_named_for(name: str, sentence: str) -> None:
    """A sentence of its kind is a hit."""
    (pattern,) = [pattern for pattern in PATTERNS if pattern.name == name]
    assert len(english.hits(pattern.find, [Text("a", sentence)])) == 1


@pytest.mark.parametrize(("most", "most_allowed"), [(0, 0), (2.5, 2.6), (150, 151.5)])
def test_one_hit_more_is_allowed_but_where_none_is(most: float, most_allowed: float) -> None:
    """In 100,000 words a hit is a tenth; a hundredth of a large number is more than that."""
    assert allowed(most, 100_000) == pytest.approx(most_allowed)


def test_a_rate_is_rounded_up() -> None:
    """One hit in 30,000 words counts, and no hit is 0."""
    texts = (Text("a", "It shall be."), Text("b", "word " * 29_997))
    assert english.rate(re.compile("shall"), texts) == 0.4
    assert english.rate(re.compile("anew"), texts) == 0


def test_sentences_are_found_in_code() -> None:
    """Texts with sentences are read, an f-string as one; docstrings, names, styles and programs are not."""
    source = '''
def told(name):
    """This is a docstring of it."""
    style = "color: red; margin: 0 auto { top: 1px }"
    code = "def late(events):\\n    return what is there"
    program = "for each in events:\\n    print(each)"
    return f"You told {name!r} about it; <b>nobody</b> else `knows; that`." + "a.b.c"
'''
    assert list(english.strings(source)) == ["You told … about it; nobody else …."]


def test_percent_cells_are_read() -> None:
    """Markdown, comments and the words after a mark's colon are read; marks, magics and code are not."""
    source = (
        "# %% [markdown]\n# # A title\n#\n# Some words\n# go on.\n# - an item\n\n# %%\n# %load_ext it\n# Why so.\nx = 1\n"
        "# %% wrong: You took the first.\nx = 2\n"
    )
    assert list(english.comments(source)) == [
        "# A title",
        "Some words go on.",
        "- an item",
        "Why so.",
        "You took the first.",
    ]


def test_pages_are_read_without_code_and_addresses() -> None:
    """Paragraphs, items and rows come one by one; code is …, and a link is its words."""
    page = "# Log\n\nIt is\n`a; b`, see [this](x.md).\n- one\n- two\n\n```python\na = 1; b = 2\n```\n| a | b |\n"
    assert english.paragraphs(page) == ["# Log", "It is …, see [this].", "- one", "- two", "…", "| a | b |"]


def test_every_kind_of_text_is_there() -> None:
    """Pages, lessons, exercises and the package are read, and tests are not."""
    files = {text.file for text in english.readers()}
    wanted = {
        "README.md",
        "notebooks/glossary.md",
        "docs/files.md",
        "notebooks/source/03-bus.py",
        "eda_workshop/errors.py",
    }
    assert wanted <= files
    assert any("exercises" in file for file in files)
    assert not any(file.startswith(("tests/", ".workshop/")) for file in files)
    assert {"eda_workshop/bus/bus.py"} <= {text.file for text in english.docstrings()}
