"""Credentials files: signed users, keys, what is wrong with a file, and a user who is taken no more."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from contract.setup import an_event, numbers
from nats.aio.client import RawCredentials
from signing import Key, Signed, a_user
from waiting import until

from eda_workshop import BadLog, open_log
from eda_workshop.log.nats.log import NatsLog
from eda_workshop.servers import NatsServer


@pytest.fixture
def server(nats_server: NatsServer, tmp_path: Path) -> Iterator[Signed]:
    """A server that wants signed users."""
    with Signed(tmp_path / "nats") as server:
        yield server


def test_a_credentials_file_is_a_user(server: Signed, tmp_path: Path) -> None:
    """Its name, its path or its text open the log; no text of the log shows what stands in it."""
    file, ada = tmp_path / "drive.creds", a_user()
    text = server.credentials(file, ada)
    for number, given in enumerate((str(file), file, RawCredentials(text)), 1):
        with open_log(server.url("drive"), connect={"user_credentials": given}) as log:
            log.append(an_event(number))
            assert numbers(log.read()) == list(range(1, number + 1))
            assert ada.seed not in f"{log!r} {log.url}"


def test_the_two_parts_may_be_files_of_their_own(server: Signed, tmp_path: Path) -> None:
    """The signed user in one, the key in the other, as nats-py takes them."""
    ada, user, key = a_user(), tmp_path / "user.jwt", tmp_path / "user.nk"
    user.write_text(server.credentials(tmp_path / "both", ada).splitlines()[1])
    key.write_text(ada.seed)
    with open_log(server.url("drive"), connect={"user_credentials": (str(user), str(key))}) as log:
        assert log.append(an_event(1)) == (1,)
    key.unlink()
    with pytest.raises(BadLog, match=r"can't read the credentials in '.*user.nk'"):
        open_log(server.url("drive"), connect={"user_credentials": (str(user), str(key))})


def test_a_key_alone_is_a_user(nats_server: NatsServer, tmp_path: Path) -> None:
    """A server may know users by their public keys; the key is in a file, or given as it is."""
    ada, file = a_user(), tmp_path / "ada.nk"
    file.write_text(ada.seed)

    class Keyed(NatsServer):
        def authorization(self) -> str:
            return f"authorization {{ users: [ {{ nkey: {ada.public} }} ] }}\n"

    with Keyed(tmp_path / "nats", durable=False) as server:
        for number, given in enumerate(({"nkeys_seed": str(file)}, {"nkeys_seed_str": ada.seed}), 1):
            with open_log(server.url("drive"), connect=given) as log:
                assert log.append(an_event(number)) == (number,)
        with pytest.raises(BadLog, match="was refused"):
            open_log(server.url("drive"), connect={"nkeys_seed_str": a_user().seed})
        for wrong in ({"nkeys_seed_str": f"SU{ada.public}"}, {"nkeys_seed": str(tmp_path / "nobody.nk")}):
            with pytest.raises(BadLog, match="credentials|a key that isn't one") as caught:
                open_log(server.url("drive"), connect=wrong)
            assert ada.public not in str(caught.value)


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        (lambda text, ada: None, r"can't read the credentials in '.*drive\.creds' \(No such file or directory\)"),
        (lambda text, ada: "", r"no NATS USER JWT in '.*drive\.creds'\. Ask"),
        (lambda text, ada: text[text.index("-----BEGIN USER") :], "no NATS USER JWT in"),
        (lambda text, ada: text[: text.index("-----BEGIN USER")], "no USER NKEY SEED in"),
        (lambda text, ada: text.replace(ada.seed, ada.seed[:20]), "a key that isn't one in"),
        (
            lambda text, ada: text.replace(ada.seed, a_user().seed),
            "was refused: user, password or credentials are wrong",
        ),
        (lambda text, ada: text.replace(text.splitlines()[1], "e30.e30.e30"), "was refused"),
    ],
    ids=["not there", "empty", "key only", "user only", "broken key", "another's key", "broken user"],
)
def test_a_wrong_file_is_told_without_its_secrets(server: Signed, tmp_path: Path, wrong: Any, problem: str) -> None:
    """The sentence says which file, what is wrong with it and whom to ask, and nothing of what stands in it."""
    file, ada = tmp_path / "drive.creds", a_user()
    text = wrong(server.credentials(file, ada), ada)
    file.unlink()
    if text is not None:
        file.write_text(text)
    with pytest.raises(BadLog, match=problem) as caught:
        open_log(server.url("drive"), connect={"user_credentials": str(file)})
    said = f"{caught.value} {caught.value!r}"
    assert not any(line in said for line in (text or "").splitlines() if line)


def test_a_text_is_not_shown_where_a_file_would_be(server: Signed) -> None:
    """Who gives the credentials themselves, and gives them wrong, reads no part of them in the error."""
    with pytest.raises(BadLog, match="no NATS USER JWT in the text that was given") as caught:
        open_log(server.url("drive"), connect={"user_credentials": RawCredentials("s3cret")})
    assert "s3cret" not in repr(caught.value)


def test_what_is_not_installed_is_told(server: Signed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra has a name."""
    server.credentials(tmp_path / "drive.creds", a_user())
    monkeypatch.setitem(sys.modules, "nkeys", None)
    with pytest.raises(BadLog, match="Install the extra nats-credentials"):
        open_log(server.url("drive"), connect={"user_credentials": str(tmp_path / "drive.creds")})


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
def test_new_credentials_are_taken_while_the_log_is_open(server: Signed, tmp_path: Path) -> None:
    """Its user is revoked: appends are refused in words. The file gets another user, and all goes on, also followers."""
    file, ada = tmp_path / "drive.creds", a_user()
    server.credentials(file, ada)
    connect = {"user_credentials": str(file)}
    with NatsLog(server.url("drive"), connect=connect, patience=0.5) as log, log.follow(patience=60) as follower:
        log.append(an_event(1))
        revoke(server, ada)
        until(lambda: log.state == "reconnecting")
        until(lambda: "was refused" in told(log))
        server.credentials(file, a_user())
        until(lambda: log.state == "connected")
        log.append(an_event(2))
        assert [next(follower).position for _ in range(2)] == [1, 2]
    assert log.state == "closed"


def test_broken_credentials_are_told_while_the_log_is_open(server: Signed, tmp_path: Path) -> None:
    """The server restarts while the file is being written: what is wrong is said in words, and it goes on when it is right."""
    file, ada = tmp_path / "drive.creds", a_user()
    text = server.credentials(file, ada)
    with NatsLog(server.url("drive"), connect={"user_credentials": str(file)}, patience=0.5) as log:
        log.append(an_event(1))
        server.stop()
        for broken, problem in (("", "no NATS USER JWT in"), (text[: len(text) // 2], "no USER NKEY SEED in")):
            file.write_text(broken)
            server.start()
            until(lambda problem=problem: problem in told(log))
            assert ada.seed not in told(log)
        file.write_text(text)
        until(lambda: log.state == "connected")
        log.append(an_event(2))
        assert numbers(log.read()) == [1, 2]


def revoke(server: Signed, user: Key) -> None:
    """Let the server know that this user is taken no more."""
    server.revoked[user.public] = int(time.time()) + 1
    server.command()
    os.kill(server.pid, signal.SIGHUP)


def told(log: NatsLog) -> str:
    """What whoever appends is told."""
    with pytest.raises(BadLog) as caught:
        log.append(an_event(9))
    return str(caught.value)
