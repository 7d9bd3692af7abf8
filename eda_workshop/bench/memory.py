"""How much memory a case takes at its peak, measured in a fresh process.

The figure is by how much the process's peak resident memory grew, from the moment when the kit and
the peer's module had been imported, through set-up and warm-up, to the end of a round's publishes.
The system counts in pages, and what fits into memory that the imports had freed again reads 0.0.
"""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from pathlib import Path

import eda_workshop
from eda_workshop.bench.case import Case, Group
from eda_workshop.bench.errors import MemoryUnknown
from eda_workshop.bench.measure import CLOCKS, Trial

STATUS = Path("/proc/self/status")
CHILD = "from eda_workshop.bench.memory import child; child()"


def peak_kib() -> int | None:
    """This process's peak resident memory so far, in KiB; None where the system does not say."""
    # On Linux getrusage starts from the peak of the parent process, which hides a small case.
    if STATUS.exists():
        for line in STATUS.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1])
    try:
        from resource import RUSAGE_SELF, getrusage
    except ImportError:
        return None
    peak = getrusage(RUSAGE_SELF).ru_maxrss
    return peak // 1024 if sys.platform == "darwin" else peak


def peak_mib(group: Group, key: str, times: int) -> float | None:
    """What a case takes at its peak, in MiB, in a new process that publishes so many events.

    None where the system does not say. Raises `MemoryUnknown` if the process failed.
    """
    home = str(Path(eda_workshop.__file__).resolve().parent.parent)
    path = os.pathsep.join(filter(None, (home, os.environ.get("PYTHONPATH"))))
    done = subprocess.run(
        [sys.executable, "-c", CHILD, group.name, key, str(times)],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise MemoryUnknown(f"{group.name}, {key}", done.stderr[-1000:])
    return float(done.stdout) if done.stdout.strip() else None


def growth_mib(key: str, case: Case, clock: str, times: int) -> float | None:
    """By how much this process's peak grows when a case is set up and publishes so often."""
    if case.peer:
        importlib.import_module(case.peer)
    before = peak_kib()
    trial = Trial(key, case, CLOCKS[clock])
    trial.warm_up()
    trial.run(times)
    after = peak_kib()
    trial.close()
    return None if before is None or after is None else (after - before) / 1024


def child() -> None:
    """What the new process does: group, case and times are its arguments, it prints the growth."""
    from eda_workshop.bench.catalog import GROUPS

    name, key, times = sys.argv[1:]
    group = GROUPS[name]
    grown = growth_mib(key, group.cases()[key], group.clock, int(times))
    print("" if grown is None else round(grown, 3))
