"""The contract that every log keeps, whatever engine it runs on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Self

from eda_workshop.errors import BadLog
from eda_workshop.log.appending import Appending
from eda_workshop.log.exchange import Loaded, load, save
from eda_workshop.log.group import Group
from eda_workshop.log.reading import Reading
from eda_workshop.log.statistics import LogStatistics, measure
from eda_workshop.log.verify import Damage, find_damage


class EventLog(Appending, Reading):
    """An append-only sequence of events. Positions count from 1 without gaps.

    One lock guards each log, so threads may share it. Use it in ``with``, or call `close`.
    """

    def verify(self) -> Damage | None:
        """None if the log is whole, else the first position that doesn't fit, and why.

        It recomputes the chain of hashes and compares all that is stored with it. It can't see that the last
        records were cut off, or that all hashes from some place on were computed anew: keep `tip` elsewhere for that, as
        snapshots and durable subscribers do.

        >>> log = open_log("memory://")
        >>> _ = log.append(Event("user.signed_up"))
        >>> print(log.verify())
        None
        """
        return find_damage(self._rows())

    def statistics(self) -> LogStatistics:
        """How many events of which name there are, how many bytes they take, and their times.

        >>> log = open_log("memory://")
        >>> _ = log.append(Event("user.signed_up"), Event("user.signed_up"))
        >>> log.statistics().names
        {'user.signed_up': 2}
        """
        return measure(self._rows(), self._stored_bytes())

    def group(
        self,
        name: str,
        worker: str,
        *,
        names: str | Iterable[str] | None = None,
        after: int = 0,
        lease: float = 30,
        attempts: int = 5,
    ) -> Group:
        """One worker's part in a group of competing consumers, which may be in any processes.

        name      the group's; its workers share the events, each goes to one of them
        worker    this worker's, unlike all others of the group
        names     only these names or patterns; the same for all workers
        after     where a group begins that is new
        lease     seconds, by the log's clock, that a worker may have an event before another may take it
        attempts  how often an event is taken before it is parked

        Raises `BadSetting`, `BadPattern`.
        """
        return Group(self, name, worker, names, after, lease, attempts)

    def save(self, path: str | Path) -> int:
        """Write all events to a new file as CloudEvents; return how many.

        ``.ndjson`` and ``.jsonl`` mean one event a line, ``.json`` the batch of the specification, one array. Raises
        `BadFile` for another ending, or a file that is there already.
        """
        return save(self, Path(path))

    def load(self, path: str | Path, *, restore: bool = False) -> Loaded:
        """Append the events of a file that `save` wrote, or another CloudEvents producer; tell what became of them.

        restore  False: they are recorded now, and those that are here already are passed. True: they keep their
                 positions, times of recording and hashes, and must continue this log exactly; done twice, or
                 broken off and done again, it goes on where it was

        The last line may be torn, as after a crash: it is reported and left out. Any other damage raises `BadFile`
        with the line's number, and nothing is appended.
        """
        return load(self, Path(path), restore=restore)

    def tracer(self, show: Callable[[str], object] | None) -> AbstractContextManager[object]:  # noqa: ARG002
        """Show each SQL statement as it runs, from now on or in ``with``; None ends it. Only SQLite has any."""
        raise BadLog(self.url, "has no SQL to show", "Open a file: open_log('drive.db').")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        try:
            state = f"{self.head} event{'' if self.head == 1 else 's'}"
        except BadLog as error:
            state = error.problem
        return f"<EventLog {self.url}: {state}>"
