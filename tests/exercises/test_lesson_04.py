"""Lesson 04: names that are as good as the solution's, and what a name may be made of."""

import ast

import pytest

from eda_workshop.exercises.judge import judge
from eda_workshop.exercises.lesson_04.rename import RENAME

GOOD = ast.literal_eval(RENAME.solutions[0].removeprefix("rename = "))


@pytest.mark.parametrize(
    "change",
    [
        {"signup": "customer.signed_up"},
        {"signup": "users.signed_up"},
        {"signup": "user.created"},
        {"SEND_MAIL": "message.sent"},
        {"folder.create": "folder.made"},
        {"MovedFolder": "folder.relocated"},
        {"deleted": "photo.deleted"},
        {"deleted": "document.removed"},
        {"mailer.user_is_new": "user.signed_up"},
        {"email.opening": "email.read"},
    ],
)
def test_other_names_for_the_facts_pass(change):
    """There is more than one good name, and "deleted" doesn't say what was."""
    assert judge(RENAME, GOOD | change).state == "right"


@pytest.mark.parametrize(
    "change",
    [
        {"signup": "user.sign_up"},
        {"signup": "user.need"},
        {"signup": "signup.done"},
        {"folder.create": "folder.shared"},
        {"share-folder": "folder.opened"},
        {"email.opening": "email.sent"},
        {"mailer.user_is_new": "user.mailed"},
    ],
)
def test_what_only_looks_like_the_fact_does_not_pass(change):
    """An order that ends like a past form, another line's fact, and what somebody does about it."""
    assert judge(RENAME, GOOD | change).state == "wrong"
