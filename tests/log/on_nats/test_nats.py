"""The log on NATS: how it looks from outside, what a server is asked for, and what is no log."""

from __future__ import annotations

import asyncio
import gc
import json
import threading
from collections.abc import Callable
from typing import Any

import nats
import pytest
from contract.deciding import sold
from contract.setup import an_event, numbers
from nats.js.api import StreamConfig

from eda_workshop import BadLog, Conflict, Event, open_log
from eda_workshop.log import Query
from eda_workshop.log.nats import tokens
from eda_workshop.log.nats.address import parse
from eda_workshop.log.nats.client import Connection
from eda_workshop.log.nats.log import NatsLog, filter_of, subject_of, token


def opened(url: str, **options: Any) -> NatsLog:
    """The log at this address, as its own class."""
    log = open_log(url, **options)
    assert isinstance(log, NatsLog)
    return log


def with_client(url: str, work: Callable[[Any], Any]) -> Any:
    """What plain nats-py does on the same server."""

    async def run() -> Any:
        client = await nats.connect(url.rpartition("/")[0], **tokens.found(url.split(","), {}))
        try:
            return await work(client)
        finally:
            await client.close()

    return asyncio.run(run())


# --- addresses ----------------------------------------------------------------------------------


def test_an_address_has_servers_and_a_stream() -> None:
    """Several servers of one cluster are joined by commas; the user of the first is the user of all."""
    plain = "nats://127.0.0.1:4222/drive"
    assert parse(plain) == (["nats://127.0.0.1:4222"], "drive", plain, None)
    assert parse(f"{plain}?replicas=3") == (["nats://127.0.0.1:4222"], "drive", plain, 3)
    servers, stream, shown, _ = parse("tls://ada:s3cret@a.example:4222,b.example,eve:other@c.example/my-drive_2")
    assert servers == ["tls://ada:s3cret@a.example:4222", "tls://ada:s3cret@b.example", "tls://eve:other@c.example"]
    assert (stream, shown) == ("my-drive_2", "tls://a.example:4222,b.example,c.example/my-drive_2")


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("nats:///drive", "names no server"),
        ("nats://127.0.0.1:4222", "names no stream"),
        ("nats://127.0.0.1:4222/", "names no stream"),
        ("nats://127.0.0.1:4222/my drive", "no stream's name"),
        ("nats://127.0.0.1:4222/drive.user", "no stream's name"),
        ("nats://127.0.0.1:4222/drive/2", "no stream's name"),
        ("nats://127.0.0.1:port/drive", "names no server"),
        ("nats://ada:s3cret@/drive", "names no server"),
        ("nats://127.0.0.1:4222/?replicas=3", "names no stream"),
        ("nats://127.0.0.1:4222/drive?replicas=2", "can't have '2' replicas. Write 1, 3 or 5"),
        ("nats://127.0.0.1:4222/drive?replicas=", "can't have '' replicas"),
        ("nats://127.0.0.1:4222/drive?replicas=three", "can't have 'three' replicas"),
        ("nats://127.0.0.1:4222/drive?replicas=3&replicas=5", "says replicas twice"),
        ("nats://127.0.0.1:4222/drive?replica=3", "knows no setting 'replica'"),
        ("nats://127.0.0.1:4222/drive?3", "knows no setting '3'"),
    ],
)
def test_a_wrong_address_is_told_without_its_secrets(url: str, problem: str) -> None:
    """The sentence shows what to write, and no password."""
    with pytest.raises(BadLog, match=problem) as caught:
        open_log(url)
    assert "s3cret" not in str(caught.value)


def test_nobody_there(tmp_path: Any) -> None:
    """A server that isn't there is told within seconds, with what to do."""
    with pytest.raises(BadLog, match=r"can't be reached.*workshop\.py nats"):
        open_log("nats://ada:s3cret@127.0.0.1:1/drive")


