"""The glossary: it has every term that a lesson sets in bold, each once, and each leads to the lesson that teaches it."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from eda_workshop.lessons.catalogue import LESSONS

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
PAGE = (NOTEBOOKS / "glossary.md").read_text(encoding="utf-8")
HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
ENTRY = re.compile(
    r"(?P<term>[^\n]+)\n\n(?:\*Also: (?P<also>[^*\n]+)\.\*\n\n)?(?P<text>[^\n]+) \[Lesson (?P<number>\d\d)\]\((?P<link>[^)\n]+)\)\n*"
)

# What is bold in a lesson and is no term of the field. Whatever else is bold has to be in the glossary.
LABELS = ("predict", "predict first", "predict before each step", "question", "next", "break it", "try", "try it")
LABELS += ("how exercises work", "after a restart", "without a mouse", "shift + enter", "n minutes")
BUTTONS = (
    "replay one",
    "verify",
    "forward",
    "back",
    "keep the mark before",
    "start over",
    "branch off",
    "branch graph",
)
PRODUCTS = ("drive", "nats jetstream")
PICTURES = ("tape", "gauge")
STRESSED = (
    "asks for something to be done",
    "tells what has happened",
    "wants to know something",
    "failing against being out of date",
    "one subscriber has at most one handler for an event name. any number of subscribers may each have their own",
    "globally",
    "no rule",
    "one handler that calls two functions",
    "a second subscriber",
    "a further event",
    "later, not gone",
    "before",
    "after",
    "every",
    "adding",
    "decided",
    "one",
    "both",
    "nothing is sent again that was right",
    "as believed on one day",
    "changed",
    "record history only grows",
    "paid",
    "refuse",
    "keep with the action what it used",
    "its",
    "values",
    "consequences",
    "states",
    "one event more",
    "another fact",
    "waited",
    "the corrected reality is not the correct branch",
    "they come in any order",
)
NO_TERMS = LABELS + BUTTONS + PRODUCTS + PICTURES + STRESSED


@dataclass(frozen=True)
class Entry:
    """One term, the other words for it, what is said of it, and the lesson that teaches it."""

    term: str
    also: tuple[str, ...]
    text: str
    number: int
    link: str

    @property
    def forms(self):
        """The words that lead here, each with its regular plural; other inflections stand on the page."""
        words = {word.lower() for word in (self.term, *self.also)}
        return words | {plural(word) for word in words}


def plural(word):
    if re.search(r"[^aeiou]y$", word):
        return word[:-1] + "ies"
    return word + ("es" if re.search(r"(?:s|sh|ch|x)$", word) else "s")


def parsed(block):
    found = ENTRY.fullmatch(block)
    assert found, f"This is not an entry: {block}"
    also = tuple(found["also"].split("; ")) if found["also"] else ()
    return Entry(found["term"], also, found["text"], int(found["number"]), found["link"])


ENTRIES = [parsed(block) for block in re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]]
each = pytest.mark.parametrize("entry", ENTRIES, ids=[entry.term for entry in ENTRIES])


def prose(lesson):
    """The Markdown of a lesson's notebook, one cell after the other, without code."""
    cells = json.loads((NOTEBOOKS / lesson.notebook).read_text(encoding="utf-8"))["cells"]
    texts = ("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    return [re.sub(r"```.*?```|`[^`\n]*`", "…", text, flags=re.DOTALL) for text in texts]


def bold(text):
    """What stands in bold in a cell, in lower case, without the sign at its end or a number before it."""
    assert text.count("**") % 2 == 0, f"an open end of bold: {text}"
    assert not re.search(r"\b__\w|<b>|<strong>", text), f"bold is written with two stars: {text}"
    return [plain(found) for found in re.findall(r"\*\*(.+?)\*\*", text, re.DOTALL)]


def plain(words):
    one_line = " ".join(words.lower().split()).rstrip(".:,")
    return re.sub(r"^\d+ minutes$", "n minutes", re.sub(r"^\d+\. ", "", one_line))


BOLD = {lesson.number: {words for text in prose(lesson) for words in bold(text)} for lesson in LESSONS}


@pytest.mark.parametrize("lesson", LESSONS, ids=[lesson.name for lesson in LESSONS])
def test_each_bold_term_of_a_lesson_is_in_the_glossary(lesson):
    """What a lesson sets in bold is an entry, another form of one, or named above as no term."""
    known = {form for entry in ENTRIES for form in entry.forms} | set(NO_TERMS)
    assert BOLD[lesson.number] - known == set()


def test_what_is_named_as_no_term_is_bold_and_no_term():
    """The list of exceptions holds nothing that isn't needed, and nothing that the glossary has."""
    assert [words for words in NO_TERMS if not any(words in found for found in BOLD.values())] == []
    assert [words for words in NO_TERMS if any(words in entry.forms for entry in ENTRIES)] == []
    assert len(NO_TERMS) == len(set(NO_TERMS))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A **pipe** with **taps**.", ["pipe", "taps"]),
        ("**Predict:** is it `**kwargs`?", ["predict"]),
        ("**65 minutes**, and **2. Carried\nstate**", ["n minutes", "carried state"]),
        ("`**` is no bold, nor is 2 * 3.", []),
    ],
)
def test_bold_is_found(text, found):
    """Pairs of stars are found over the ends of lines, and not in code."""
    assert bold(re.sub(r"`[^`\n]*`", "…", text)) == found


@pytest.mark.parametrize("text", ["**open", "__bold__", "a <b>word</b>"])
def test_bold_can_not_be_hidden(text):
    """Stars that don't close, and other ways to write bold, are mistakes."""
    with pytest.raises(AssertionError):
        bold(text)


def test_terms_are_sorted_and_unique():
    """Terms stand in alphabetical order, and no word leads to two of them."""
    terms = [entry.term for entry in ENTRIES]
    assert terms == sorted(terms)
    forms = [form for entry in ENTRIES for form in entry.forms]
    assert sorted(form for form in set(forms) if forms.count(form) > 1) == []
    for entry in ENTRIES:
        words = [word.lower() for word in (entry.term, *entry.also)]
        assert len(words) == len(set(words))
        assert not set(words) & set(map(plural, words)), "a regular plural need not be told"


@each
def test_its_anchor_is_the_same_everywhere(entry):
    """GitHub makes anchors in lower case and JupyterLab as written; a heading of small letters is the same for both."""
    assert re.fullmatch(r"[a-z]+(?:[ -][a-z]+)*", entry.term)


def test_its_own_links_lead_to_terms():
    """A link within the page is the anchor of a term."""
    anchors = {entry.term.replace(" ", "-") for entry in ENTRIES}
    assert [link for link in re.findall(r"\]\(#([^)]*)\)", PAGE) if link not in anchors] == []


@each
def test_its_lesson_teaches_it(entry):
    """The link leads to the lesson that it names, which has the term in bold if any lesson has, else in its text."""
    lesson = next(lesson for lesson in LESSONS if lesson.number == entry.number)
    assert entry.link == lesson.notebook
    if any(entry.forms & found for found in BOLD.values()):
        assert entry.forms & BOLD[lesson.number]
    text = " ".join(" ".join(prose(lesson)).lower().split())
    assert any(re.search(rf"(?<!\w){re.escape(form)}(?!\w)", text) for form in entry.forms)


@each
def test_it_is_said_in_two_or_three_sentences(entry):
    """A term takes two or three sentences, at most 60 words; more is the lesson's."""
    sentences = [part for part in re.split(r"(?<=[.?!])[”]? (?=[A-Z“])", entry.text) if part]
    assert 2 <= len(sentences) <= 3
    assert len(entry.text.split()) <= 60


@pytest.mark.parametrize("lesson", LESSONS, ids=[lesson.name for lesson in LESSONS])
def test_each_lesson_leads_to_the_glossary(lesson):
    """The first lesson says what it is; each other one ends with a link to it."""
    last = prose(lesson)[-1].splitlines()[-1]
    assert "[glossary](glossary.md)" in ("\n".join(prose(lesson)) if lesson.number == 0 else last)


# One word for one thing: what the lessons don't say, and what they say instead.
OTHER_WORDS = {
    r"front[ -]ends?": "frontend",
    r"back[ -]ends?": "backend",
    r"learnt": "learned",
    r"emails?": "e-mail",
    r"duplicates?": "twin",
    r"colour": "color",
    r"event store": "log",
}


@pytest.mark.parametrize("lesson", LESSONS, ids=[lesson.name for lesson in LESSONS])
def test_one_thing_has_one_word(lesson):
    """A lesson calls a thing by the word that the others use."""
    text = "\n".join(prose(lesson)).lower()
    assert [instead for words, instead in OTHER_WORDS.items() if re.search(rf"\b{words}\b", text)] == []
