"""From an author's text to a notebook."""

import pytest

from eda_workshop.commands.table import parse
from eda_workshop.errors import EdaError
from eda_workshop.lessons import build
from eda_workshop.lessons.source import BadSource, read_lesson


def lesson(tmp_path, text):
    path = tmp_path / "03-bus.py"
    path.write_text(text, encoding="utf-8")
    return path


def test_cells_ids_and_metadata_are_fixed(tmp_path):
    """Ids count from the lesson's number, and nothing else is in the metadata, so that a rebuild changes nothing."""
    notebook = read_lesson(lesson(tmp_path, "# %% [markdown]\n# # Title\n\n# %%\n1 + 1\n"))
    assert [(cell.id, cell.cell_type, cell.source) for cell in notebook.cells] == [
        ("03-00", "markdown", "# Title"),
        ("03-01", "code", "1 + 1"),
    ]
    assert notebook.metadata.kernelspec.name == "python3"


def test_an_exercise_becomes_its_two_cells(tmp_path):
    """One line in the source stands for the task and the stub with its check."""
    notebook = read_lesson(lesson(tmp_path, "# %% [markdown]\n# exercise: late_tap\n"))
    assert [cell.cell_type for cell in notebook.cells] == ["markdown", "code"]
    assert "A late tap that misses nothing" in notebook.cells[0].source
    assert notebook.cells[1].source.endswith("check.late_tap(late_tap)")


def test_each_section_s_first_cell_gets_a_line_to_start_with(tmp_path):
    """Sources stay without it; what stands before the first heading, and further cells of a section, get none."""
    source = "# %%\n1\n\n# %% [markdown]\n# ## One\n# ## Two “and”\n\n# %%\n2\n\n# %%\n3\n"
    codes = [cell.source for cell in read_lesson(lesson(tmp_path, source)).cells if cell.cell_type == "code"]
    assert codes == ["1", 'from eda_workshop.lessons import start_here; start_here("03 Two “and”")\n2', "3"]


def test_two_sections_of_one_name_are_refused(tmp_path):
    """Else nobody could tell which of them is meant."""
    source = "# %% [markdown]\n# ## One\n\n# %%\n1\n\n"
    with pytest.raises(BadSource, match=r"two sections called One: give each a name of its own"):
        read_lesson(lesson(tmp_path, source * 2))


def test_an_unknown_exercise_lists_the_known_ones(tmp_path):
    """A typing mistake in a source is answered with the names."""
    with pytest.raises(BadSource, match=r"asks for the exercise nope; there are: .*deliveries"):
        read_lesson(lesson(tmp_path, "# %% [markdown]\n# exercise: nope\n"))


def test_tags_that_would_hide_something_are_refused(tmp_path):
    """Only cells that are meant to fail may have a tag."""
    with pytest.raises(BadSource, match="nbval-skip"):
        read_lesson(lesson(tmp_path, '# %% tags=["nbval-skip"]\n1\n'))
    kept = read_lesson(lesson(tmp_path, '# %% tags=["raises-exception"]\n1\n'))
    assert kept.cells[0].metadata.tags == ["raises-exception"]


def test_build_says_which_lessons_there_are():
    """An unknown name builds nothing."""
    with pytest.raises(EdaError, match="No lesson begins with 99; there are: 00-start"):
        build.main(parse("build", ["99"]))


def test_build_needs_a_clone(monkeypatch):
    """From an installed package there is nothing to build."""
    monkeypatch.setattr(build, "clone_root", lambda: None)
    with pytest.raises(EdaError, match="in a clone of the project"):
        build.main(parse("build", []))


def test_png_size_reads_the_header():
    """Charts are compared by size: their bytes depend on the machine's libraries."""
    header = "iVBORw0KGgoAAAANSUhEUgAAA3AAAAGM"
    assert build.png_size(header) == (880, 396)