# --- subjects -----------------------------------------------------------------------------------


def test_a_subject_names_stream_entity_and_event() -> None:
    """What NATS has no room for is hashed; two entities never share a token."""
    assert subject_of("drive", an_event(1, "folder.created", "folder/7")) == "drive.folder/7.folder.created"
    assert subject_of("drive", an_event(1)) == "drive.-.user.signed_up"
    texts = ["", "-", "a", "A", "a b", "a.b", "a*", ">", "~", "Zoë", "x" * 64, "x" * 65, "user/ada", ".", "a\tb"]
    tokens = [token(text) for text in texts]
    assert len(set(tokens)) == len(texts)
    assert not any(set(each) & set(" .*>\t\r\n") or not each.isascii() for each in tokens)


def test_the_server_is_asked_for_what_is_wanted() -> None:
    """One name or pattern and one entity are the server's work; of several names the client picks."""
    assert filter_of("drive", None, None) == "drive.>"
    assert filter_of("drive", ("user.*",), None) == "drive.*.user.*"
    assert filter_of("drive", ("user.>",), "user/ada") == "drive.user/ada.user.>"
    assert filter_of("drive", ("user.named", "user.left"), "") == "drive.-.>"


def test_other_programs_read_cloud_events(stream_url: str) -> None:
    """Any NATS client sees each event as one message: a CloudEvent on its own subject."""
    with opened(stream_url) as log:
        log.append(an_event(1, subject="user/ada"), an_event(2, "folder.created"))
        stream = log._stream.name

        async def read(client: Any) -> list[Any]:
            subscription = await client.jetstream().subscribe(f"{stream}.*.user.>", ordered_consumer=True)
            return [await subscription.next_msg()]

        (message,) = with_client(stream_url, read)
        document = json.loads(message.data)
        assert message.subject == f"{stream}.user/ada.user.signed_up"
        assert message.headers["content-type"] == "application/cloudevents+json"
        assert (document["specversion"], document["type"], document["edasequence"]) == (
            "1.0",
            "user.signed_up",
            "000000000001",
        )
        assert Event.from_cloudevent(document) == next(log.read())


# --- queries ------------------------------------------------------------------------------------


def test_a_condition_does_not_read_the_stream(stream_url: str) -> None:
    """In a stream of 3,000 events, a condition on one entity costs no message if it holds, and one if it doesn't."""
    with opened(stream_url) as log, opened(stream_url) as other:
        for first in range(1, 3_001, 1_000):
            log.append(*(sold(number, f"{number}", "show/1") for number in range(first, first + 1_000)))
        other.append(sold(3_001, "3001", "show/1"), unless=Query("seat.*", tags="seat/3001"))  # it learns the stream
        plain = messages(other, lambda: other.append(sold(3_002, "3002", "show/1")))
        free, taken = (Query("seat.reserved", tags=("show/1", f"seat/{seat}")) for seat in (9_999, 1_500))
        assert messages(other, lambda: other.append(sold(3_003, "9999", "show/1"), unless=free)) == plain
        with pytest.raises(Conflict) as caught:
            log.append(sold(3_004, "1500", "show/1"), unless=taken)
        assert caught.value.event.position == 1_500
        assert messages(log, lambda: numbers(log.read(where=taken))) <= 3
        assert messages(log, lambda: next(log.read(where=Query(tags="show/1"), reverse=True))) < 100
        assert numbers(log.read(2_998, where=Query(tags="show/1") | Query("seat.released"))) == [
            2_999,
            3_000,
            3_001,
            3_002,
            3_003,
        ]


def messages(log: NatsLog, work: Callable[[], Any]) -> int:
    """How many messages come over a log's connection because of the work."""
    before = log._connection.client.stats["in_msgs"]
    work()
    return int(log._connection.client.stats["in_msgs"] - before)


