"""Lesson 02: right answers that are written in another way, and wrong ones that look right."""

import pytest

import eda_workshop
from eda_workshop.exercises import registry
from eda_workshop.exercises.judge import judge
from eda_workshop.exercises.lesson_02.past_tense import PAST_TENSE
from eda_workshop.exercises.lesson_02.verbs import is_past

EXERCISES = {exercise.id: exercise for exercise in registry.of(2)}
GOOD = {
    "notify_billing": "plan.canceled",
    "search.reindex": "file.renamed",
    "thumbnail.create": "photo.uploaded",
    "mailer.say_goodbye": "account.closed",
    "order": "order.paid",
    "folder.moving": "folder.moved",
    "audit.note_login_failure": "login.failed",
}


def outcome(name, source):
    """What a learner is told for this source."""
    names = {public: getattr(eda_workshop, public) for public in eda_workshop.__all__}
    exec(compile(source, "<cell>", "exec"), names)
    return judge(EXERCISES[name], names[name])


@pytest.mark.parametrize(
    "change",
    [
        {"notify_billing": "subscription.ended"},
        {"notify_billing": "customer.plan.cancelled"},
        {"search.reindex": "document.name_changed"},
        {"thumbnail.create": "album.photo_added"},
        {"mailer.say_goodbye": "user.left"},
        {"order": "payment.received"},
        {"folder.moving": "folder.relocated"},
        {"audit.note_login_failure": "user.log_in_failed"},
        {"audit.note_login_failure": "login.denied"},
    ],
)
def test_other_names_for_the_facts_pass(change):
    """There is more than one good name."""
    assert judge(PAST_TENSE, GOOD | change).state == "right"


@pytest.mark.parametrize("odd", [5, None, "", "order..paid", ("order", "paid"), "order.payment"])
def test_other_things_than_names_are_told(odd):
    """Whatever stands behind a colon gets a sentence."""
    assert judge(PAST_TENSE, GOOD | {"order": odd}).state == "wrong"


@pytest.mark.parametrize(
    "body",
    [
        "copy[user] = copy.get(user, {}) | event.data",
        "copy[user] = event.data if user not in copy else {**copy[user], **event.data}",
        "copy.setdefault(user, {}).update({field: event.data[field] for field in event.data if field != 'user'})",
    ],
)
def test_other_ways_to_carry_pass(body):
    """With the user's id in the copy, or without."""
    assert outcome("carry", f'def carry(copy, event, ask):\n    user = event.data["user"]\n    {body}').state == "right"


@pytest.mark.parametrize(
    "body",
    [
        "log.append(Event('meal.paid', {**slip}, id=slip['number'], occurred=slip['paid'], subject='table/4'))",
        "from datetime import datetime; log.append(Event('table.paid', slip, id='x' + slip['number'], "
        "occurred=datetime.fromisoformat(slip['paid'])))",
        "any(e.id == slip['number'] for e in log) or Bus(log).publish('meal.eaten', slip, id=slip['number'], occurred=slip['paid'])",
    ],
)
def test_other_ways_to_make_the_event_pass(body):
    """On the bus or on the log, with an id made from the number, asking first or not."""
    assert outcome("make_event", f"def make_event(log, slip):\n    {body}").state == "right"


@pytest.mark.parametrize("verb", ["signed_up", "sent", "name_changed", "paid", "agreed", "left"])
def test_past(verb):
    """Regular and irregular forms, alone or among other words."""
    assert is_past(verb)


@pytest.mark.parametrize("verb", ["send", "need", "feed", "proceed", "moving", "creation", "", "red"])
def test_not_past(verb):
    """Orders, nouns, and what only ends like a past form."""
    assert not is_past(verb)
