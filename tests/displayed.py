"""What a cell shows that ends with a thing: the outputs' data, one after the other."""

from __future__ import annotations

from typing import Any

from IPython.core.interactiveshell import InteractiveShell
from IPython.display import display
from IPython.utils.capture import capture_output
from traitlets.config import Config

VIEW = "application/vnd.jupyter.widget-view+json"


def displayed(thing: object) -> list[dict[str, Any]]:
    """Display the thing as a notebook does."""
    config = Config()
    config.HistoryManager.enabled = False
    InteractiveShell.clear_instance()
    InteractiveShell.instance(config=config)
    try:
        with capture_output() as captured:
            display(thing)
    finally:
        InteractiveShell.clear_instance()
    return [output.data for output in captured.outputs]
