"""Finding a control of an instrument by its label."""


def control(instrument, label):
    """The one control with this label."""
    rows = instrument._box.children
    found = [each for row in rows for each in getattr(row, "children", ()) if each.description == label]
    assert len(found) == 1, label
    return found[0]
