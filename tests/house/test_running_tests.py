"""The command `test`: what it runs, in which order, and what makes it fail."""

import os
import sys

import pytest

from eda_workshop.commands import browser
from eda_workshop.commands import test as command
from eda_workshop.commands.errors import NotAClone
from eda_workshop.commands.table import parse


@pytest.fixture
def ran(monkeypatch):
    """Let the command run nothing; note the checks, pytest's command and its environment."""
    notes = {"checks": [], "failing": set(), "code": 0}

    def check(name, _, root):
        notes["checks"].append(name)
        return name not in notes["failing"]

    def call(arguments, cwd, env):
        notes.update(command=arguments, env=env)
        return notes["code"]

    monkeypatch.setattr(command, "passes", check)
    monkeypatch.setattr(command.subprocess, "call", call)
    monkeypatch.setattr(command, "find_browser", lambda: "/a/browser")
    monkeypatch.delenv("CI", raising=False)
    return notes


def test_everything_in_one_run(ran):
    """The checks first, then tests and notebooks together, a file on one worker, with the browser's path."""
    assert command.main(parse("test", [])) == 0
    assert ran["checks"] == ["ruff check", "ruff format", "mypy"]
    assert {"tests", "notebooks", "--nbval", "--nbval-current-env", "--dist", "loadfile"} <= {*ran["command"]}
    assert (ran["env"]["EDA_BROWSER"], ran["env"]["EDA_THOROUGH"]) == ("/a/browser", "")


def test_thorough_is_handed_on(ran):
    """Tests learn of it from the environment, and pytest does not see the option."""
    assert command.main(parse("test", ["--thorough"])) == 0
    assert ran["env"]["EDA_THOROUGH"] == "1"
    assert "--thorough" not in ran["command"]


def test_pytests_own_arguments(ran):
    """With arguments only pytest runs, on what they say."""
    assert command.main(parse("test", ["tests/bus", "-k", "late", "--tb=short"])) == 0
    assert ran["checks"] == []
    assert ran["command"][-4:] == ["tests/bus", "-k", "late", "--tb=short"]
    assert "notebooks" not in ran["command"]


@pytest.mark.parametrize("failing", ["ruff check", "ruff format", "mypy"])
def test_a_failed_check_fails_the_whole_but_pytest_still_runs(ran, capsys, failing):
    """The exit code is 1 and the name is said again at the end."""
    ran["failing"] = {failing}
    assert command.main(parse("test", [])) == 1
    assert "command" in ran
    assert f"Not in order: {failing}" in capsys.readouterr().err


def test_pytests_code_is_handed_on(ran):
    """Failed tests are the command's failure."""
    ran["code"] = 1
    assert command.main(parse("test", [])) == 1


@pytest.mark.parametrize(("ci", "code"), [(None, 0), ("true", 1)])
def test_without_a_browser(ran, monkeypatch, capsys, ci, code):
    """One line says that tests are left out; in CI that is a failure, after all others have run."""
    monkeypatch.setattr(command, "find_browser", lambda: None)
    monkeypatch.setattr(command, "install_browser", lambda: None)
    if ci:
        monkeypatch.setenv("CI", ci)
    assert command.main(parse("test", [])) == code
    assert "the browser tests are left out." in capsys.readouterr().out
    assert ran["env"]["EDA_BROWSER"] == ""


def test_it_needs_a_clone(monkeypatch):
    """An installed kit has no tests; the sentence says where they are."""
    monkeypatch.setattr(command, "clone_root", lambda: None)
    with pytest.raises(NotAClone, match="in a clone of the project"):
        command.main(parse("test", []))


def test_without_pytest_it_names_what_is_missing(monkeypatch):
    """The command line turns this into a sentence."""
    monkeypatch.setattr(command, "find_spec", lambda _: None)
    with pytest.raises(ModuleNotFoundError) as caught:
        command.main(parse("test", []))
    assert caught.value.name == "pytest"


@pytest.mark.parametrize(("code", "good"), [("", True), ("raise SystemExit('bad line')", False)])
def test_a_check_is_quiet_unless_it_fails(tmp_path, capsys, code, good):
    """Passing: its name and ok; failing: what it said, too."""
    assert command.passes("mypy", [sys.executable, "-c", code], tmp_path) is good
    shown = capsys.readouterr().out
    assert ("mypy: ok" in shown, "bad line" in shown) == (good, not good)


@pytest.fixture
def bare(tmp_path, monkeypatch):
    """A machine without any browser; its PATH is an empty folder."""
    monkeypatch.delenv("EDA_BROWSER", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(browser, "PLACES", ())
    monkeypatch.setattr(browser, "bundled", lambda: None)
    return tmp_path


def executable(path):
    path.write_text("#!/bin/sh", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def test_the_browser_that_was_asked_for_comes_first(bare, monkeypatch):
    """EDA_BROWSER, then the PATH, then the usual places, then Playwright's own, then none."""
    assert browser.find_browser() is None
    monkeypatch.setattr(browser, "bundled", lambda: "playwright's")
    assert browser.find_browser() == "playwright's"
    place = executable(bare / "Chrome of the applications")
    monkeypatch.setattr(browser, "PLACES", ("/nowhere", place))
    assert browser.find_browser() == place
    on_path = executable(bare / ("chromium.exe" if os.name == "nt" else "chromium"))
    assert browser.find_browser() == on_path
    monkeypatch.setenv("EDA_BROWSER", "/mine")
    assert browser.find_browser() == "/mine"


@pytest.mark.parametrize(
    ("terminal", "answer", "count"), [(True, "y", 1), (True, "n", 0), (True, "", 0), (False, "y", 0)]
)
def test_nothing_is_installed_unasked(bare, monkeypatch, capsys, terminal, answer, count):
    """Whoever is at the terminal is asked, root as well; without one, a sentence says what the tests need."""
    commands = []
    executable(bare / "apt-get")
    monkeypatch.setattr(browser.os, "geteuid", lambda: 0, raising=False)
    monkeypatch.setattr(browser.sys.stdin, "isatty", lambda: terminal, raising=False)
    monkeypatch.setattr("builtins.input", lambda _: answer)
    monkeypatch.setattr(browser, "succeeds", lambda command: commands.append(command) or True)
    monkeypatch.setattr(browser, "bundled", lambda: "playwright's")
    assert browser.install_browser() == ("playwright's" if count else None)
    assert [command[1:] for command in commands] == [["-m", "playwright", "install", "chromium"]] * count
    assert "sudo apt install chromium" in capsys.readouterr().out


def test_a_command_that_is_missing_has_not_succeeded(bare):
    """Neither a missing program nor a failing one is an error of the kit."""
    assert not browser.succeeds(["no-such-program"])
    assert not browser.succeeds([sys.executable, "-c", "raise SystemExit(1)"])
    assert browser.succeeds([sys.executable, "-c", ""])
