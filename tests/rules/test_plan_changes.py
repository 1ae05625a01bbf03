"""What differs between two lists of risks, by hand."""

from tracker.rules.plan_changes import ChangeKind, FieldChange, RowChange, compare

FIELDS = ("text", "likelihood")


def row(ref, text, likelihood, other=None):
    """A risk with a field that is not compared."""
    return {"ref": ref, "text": text, "likelihood": likelihood, "other": other}


def test_new_changed_and_removed_are_told_and_equal_ones_are_not():
    before = [row("R1", "Avtal", 3), row("R2", "Jäv", 2, "x"), row("R3", "Resor", 1), row("R4", "Kurser", 4)]
    after = [row("R10", "Webb", 2), row("R1", "Avtalen", 4), row("R2", "Jäv", 2, "y"), row("R4", "Kurser", 3)]
    assert compare(before, after, FIELDS) == [
        RowChange("R10", ChangeKind.NEW),
        RowChange("R1", ChangeKind.CHANGED, (FieldChange("text", "Avtal", "Avtalen"), FieldChange("likelihood", 3, 4))),
        RowChange("R4", ChangeKind.CHANGED, (FieldChange("likelihood", 4, 3),)),
        RowChange("R3", ChangeKind.REMOVED),
    ]


def test_equal_and_empty_lists_differ_in_nothing():
    assert compare([row("R1", "A", 1)], [row("R1", "A", 1)], FIELDS) == []
    assert compare([], [], FIELDS) == []


def test_a_field_that_one_side_lacks_is_none_there():
    assert compare([{"ref": "R1"}], [row("R1", "A", 1)], ("text",)) == [
        RowChange("R1", ChangeKind.CHANGED, (FieldChange("text", None, "A"),))
    ]