@pytest.mark.parametrize("tags", ["x", '["a", 1]', "{}", 7, None])
def test_tags_that_others_write_are_no_stumbling_block(stream_url: str, tags: Any) -> None:
    """What is no record of ours is named as before, and a null is left out."""
    with opened(stream_url) as log:
        log.append(sold(1, "12", "show/1"))
        document = next(log.read()).to_cloudevent() | {"id": "x", "edasequence": "000000000002", "edatags": tags}

        async def publish(client: Any) -> None:
            await client.jetstream().publish(f"{log._stream.name}.-.seat.reserved", json.dumps(document).encode())

        with_client(stream_url, publish)
        if tags is None:
            assert log.append(sold(3, "7"), unless=Query(tags="seat/7")) == (3,)
            return
        with pytest.raises(BadLog, match="can't be read at position 2"):
            log.append(sold(3, "7"))


# --- what is no log -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"max_msgs": 5}, r"drops messages \(max_msgs\)"),
        ({"max_age": 60}, r"drops messages \(max_age\)"),
        ({"retention": "workqueue"}, r"drops messages \(retention workqueue\)"),
        ({"deny_delete": False}, "can be deleted"),
        ({"deny_purge": False}, "can be deleted"),
        ({"allow_atomic": False}, "takes no batches"),
    ],
)
def test_a_stream_that_forgets_is_refused(stream_url: str, changes: dict[str, Any], problem: str) -> None:
    """It would lose events, now or later; it is left as it is."""
    name = stream_url.rpartition("/")[2]
    config = {"name": name, "subjects": [f"{name}.>"], "deny_delete": True, "deny_purge": True, "allow_atomic": True}
    config |= changes
    if "max_age" in config:
        config["max_age"] *= 1_000_000_000

    async def make(client: Any) -> Any:
        return json.loads((await client.request(f"$JS.API.STREAM.CREATE.{name}", json.dumps(config).encode())).data)

    assert "error" not in with_client(stream_url, make)
    with pytest.raises(BadLog, match=problem):
        open_log(stream_url)


def test_a_stream_of_other_subjects_is_refused(stream_url: str) -> None:
    """A stream of that name which hears something else is somebody else's."""
    name = stream_url.rpartition("/")[2]
    config = StreamConfig(name=name, subjects=[f"other-{name}"], deny_delete=True, deny_purge=True)
    with_client(stream_url, lambda client: client.jetstream().add_stream(config))
    with pytest.raises(BadLog, match="for the subjects"):
        open_log(stream_url)


def test_what_others_publish_there_is_found(stream_url: str) -> None:
    """A message that is no record stops whoever reads it, and verify names its place; the rest can be read."""
    with opened(stream_url) as log:
        log.append(an_event(1))
        subject = f"{log._stream.name}.-.user.signed_up"
        with_client(stream_url, lambda client: client.jetstream().publish(subject, b'{"number": 2}'))
        assert numbers(log.read(upto=1)) == [1]
        with pytest.raises(BadLog, match="at position 2"):
            list(log)
        assert str(log.verify()).startswith("position 2:")


def test_a_forged_record_is_found(stream_url: str) -> None:
    """A CloudEvent that looks like a record, but was never chained."""
    with opened(stream_url) as log:
        log.append(an_event(1), an_event(2))
        forged = {**next(log.read(1)).to_cloudevent(), "edasequence": "000000000003", "id": "evt-0003"}
        subject = f"{log._stream.name}.-.user.signed_up"
        with_client(stream_url, lambda client: client.jetstream().publish(subject, json.dumps(forged).encode()))
        damage = log.verify()
        assert damage is not None
        assert (damage.position, "hash" in damage.problem) == (3, True)


