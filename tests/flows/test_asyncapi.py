"""The registry as an AsyncAPI 3 document."""

import json

from eda_workshop import Bus, CounterIds, ManualClock, open_log
from eda_workshop.drive import Drive
from eda_workshop.drive.signup import orchestrated, request
from eda_workshop.flows import asyncapi


def document():
    """The drive after one sign-up, with a subscriber that hears a pattern."""
    bus = Bus(open_log("memory://", clock=ManualClock()), ids=CounterIds())
    Drive(bus)
    bus.subscriber("audit trail").on("folder.*", lambda event: None)
    bus.send("user.sign_up", {"user": "ada", "email": "ada@example.org"})
    return asyncapi(bus, title="The drive", version="2.1.0")


def references(node):
    """Every $ref in the document."""
    if isinstance(node, dict):
        yield from ([node["$ref"]] if "$ref" in node else [])
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def resolve(document, reference):
    """What a reference leads to."""
    node = document
    for key in reference.removeprefix("#/").split("/"):
        node = node[key]
    return node


def test_every_reference_leads_somewhere():
    """Operations lead to channels and their messages, those to components; and all of it is JSON."""
    made = document()
    found = list(references(made))
    assert found
    assert all(resolve(made, reference) for reference in found)
    assert json.loads(json.dumps(made)) == made


def test_it_says_what_asyncapi_asks_for():
    """Version, info, an address for each channel, an action and a channel for each operation."""
    made = document()
    assert (made["asyncapi"], made["info"]) == ("3.0.0", {"title": "The drive", "version": "2.1.0"})
    assert all(channel["address"] == name for name, channel in made["channels"].items())
    assert {operation["action"] for operation in made["operations"].values()} == {"send", "receive"}


def test_who_hears_and_who_says():
    """Each subscriber with each name, patterns for the names they match; each source with what it said."""
    operations = document()["operations"]
    assert operations["mailer.receives.user.signed_up"]["action"] == "receive"
    assert operations["audit_trail.receives.folder.created"]["channel"] == {"$ref": "#/channels/folder.created"}
    assert operations["drive.sends.email.sent"]["action"] == "send"
    assert "audit_trail.receives.email.sent" not in operations


def test_a_message_s_fields_come_from_the_log():
    """The newest event of a name shows its fields; a name that never happened has none to show."""
    messages = document()["components"]["messages"]
    assert set(messages["user.signed_up"]["payload"]["properties"]["data"]["properties"]) == {"user", "email"}
    assert "properties" not in messages["folder.shared"]["payload"]["properties"]["data"]


def test_a_bus_without_a_log_and_without_anybody():
    """Nothing is made up."""
    made = asyncapi(Bus(), title="empty")
    assert (made["channels"], made["operations"], made["components"]) == ({}, {}, {"messages": {}})


def test_the_kit_s_own_records_are_nobody_s_business():
    """A saga's facts are there; what its manager records for itself is not."""
    bus = Bus(open_log("memory://"))
    orchestrated(bus)
    request(bus)
    made = asyncapi(bus, title="The sign-up")
    assert "saga_sign_up.receives.account.opened" in made["operations"]
    assert "sign_up.sends.sign_up.completed" in made["operations"]
    assert not any("process." in name for name in (*made["operations"], *made["channels"]))
