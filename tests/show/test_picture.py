"""A picture and its sentence, for every kind of viewer."""

import base64
import re
import xml.etree.ElementTree as ET

import pytest

from eda_workshop.show import svg
from eda_workshop.show.picture import WIDTH, Picture, bold, plain

PICTURE = Picture(
    '<text x="4" y="20" fill="var(--jp-ui-font-color1, #1f2328)">hi</text>', 60, "3 sent, **1 lost** & more"
)


def test_the_sentence_is_shown_spoken_and_printed():
    """The same words stand in the caption, in the image's alternative text, in the label and in the plain form."""
    bundle = PICTURE._repr_mimebundle_()
    assert bundle["text/plain"] == repr(PICTURE) == "3 sent, 1 lost & more"
    assert "<figcaption>3 sent, <b>1 lost</b> &amp; more</figcaption>" in bundle["text/html"]
    assert 'alt="3 sent, 1 lost &amp; more"' in bundle["text/html"]
    assert 'role="img"' in bundle["text/html"]
    assert 'aria-label="3 sent, 1 lost &amp; more"' in bundle["text/html"]


def test_the_twin_is_a_document_of_its_own_without_theme_variables():
    """A viewer that strips inline SVG shows the twin, which must parse and name plain colors."""
    encoded = re.search(r"base64,([^\"]+)", PICTURE.html())[1]
    document = base64.b64decode(encoded).decode()
    root = ET.fromstring(document)
    assert root.get("width") == str(WIDTH)
    assert root.find("{http://www.w3.org/2000/svg}title").text == PICTURE.words
    assert "var(" not in document
    assert "#1f2328" in document


def test_inline_it_follows_the_theme_and_hides_its_twin():
    """Inline, the theme's variables stay, and the rule that hides the twin travels inside the SVG."""
    html = PICTURE.html()
    inline = html[html.index("<svg") :]
    assert "var(--jp-ui-font-color1" in inline
    assert ".eda-twin { display: none; }" in inline


def test_a_picture_is_the_same_on_every_run():
    """Nothing in it depends on time, addresses or chance."""
    assert PICTURE.html() == Picture(PICTURE.body, PICTURE.height, PICTURE.sentence).html()


def test_bold_escapes_before_it_marks():
    """Markup in a sentence is text, stars are bold."""
    assert bold("**a<b** & c") == "<b>a&lt;b</b> &amp; c"


def test_plain_replaces_each_variable_by_its_fallback():
    """A fallback that is a list of fonts comes through whole."""
    assert plain("x: var(--jp-a, #fff); f: var(--jp-b, system-ui, 'Segoe UI')") == "x: #fff; f: system-ui, 'Segoe UI'"


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x1b", "\ud800", "\ufffe", "]]>", "<&\"'"])
def test_any_text_makes_a_picture_that_is_xml(sign):
    """What XML has no room for is shown as a sign of its own; the rest is escaped."""
    picture = Picture(svg.text(4, 20, f"a{sign}b"), 60, f"data {sign}")
    for document in (picture.svg, picture.live().partition(">")[2].rpartition("</div>")[0]):
        assert ET.fromstring(document) is not None
    assert picture.html().encode()
