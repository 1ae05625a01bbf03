"""Who controls their own work, told by names as people write them."""

import pytest

from tracker.rules.control_parties import controlling_themselves


@pytest.mark.parametrize(
    ("controlled", "performer", "responsible", "same"),
    [
        ("Enhet Nord", "Enhet Nord", None, ("utforare",)),
        ("Enhet Nord", "  enhet   NORD ", "Ekonomichefen", ("utforare",)),
        ("Ekonomichefen", "Controllern", "ekonomichefen", ("ansvarig",)),
        ("Ekonomichefen", "Ekonomichefen", "EKONOMICHEFEN", ("utforare", "ansvarig")),
        ("Enhet\tNord", "Enhet Nord", "", ("utforare",)),
        ("Enhet Nord", "Enhet Norr", "Enhet Nordost", ()),
        ("Enhet Nord", None, None, ()),
        (None, None, None, ()),
        ("", "", "", ()),
        ("  ", " ", None, ()),
        ("ÅSA-enheten", "åsa-enheten", None, ("utforare",)),
    ],
)
def test_the_same_is_found_whatever_the_case_and_blanks(controlled, performer, responsible, same):
    assert controlling_themselves(controlled, performer, responsible) == same
