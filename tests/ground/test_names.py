"""Names and patterns: what is allowed, what an error says, what matches what."""

from __future__ import annotations

from enum import StrEnum
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eda_workshop import BadName, BadPattern
from eda_workshop.names import MAX_LENGTH, check_name, check_pattern, is_pattern, matches, matching, overlap

# Every wrong name, the place of its fault and a word of the rule.
WRONG_NAMES = [
    ("", 0, "empty"),
    ("signup", 6, "one token"),
    ("user..signed_up", 5, "empty"),
    (".signed_up", 0, "empty"),
    ("user.", 5, "empty"),
    ("User.signed_up", 0, "upper case"),
    ("user.signed_Up", 12, "upper case"),
    ("user signed.up", 4, "white space"),
    ("user.signed_up\n", 14, "white space"),
    ("user.*", 5, "wildcard"),
    ("user.>", 5, "wildcard"),
    ("user.a*", 6, "wildcard"),
    ("user.1st", 5, "can't begin with '1'"),
    ("user._x", 5, "can't begin with '_'"),
    ("user.größe", 7, "'ö' is not one of"),
    ("user-data.x", 4, "'-' is not one of"),
    ("a." + "b" * 10_000, MAX_LENGTH, "10,002 characters"),
]


@pytest.mark.parametrize("name", ["a.b", "user.signed_up", "a1.b_2.c3", "a." + "b" * (MAX_LENGTH - 2)])
def test_good_names_are_taken_as_they_are(name: str) -> None:
    """Two or more tokens of a-z, 0-9 and _, up to 255 characters, are a name."""
    assert check_name(name) == name


@pytest.mark.parametrize(("name", "place", "word"), WRONG_NAMES)
def test_a_wrong_name_says_where_and_why(name: str, place: int, word: str) -> None:
    """The error carries the text, the place of the first fault and the rule, and says what to write."""
    with pytest.raises(BadName) as caught:
        check_name(name)
    assert (caught.value.text, caught.value.place) == (name, place)
    assert word in caught.value.rule
    assert caught.value.rule in str(caught.value)
    assert f"at character {place}" in str(caught.value)
    assert "user.signed_up" in str(caught.value)


def test_a_long_wrong_name_is_quoted_in_short() -> None:
    """A sentence stays readable whatever was passed."""
    with pytest.raises(BadName) as caught:
        check_name("X" * 10_000)
    assert len(str(caught.value)) < 300
    assert "10,000 characters" in str(caught.value)


@pytest.mark.parametrize("wrong", [None, 3, b"a.b", ["a.b"], {"a": "b"}])
def test_what_is_no_text_is_no_name(wrong: object) -> None:
    """The error names the type, also of what can't be hashed."""
    with pytest.raises(BadName, match=f"it is {type(wrong).__name__}, not text"):
        check_name(wrong)  # type: ignore[arg-type]
    with pytest.raises(BadPattern, match=f"it is {type(wrong).__name__}, not text"):
        check_pattern(wrong)  # type: ignore[arg-type]


def test_a_name_becomes_plain_text() -> None:
    """A subclass of str, such as an enumeration's member, is taken for the text it holds."""

    class Names(StrEnum):
        SIGNED_UP = "user.signed_up"

    assert type(check_name(Names.SIGNED_UP)) is str


@pytest.mark.parametrize("pattern", [">", "user.>", "user.*", "*.*", "*.created", "a.*.c", "*.>", "user.signed_up"])
def test_good_patterns_are_taken(pattern: str) -> None:
    """A wildcard takes a token's place; > only the last one's."""
    assert check_pattern(pattern) == pattern


@pytest.mark.parametrize(
    ("pattern", "place", "word"),
    [
        ("*", 1, "one token"),
        (">.user", 0, "last token"),
        ("user.>.x", 5, "last token"),
        ("user.a*", 6, "whole tokens"),
        ("user.**", 5, "whole tokens"),
        ("user.>>", 5, "whole tokens"),
        ("User.*", 0, "upper case"),
        ("", 0, "empty"),
    ],
)
def test_a_wrong_pattern_says_where_and_why(pattern: str, place: int, word: str) -> None:
    """The error carries the text, the place and the rule, and shows what the wildcards stand for."""
    with pytest.raises(BadPattern) as caught:
        check_pattern(pattern)
    assert (caught.value.text, caught.value.place) == (pattern, place)
    assert word in caught.value.rule
    assert "exactly one token" in str(caught.value)


def test_is_pattern_tells_a_pattern_from_a_name() -> None:
    """What holds a wildcard is a pattern."""
    assert [is_pattern(text) for text in ("a.b", "a.*", "a.>", ">")] == [False, True, True, True]


def test_matching_keeps_the_order_of_names() -> None:
    """The names that any of the patterns stands for come once each, in their own order."""
    names = ["b.x", "a.x", "c.x", "a.y.z"]
    assert matching(["a.>", "*.x", "a.x"], names) == names
    assert matching("a.*", names) == ["a.x"]


# --- against an oracle that enumerates ----------------------------------------------------------

TOKENS = ("a", "b")
ALL_NAMES = [".".join(tokens) for size in (2, 3, 4, 5) for tokens in product(TOKENS, repeat=size)]
patterns = st.lists(st.sampled_from([*TOKENS, "*"]), min_size=1, max_size=4).flatmap(
    lambda tokens: st.sampled_from([".".join(tokens), ".".join([*tokens, ">"])])
)
good_patterns = st.one_of(patterns.filter(lambda text: "." in text), st.just(">"))


def expand(pattern: str) -> set[str]:
    """All names of two to five tokens a and b that the pattern stands for, by writing them out."""
    heads = [TOKENS if token == "*" else (token,) for token in pattern.split(".") if token != ">"]
    tails = range(1, 6 - len(heads)) if pattern.endswith(">") else [0]
    written = {".".join(tokens) for size in tails for tokens in product(*heads, *[TOKENS] * size)}
    return written & set(ALL_NAMES)


@given(good_patterns, st.sampled_from(ALL_NAMES))
def test_matches_agrees_with_writing_all_names_out(pattern: str, name: str) -> None:
    """A pattern matches exactly the names that one gets by putting every token in a wildcard's place."""
    check_pattern(pattern)
    assert matches(pattern, name) == (name in expand(pattern))


@given(good_patterns, good_patterns)
def test_overlap_agrees_with_writing_all_names_out(left: str, right: str) -> None:
    """Two patterns overlap exactly when some name is in both lists, whichever comes first."""
    assert overlap(left, right) == overlap(right, left) == bool(expand(left) & expand(right))


@given(st.text(alphabet="aA1_.*> é", max_size=8))
def test_a_name_is_what_the_rule_in_one_line_says(text: str) -> None:
    """The checks agree with the rules written as regular expressions, and each fault lies within the text."""
    import re

    token = "[a-z][a-z0-9_]*"
    for check, error, rule in (
        (check_name, BadName, rf"{token}(\.{token})+"),
        (check_pattern, BadPattern, rf"(({token}|\*)\.)+({token}|\*|>)|>"),
    ):
        try:
            check(text)
        except error as wrong:
            assert not re.fullmatch(rule, text)
            assert 0 <= wrong.place <= len(text)  # noqa: PT017
        else:
            assert re.fullmatch(rule, text)
