"""A form for publishing: its fields come from the event's kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import ipywidgets

from eda_workshop.drive import KINDS, Field, Kind
from eda_workshop.widgets.instrument import button, choice, words

Publish = Callable[[str, Mapping[str, Any]], object]


class Form:
    """A dropdown of kinds, a control for each field of the chosen kind, and a Publish button.

    `publish` is called with the name and the data when the button is pressed, or Enter in a text box.
    """

    def __init__(self, publish: Publish, kinds: Iterable[Kind] = KINDS.values()) -> None:
        self._kinds = {kind.name: kind for kind in kinds}
        self._publish = publish
        self.kind = choice("Event", list(self._kinds))
        self.fields = ipywidgets.Box(layout=ipywidgets.Layout(flex_flow="row wrap", grid_gap="4px 8px"))
        self.button = button("Publish", self.submit)
        self.kind.observe(lambda _: self._show_fields(), names="value")
        self._show_fields()

    @property
    def row(self) -> list[ipywidgets.Widget]:
        """The controls in the order of use."""
        return [self.kind, self.fields, self.button]

    @property
    def data(self) -> dict[str, str]:
        """What the fields hold now."""
        fields = self._kinds[self.kind.value].fields
        return {field.name: control.value for field, control in zip(fields, self.fields.children, strict=True)}

    def submit(self) -> None:
        """Publish what the form says."""
        self._publish(self.kind.value, self.data)

    def _show_fields(self) -> None:
        self.fields.children = [self._control(field) for field in self._kinds[self.kind.value].fields]

    def _control(self, field: Field) -> ipywidgets.Widget:
        if field.choices:
            return choice(field.label, list(field.choices), field.example)
        return words(field.label, field.example)
