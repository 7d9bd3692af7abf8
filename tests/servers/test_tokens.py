"""Servers that the kit starts answer to the user who started them, and to nobody else on the machine."""

from __future__ import annotations

import http.client
import json
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from eda_workshop import BadLog, Event, open_log
from eda_workshop.drive.remote import LARGEST, FolderProgram
from eda_workshop.log.nats import tokens
from eda_workshop.servers import NatsServer, a_place
from eda_workshop.servers.redis import RedisServer, find_redis_server


def is_private(path: Path) -> bool:
    """Whether nobody but the owner may read it."""
    return stat.S_IMODE(path.stat().st_mode) & 0o077 == 0


def elsewhere(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Be a user with another home."""
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("USERPROFILE", str(folder))


@pytest.fixture
def name() -> str:
    return f"t{secrets.token_hex(8)}"


def test_only_its_user_finds_the_token(
    nats_server: NatsServer, name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """By the port of loopback, in a file of their own; another user is refused, unless they were given the address."""
    for host in ("127.0.0.1", "localhost"):
        with open_log(f"nats://{host}:{nats_server.port}/{name}") as log:
            log.append(Event("user.signed_up"))
    elsewhere(monkeypatch, tmp_path)
    with pytest.raises(BadLog, match="was refused: user, password or credentials are wrong"):
        open_log(nats_server.url(name))
    with pytest.raises(BadLog, match="was refused"):
        open_log(nats_server.url(name), connect={"token": "wrong"})
    with open_log(nats_server.url(name, with_token=True)) as log:
        assert log.head == 2
        assert nats_server.token not in f"{log!r} {log.url}"


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no modes")
def test_no_file_and_no_command_line_shows_it(nats_server: NatsServer) -> None:
    """Whatever holds the token, or the streams, can be read by its owner alone; what a lesson stores doesn't hold it."""
    for path in (tokens.place(nats_server.port), nats_server.folder / "nats.conf", nats_server.folder / "token"):
        assert nats_server.token in path.read_text(encoding="utf-8")
        assert is_private(path)
    assert is_private(nats_server.folder / "data")
    shown = f"{nats_server.url('drive')} {nats_server!r} {nats_server.command()}"
    assert nats_server.token not in shown


def test_what_somebody_names_is_taken(nats_server: NatsServer) -> None:
    """Whoever says by whom they connect, in the address or beside it, is asked for no token."""
    address = nats_server.url("drive")
    assert tokens.found([address], {}) == {"token": nats_server.token}
    assert tokens.found([address.replace("//", "//ada@")], {}) == {}
    assert tokens.found([address], {"user_credentials": "drive.creds"}) == {}
    assert tokens.found(["nats://example.org:4222"], {}) == {}


def test_it_stays_the_same_and_is_forgotten_at_the_end(nats_server: NatsServer, tmp_path: Path) -> None:
    """An address that was printed is good for the next start in the same folder; a stopped server leaves no file."""
    kept = set()
    for _ in range(2):
        with NatsServer(tmp_path / "streams") as server:
            kept.add(server.token)
            assert tokens.place(server.port).exists()
        assert not tokens.place(server.port).exists()
    assert len(kept) == 1


def test_without_a_home_there_is_no_server(
    nats_server: NatsServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """If the token can be kept nowhere, a lesson runs on files, and nothing is left running."""
    (tmp_path / "home").touch()
    elsewhere(monkeypatch, tmp_path / "home")
    place = a_place()
    assert place.server is None
    place.stop()


def test_what_was_made_is_removed(nats_server: NatsServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Stopped cleanly, a server, a program and a place leave no folder behind; killed, they keep what they had."""
    server, program = NatsServer().start(), FolderProgram(str(tmp_path / "drive.db")).start()
    folders = [server.folder, program.folder]
    server.kill()
    assert server.folder.exists()
    server.start()
    place = a_place()
    assert place.server is not None
    folders.append(place.server.folder)
    monkeypatch.setenv("EDA_NATS_SERVER", "")
    files = a_place()
    folders.append(Path(files.url("drive")).parent)
    assert all(folder.exists() for folder in folders)
    for each in (server, program, place, files):
        each.stop()
    assert not any(folder.exists() for folder in folders)
    with open_log(files.start().url("drive")) as log:
        assert log.head == 0
    files.stop()


@pytest.mark.skipif(find_redis_server() is None, reason="no redis-server")
def test_redis_asks_for_its_password() -> None:
    """Which no command line shows."""
    with RedisServer() as server:
        assert server.password not in str(server.command())
        assert is_private(server.folder / "redis.conf")


# --- the folder service -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FolderProgram]:
    with FolderProgram(str(tmp_path_factory.mktemp("drive") / "drive.db"), slow=0) as program:
        yield program


def status(service: FolderProgram, body: bytes = b'{"user": "ada", "path": "/ada"}', **headers: str | None) -> int:
    """What a request with these headers gets; None leaves one out."""
    given = {"Authorization": f"Bearer {service.token}", "Host": f"127.0.0.1:{service.port}", **headers}
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=20)
    connection.putrequest("POST", "/folders", skip_host=True, skip_accept_encoding=True)
    for name, value in {"Content-Length": str(len(body)), **given}.items():
        if value is not None:
            connection.putheader(name, value)
    connection.endheaders(body)
    answer = connection.getresponse()
    assert isinstance(json.loads(answer.read()), dict)
    connection.close()
    return answer.status


def test_a_request_of_its_own_user_is_answered(service: FolderProgram) -> None:
    """With the token, to this machine, under either of its names."""
    assert status(service) == status(service, Host=f"localhost:{service.port}") == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": None},
        {"Authorization": "Bearer wrong"},
        {"Authorization": "Bearer é"},
        {"Host": "evil.example"},
        {"Host": None},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
    ],
)
def test_any_other_request_is_refused(service: FolderProgram, headers: dict[str, str | None]) -> None:
    """Other users don't know the token; a browser's page says its origin, or calls this machine by another name."""
    assert status(service, **headers) == 403


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}", b'{"user": 1, "path": "/"}', b"null", b"[" * 5000, b"\xff"])
def test_a_wish_that_is_none_harms_nobody(service: FolderProgram, body: bytes) -> None:
    """It is told so, and the next one is answered."""
    assert status(service, body) == 400
    assert status(service, **{"Content-Length": str(LARGEST + 1)}) == 400
    assert status(service) == 200


def test_its_command_line_holds_no_secret(service: FolderProgram) -> None:
    """Neither its token nor the log's address, which may hold a password."""
    shown = " ".join(service.command())
    assert service.token not in shown
    assert "drive.db" not in shown
