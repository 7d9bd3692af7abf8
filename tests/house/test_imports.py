"""Imports go one way, between any two files, and the engine needs neither Jupyter nor matplotlib."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "eda_workshop"

FLOORS = (
    ("errors", "names", "clock", "ids", "files", "values", "cloudevents", "event", "callbacks", "commandline"),
    *(("log",), ("bus",), ("replay",), ("decide",)),
    *(("simulate",), ("flows",), ("servers",), ("stories",), ("drive",)),
    *(("show",), ("widgets",), ("exercises",), ("lessons",), ("site",), ("lite",), ("commands",)),
    ("cli", "__main__"),
)
ENGINE = (*FLOORS[0], "log", "bus", "replay", "decide")
HEAVY = ("IPython", "ipywidgets", "jupyter", "nbformat", "nbclient", "matplotlib", "networkx", "simpy")
LATE = ("nats", "asyncio", "concurrent.futures", "subprocess")


def modules(package):
    """Every module of a package by its dotted name, with its path; a folder's `__init__` has the folder's name."""
    found = {}
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imported(path):
    """What a file imports anywhere, for type checkers and inside functions too, as dotted names."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name} imports relatively"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def arrows(package):
    """For each module the modules of its package that it imports.

    `from a.b import c` is an import of a.b.c where that is a module, or else of a.b. Whoever imports a module
    of another folder runs that folder's `__init__`, too.
    """
    known = modules(package)
    found = {}
    for name, path in known.items():
        found[name] = set()
        for target in imported(path):
            while target and target not in known:
                target = target.rpartition(".")[0]
            found[name] |= {target, *folders_entered(name, target)} - {name, ""}
    return found


def folders_entered(name, target):
    """The folders of a target that the module is not in itself."""
    folder = target.rpartition(".")[0]
    while "." in folder and not f"{name}.".startswith(f"{folder}."):
        yield folder
        folder = folder.rpartition(".")[0]


def circles(graph):
    """The groups of modules in which each one leads to all others (Tarjan's strongly connected components)."""
    number, low, path, found = {}, {}, [], []

    def visit(name):
        number[name] = low[name] = len(number)
        path.append(name)
        for target in sorted(graph[name]):
            if target not in number:
                visit(target)
            if target in path:
                low[name] = min(low[name], low[target])
        if low[name] == number[name]:
            group = path[path.index(name) :]
            del path[path.index(name) :]
            if len(group) > 1:
                found.append(sorted(group))

    for name in sorted(graph):
        if name not in number:
            visit(name)
    return found


def part(name):
    """The file or folder of the package that a module belongs to; "" for the package's own `__init__`."""
    return name.partition(".")[2].partition(".")[0]


def floor(name):
    return next(height for height, parts in enumerate(FLOORS) if part(name) in parts)


def test_every_part_has_its_floor():
    """A new module or folder must be given a place in the house."""
    assert {part(name) for name in modules(PACKAGE)} - {""} <= {each for parts in FLOORS for each in parts}


def test_no_files_import_each_other():
    """There is no circle between files, however long, and none that only a type checker sees."""
    assert circles(arrows(PACKAGE)) == []


def test_imports_go_downwards_only():
    """No module imports from a floor above its own."""
    graph = {name: targets for name, targets in arrows(PACKAGE).items() if part(name)}
    upward = [
        f"{name} imports {target}"
        for name, targets in graph.items()
        for target in targets
        if part(target) and floor(target) > floor(name)
    ]
    assert upward == []


def test_no_module_imports_the_whole_package():
    """The package's own `__init__` imports its parts, so none of them may import from it."""
    assert [name for name, targets in arrows(PACKAGE).items() if PACKAGE.name in targets] == []


def test_the_engine_names_no_heavy_library():
    """Ground, log, bus and replay can be used where there is neither Jupyter nor matplotlib."""
    found = [
        f"{name} imports {target}"
        for name, path in modules(PACKAGE).items()
        if part(name) in ENGINE
        for target in imported(path)
        if target.startswith(HEAVY)
    ]
    assert found == []


@pytest.mark.parametrize("libraries", [HEAVY, LATE])
def test_importing_the_package_loads_nothing_that_is_needed_later(libraries):
    """A fresh interpreter that imports eda_workshop has loaded none of them."""
    probe = f"import sys, eda_workshop; print([name for name in sys.modules if name.startswith({libraries!r})])"
    result = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


# --- the checker itself ---------------------------------------------------------------------------

FILES = {
    "__init__": "from house.low import *",
    "low": "import os.path",
    "hidden": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from house.inside import thing",
    "inside": "def thing():\n    from house import third",
    "third": "import house.hidden",
    "folder.__init__": "from house.folder.one import thing",
    "folder.one": "from house.folder import other",
    "folder.other": "from house import low",
    "above": "from house.folder import thing",
}


@pytest.fixture
def house(tmp_path):
    """A small package with two circles: one of three files, one through a folder's `__init__`."""
    for name, source in FILES.items():
        path = tmp_path / "house" / f"{name.replace('.', '/')}.py"
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(source)
    return tmp_path / "house"


def test_circles_are_named_file_by_file(house):
    """Also where an import is for type checkers only, or stands in a function, or means a folder's `__init__`."""
    found = circles(arrows(house))
    assert ["house.hidden", "house.inside", "house.third"] in found


def test_an_import_of_a_name_is_one_of_its_file_and_an_import_of_a_module_is_not_one_of_its_folder(house):
    """`from house.folder import other` means other.py; `from house.folder import thing` means the folder's `__init__`."""
    graph = arrows(house)
    assert graph["house.folder.one"] == {"house.folder.other"}
    assert graph["house.above"] == {"house.folder"}
