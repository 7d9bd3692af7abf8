"""The picture in the README, drawn by the kit itself."""

from __future__ import annotations

from pathlib import Path

from eda_workshop.show.picture import Picture
from eda_workshop.widgets import PipeAndTaps

NAME = "pipe.svg"


def picture() -> Picture:
    """Pipe and taps: a closed tap loses two copies, a late one misses four."""
    pipe = PipeAndTaps()
    pipe.publish("user.signed_up")
    pipe.publish("folder.created")
    pipe.close("mailer")
    pipe.publish("user.signed_up")
    pipe.publish("folder.shared")
    pipe.open("mailer")
    pipe.open("search")
    pipe.publish("folder.moved")
    pipe.publish("email.sent")
    return pipe.wait(1)


def write(notebooks: Path, *, check: bool) -> bool:
    """Write the picture beside the notebooks, or only look; whether it was as it is now."""
    drawn, target = picture().svg + "\n", notebooks / NAME
    same = target.exists() and target.read_text(encoding="utf-8") == drawn
    if not same and not check:
        target.write_text(drawn, encoding="utf-8", newline="\n")
    return same
