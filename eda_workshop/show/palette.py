"""One colour for each role, everywhere: the Okabe–Ito palette, and the theme's own ink and paper."""

from __future__ import annotations

PUBLISHER = "#0072B2"
SUBSCRIBER = "#009E73"
EVENT = "#E69F00"
LOST = "#D55E00"
LOG = "#56B4E9"
HYPOTHETICAL = "#CC79A7"

ON_EVENT = "#1a1a1a"
"""Text on a disc, dark on light in both themes."""

# JupyterLab's theme variables; outside JupyterLab the fallbacks hold.
INK = "var(--jp-ui-font-color1, #1f2328)"
MUTED = "var(--jp-ui-font-color2, #57606a)"
PAPER = "var(--jp-layout-color1, #ffffff)"
WORDS = f"color: {INK}; background: {PAPER}"
"""Ink never comes without its paper: on a page that sets no variables, both fallbacks hold, or neither."""
EDGE = "var(--jp-border-color1, #bdbdbd)"
FAINT = "var(--jp-border-color2, #e0e0e0)"
WRONG = "var(--jp-error-color0, #b3261e)"
FONT = "var(--jp-ui-font-family, system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif)"
MONO = "var(--jp-code-font-family, ui-monospace, 'DejaVu Sans Mono', monospace)"
