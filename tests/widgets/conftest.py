"""ipywidgets remembers every widget that was made, so what a test makes is closed behind it."""

from __future__ import annotations

from collections.abc import Iterator

import ipywidgets
import pytest


@pytest.fixture(autouse=True)
def _widgets_end_with_their_test() -> Iterator[None]:
    yield
    ipywidgets.Widget.close_all()
