"""The site: an index and a page for each lesson, as text by file name."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from jupyterlab_pygments import JupyterStyle
from pygments.formatters import HtmlFormatter

from eda_workshop.site.blocks import text_blocks
from eda_workshop.site.lesson import Reading

SHEET = "site.css"
GLOSSARY = "glossary.html"


def site(lessons: list[Reading], glossary: str) -> dict[str, str]:
    """All files of the site. A page links to its neighbours among these lessons; the glossary is Markdown."""
    pages = {"index.html": render("index.html.j2", sheet=SHEET, lessons=lessons), SHEET: sheet(SHEET)}
    pages[GLOSSARY] = render("glossary.html.j2", sheet=SHEET, blocks=text_blocks(glossary))
    for before, lesson, after in zip([None, *lessons], lessons, [*lessons[1:], None], strict=False):
        pages[lesson.page] = render("lesson.html.j2", sheet=SHEET, lesson=lesson, before=before, after=after)
    return pages


def sheet(name: str) -> str:
    """The look of pages, after the colors of both themes; those of code go by JupyterLab's own names for them."""
    code = HtmlFormatter(style=JupyterStyle, cssclass="highlight")
    rules = [line for line in code.get_style_defs(".highlight").splitlines() if "var(--jp-mirror" in line]
    return "\n".join([asset("theme.css"), *rules, asset(name)])


def render(template: str, **values: object) -> str:
    """The template with these values."""
    return environment().get_template(template).render(**values)


def asset(name: str) -> str:
    """A file of this folder as it is."""
    return (files("eda_workshop.site") / name).read_text(encoding="utf-8")


@cache
def environment() -> Environment:
    """Jinja, with all that isn't said to be HTML escaped; a name that a template lacks is an error."""
    return Environment(
        loader=PackageLoader("eda_workshop.site"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
