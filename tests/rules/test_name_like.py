"""Which words are pointed out as a name, and which are not?"""

import pytest

from tracker.rules.name_like import holds_name, name_like


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Vi pratade med Anna Berg om det.", "Anna Berg"),
        ("Anna Berg ramlade i köket.", "Anna Berg"),  # first in its sentence, which is how most begin
        ("Larmet ljöd. Anna Berg ramlade.", "Anna Berg"),
        ("Ringde larmet.\nÅke Öberg-Ek kom.", "Åke Öberg-Ek"),
        ("Hos Anna Berg var det tomt.", "Anna Berg"),
        ("Till Åsa Ek: ring.", "Åsa Ek"),
        ("Bo Ek kom.", "Bo Ek"),
    ],
)
def test_two_words_with_capitals_are_pointed_out(text, named):
    assert name_like(text) == named


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Personen ramlade i köket.",
        "Hos Solgården saknades larm.",
        "När Hemtjänsten kom var dörren låst.",
        "En rapport enligt Lex Sarah skrevs.",
        "Lex Sarah gäller.",
        "Vi ringde Anna och väntade.",
        "Larmet ljöd. Ingen svarade.",
        "IVO och SoL nämndes.",
        "Vi på Solgården ringde. På Solgården svarade ingen.",
        "Om Hemtjänsten kommer sent.",
    ],
)
def test_other_words_are_not(text):
    assert name_like(text) is None


@pytest.mark.parametrize(
    ("text", "name", "holds"),
    [
        ("Anna Berg såg det.", "Anna Berg", True),
        ("Anna (Berg) såg det.", "Anna Berg", True),
        ("Det såg Berg, Anna.", "Anna Berg", True),
        ("Anna  Berg", "Anna Berg", True),
        ("ANNA\nBERGS rapport", "Anna Berg", True),
        ("Anna, som heter Berg, såg det.", "Anna Berg", True),  # three words on
        ("Anna såg att larmet i Berg var tyst.", "Anna Berg", False),  # five
        ("Anna såg det.", "Anna Berg", False),
        ("Vid Berg saknades larm.", "Anna Berg", False),
        ("Anna-Lena Bergstrom", "Anna Lena Bergström", True),
        ("Lena Bergström", "Anna-Lena Bergström", True),
        ("Det såg Bo Ek.", "Bo Ek", True),
        ("Bodde vid Ekallén.", "Bo Ek", False),
        ("Annas berg", "Anna Berg", True),
        ("Det såg Anna.", "Anna", True),
        ("Manna åts.", "Anna", False),
        ("", "Anna Berg", False),
        ("Anna Berg", "", False),
    ],
)
def test_a_name_that_is_known_is_found_however_it_is_written(text, name, holds):
    assert holds_name(text, name) is holds
