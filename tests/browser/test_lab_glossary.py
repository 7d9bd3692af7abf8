"""The glossary in JupyterLab: a lesson's last line leads to it, to be read and not to be edited."""

import pytest

TERMS = ("topic", "command query responsibility segregation")


@pytest.fixture(scope="module")
def glossary(lab):
    """The page as it opens when the link at the end of a lesson is followed."""
    lesson = lab.open("04-handlers", kernel=False)
    lesson.page.get_by_role("link", name="glossary").click()
    page = lesson.page.locator(".jp-MarkdownViewer")
    page.locator("h2").first.wait_for()
    return page


@pytest.mark.parametrize("term", TERMS)
def test_a_term_is_shown_with_its_anchor(glossary, term):
    """Each term is a heading, and its anchor is the one that GitHub makes, too."""
    heading = glossary.get_by_role("heading", name=term)
    assert heading.count() == 1
    assert heading.get_attribute("data-jupyter-id") == term.replace(" ", "-")


def test_a_term_leads_back_to_its_lesson(glossary):
    """The link behind a term opens the notebook of its lesson."""
    glossary.get_by_role("link", name="Lesson 03").first.click()
    glossary.page.locator(".jp-NotebookPanel h1", has_text="03 · The bus").wait_for()
