"""What methods of instruments are given: whether it is what their controls could say."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import ipywidgets

from eda_workshop.errors import BadSetting, check_number


def check_known(name: str, given: object, known: Iterable[object]) -> None:
    """Raise `BadSetting` for what is none of these; also for what can't be looked up, such as a list."""
    choices = [*known]
    if not any(type(given) is type(each) and given == each for each in choices):
        raise BadSetting(name, given, f"one of: {', '.join(map(str, choices)) or 'none was given'}")


def check_switch(name: str, given: object) -> bool:
    """The value of a switch. Raises `BadSetting` for what is neither True nor False."""
    if not isinstance(given, bool):
        raise BadSetting(name, given, "True or False")
    return given


def check_control(control: Any, given: object) -> None:
    """Raise `BadSetting`, with the control's label, for what it can't be set to."""
    label = control.description
    if isinstance(control, ipywidgets.Checkbox):
        check_switch(label, given)
    elif isinstance(control, ipywidgets.Dropdown):
        values = [option[1] if isinstance(option, tuple) else option for option in control.options]
        if not any(type(given) is type(each) and given == each for each in values):
            check_switch(label, given) if isinstance(values[0], bool) else check_known(label, given, values)
    elif isinstance(control.step, int):
        check_number(label, given, control.min, control.max)
    else:
        check_number(label, given, control.min, control.max, whole=False)
