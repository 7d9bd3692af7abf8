"""Pictures: pure functions from a state to SVG (scenes) or to matplotlib (charts)."""
