"""The quizzes as a whole: neither place nor length gives a right answer away, and every answer has a reason."""

import re
from collections import Counter
from itertools import pairwise

import pytest

from eda_workshop.exercises.quizzes import questions
from eda_workshop.exercises.registry import LESSONS

QUIZZES = {lesson: questions(lesson) for lesson in LESSONS}
QUESTIONS = [question for asked in QUIZZES.values() for question in asked]
each = pytest.mark.parametrize(
    "question",
    QUESTIONS,
    ids=[f"{lesson:02}.{number}" for lesson, asked in QUIZZES.items() for number in range(1, len(asked) + 1)],
)


def place(question):
    return [option.right for option in question.options].index(True)


def lengths(question):
    """How long the right answer is, and how long the wrong ones are."""
    right = len(question.options[place(question)].text)
    return right, [len(option.text) for option in question.options if not option.right]


def test_places_are_spread_over_all_questions():
    """Who always takes the same letter is right about once in three, whichever letter it is."""
    counts = Counter(map(place, QUESTIONS))
    assert set(counts) == {0, 1, 2}
    assert all(0.25 <= count / len(QUESTIONS) <= 0.42 for count in counts.values())


@pytest.mark.parametrize("number", range(3))
def test_places_are_spread_for_each_question_of_a_quiz(number):
    """Nor does it help that a question is the first, second or third of its quiz."""
    counts = Counter(place(asked[number]) for asked in QUIZZES.values())
    assert max(counts.values()) <= len(QUIZZES) / 2


def test_a_place_is_not_known_from_the_others():
    """Most quizzes use a place twice, so that the third answer doesn't follow from two; and few repeat the last quiz."""
    places = [tuple(map(place, asked)) for asked in QUIZZES.values()]
    assert sum(len(set(found)) == 3 for found in places) <= len(places) / 2
    assert sum(one == other for one, other in pairwise(places)) <= len(places) / 3


def test_length_does_not_give_it_away():
    """The right answer is the longest in at most half of the questions, and the shortest in at most half."""
    longest = sum(right >= max(wrong) for right, wrong in map(lengths, QUESTIONS))
    shortest = sum(right <= min(wrong) for right, wrong in map(lengths, QUESTIONS))
    assert longest <= len(QUESTIONS) / 2
    assert shortest <= len(QUESTIONS) / 2


@each
def test_every_answer_has_a_reason_of_its_own(question):
    """Three different answers, each with a reason in whole sentences that no other answer gets."""
    texts = [option.text for option in question.options]
    reasons = [option.because for option in question.options]
    assert len(texts) == len(set(texts)) == len(set(reasons)) == 3
    for text, reason in zip(texts, reasons, strict=True):
        assert len(reason.split()) >= 6
        assert re.fullmatch(r"[“A-Z0-9a-z].*[.?]", reason)
        assert text.lower() not in reason.lower().split(". ")
        assert not text.endswith(".")
