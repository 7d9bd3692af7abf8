"""What `import eda_workshop` costs, in an interpreter of its own that times nothing else."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

from bench.cases import MILLISECOND, Aim, Block, Case, Group, Work

TIMED = "import time; start = time.process_time_ns(); import {}; print(time.process_time_ns() - start)"


def importing(module: str) -> Work:
    """Import it, each time in a new process, which says how long it took."""
    command = [sys.executable, "-c", TIMED.format(module)]

    def once() -> int:
        return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)

    def prepare(times: int) -> Callable[[], int]:
        return lambda: sum(once() for _ in range(times))

    return Work(prepare, lambda _: None)


START = "a first import"

GROUP = Group(
    name="start",
    title="Starting",
    about="The processor time of the import alone, without the interpreter's own start.",
    clock="cpu",
    rounds=15,
    blocks=(
        Block(
            START,
            (
                Case("import msgspec", lambda: importing("msgspec"), most=1),
                Case("import eda_workshop", lambda: importing("eda_workshop"), most=1),
            ),
            "import",
        ),
    ),
    aims=(Aim(START, "import eda_workshop", "at most", 100, MILLISECOND),),
)
