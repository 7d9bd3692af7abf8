"""How often our English follows another language's syntax: the texts, the patterns of `english.txt`, and their hits.

`python tests/docs/english.py` prints the list as it is measured today, and `python tests/docs/english.py NAME` the hits of one pattern.
"""

from __future__ import annotations

import ast
import math
import re
import sys
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from html import unescape
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIST = Path(__file__).with_name("english.txt")
PAGES = ("*.md", "docs/*.md", "notebooks/*.md")

_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
_COMMENTS = re.compile(r"(?:^#.*\n?)+", re.MULTILINE)
_MARK = re.compile(r"^# %%(?: [^:\n]*:)?(?: \[markdown\])?|^# %[a-z].*|^# ?", re.MULTILINE)
_MARKUP = re.compile(r"<style>.*?</style>|<[^<>]+>", re.DOTALL)
_IN_TICKS = re.compile(r"```.*?```|``?[^`\n]+``?", re.DOTALL)
_TARGET = re.compile(r"\]\([^()\s]*\)")
_DOCTEST = re.compile(r"^ *>>> .*?(?:\n\s*\n|\Z)", re.MULTILINE | re.DOTALL)
_PARAGRAPH = re.compile(r"\n\s*\n|\n(?=\s*(?:[-*|#>]|\d+\.) ?)")
_PROSE = re.compile(r"[A-Za-z'’]{2,}[,;:]? [a-z'’]{2,}\b")
_CODE = re.compile(
    r"[{}]|[\w)]\(\)|^(?:SELECT|INSERT|CREATE|UPDATE|DELETE|PRAGMA|BEGIN)\b|\w = \w|^import |^from \w+ import"
)


@dataclass(frozen=True)
class Pattern:
    """A line of the list: the most hits in 10,000 words that readers and docstrings may have, and the pattern."""

    name: str
    readers: float
    docstrings: float
    find: re.Pattern[str]


@dataclass(frozen=True)
class Text:
    """A paragraph, and the file it is from."""

    file: str
    words: str


def patterns() -> list[Pattern]:
    """The lines of the list, without its comments."""
    lines = [line for line in LIST.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    split = [line.split(" ", 3) for line in lines]
    return [Pattern(name, float(seen), float(told), re.compile(regex)) for name, seen, told, regex in split]


@cache
def readers() -> tuple[Text, ...]:
    """What readers see: pages, what lessons and exercises say, and the sentences in the package's code."""
    found = [Text(_name(path), page) for path in _paths(PAGES) for page in paragraphs(path.read_text("utf-8"))]
    for path in _paths(["notebooks/**/*.py"]):
        source = path.read_text("utf-8")
        found += [Text(_name(path), words) for words in [*comments(source), *strings(source)]]
    for path in _paths(["eda_workshop/**/*.py"]):
        found += [Text(_name(path), words) for words in strings(path.read_text("utf-8"))]
    return tuple(found)


@cache
def docstrings() -> tuple[Text, ...]:
    """The package's docstrings, without their examples."""
    found = [
        (path, doc)
        for path in _paths(["eda_workshop/**/*.py"])
        for node in _nodes(path.read_text("utf-8"))
        if isinstance(node, _DOCUMENTED) and (doc := ast.get_docstring(node))
    ]
    return tuple(Text(_name(path), words) for path, doc in found for words in paragraphs(_DOCTEST.sub("\n", doc)))


def hits(find: re.Pattern[str], texts: Iterable[Text]) -> list[str]:
    """Where the pattern is found: the file, and what was found."""
    return [f"{text.file}: {found[0].strip()}" for text in texts for found in find.finditer(text.words)]


def rate(find: re.Pattern[str], texts: Sequence[Text]) -> float:
    """Hits in 10,000 words, rounded up to a tenth."""
    return math.ceil(100_000 * len(hits(find, texts)) / words(texts)) / 10


def words(texts: Sequence[Text]) -> int:
    """How many words the texts have."""
    return sum(len(text.words.split()) for text in texts)


def comments(source: str) -> Iterator[str]:
    """What percent cells say: their Markdown, the words after a mark's colon, and the comments between them."""
    for block in _COMMENTS.findall(source):
        yield from paragraphs(_MARK.sub("", re.sub(r"(?=^# %%)", "\n", block, flags=re.MULTILINE)))


def strings(source: str) -> Iterator[str]:
    """The sentences among a program's texts, an f-string as one of them, with … for its values."""
    for text in _texts(_nodes(source)):
        if " " in text and not _is_code(text):
            yield from (words for words in paragraphs(text) if _PROSE.search(words) and not _CODE.search(words))


@cache
def _nodes(source: str) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(ast.parse(source)))


def _texts(nodes: Iterable[ast.AST]) -> Iterator[str]:
    inside: set[ast.AST] = set()
    for node in nodes:  # each comes after the one that it is in
        if isinstance(node, _DOCUMENTED) and node.body and isinstance(node.body[0], ast.Expr):
            inside.add(node.body[0].value)
        elif isinstance(node, ast.JoinedStr):
            inside.update(node.values)
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in inside:
            yield node.value


def paragraphs(text: str) -> list[str]:
    """Each paragraph, item and row in one line, without code, tags, and the addresses of links."""
    plain = _TARGET.sub("]", unescape(_MARKUP.sub("", _IN_TICKS.sub("…", text))))
    return [line for part in _PARAGRAPH.split(plain) if (line := " ".join(part.split()))]


def _is_code(text: str) -> bool:
    try:
        ast.parse(textwrap.dedent(text))
    except (SyntaxError, ValueError):
        return False
    return True


def _paths(patterns: Iterable[str]) -> list[Path]:
    return sorted(path for pattern in patterns for path in ROOT.glob(pattern))


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def main(names: list[str]) -> None:
    """Print the list as it is measured today, or the hits of the patterns that are named."""
    for each in patterns():
        if each.name in names:
            print(*hits(each.find, readers()), *hits(each.find, docstrings()), sep="\n")
        elif not names:
            print(each.name, rate(each.find, readers()), rate(each.find, docstrings()), each.find.pattern)


if __name__ == "__main__":
    main(sys.argv[1:])
