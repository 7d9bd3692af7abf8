"""Lessons for readers without a kernel: pages for a browser, slides for a projector."""
