"""What do others' words stand for? Proposals, by tables."""

import pytest

from tracker.exchange.value_maps import propose, propose_legal_basis

SEX, GROUND = ["kvinna", "man"], ["beslut", "dom"]
AREAS = ["Äldreomsorg", "Funktionsnedsättning", "IFO", "LSS"]


@pytest.mark.parametrize(
    ("field", "text", "known", "value"),
    [
        ("kon", "K", SEX, "kvinna"),
        ("kon", "Kv.", SEX, "kvinna"),
        ("kon", " KVINNA ", SEX, "kvinna"),
        ("kon", "m", SEX, "man"),
        ("kon", "1", SEX, None),
        ("kon", "okänt", SEX, None),
        ("grund", "Dom", GROUND, "dom"),
        ("grund", "nämndbeslut", GROUND, "beslut"),
        ("omrade", "äldreomsorg", AREAS, "Äldreomsorg"),
        ("omrade", "ÄO", AREAS, "Äldreomsorg"),
        ("omrade", "Funktionsstöd", AREAS, "Funktionsnedsättning"),
        ("omrade", "skola", AREAS, None),
        ("insats", "kontaktperson", ["Kontaktperson", "Boende"], "Kontaktperson"),
        ("insats", "Kontaktpersoner", ["Kontaktperson"], None),
    ],
)
def test_a_value_is_proposed_where_its_meaning_is_common(field, text, known, value):
    assert propose(field, text, known) == value


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("SoL 4:1", "SoL 4:1"),
        ("4 kap. 1 § SoL", "SoL 4:1"),
        ("SoL 4 kap 1§", "SoL 4:1"),
        ("11 kap. 1 § socialtjänstlagen (SoL)", "SoL 11:1"),
        ("sol", "SoL"),
        ("SoL 7:1", None),
        ("LSS 9.5", "LSS 9:5"),
        ("9 § 10 LSS", "LSS 9:10"),
        ("LSS 3", "LSS 9:3"),
        ("9 § LSS", None),  # the whole paragraph, or its ninth insats
        ("LSS 9:11", None),
        ("LSS", "LSS"),
        ("SoL/LSS", None),
        ("LVU 3 §", None),
    ],
)
def test_a_provision_is_found_in_the_ways_it_is_written(text, name):
    assert propose_legal_basis(text) == name
