"""Imports go one way, and the engine stands without Jupyter and matplotlib."""

import ast
import subprocess
import sys
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2] / "eda_workshop"

FLOORS = (
    {"errors", "names", "clock", "ids", "files", "values", "cloudevents", "event"},
    {"log"},
    {"bus"},
    {"replay"},
    {"servers", "flows", "simulate", "drive", "stories"},
    {"show"},
    {"widgets"},
    {"exercises"},
    {"lessons", "bench"},
    {"site", "lite"},
    {"commands"},
    {"cli", "__main__"},
)
ENGINE = FLOORS[0] | FLOORS[1] | FLOORS[2] | FLOORS[3]
HEAVY = ("IPython", "ipywidgets", "jupyter", "nbformat", "nbclient", "matplotlib", "networkx", "simpy")


def modules():
    """Every module's path, with the part of the house it belongs to."""
    for path in sorted(PACKAGE.rglob("*.py")):
        first = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        if first != "__init__":
            yield first, path


def imported(path):
    """What a module imports anywhere, as dotted names, but for imports that only type checkers see."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    unseen = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in unseen:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name} imports relatively"
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def floor(part):
    return next(height for height, parts in enumerate(FLOORS) if part in parts)


def test_every_part_has_its_floor():
    """A new module or folder must be given a place in the house."""
    assert {part for part, _ in modules()} <= set().union(*FLOORS)


def test_imports_go_downwards_only():
    """No module imports from a floor above its own."""
    upward = []
    for part, path in modules():
        for name in imported(path):
            pieces = name.split(".")
            ours = pieces[0] == "eda_workshop" and len(pieces) > 1 and any(pieces[1] in parts for parts in FLOORS)
            if ours and floor(pieces[1]) > floor(part):
                upward.append(f"{path.relative_to(PACKAGE)} imports {name}")
    assert upward == []


def test_the_engine_names_no_heavy_library():
    """Ground, log, bus and replay can be used where there is neither Jupyter nor matplotlib."""
    found = [
        f"{path.relative_to(PACKAGE)} imports {name}"
        for part, path in modules()
        if part in ENGINE
        for name in imported(path)
        if name.startswith(HEAVY)
    ]
    assert found == []


def test_importing_the_package_loads_no_heavy_library():
    """A fresh interpreter that imports eda_workshop has loaded none of them."""
    probe = f"import sys, eda_workshop; print([name for name in sys.modules if name.startswith({HEAVY!r})])"
    result = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
