"""SVG as text."""

import pytest

from eda_workshop.show import palette, svg


def test_text_is_escaped():
    """What learners publish may hold markup; it must come out as text."""
    assert "&lt;b&gt;" in svg.text(0, 0, "<b>")
    assert "&lt;b&gt;" in svg.group(title="<b>")


def test_long_text_ends_in_an_ellipsis_and_keeps_its_whole_in_a_title():
    """A cut name can still be read by resting the pointer on it."""
    drawn = svg.text(0, 0, "a.very.long.name.indeed", width=60, size=12)
    assert "…</text>" in drawn
    assert "<title>a.very.long.name.indeed</title>" in drawn


@pytest.mark.parametrize(("value", "written"), [(2, "2"), (2.0, "2"), (2.5, "2.5"), (1 / 3, "0.33"), (10, "10")])
def test_numbers_are_short_and_stable(value, written):
    """Two decimals at most and no trailing zeros, so that the same picture is the same text."""
    assert f'r="{written}"' in svg.circle(0, 0, value)


def luminance(color):
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, two):
    light, dark = sorted((luminance(one), luminance(two)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("fill", [palette.EVENT, palette.SUBSCRIBER, palette.LOG, palette.HYPOTHETICAL])
def test_labels_on_shapes_are_readable(fill):
    """Dark text on every fill that carries text has a contrast of at least 4.5 to 1."""
    assert contrast(palette.ON_EVENT, fill) >= 4.5


@pytest.mark.parametrize("color", [palette.PUBLISHER, palette.SUBSCRIBER, palette.LOST])
def test_shapes_stand_out_from_both_papers(color):
    """A shape that says something has at least 3 to 1 on white and on JupyterLab's dark paper."""
    assert contrast(color, "#ffffff") >= 3
    assert contrast(color, "#111111") >= 3
