"""Old events in new shapes: what is stored never changes, what is read is brought up to date."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from eda_workshop.errors import BadSetting, BadUpcaster, EdaError, MissingUpcaster, UpcasterFailed, check_number
from eda_workshop.event import Event, Recorded
from eda_workshop.names import check_name
from eda_workshop.values import freeze

Upcaster = Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""Takes an event's data of one version and gives the data of the next."""


class Upcasters:
    """The steps from each version of an event's data to the next; pass it to `open_log`.

    steps  the registered functions, by name and version

    The newest version of a name is one more than the last step's; events of a still newer version, or of a name
    without steps, come as they are.

    >>> upcasters = Upcasters()
    >>> @upcasters.step("folder.created", 1)
    ... def with_owner(data): return {**data, "owner": "nobody"}
    >>> log = open_log("memory://", upcasters=upcasters)
    >>> _ = log.append(Event("folder.created", {"path": "/x"}, id="1"))
    >>> next(log.read()).data, next(log.read(raw=True)).data
    ({'path': '/x', 'owner': 'nobody'}, {'path': '/x'})
    """

    def __init__(self) -> None:
        self.steps: dict[str, dict[int, Upcaster]] = {}

    def step(self, name: str, version: int) -> Callable[[Upcaster], Upcaster]:
        """Register a function from data of this version to data of the next. Raises `BadUpcaster` for a second one."""
        version = check_number("version", version, 1)
        steps = self.steps.setdefault(check_name(name), {})

        def register(function: Upcaster) -> Upcaster:
            if not callable(function):
                raise BadUpcaster(name, version, f"is {type(function).__name__}, not a function")
            if version in steps:
                raise BadUpcaster(name, version, "is there already")
            steps[version] = function
            return function

        return register

    def apply(self, page: list[Recorded]) -> list[Recorded]:
        """The events in their newest shapes. Raises `MissingUpcaster` or `UpcasterFailed`."""
        if not self.steps:
            return page
        return [in_shape(event, *self.shape(event)) if event.name in self.steps else event for event in page]

    def shape(self, event: Event) -> tuple[Mapping[str, Any], int]:
        """An event's data in its newest shape, and the version of that. Raises `MissingUpcaster` or `UpcasterFailed`."""
        steps = self.steps.get(event.name, {})
        data, newest, position = event.data, max(steps, default=0) + 1, getattr(event, "position", 0)
        for version in range(event.version, newest):
            if version not in steps:
                raise MissingUpcaster(event.name, position, version, newest)
            try:
                data = freeze(steps[version](data))
            except EdaError as error:
                raise UpcasterFailed(event.name, position, version, str(error).rstrip(".")) from error
            except Exception as error:
                problem = f"{type(error).__name__}: {error}"
                raise UpcasterFailed(event.name, position, version, problem) from error
        return data, max(event.version, newest)


def in_shape(event: Recorded, data: Mapping[str, Any], version: int) -> Recorded:
    """The recorded event with its data in the shape of a version."""
    return event if version == event.version else msgspec.structs.replace(event, data=data, version=version)


def check_upcasters(given: object) -> Upcasters:
    """Return the upcasters; raise `BadSetting` for anything else, a dict or the class itself included."""
    if not isinstance(given, Upcasters):
        raise BadSetting("upcasters", given, "the steps as Upcasters(): @upcasters.step(name, version)")
    return given
