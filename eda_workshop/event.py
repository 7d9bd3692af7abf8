"""The event: a frozen fact with two times, when it occurred and when it was recorded."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from operator import index
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn, Self, TypeVar

import msgspec
from msgspec.structs import force_setattr

from eda_workshop.clock import as_instant
from eda_workshop.errors import BadData, BadEvent, FrozenData, MadeUp, cut, did_you_mean, shorten
from eda_workshop.ids import uuid7
from eda_workshop.names import check_name
from eda_workshop.values import NOTHING, FrozenDict, freeze

__all__ = ["Event", "Hypothetical", "Recorded"]

_Kind = TypeVar("_Kind", bound="Recorded")

NO_SOURCE = "/"
"""The wire demands a source; this stands for an event that names none."""
_TEXTS = ("subject", "source", "id", "correlation", "causation")
_URI = re.compile(r"(?:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*")
"""The characters of a URI reference, by RFC 3986."""
_RESERVED = ":/?#[]@!$&'()*+,;=%"
_EXTENSION = re.compile(r"[a-z0-9]+")
_JSON_TYPE = re.compile(r"[^/;\s]+/(?:[^/;\s]+\+)?json\s*(?:;.*)?", re.IGNORECASE | re.DOTALL)
WIRE_NAMES = frozenset(
    [
        "specversion",
        "id",
        "source",
        "type",
        "time",
        "subject",
        "data",
        "data_base64",
        "correlationid",
        "causationid",
        "edatags",
        "edaversion",
        "edasequence",
        "edarecorded",
        "edahash",
    ]
)
"""The names that an event's own attributes have in CloudEvents: no extension may have one of them."""
MAX_ATTRIBUTES = 16 * 1024
MAX_EXTENSIONS = 8 * 1024
"""Characters. With these and the limit of its data, an event's JSON stays below one megabyte, which every engine takes."""
MAX_TAGS = 100
_NO_TIME = datetime.min.replace(tzinfo=UTC)


def _wall_clock() -> datetime:
    return datetime.now(UTC)


class Defaults(NamedTuple):
    """What gives an event its id and its time of occurrence where the one who makes it doesn't."""

    new_id: Callable[[], str] = uuid7
    now: Callable[[], datetime] = _wall_clock


_USUAL = Defaults()
defaults: ContextVar[Defaults] = ContextVar("defaults", default=_USUAL)
"""A decision sets others, because the same command leads to the same events."""


def _new_id() -> str:
    return defaults.get().new_id()


def _now() -> datetime:
    return defaults.get().now()


# Events hold JSON, which has no cycles, so the collector need not look at them.
class _Message(msgspec.Struct, omit_defaults=True, gc=False):
    """What events and commands share: a name and data."""

    name: str
    data: Mapping[str, Any] = NOTHING


