"""docs/scaling.md: its arithmetic is run, and what it says comes of it."""

import contextlib
import io
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "scaling.md").read_text(encoding="utf-8")
PAIRS = re.findall(r"```python\n(.*?)```\n(?:\n```text\n(.*?)```)?", PAGE, re.DOTALL)


def printed() -> list[str]:
    """What each block of code prints, one after the other."""
    names: dict[str, object] = {}
    said = []
    for code, _ in PAIRS:
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(compile(code, "scaling.md", "exec"), names)
        said.append(out.getvalue())
    return said


def test_its_arithmetic_comes_to_what_it_says():
    """Each block of code is followed by what it prints."""
    assert len(PAIRS) == 5
    assert printed() == [text for _, text in PAIRS]