def test_nothing_can_be_deleted(stream_url: str) -> None:
    """The server refuses to delete a message or to purge the stream, whoever asks."""
    with opened(stream_url) as log:
        log.append(an_event(1))
        name = log._stream.name

        async def delete(client: Any) -> list[Any]:
            asks = (f"STREAM.MSG.DELETE.{name}", {"seq": 1}), (f"STREAM.PURGE.{name}", {})
            answers = [await client.request(f"$JS.API.{what}", json.dumps(wish).encode()) for what, wish in asks]
            return [json.loads(answer.data).get("error", {}).get("description") for answer in answers]

        assert all(with_client(stream_url, delete))
        assert numbers(log.read()) == [1]


def test_a_log_that_nobody_holds_is_closed(stream_url: str) -> None:
    """Its connection ends without a word; a follower holds its log, and so does who reads it."""
    log, before = NatsLog(stream_url), set(threading.enumerate())
    log.append(an_event(1), an_event(2))
    (thread,) = [each for each in before if each.name == "eda_workshop nats"]
    events = iter(log.read())
    assert next(events).data == {"number": 1}
    del log
    gc.collect()
    assert next(events).data == {"number": 2}
    assert thread.is_alive()
    del events
    gc.collect()
    thread.join(10)
    assert not thread.is_alive()


def test_a_stream_made_anew_is_noticed(stream_url: str) -> None:
    """Somebody deletes the stream while it is open: what is asked then fails in words, and nothing is written."""
    with opened(stream_url) as log, opened(stream_url) as other:
        log.append(an_event(1), an_event(2))
        log.keep_position("mailer", 2)
        other.append(an_event(3))
        with_client(stream_url, lambda client: client.jetstream().delete_stream(log._stream.name))
        with pytest.raises(BadLog, match="JetStream is switched off|deleted"):
            log.append(an_event(4))
        with opened(stream_url) as anew:
            anew.append(an_event(9))
            for old in (log, other):
                with pytest.raises(BadLog, match="deleted or replaced"):
                    old.append(an_event(4))
            with pytest.raises(BadLog, match="made again"):
                anew.position_of("mailer")
            assert numbers(anew.read()) == [9]


def test_a_server_that_takes_less_refuses(stream_url: str, monkeypatch: Any) -> None:
    """More than its messages may have: the sentence tells both sizes, and nothing of the batch is there."""
    with opened(stream_url) as log:
        client = log._connection.client  # type: ignore[attr-defined]
        monkeypatch.setattr(type(client), "max_payload", property(lambda self: 100_000))
        large = an_event(2).replace(data={"text": "\0" * 20_000})
        with pytest.raises(BadLog, match=r"up to 99,\d\d\d bytes, and user.signed_up has 120,"):
            log.append(an_event(1), large)
        assert log.head == 0
        fits = large.replace(data={"text": "\0" * 16_000})
        assert log.append(an_event(1), fits) == (1, 2)
        assert next(log.read(1)).event == fits


# --- old servers --------------------------------------------------------------------------------


def test_an_older_server_takes_one_event_at_a_time(stream_url: str, monkeypatch: Any) -> None:
    """It would store a batch in parts, so that is refused; single events, also many at once, go on as ever."""
    monkeypatch.setattr(Connection, "version", (2, 11, 9))
    with opened(stream_url) as log:
        assert log.max_batch == 1
        with pytest.raises(BadLog, match=r"nats-server 2\.11\.9, which can't store 2 events all or none.*one by one"):
            log.append(an_event(1), an_event(2))
        assert log.head == 0

        async def append() -> list[tuple[int, ...]]:
            return await asyncio.gather(*(log.append_async(an_event(number)) for number in range(1, 31)))

        assert sorted(asyncio.run(append())) == [(number,) for number in range(1, 31)]
        assert log.verify() is None


def test_a_very_old_server_is_refused(stream_url: str, monkeypatch: Any) -> None:
    """Before 2.11 too much is missing; the sentence tells both versions."""
    monkeypatch.setattr(Connection, "version", (2, 10, 29))
    with pytest.raises(BadLog, match=r"nats-server 2\.10\.29.*2\.11"):
        open_log(stream_url)
