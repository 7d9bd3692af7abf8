"""The lessons: where each may be begun, where its files are, and how it is built from its source."""

from eda_workshop.lessons.files import lesson_files
from eda_workshop.lessons.resume import start_here

__all__ = ["lesson_files", "start_here"]
