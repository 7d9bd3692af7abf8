"""The drive, built in the ways that its history knows: the same parts and operations, tied together differently."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from eda_workshop.simulate.system import Link, Operation, Service, System, ask, call, event

OPERATIONS = (
    Operation("list", "client", 6),
    Operation("create", "client", 2),
    Operation("share", "client", 2),
    Operation("sign up", "client", 1),
)
"""What people ask of the drive, with their shares: to see their folders, make one, share one, or join."""

PARTS = MappingProxyType(
    {
        "client": Service("client", 0.001, None, up=1),
        "web": Service("web", 0.005, 16),
        "accounts": Service("accounts", 0.005, 8),
        "folders": Service("folders", 0.01, 8),
        "sharing": Service("sharing", 0.01, 8),
        "mailer": Service("mailer", 0.2, 4),
        "database": Service("database", 0.004, 8),
        "log": Service("log", 0.002, 8, up=0.999),
    }
)
"""The parts of the drive: what each takes for its own work, in seconds, and how much it can do at a time."""

TIMEOUT = 2.0
"""Seconds for which callers in the drive wait."""


@dataclass(frozen=True)
class Architecture:
    """One way to build the drive."""

    system: System

    @property
    def name(self) -> str:
        return self.system.name


def _services(units: Mapping[str, str], machines: Mapping[str, str]) -> tuple[Service, ...]:
    """The parts named, each in its unit and on its machine."""
    return tuple(replace(PARTS[name], unit=unit, machine=machines.get(unit, "")) for name, unit in units.items())


def _units(unit: str, *names: str) -> dict[str, str]:
    return dict.fromkeys(names, unit)


def _apart(*names: str) -> dict[str, str]:
    return {name: name for name in names}


_CORE = ("web", "accounts", "folders", "sharing", "mailer")


def _by_call(tie: Callable[..., Link] = call, database: bool = True) -> tuple[Link, ...]:
    """Everything asks for what it needs, and waits: the client the web, the web whoever is in charge, those others."""
    wait = {"timeout": TIMEOUT}
    stored = [call(name, "database", **wait) for name in ("accounts", "folders", "sharing")] if database else []
    return (
        call("client", "web", timeout=2 * TIMEOUT),
        tie("web", "folders", "list", "create", **wait),
        tie("web", "sharing", "share", **wait),
        tie("web", "accounts", "sign up", **wait),
        tie("sharing", "accounts", "share", **wait),
        tie("sharing", "folders", "share", **wait),
        tie("sharing", "mailer", "share", **wait),
        tie("accounts", "folders", "sign up", **wait),
        tie("accounts", "mailer", "sign up", **wait),
        *stored,
    )


def _one_tier() -> Architecture:
    """Everything on one machine: screen, logic and data. Nothing to install twice, and nobody else can use it."""
    units = _units("drive", "client", *_CORE, "database")
    return Architecture(System("one tier", _services(units, {}), _by_call(), OPERATIONS))


def _two_tiers() -> Architecture:
    """The logic is on each desk, the data on a server: one hop, and a new version goes to every desk."""
    units = _units("desktop", "client", *_CORE) | _apart("database")
    return Architecture(System("two tiers", _services(units, {}), _by_call(), OPERATIONS))


def _three_tiers() -> Architecture:
    """Screen, logic and data on machines of their own; the logic is one unit, deployed and failing as one."""
    units = _apart("client") | _units("drive", *_CORE) | _apart("database")
    return Architecture(System("three tiers, monolith", _services(units, {}), _by_call(), OPERATIONS))


def _modular_monolith() -> Architecture:
    """One unit, but its modules own their data and tell each other what happened instead of calling."""
    units = _apart("client") | _units("drive", *_CORE) | _apart("database")
    return Architecture(System("modular monolith", _services(units, {}), _told(via=""), OPERATIONS))


def _microlith() -> Architecture:
    """A unit each, queues in between, one database for all, and everybody still waits for everybody's answer."""
    units = _apart("client", *_CORE, "database")
    links = _by_call(ask)
    return Architecture(System("microlith", _services(units, {}), links, OPERATIONS))


def _local_copy() -> Architecture:
    """The page keeps a copy of the folders and is told of changes: it can be read while the server is away."""
    units = _apart("client") | _units("drive", *_CORE) | _apart("database")
    links = [
        replace(link, takes=("create", "share", "sign up")) if link.source == "client" else link for link in _by_call()
    ]
    news = [
        event("folders", "folder.created", "client", "create"),
        event("sharing", "folder.shared", "client", "share"),
    ]
    return Architecture(System("single page with a local copy", _services(units, {}), (*links, *news), OPERATIONS))


def _microservices() -> Architecture:
    """A unit each, with its own data; each is deployed alone, and asks the others at the moment of need."""
    units = _apart("client", *_CORE)
    return Architecture(System("microservices by request", _services(units, {}), _by_call(database=False), OPERATIONS))


def _event_driven() -> Architecture:
    """A unit each, with its own data and copies of what it needs; what happened goes through a log to whoever listens."""
    units = _apart("client", *_CORE, "log")
    return Architecture(System("event-driven", _services(units, {}), _told(via="log"), OPERATIONS))


def _told(via: str) -> tuple[Link, ...]:
    """The web asks whoever is in charge; all others are told what happened. Without a log of their own, a database."""
    wait = {"timeout": TIMEOUT}
    stored = [] if via else [call(name, "database", **wait) for name in ("accounts", "folders", "sharing")]
    return (
        call("client", "web", timeout=2 * TIMEOUT),
        call("web", "folders", "list", "create", **wait),
        call("web", "sharing", "share", **wait),
        call("web", "accounts", "sign up", **wait),
        *stored,
        event("accounts", "user.signed_up", "folders", "sign up", via=via, **wait),
        event("accounts", "user.signed_up", "sharing", "sign up", via=via, **wait),
        event("accounts", "user.signed_up", "mailer", "sign up", via=via, **wait),
        event("folders", "folder.created", "sharing", "create", via=via, **wait),
        event("folders", "folder.created", "sharing", "sign up", via=via, after="user.signed_up", **wait),
        event("sharing", "folder.shared", "mailer", "share", via=via, **wait),
    )


_ALL = (
    _one_tier(),
    _two_tiers(),
    _three_tiers(),
    _modular_monolith(),
    _local_copy(),
    _microlith(),
    _microservices(),
    _event_driven(),
)

ARCHITECTURES: Mapping[str, Architecture] = MappingProxyType({each.name: each for each in _ALL})
"""Eight ways to build the drive, by name, in the order in which lesson 01 meets them."""
