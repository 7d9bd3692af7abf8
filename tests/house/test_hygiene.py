"""What no file of the project may hold."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Put together here, so that this file does not hold what it forbids.
HOSTS = "|".join(
    ["py" + r"pi\.org", "python" + "hosted", r"registry\." + "npmjs", r"deb\." + "debian", r"conda\." + "anaconda"]
)
HOMES = "|".join(["/home/" + r"\w", "/Users/" + r"\w", "/root" + "/", "/wo" + "rk/", r"C:\\Users"])


def files():
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


@pytest.mark.parametrize(("what", "pattern"), [("a package registry's host", HOSTS), ("a path of a machine", HOMES)])
def test_no_file_names(what, pattern):
    """Lock files, notebooks and prose are free of registries' hosts and of machines' paths."""
    found = []
    for path in files():
        text = path.read_bytes().decode("utf-8", errors="replace")
        found += [f"{path.relative_to(ROOT)}: {match[0]}" for match in re.finditer(pattern, text)]
    assert found == [], what


def test_files_stay_small():
    """No file passes 400 kB."""
    assert [path.name for path in files() if path.stat().st_size > 400_000] == []