class Event(_Message, kw_only=True):
    """Something that happened. It can't be changed, refused or taken back; only more can be said.

    name         what happened: ``noun.verb_past``, two or more tokens joined by dots
    data         JSON, frozen: a dict with text keys
    subject      the entity it is about, such as ``user/ada``
    tags         further entities that it concerns, such as ``("wallet/ada", "name:photos")``, for decisions that span
                 several; the subject is a tag without being named here. Sorted, each once
    source       who says so: a URI reference, such as ``/billing``
    id           unique for each occurrence within its source. Source and id are the event's identity, by which it is
                 recorded once. Default: a UUID of version 7
    occurred     when it happened: an aware datetime or RFC 3339 text. Default: now, by the wall clock
    correlation  the id of the event that began the conversation. Default: its own id
    causation    the id of the event that led to it, directly or by commands; of a command that no event led to, the
                 command's own id; "" if nothing did
    version      the version of the data's shape, from 1
    extensions   further CloudEvents attributes, kept as they came: text, integers of 32 bits, bools
    undated      True if nobody has said when it occurred, as happens with events from elsewhere. The log that takes it
                 in, or the bus that publishes it, gives it its own time; until then `occurred` is the first moment
                 of the year 1

    Raises `BadName`, `BadData`, `BadTime` or `BadEvent`. What is a kind of text or whole number, such as numpy's,
    becomes plain text or a plain number. Subject, tags, source and ids have at most 16,384 characters together, extensions
    8,192; for the data see `values.freeze`. The two times follow Fowler's Domain Event.
    An event may occur later than now: it is scheduled. Kinds of events are told apart by name, never
    by a subclass.

    >>> Event("user.signed_up", {"name": "Ada"}, subject="user/ada", id="evt-0001")
    Event('user.signed_up', {'name': 'Ada'}, subject='user/ada', id='evt-0001')
    """

    subject: str = ""
    tags: tuple[str, ...] = ()
    source: str = ""
    id: str = msgspec.field(default_factory=_new_id)
    occurred: datetime = msgspec.field(default_factory=_now)
    correlation: str = ""
    causation: str = ""
    version: int = 1
    extensions: Mapping[str, str | int | bool] = NOTHING
    undated: bool = False

    def __post_init__(self) -> None:
        force_setattr(self, "name", check_name(self.name))
        if self.source == NO_SOURCE:
            force_setattr(self, "source", "")
        if self.correlation == "":
            force_setattr(self, "correlation", self.id)
        if self.tags != ():
            force_setattr(self, "tags", check_tags(self.tags))
        _check_texts(self)
        if not self.id:
            raise BadEvent("The event's id is empty", "Leave id= out, or give one that no other event has.")
        if type(self.version) is not int or not 1 <= self.version < 2**63:
            force_setattr(self, "version", check_count("version", self.version))
        if self.source:
            _check_source(self.source)
        force_setattr(self, "data", freeze(self.data))
        force_setattr(self, "occurred", _NO_TIME if self.undated else as_instant(self.occurred))
        if self.extensions is not NOTHING:
            force_setattr(self, "extensions", check_extensions(self.extensions))

    if TYPE_CHECKING:  # cloudevents.py, which knows the wire, gives these two to the class

        def to_cloudevent(self) -> dict[str, Any]: ...
        @classmethod
        def from_cloudevent(
            cls, document: Mapping[str, Any] | str | bytes, *, names: Mapping[str, str] | None = None
        ) -> Event: ...

    def replace(self, **changes: Any) -> Event:
        """A new event like this one, with some attributes changed; this one stays as it is.

        An event that began its own conversation still does so under a new id. A recorded event gives an
        `Event`: what is changed is not what the log holds.

        >>> Event("user.signed_up", {"name": "Ada"}, id="evt-0001").replace(id="evt-0002")
        Event('user.signed_up', {'name': 'Ada'}, id='evt-0002')
        """
        check_attributes(changes, Event.__struct_fields__)
        if "id" in changes and self.correlation == self.id:
            changes.setdefault("correlation", "")
        if "occurred" in changes:
            changes.setdefault("undated", False)
        return msgspec.structs.replace(self.event if isinstance(self, Recorded) else as_event(self), **changes)

    @property
    def identity(self) -> tuple[str, str]:
        """The source and the id: together they tell this event from all others, wherever it is.

        >>> Event("invoice.sent", id="1", source="/billing").identity
        ('/billing', '1')
        """
        return self.source, self.id

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise FrozenData

    def __delattr__(self, name: str) -> NoReturn:
        raise FrozenData

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self

    def __hash__(self) -> int:
        return hash(self.id)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._summary()})"

    def _summary(self) -> str:
        about = f", subject={self.subject!r}" if self.subject else ""
        return f"{self.name!r}, {_abridged(self.data)}{about}, id={self.id!r}"


class Recorded(Event, kw_only=True):
    """An event as a log holds it, and as only a log makes it: nothing is checked again.

    position   its place in the log, from 1, without gaps
    recorded   when the log took it in; never before the event at the position before
    hash       SHA-256 in hex over the event and the hash before it
    """

    position: int
    recorded: datetime
    hash: str = ""

    def __post_init__(self) -> None:
        """Spare reading the checks that `Event` makes."""

    @property
    def event(self) -> Event:
        """The event alone, as it was before it was recorded."""
        return Event(**{name: getattr(self, name) for name in Event.__struct_fields__})

    @property
    def scheduled(self) -> bool:
        """Whether it was recorded before it occurs: announced for later."""
        return self.occurred > self.recorded

    def __hash__(self) -> int:
        return hash(self.id)

    def _summary(self) -> str:
        return f"{self.position}, {Event._summary(self)}"


