"""A few SVG elements as text, the same text for the same picture on every run."""

from __future__ import annotations

import re
from html import escape

from eda_workshop.show import palette

Number = float | int
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def element(tag: str, *content: str, **attributes: str | Number | None) -> str:
    """One element. ``stroke_width=2`` becomes ``stroke-width="2"``; None leaves an attribute out.

    >>> element("circle", cx=4, r=2.50)
    '<circle cx="4" r="2.5"/>'
    """
    written = "".join(
        f' {name.strip("_").replace("_", "-")}="{_value(value)}"'
        for name, value in attributes.items()
        if value is not None
    )
    inner = "".join(content)
    return f"<{tag}{written}>{inner}</{tag}>" if inner else f"<{tag}{written}/>"


def text(
    x: Number,
    y: Number,
    words: str,
    *,
    size: Number = 13,
    weight: str | None = None,
    anchor: str | None = None,
    color: str = palette.INK,
    opacity: Number | None = None,
    width: Number | None = None,
    family: str | None = None,
    halo: bool = False,
) -> str:
    """One line of text with its baseline at y; cut with an ellipsis to `width` pixels, whole in its title.

    A halo in the paper's color keeps it readable where lines pass behind it.
    """
    shown = clip(words, width, size) if width is not None else words
    title = element("title", escape(words)) if shown != words else ""
    return element(
        "text",
        title,
        escape(shown),
        x=x,
        y=y,
        font_size=size,
        font_weight=weight,
        text_anchor=anchor,
        fill=color,
        opacity=opacity,
        font_family=family,
        stroke=palette.PAPER if halo else None,
        stroke_width=4 if halo else None,
        paint_order="stroke" if halo else None,
    )


def rect(x: Number, y: Number, width: Number, height: Number, **attributes: str | Number | None) -> str:
    return element("rect", x=x, y=y, width=width, height=height, **attributes)


def line(x1: Number, y1: Number, x2: Number, y2: Number, **attributes: str | Number | None) -> str:
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, **attributes)


def circle(x: Number, y: Number, radius: Number, **attributes: str | Number | None) -> str:
    return element("circle", cx=x, cy=y, r=radius, **attributes)


def drop(x: Number, y: Number, color: str) -> str:
    """The sign of a subscriber: a drop from the tap, its middle at y."""
    return element("path", d=f"M{_value(x)} {_value(y - 8)} q7 8 0 16 q-7 -8 0 -16 z", fill=color)


def group(*content: str, title: str = "", **attributes: str | Number | None) -> str:
    """Elements that belong together; the title shows when a pointer rests on them."""
    return element("g", element("title", escape(title)) if title else "", *content, **attributes)


def clip(words: str, width: Number, size: Number = 13) -> str:
    """The words, cut with an ellipsis where they would pass `width` pixels (by a mean letter's width)."""
    room = int(width / (size * 0.56))
    return words if len(words) <= room else words[: max(room - 1, 1)].rstrip() + "…"


def drawable(text: str) -> str:
    """The text with a sign for each character that XML has no room for, such as a control character.

    >>> drawable("a\\x07b") == "a\\ufffdb"
    True
    """
    return _NO_XML.sub("\ufffd", text)


def _value(value: str | Number) -> str:
    return escape(value) if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".")
