"""The story that all lessons share: a small file-sharing service and the events of its life."""

from eda_workshop.drive.kinds import KINDS, PEOPLE, Field, Kind
from eda_workshop.drive.models import Count, Folder, Folders
from eda_workshop.drive.service import Drive
from eda_workshop.drive.stream import stream

__all__ = ["KINDS", "PEOPLE", "Count", "Drive", "Field", "Folder", "Folders", "Kind", "stream"]