class Hypothetical(Recorded, kw_only=True):
    """An event that was made up in a branch; no log takes it, and nothing is sent because of it.

    position  where it was put in: the position of the event that it follows or stands for
    recorded  as if it had come together with that event
    """

    __hash__ = Recorded.__hash__


def record_as(event: Event, position: int, recorded: datetime, hash: str) -> Recorded:
    """The event with what a log adds to it. Raises `BadEvent` for what is no position and no hash."""
    check_count("position", position)
    _check_text("hash", hash)
    return _with_record(Recorded, event, position, recorded, hash)


def made_up(event: Event, position: int, recorded: datetime) -> Hypothetical:
    """The event as one that was made up, at a place of a branch; position 0 is before the first."""
    return _with_record(Hypothetical, event, position, recorded, "")


def _with_record(kind: type[_Kind], event: Event, position: int, recorded: datetime, hash: str) -> _Kind:
    return kind(
        event.name,
        event.data,
        subject=event.subject,
        tags=event.tags,
        source=event.source,
        id=event.id,
        occurred=event.occurred,
        correlation=event.correlation,
        causation=event.causation,
        version=event.version,
        extensions=event.extensions,
        position=position,
        recorded=recorded,
        hash=hash,
    )


def as_event(given: object) -> Event:
    """The event alone, of an event or of a recorded one; else `BadEvent`."""
    if type(given) is Event:
        return given
    if type(given) is Recorded:
        return given.event
    if isinstance(given, Hypothetical):
        raise MadeUp(given.name, given.id)
    if isinstance(given, Event):
        remedy = "Tell kinds of events apart by their names, and put what is special into the data."
        raise BadEvent(f"{type(given).__name__} is a class of its own, not Event", remedy)
    kind = f"the class {given.__name__}" if isinstance(given, type) else type(given).__name__
    remedy = "Make one: Event('user.signed_up', {'name': 'Ada'})."
    raise BadEvent(f"This is {kind}, not an event", remedy)


def check_attributes(given: Iterable[str], known: Collection[str]) -> None:
    """Raise `BadEvent` for the first name that is no attribute of an event."""
    for name in given:
        if name not in known:
            remedy = f"{did_you_mean(name, known)} What is special about this event goes into its data."
            raise BadEvent(f"An event has no attribute {name}", remedy.lstrip())


def _check_texts(event: Event) -> None:
    texts = event.subject, event.source, event.id, event.correlation, event.causation
    if {*map(type, texts)} != {str}:
        texts = tuple(map(_check_text, _TEXTS, texts))  # type: ignore[assignment]
        for attribute, text in zip(_TEXTS, texts, strict=True):
            force_setattr(event, attribute, text)
    together = "".join(texts + event.tags)
    if not together.isascii():
        for attribute, text in zip(_TEXTS, texts, strict=True):
            _check_unicode(f"The event's {attribute}", text)
    if len(together) > MAX_ATTRIBUTES:
        sizes = {"tags": len("".join(event.tags))} | {name: len(text) for name, text in zip(_TEXTS, texts, strict=True)}
        longest = max(sizes, key=lambda name: sizes[name])
        problem = f"takes the event's attributes past {MAX_ATTRIBUTES:,} characters"
        raise BadData(longest, problem, "Put what is long into the data.")


def _check_text(attribute: str, value: object) -> str:
    """The value as plain text. Raises `BadEvent` for anything else."""
    if not isinstance(value, str):
        kind = type(value).__name__
        raise BadEvent(f"The event's {attribute} is {kind}, not text", f"Write {attribute}='…'.")
    return str.__str__(value)


