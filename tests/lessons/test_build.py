"""Building lessons: what a kernel sent becomes what a reader needs."""

import nbformat

from eda_workshop.lessons.build import joined


def test_what_a_busy_kernel_prints_in_two_pieces_is_one():
    """Streams of one name that follow each other are joined; others stay apart, in their order."""
    out, err = (
        {"output_type": "stream", "name": name, "text": text} for name, text in (("stdout", "a"), ("stderr", "x"))
    )
    pieces = [nbformat.from_dict(dict(each)) for each in (out, {**out, "text": "b\n"}, err, out)]
    whole = [(piece.name, piece.text) for piece in joined(pieces)]
    assert whole == [("stdout", "ab\n"), ("stderr", "x"), ("stdout", "a")]
