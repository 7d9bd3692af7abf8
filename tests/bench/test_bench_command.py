"""The command `bench` from its options to its exit code."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import command
from bench.cases import Block, Case, Group, Work
from bench.command import GROUPS, MissingPeer
from bench.publishing import DictOfLists, publishing
from bench.report import Report
from eda_workshop import Event, cli
from eda_workshop.commands.table import parse


def main(argv: list[str]) -> int:
    """The command, from its options on."""
    return command.run(parse("bench", argv))


def _group(*names: str, due: int = 1) -> Group:
    def build() -> Work:
        return publishing(DictOfLists(), [Event("user.signed_up")], {"user.signed_up": due})

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
    monkeypatch.setattr(command, "GROUPS", {"flat": tiny, "time": other})
    assert main(["--only", "time", "flat", "time", "--rounds", "1", "--quick"]) == 0
    headings = [line for line in capsys.readouterr().out.splitlines() if line.startswith("==")]
    assert [heading.split(":")[0] for heading in headings] == ["== other", "== tiny"]


def test_missing_peer_is_one_sentence_with_the_remedy(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without pyee nothing is measured, and the command that installs it is named."""
    monkeypatch.setattr(command, "find_spec", lambda name: None if name == "pyee" else name)
    assert main(["--only", "delivery"]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("The bench needs pyee, which is not installed here: ")
    assert "python3 workshop.py bench" in shown.err


def test_peer_of_another_group_is_not_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Groups that compare the kit with itself run without any peer."""
    monkeypatch.setattr(command, "find_spec", lambda name: None)
    assert command.check_peers([GROUPS["time"], GROUPS["naming"]]) == []
    with pytest.raises(MissingPeer, match="blinker and pyee, which are not"):
        command.check_peers([GROUPS["delivery"]])


def test_wrong_count_ends_the_run_with_an_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A case whose handlers are not called as often as due prints no table and returns 1."""
    monkeypatch.setattr(command, "GROUPS", {"flat": _group("a", due=2)})
    assert main(["--only", "flat", "--rounds", "1", "--quick"]) == 1
    shown = capsys.readouterr()
    assert "1 handler: a: 1 were counted, not 2" in shown.err
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
        (["--json", "no/such/folder/figures.json"], "is not a file in a folder that exists"),
        (["--json", "."], "is not a file in a folder that exists"),
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


def test_the_command_line_finds_the_bench_in_the_clone(capsys: pytest.CaptureFixture[str]) -> None:
    """`eda-workshop bench` runs what is in the project's tests."""
    assert cli.main(["bench", "--only", "naming", "--rounds", "1", "--quick"]) == 0
    assert "== naming: " in capsys.readouterr().out
