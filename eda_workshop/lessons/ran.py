"""What was run in this kernel: a log, from which follow the cells that are done and the names as they were."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from eda_workshop.lessons.sections import Cell

NAME = "_eda_ran"


@dataclass(frozen=True)
class Run:
    """One cell that was run.

    id           what the front end calls it, "" if it doesn't say; of a replayed one, what the notebook calls it
    names        the names that it has set, with their values
    is_replayed  whether it ran because another cell needed it
    """

    id: str
    source: str
    succeeded: bool
    names: dict[str, Any]
    is_replayed: bool


@dataclass
class Ran:
    """The runs of this kernel in their order, kept among the learner's names: whoever resets those resets both.

    folder  where the kernel was when this began, which is where its notebook is
    """

    folder: Path
    runs: list[Run] = field(default_factory=list)
    _before: dict[str, Any] = field(default_factory=dict)

    def note(self, names: dict[str, Any], id: str, source: str, *, succeeded: bool, is_replayed: bool = False) -> None:
        """Take down a run, after which these are the names."""
        now = {name: value for name, value in names.items() if not name.startswith("_")}
        fresh = {name: value for name, value in now.items() if self._before.get(name, self) is not value}
        self.runs.append(Run(id, source, succeeded, fresh, is_replayed))
        self._before = now

    def done(self, cells: list[Cell]) -> set[str]:
        """The ids of the cells that were run, in the learner's version or the kit's."""
        found = which(self.runs, cells)
        done = {
            cell.id for run, cell in zip(self.runs, found, strict=True) if cell and (run.succeeded or cell.may_fail)
        }
        ids = {cell.id for cell in cells}
        is_named = any(run.id in ids for run in self.runs if not run.is_replayed)
        return done if is_named else done | _unclear(found, cells)

    def put_back(self, names: dict[str, Any], cells: list[Cell], here: int) -> None:
        """Make names what the cells above have set, in the order of the notebook, whatever was run in between.

        What the learner set in a cell of their own stays, and so do names that no cell above has set.
        """
        above = {cell.id: place for place, cell in enumerate(cells[:here])}
        setter: dict[str, Cell | None] = {}
        lowest: dict[str, tuple[int, Any]] = {}
        for run, cell in zip(self.runs, which(self.runs, cells), strict=True):
            for name, value in run.names.items():
                setter[name] = cell
                if cell and cell.id in above and above[cell.id] >= lowest.get(name, (0,))[0]:
                    lowest[name] = above[cell.id], value
        for name in lowest.keys() & names.keys():
            if setter[name]:
                names[name] = self._before[name] = lowest[name][1]


def which(runs: list[Run], cells: list[Cell]) -> list[Cell | None]:
    """For each run the cell that it was: one with the same text, else the one with the same id, else none."""
    by_id = {cell.id: cell for cell in cells}
    by_text: dict[str, list[Cell]] = {}
    for cell in cells:
        by_text.setdefault(_plain(cell.source), []).append(cell)
    found: list[Cell | None] = []
    for run in runs:
        named, same = by_id.get(run.id), by_text.get(_plain(run.source), [])
        # Cells with one text, in a front end that gives no ids, are taken in their order.
        unseen = [cell for cell in same if cell not in found]
        found.append(named if named in same or not same else (unseen or same)[0])
    return found


def _unclear(found: list[Cell | None], cells: list[Cell]) -> set[str]:
    """The cells of sections in which something else was run: it may be the learner's version of any of them."""
    sections: set[str] = set()
    last = None
    for cell in found:
        last = cell or last
        if last and cell is None:
            sections.add(last.section)
    return {cell.id for cell in cells if cell.section in sections}


def _plain(source: str) -> str:
    return "\n".join(line.rstrip() for line in source.strip().splitlines())


def watch(shell: Any) -> Ran:
    """The log of this kernel's runs, which grows by itself from the first call on."""
    if not isinstance(shell.user_ns.get(NAME), Ran):
        shell.user_ns[NAME] = Ran(Path.cwd())
        shell.user_ns_hidden[NAME] = None
    if not any(getattr(hook, "is_the_kits", False) for hook in shell.events.callbacks["post_run_cell"]):
        shell.events.register("post_run_cell", _Hook(shell))
    ran: Ran = shell.user_ns[NAME]
    return ran


class _Hook:
    """Notes each cell of a shell when it has run."""

    is_the_kits = True

    def __init__(self, shell: Any) -> None:
        self._shell = shell

    def __call__(self, result: Any) -> None:
        cell_id = getattr(result.info, "cell_id", None) or ""
        watch(self._shell).note(
            self._shell.user_ns, cell_id, result.info.raw_cell or "", succeeded=bool(result.success)
        )
        # So that running the cell with %load_ext once more says nothing.
        self._shell.extension_manager.loaded.discard("eda_workshop")
