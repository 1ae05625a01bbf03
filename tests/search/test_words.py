"""What is searched for, and where it stands in a text: worked out by hand."""

import pytest

from tracker.search.words import Names, asked, marked, shortened


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("Åtgärd ÖVER älg", ("åtgärd", "över", "älg")),
        ("A-2026-0001", ("a", "2026", "0001")),
        ('"kontakt" OR NEAR(x) NOT *', ("kontakt", "or", "near", "x", "not")),
        ("words:hemligt", ("words", "hemligt")),
        ("\ue000k1 \ue000u2", ("k1", "u2")),
        ("a a A", ("a",)),
        ("", ()),
        ("  -- ' \" ( ) * : ^ ", ()),
        ("a\u030angra", ("ångra",)),
        ("ka\u19b0ko\u1cf2 1", ("ka", "ko", "1")),
    ],
)
def test_words_are_letters_and_digits_and_nothing_else(given, words):
    assert asked(given).words == words


def test_what_is_too_long_is_cut_and_told():
    long = asked("ord " * 2_500)
    assert (len(long.said), long.words, long.cut) == (199, ("ord",), True)
    many = asked(" ".join(f"o{n}" for n in range(13)))
    assert (len(many.words), many.words[-1], many.cut) == (12, "o11", True)
    assert not asked("x" * 200).cut
    assert asked("x" * 201).cut


@pytest.mark.parametrize(
    ("given", "begins"), [("ru", False), ("rut", True), ("rut 12", False), ("2021", False), ("", False)]
)
def test_the_last_word_may_be_a_beginning(given, begins):
    assert asked(given).beginning is begins


def test_names_hold_whole_words_and_beginnings():
    names = Names({"u1": "Vuxen 2", "u2": "Vuxenenheten vuxen", "c1": "Själ", "c2": "Råd och stöd"})
    assert names.holding("vuxen", beginning=False) == ["u1", "u2"]
    assert names.holding("vux", beginning=False) == []
    assert names.holding("vux", beginning=True) == ["u1", "u2"]
    assert names.holding("vuxene", beginning=True) == ["u2"]
    assert names.holding("sjal", beginning=True) == []
    assert names.holding("st", beginning=True) == names.holding("och", beginning=False) == ["c2"]
    assert names.holding("å", beginning=True) == names.holding("ö", beginning=True) == []


def test_words_are_marked_where_they_stand():
    pieces = [("Rutin", True), ("en ", False), ("ses", True), (" över", False)]
    assert marked("Rutinen ses över", asked("ses rutin")) == pieces
    assert marked("Rutinen", asked("rutin ses")) == [("Rutinen", False)]
    assert marked("Överrutin", asked("rutin")) == [("Överrutin", False)]
    assert marked("Text", asked("")) == [("Text", False)]


def test_a_long_text_is_shown_around_the_first_word():
    text = "början " * 40 + "här står rutin " + "slut " * 60
    shown = shortened(text, asked("rutin"))
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert "här står rutin slut" in shown
    assert len(shown) <= 184
    assert shortened("kort", asked("rutin")) == "kort"
    assert shortened("x" * 300, asked("rutin")) == "x" * 180 + " …"
