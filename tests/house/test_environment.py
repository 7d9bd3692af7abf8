"""environment.yml says the same as pyproject.toml.

conda itself has not solved the file in these tests: they hold names and bounds equal to those that pip installs.
"""

import re
import tomllib
from itertools import chain
from pathlib import Path

import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).resolve().parents[2]
CARD = ("jupyterlab", "ipywidgets", "matplotlib", "pytest", "nbval")
CONDA_NAMES = {"matplotlib-base": "matplotlib"}


def project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def conda():
    return yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]


def bounds(lines):
    found = {}
    for line in lines:
        need = Requirement(line)
        found[CONDA_NAMES.get(need.name, need.name)] = str(need.specifier)
    return found


def test_the_five_packages_have_the_same_bounds():
    """jupyterlab, ipywidgets, matplotlib, pytest and nbval: same names, same bounds as pip's."""
    pip = bounds([*project()["dependencies"], *project()["optional-dependencies"]["test"]])
    listed = bounds(line for line in conda() if isinstance(line, str) and not line.startswith(("pip", "python=")))
    assert {name: pip[name] for name in CARD} == {name: listed[name] for name in CARD}


def test_it_names_nothing_else_but_python_pip_and_the_kit():
    """What the kit needs beyond the five comes with the kit itself, by pip."""
    plain = [line for line in conda() if isinstance(line, str)]
    names = {re.split(r"[<>=!~ ]", line)[0] for line in plain}
    assert {CONDA_NAMES.get(name, name) for name in names} == {*CARD, "python", "pip"}
    assert [line for line in conda() if isinstance(line, dict)] == [{"pip": ["-e ."]}]


def test_one_python_is_named():
    """Binder has an environment already, and would upgrade its older Python in place; the package accepts the one named."""
    version = next(line for line in conda() if str(line).startswith("python=")).removeprefix("python=")
    assert re.fullmatch(r"3\.\d+", version)
    assert SpecifierSet(project()["requires-python"]).contains(f"{version}.0")
    assert f"Programming Language :: Python :: {version}" in project()["classifiers"]


def test_constraints_pin_every_direct_need():
    """Each package that pyproject names is pinned, at a version that it allows, and the file holds no address."""
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    pins = [Requirement(line) for line in text.splitlines() if not line.startswith("#")]
    versions = {}
    for pin in pins:
        versions.setdefault(pin.name, []).append(next(iter(pin.specifier)).version)
    extras = project()["optional-dependencies"]
    for need in map(Requirement, [*project()["dependencies"], *chain(*extras.values())]):
        assert versions[need.name], need.name
        assert all(need.specifier.contains(version) for version in versions[need.name]), need.name
    assert "//" not in text