def check_tags(tags: object) -> tuple[str, ...]:
    """The tags in order, each once. Raises `BadEvent` for anything but several texts."""
    if isinstance(tags, str) or not isinstance(tags, Iterable) or isinstance(tags, Mapping):
        given = f"are {shorten(tags)}, one text" if isinstance(tags, str) else f"are {type(tags).__name__}"
        raise BadEvent(f"The event's tags {given}, not several", "Write tags=('wallet/ada',), also for one.")
    checked = sorted({_check_text("tag", tag) for tag in tags})
    if "" in checked:
        raise BadEvent("One of the event's tags is empty", "Leave it out.")
    if len(checked) > MAX_TAGS:
        raise BadEvent(
            f"The event has {len(checked)} tags, and {MAX_TAGS} are allowed", "Keep those that decisions ask for."
        )
    for tag in checked:
        _check_unicode(f"The event's tag {shorten(tag)}", tag)
    return tuple(checked)


def _check_source(source: str) -> None:
    if not _URI.fullmatch(source):
        from urllib.parse import quote  # half of the time that importing this file takes

        remedy = f"Write source={quote(source, safe=_RESERVED)!r}, or a path such as '/billing'."
        raise BadEvent(f"The event's source {shorten(source)} is not a URI reference, as CloudEvents demands", remedy)


def is_json_type(content: str) -> bool:
    """Whether a media type means JSON, as CloudEvents has it: its subtype is ``json``, or ends with ``+json``.

    >>> is_json_type("Application/JSON; charset=utf-8"), is_json_type("application/x-ndjson")
    (True, False)
    """
    return _JSON_TYPE.fullmatch(content.strip()) is not None


def check_extensions(extensions: Any) -> FrozenDict:
    """The extension attributes, frozen. Raises `BadEvent` for what the wire can't carry."""
    if type(extensions) is FrozenDict:
        return extensions or NOTHING
    if not isinstance(extensions, Mapping):
        remedy = "Pass a dict: extensions={'traceparent': '…'}."
        raise BadEvent(f"The event's extensions are {type(extensions).__name__}", remedy)
    checked = dict(_check_extension(name, value) for name, value in extensions.items())
    if sum(len(name) + len(str(value)) + 6 for name, value in checked.items()) > MAX_EXTENSIONS:
        problem = f"take more than {MAX_EXTENSIONS:,} characters"
        raise BadData("The event's extensions", problem, "Put what is long into the data.")
    return FrozenDict(checked) if checked else NOTHING


def _check_extension(name: object, value: object) -> tuple[str, str | int]:
    """The name and the value as plain text, number or bool. Raises `BadEvent` for what CloudEvents doesn't allow."""
    if not isinstance(name, str) or not _EXTENSION.fullmatch(name) or name in WIRE_NAMES:
        raise BadEvent(
            f"{name!r} can't be an extension attribute",
            "CloudEvents allows the characters a-z and 0-9, and no attribute's own name.",
        )
    if not isinstance(value, (str, int)):
        remedy = "Write text, an integer or a bool."
        raise BadEvent(f"The extension {name} is {type(value).__name__}", remedy)
    if isinstance(value, str):
        _check_unicode(f"The extension {name}", value)
        if name == "datacontenttype" and not is_json_type(value):
            raise BadEvent(f"The datacontenttype {shorten(value)} is not JSON, as the data is", "Leave it out.")
        return str.__str__(name), str.__str__(value)
    if name in ("datacontenttype", "dataschema"):
        raise BadEvent(f"The {name} is {type(value).__name__}, not text", f"Write {name}='…'.")
    if not -(2**31) <= value < 2**31:
        raise BadEvent(f"The extension {name} has more than 32 bits", "Write it as text.")
    return str.__str__(name), value if isinstance(value, bool) else int(value)


def _check_unicode(what: str, text: str) -> None:
    """Raise `BadEvent` for text that no file and no wire can carry."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise BadEvent(f"{what} is not valid Unicode", "Decode the text properly first.") from None


def check_count(attribute: str, value: Any) -> int:
    """The value as a plain number. Raises `BadEvent` for what is no whole number from 1."""
    is_whole = hasattr(type(value), "__index__") and not isinstance(value, bool)
    if not is_whole or not 1 <= (number := index(value)) < 2**63:
        rule = "is no whole number from 1"
        raise BadEvent(f"The event's {attribute} {cut(repr(value))} {rule}", f"Write {attribute}=1.")
    return number


def _abridged(data: Mapping[str, Any], width: int = 60) -> str:
    text = repr(data)
    return text if len(text) <= width else text[: width - 2] + "…}"
