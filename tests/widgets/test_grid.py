"""The registry grid under its three rules."""

import pytest

from eda_workshop.widgets import RegistryGrid


def three(grid):
    for subscriber in ("mailer", "folders", "audit"):
        grid.register(subscriber, "user.signed_up")
    grid.publish("user.signed_up")
    return grid


def test_each_subscriber_may_have_a_handler_for_the_name():
    """Under the bus's own rule three subscribers make three calls and one mail."""
    assert three(RegistryGrid()).numbers == {"handlers": 3, "calls": 3, "mails": 1}


def test_read_globally_the_rule_loses_the_fan_out():
    """One handler for each name on the whole bus: deliveries fall from three to one."""
    assert three(RegistryGrid(rule="global")).numbers == {"handlers": 1, "calls": 1, "mails": 1}


@pytest.mark.parametrize(("rule", "mails"), [("per subscriber", 1), ("none", 4)])
def test_running_the_cell_again(rule, mails):
    """Three re-runs of the registration send one mail under the rule, and four without."""
    grid = RegistryGrid(rule=rule)
    grid.register("mailer", "user.signed_up")
    for _ in range(2 if rule == "none" else 3):
        grid.run_again()
    grid.register("mailer", "user.signed_up")
    grid.publish("user.signed_up")
    assert grid.numbers["mails"] == mails


def test_a_taken_cell_is_refused_in_the_librarys_words():
    """The error names subscriber and event; the cell is marked, the registry unchanged, and the mark goes away."""
    grid = three(RegistryGrid())
    said = grid.register("mailer", "user.signed_up")
    assert said.words.startswith("Refused: Subscriber 'mailer' already has a handler for user.signed_up: send_mail")
    assert "✗" in said.body
    assert grid.numbers["handlers"] == 3
    assert "✗" not in grid.publish("user.signed_up").body


def test_off_frees_the_cell():
    """After taking the handler off, a new one is accepted; taking off what isn't there is told."""
    grid = three(RegistryGrid())
    grid.off("mailer", "user.signed_up")
    assert grid.publish("user.signed_up").words.endswith("Ada: 1")
    assert "Refused" not in grid.register("mailer", "user.signed_up").words
    assert "has no handler for email.sent" in grid.off("mailer", "email.sent").words


def test_the_rule_can_be_changed_afterwards():
    """The same acts are done again under the other rule, by the dropdown or from code."""
    grid = three(RegistryGrid())
    assert "Rule: global · 1 handler" in grid.rule("global").words
    grid._rule.value = "none"
    assert grid.numbers["calls"] == 3


def test_the_controls_register_and_publish():
    """The buttons act on the chosen subscriber and event."""
    grid = RegistryGrid()
    buttons = {child.description: child for row in grid._box.children[:2] for child in row.children}
    grid._subscriber.value = "audit"
    grid._name.value = "email.sent"
    buttons["Register"].click()
    buttons["Publish"].click()
    assert grid.numbers == {"handlers": 1, "calls": 1, "mails": 0}
    buttons["Take off"].click()
    assert grid.numbers["handlers"] == 0
    buttons["Start over"].click()
    assert grid.settings.acts == ()
