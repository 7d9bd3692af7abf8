"""The command `bench` from its options to its exit code."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from eda_workshop.bench import catalog, command, main
from eda_workshop.bench.case import Block, Case, Group
from eda_workshop.bench.catalog import GROUPS
from eda_workshop.bench.errors import MemoryUnknown, MissingPeer
from eda_workshop.bench.memory import peak_kib, peak_mib
from eda_workshop.bench.peers import DictOfLists
from eda_workshop.bench.report import Report
from eda_workshop.bench.subjects import Publishing
from eda_workshop.event import Event

NAMING = next(iter(GROUPS["naming"].cases()))


def _group(*names: str, due: int = 1) -> Group:
    def build() -> Publishing:
        return Publishing(DictOfLists(), [Event("user.signed_up")], {"user.signed_up": due})

    cases = tuple(Case(name, build) for name in names)
    return Group("tiny", "Tiny", "One handler.", "cpu", (Block("1 handler", cases),))


def test_run_prints_tables_and_saves_the_same_figures(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A quick run of one group prints it, saves it, and says on the side what it is doing."""
    target = tmp_path / "figures.json"
    assert main(["--only", "naming", "--rounds", "2", "--quick", "--json", str(target)]) == 0
    shown = capsys.readouterr()
    saved = Report.from_json(target.read_bytes())
    assert (saved.rounds, [section.name for section in saved.sections]) == (2, ["naming"])
    for line in saved.sections[0].tables[0].lines:
        assert f"  {line.label} " in shown.out
        assert f"{line.ns.median:,.0f} " in shown.out
    assert "naming: 3 cases, 2 rounds" in shown.err


def test_run_of_several_groups_ends_with_the_aims(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Groups run in the order asked for, each once, and all verdicts come last."""
    tiny = _group("a", "b")
    other = Group("other", "Other", "One handler.", "cpu", tiny.blocks)
    monkeypatch.setattr(command, "GROUPS", {"tiny": tiny, "other": other})
    assert main(["--only", "other", "tiny", "other", "--rounds", "1", "--quick"]) == 0
    headings = [line for line in capsys.readouterr().out.splitlines() if line.startswith("==")]
    assert [heading.split(":")[0] for heading in headings] == ["== other", "== tiny"]


def test_missing_peer_is_one_sentence_with_the_remedy(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without pyee nothing is measured, and the command that installs it is named."""
    monkeypatch.setattr(catalog, "find_spec", lambda name: None if name == "pyee" else name)
    assert main(["--only", "delivery"]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("The bench needs pyee, which is not installed here: ")
    assert "python3 workshop.py bench" in shown.err


def test_peer_of_another_group_is_not_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Groups that compare the kit with itself run without any peer."""
    monkeypatch.setattr(catalog, "find_spec", lambda name: None)
    assert catalog.check_peers([GROUPS["flat"], GROUPS["naming"]]) == ()
    with pytest.raises(MissingPeer, match="blinker and pyee, which are not"):
        catalog.check_peers([GROUPS["delivery"]])


def test_wrong_count_ends_the_run_with_an_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A case whose handlers are not called as often as due prints no table and returns 1."""
    monkeypatch.setattr(command, "GROUPS", {"tiny": _group("a", due=2)})
    assert main(["--only", "tiny", "--rounds", "1", "--quick"]) == 1
    shown = capsys.readouterr()
    assert "1 handler: a: a handler was called 1 times, not 2" in shown.err
    assert "== tiny" not in shown.out


def test_interrupted_run_says_so(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Control-C ends the run with a sentence and the shell's usual code."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "measure", interrupt)
    assert main(["--only", "flat", "--quick"]) == 130
    assert "Stopped." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("argv", "complaint"),
    [
        (["--only", "everything"], "invalid choice: 'everything'"),
        (["--rounds", "0"], "'0' is not a number of rounds: give 1 or more"),
        (["--rounds", "many"], "'many' is not a number of rounds"),
        (["--json", "no/such/folder/figures.json"], "is no file in a folder that exists"),
        (["--json", "."], "is no file in a folder that exists"),
    ],
)
def test_bad_option_is_refused_before_anything_runs(
    argv: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A wrong option ends with 2 and says what is wrong with it."""
    with pytest.raises(SystemExit) as caught:
        main(argv)
    assert caught.value.code == 2
    assert complaint in capsys.readouterr().err


def test_memory_comes_from_a_process_of_its_own() -> None:
    """A new process publishes the case and answers with what its peak grew by."""
    grown = peak_mib(GROUPS["naming"], NAMING, 100)
    if sys.platform == "linux":
        assert grown is not None
        assert 0 <= grown < 50


def test_memory_of_a_case_that_fails_is_an_error() -> None:
    """The process's own last words come with the error."""
    with pytest.raises(MemoryUnknown, match="no such case") as caught:
        peak_mib(GROUPS["naming"], "no such case", 1)
    assert "KeyError" in caught.value.output


HELD = """
from eda_workshop.bench.case import Case
from eda_workshop.bench.memory import growth_mib
from eda_workshop.bench.peers import DictOfLists
from eda_workshop.bench.subjects import Publishing
from eda_workshop.event import Event

held = []


def build():
    held.append(bytearray(b"x" * (64 << 20)))
    return Publishing(DictOfLists(), [Event("user.signed_up")], {"user.signed_up": 1})


print(growth_mib("big", Case("big", build), "cpu", 10))
"""


def test_memory_shows_what_a_case_holds() -> None:
    """A case that fills 64 MiB is seen to have done so, in a process that never was larger before."""
    done = subprocess.run([sys.executable, "-c", HELD], capture_output=True, text=True, check=True)
    if peak_kib() is not None:
        assert float(done.stdout) > 32
