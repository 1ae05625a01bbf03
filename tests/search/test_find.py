"""Who finds what: each by the scopes of the registers, the newest first, and never what is another's."""

import sys
from datetime import date
from itertools import product

import pytest
from sqlalchemy import select, update

from tests.actions.making import make_action
from tests.cases.making import reported
from tests.cases.provider_making import told_by_provider
from tests.decisions.lists import number_of
from tests.factories import make_decisions, make_user
from tests.records.granting import REASON, close, name, protect, user_id_of, version_of
from tests.search.conftest import LEAD
from tests.search.making import all_pages, found, numbers
from tracker import clock
from tracker.actions.models import ActionItem
from tracker.cases.mas import set_mas
from tracker.database import db, is_sqlite, writer
from tracker.records import access
from tracker.records.models import Record
from tracker.search import asking, queries
from tracker.search.words import split

CHEF, OTHER = "chef@kommun.example", "annan@kommun.example"
ALL = {"2021/R1", "2021/K1", "2021/A1", "A-1", "1948", "S-1", "B-17", "B-18", "Å-2022-1"}
# One word that finds each record of the house, and one record beside them that only the ansvarig and lead read.
WORDS = {
    "2021/R1": "handläggning", "2021/K1": "delegation", "2021/A1": "A1", "A-1": "bemötande", "1948": "1948",
    "S-1": "beröm", "B-17": "SN-2021/77", "B-18": "ledsagning", "Å-2022-1": "ses kontaktperson", "U-2022-0001": "sg",
}  # fmt: skip
CONTROL, TWO, THREE = {"2021/R1", "2021/K1", "2021/A1"}, {"A-1", "1948", "B-18"}, {"S-1", "B-17", "Å-2022-1"}
FINDS = {
    ("medarbetare", None): set(),
    ("chef", "Vuxen 2"): TWO,
    ("chef", "Vuxen 3"): THREE,
    ("chef", None): ALL,
    ("utredare", None): set(),
    ("ansvarig", None): {"A-1", "1948", "Å-2022-1", "U-2022-0001"},
    ("handlaggare", None): {"B-17", "B-18"},
    ("internkontroll", None): CONTROL | {"Å-2022-1"},
    ("kvalitet", None): ALL | {"U-2022-0001"},
    ("sekreterare", None): set(),
    ("namnd", None): set(),
    ("revisor", None): CONTROL,
    ("loggranskare", None): set(),
    ("admin", None): set(),
}


def _finds(email):
    return {number for word in WORDS.values() for number in numbers(word, email)}


@pytest.mark.parametrize(("role", "unit"), FINDS)
def test_each_role_finds_what_its_registers_show(house, role, unit):
    told_by_provider("Vuxen 2", number="SG-7")
    make_user(CHEF, role, unit=unit)
    assert _finds(CHEF) == FINDS[role, unit]


def test_what_is_protected_is_found_by_nobody_and_what_is_closed_not_by_them(house):
    make_user(CHEF, "chef")
    protect("B-17", CHEF)
    close("B-18", CHEF)
    for words in ("kontaktperson", "ledsagning", "B-17", "B-18", "SN-2021/77"):
        assert not {"B-17", "B-18"} & set(numbers(words, CHEF))
    assert numbers("ledsagning", LEAD) == ["B-18"]


def test_what_is_given_by_name_is_found_outside_the_own_unit(house):
    make_user(CHEF, "chef", unit="Vuxen 3")
    assert numbers("ledsagning", CHEF) == []
    name("B-18", CHEF)
    assert numbers("ledsagning", CHEF) == numbers("B-18", CHEF) == ["B-18"]
    assert numbers("kontaktperson", CHEF) == ["Å-2022-1", "B-17"]


def test_an_utredare_finds_the_case_that_is_theirs(house):
    make_user(CHEF, "utredare")
    record_id = db.session.scalars(select(Record.id).where(Record.number == "1948")).one()
    with writer():
        access.name(record_id, version_of(record_id), user_id_of(CHEF), user_id_of(LEAD), clock.now(), REASON)
        db.session.commit()
    assert numbers("1948", CHEF) == ["1948"]
    assert numbers("vuxen 2", CHEF) == ["1948"]


def test_many_names_given_find_as_few_do(house, monkeypatch):
    make_user(CHEF, "chef", unit="Vuxen 3")
    name("B-18", CHEF)
    monkeypatch.setattr(asking, "MOST_MARKS", 0)
    assert numbers("ledsagning", CHEF) == ["B-18"]
    assert (numbers("bemötande", CHEF), numbers("beröm", CHEF)) == ([], ["S-1"])


def _own_action(email, text="Mallen ses över"):
    """An action of a unit that is another's, which this person is responsible for; gives its record."""
    record_id = make_action(number_of("B-17"), text=text)
    with writer():
        of = update(ActionItem).where(ActionItem.record_id == record_id)
        db.session.execute(of.values(responsible_id=user_id_of(email)))
        db.session.commit()
    return record_id


def test_the_own_action_is_found_wherever_it_is(house):
    make_user(CHEF, "medarbetare", unit="Vuxen 2")
    make_action(number_of("B-17"), text="Mallen ses över")
    assert numbers("mallen", CHEF) == []
    _own_action(CHEF)
    assert numbers("mallen", CHEF) == numbers("ses", CHEF) == ["Å-2022-3"]


@pytest.mark.parametrize("role", ["medarbetare", "chef"])
def test_the_own_action_that_is_closed_to_one_is_not_found(house, role):
    make_user(CHEF, role, unit="Vuxen 2")
    record_id = _own_action(CHEF)
    assert numbers("mallen", CHEF) == numbers("Å-2022-2", CHEF) == ["Å-2022-2"]
    with writer():
        access.close(record_id, version_of(record_id), user_id_of(CHEF), user_id_of(LEAD), clock.now(), REASON)
        db.session.commit()
    assert numbers("mallen", CHEF) == numbers("Å-2022-2", CHEF) == []
    assert numbers("mallen", LEAD) == ["Å-2022-2"]


def test_a_mas_finds_avvikelser_of_hsl_elsewhere(house):
    reported("deviations", "Vuxen 3", law_area="HSL")
    reported("deviations", "Vuxen 3", law_area="SoL")
    make_user(CHEF, "chef", unit="Vuxen 2")
    assert numbers("A-2022", CHEF) == []
    with writer():
        set_mas({user_id_of(CHEF)}, user_id_of(LEAD), clock.now())
        db.session.commit()
    assert numbers("A-2022", CHEF) == ["A-2022-0001"]


def test_a_word_that_names_many_units_finds_the_same(house, monkeypatch):
    make_user(CHEF, "chef", unit="Vuxen 3")
    asked = ("vuxen", "vuxen 3", "vuxen kontaktperson", "vux", "vuxen sjal")
    before = [[numbers(words, email) for email in (LEAD, CHEF)] for words in asked]
    assert before[1] == [["Å-2022-1", "B-17", "S-1"]] * 2
    assert before[2] == [["Å-2022-1", "B-17"]] * 2
    assert before[4] == [[], []]
    monkeypatch.setattr(asking, "MOST_UNITS", 0)
    monkeypatch.setattr(asking, "MANY_LABELS", 0)
    for marks, terms, window, looked_through in product((0, 200), (0, 8), (0, 600), (0, 20_000)):
        monkeypatch.setattr(asking, "MOST_MARKS", marks)
        monkeypatch.setattr(asking, "FEW_TERMS", terms)
        monkeypatch.setattr(queries, "WINDOW", window)
        monkeypatch.setattr(queries, "LEAST_WINDOW", window)
        monkeypatch.setattr(queries, "LOOKED_THROUGH", looked_through)
        assert [[numbers(words, email) for email in (LEAD, CHEF)] for words in asked] == before


def test_a_name_that_is_of_very_many_units_finds_what_is_seen_outside_the_reach(house, monkeypatch):
    monkeypatch.setattr(asking, "MANY_LABELS", 0)
    make_user(CHEF, "chef", unit="Vuxen 2")
    reported("deviations", "Vuxen 3", law_area="HSL")
    _own_action(CHEF)
    name("B-17", CHEF)
    own, seen = ["Å-2022-2"], ["A-2022-0001", "Å-2022-2", "B-17"]
    assert (numbers("vuxen 3", CHEF), numbers("mallen vux", CHEF)) == ([*own, "B-17"], own)
    with writer():
        set_mas({user_id_of(CHEF)}, user_id_of(LEAD), clock.now())
        db.session.commit()
    assert (numbers("vuxen 3", CHEF), numbers("3 vux", CHEF)) == (seen, seen)


def test_swedish_letters_are_letters_of_their_own(house):
    assert numbers("själ", LEAD) == numbers("SJÄL", LEAD) == ["2021/K1"]
    assert numbers("sjal", LEAD) == []
    assert numbers("alg", LEAD) == []
    assert numbers("Älg", LEAD) == ["2021/R1"]
    make_action(number_of("B-18"), text="ÖVERSYN AV ÅTERKOPPLING")
    assert numbers("översyn återk", LEAD) == ["Å-2022-2"]
    assert numbers("oversyn", LEAD) == numbers("aterkoppling", LEAD) == []


def test_all_words_are_needed_and_the_last_may_be_a_beginning(house):
    assert numbers("sen handl", LEAD) == ["2021/R1"]
    assert numbers("handl sen", LEAD) == []
    assert numbers("sen själ", LEAD) == []
    assert numbers("se", LEAD) == []
    assert numbers("vuxen 3 beröm", LEAD) == ["S-1"]


def test_a_long_beginning_finds_what_a_short_one_finds(house, monkeypatch):
    for text in ("Samverkansmöte", "Samverkan", "samverkansavtal", "Samvaro"):
        make_action(number_of("B-18"), text=text)
    three = ["Å-2022-4", "Å-2022-3", "Å-2022-2"]
    assert numbers("sam", LEAD) == numbers("samv", LEAD) == ["Å-2022-5", *three]
    assert numbers("samverkan", LEAD) == numbers("samve", LEAD) == three
    assert numbers("samverkans", LEAD) == ["Å-2022-4", "Å-2022-2"]
    assert numbers("samverkansx", LEAD) == []
    monkeypatch.setattr(asking, "MOST_TERMS", 1)
    assert numbers("samverkan", LEAD) == three


def test_the_number_that_was_typed_comes_first(house):
    make_decisions([{"ref": "B-17-2", "beslutsdatum": "2022-02-01"}])
    assert numbers("B-17", LEAD) == numbers("b-17", LEAD) == ["B-17", "B-17-2"]
    assert [hit.exact for hit in found("B-17", LEAD).rows] == [True, False]
    assert numbers("k1", LEAD) == numbers("2021/K1", LEAD) == ["2021/K1"]


@pytest.mark.parametrize(
    "given",
    ["", "   ", '"', "'", "*", "(", "NOT", "AND OR", "NEAR(a b)", "words:x", "^ä", "-", "a\x00b", "%", "\\", "';--",
     "\ue000k", "\U0001f600", "a\u19b0b", "\u1cf2", "ord " * 2_500, "a" * 10_000, "!&|:*<->", "{a b}:c"],
)  # fmt: skip
def test_odd_searches_find_nothing_and_do_no_harm(house, given):
    assert numbers(given, LEAD) == []


def test_no_word_is_two_to_sqlites_index(house):
    """It has no phrases, and what it takes for two words would be one."""
    signs = (chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code < 0xE000)
    words = [word for sign in signs for word in split(sign)]
    assert len(words) > 100_000
    asked = "SELECT 1 FROM search_index WHERE search_index MATCH ?"
    for start in range(0, len(words) if is_sqlite() else 0, 5_000):
        word = "".join(words[start : start + 5_000])
        assert db.session.connection().exec_driver_sql(asked, (f'"{word}"',)).all() == []


def test_signs_that_are_letters_to_one_engine_alone_lose_nothing(house):
    for text in ("Yta 20 m² golv", "½dl µg"):
        make_action(number_of("B-18"), text=text)
    for words in ("m²", "20 m²", "M² golv", "m² gol"):
        assert numbers(words, LEAD) == ["Å-2022-2"]
    assert numbers("½dl", LEAD) == numbers("½dl µg", LEAD) == ["Å-2022-3"]
    assert numbers("²", LEAD) == numbers("½ golv", LEAD) == numbers("gol²", LEAD) == []


def test_operators_are_words(house):
    make_action(number_of("B-18"), text='Rutin OR mall "NEAR" (utkast)')
    assert numbers('"rutin OR" (NEAR', LEAD) == ["Å-2022-2"]
    assert numbers("handläggning OR delegation", LEAD) == []


def test_forged_marks_open_nothing(house):
    """A text that holds what a mark looks like is found by no one but those who see its record."""
    make_user(CHEF, "chef", unit="Vuxen 2")
    unit_id = db.session.scalars(select(Record.unit_id).where(Record.number == "B-18")).one()
    forged = f"xenon \ue000kaction \ue000u{unit_id} \ue000kdecision"
    record_id = make_action(number_of("B-17"), text="Rutin")
    with writer():
        db.session.execute(update(ActionItem).where(ActionItem.record_id == record_id).values(text=forged))
        db.session.commit()
    assert numbers("xenon", CHEF) == []
    assert numbers("xenon", LEAD) == ["Å-2022-2"]


def test_pages_go_on_from_a_key_the_newest_first(house):
    make_decisions([{"ref": f"C-{n:03}", "beslutsdatum": f"2021-0{1 + n % 9}-10"} for n in range(60)],
                   today=date(2022, 2, 15))  # fmt: skip
    pages = all_pages("c", LEAD)
    assert [len(page) for page in pages] == [25, 25, 10]
    seen = [number for page in pages for number in page]
    months = [int(number[2:]) % 9 for number in seen]
    assert months == sorted(months, reverse=True)
    assert set(seen) == {f"C-{n:03}" for n in range(60)}


def test_no_page_is_of_what_has_been_told_first_alone(house):
    """The number that was typed is the oldest of 26; then it is that of 25 risks, between newer and older hits."""
    days = [f"2021-02-{n:02}" for n in range(25, 0, -1)]
    make_decisions([{"ref": f"47-{day}", "beslutsdatum": day} for day in days], today=date(2022, 2, 15))
    make_decisions([{"ref": "47", "beslutsdatum": "2021-01-10"}])
    assert all_pages("47", LEAD) == [["47", *(f"47-{day}" for day in days)]]
    make_decisions([{"ref": f"R9-{day}", "beslutsdatum": day} for day in days], today=date(2022, 2, 15))
    risks = [f"{year};R9;Fel;3;4\n" for year in range(2021, 1996, -1)]
    house.imports("risks", "".join(["ar;ref;risk;sannolikhet;konsekvens\n", *risks, "1996;R8;Som R9;3;4\n"]))
    years = [f"{year}/R9" for year in range(2021, 1996, -1)]
    assert all_pages("R9", LEAD) == [[*years, *(f"R9-{day}" for day in days)], ["1996/R8"]]


def test_each_way_of_looking_gives_the_same_pages(house, monkeypatch):
    """Sixty decisions, each of its own day, every third of another unit than the chef's; one of those is given to them
    by name, one of their own is closed to them, and an action of theirs belongs to a third.
    """
    rows = [
        {"ref": f"C-{n:03}", "beslutsdatum": f"2021-{1 + n // 20:02}-{1 + n % 20:02}", "utforare": "Ro c",
         "enhet": "Vuxen 3" if n % 3 else "Vuxen 2"}
        for n in range(60)
    ]  # fmt: skip
    make_decisions(rows, today=date(2022, 2, 15))
    make_user(CHEF, "chef", unit="Vuxen 3")
    name("C-030", CHEF)
    close("C-031", CHEF)
    action = make_action(number_of("C-000"), text="Ro c", decided_on=date(2021, 2, 5))
    with writer():
        of = update(ActionItem).where(ActionItem.record_id == action)
        db.session.execute(of.values(responsible_id=user_id_of(CHEF)))
        db.session.commit()
    mine = [n for n in range(60) if n % 3 and n != 31] + [30]
    expected = [f"C-{n:03}" for n in sorted(mine, reverse=True)]
    expected.insert(expected.index("C-023"), "Å-2022-2")
    monkeypatch.setattr(queries, "LEAST_WINDOW", 1)
    for window, looked_through, units in product((0, 7, 1_000), (0, 20_000), (0, 64)):
        monkeypatch.setattr(queries, "WINDOW", window)
        monkeypatch.setattr(queries, "PLACES", window)
        monkeypatch.setattr(queries, "LOOKED_THROUGH", looked_through)
        monkeypatch.setattr(queries, "MANY_UNITS", units)
        monkeypatch.setattr(queries, "FEW_UNITS", 8 if units else 0)
        for words in ("c", "ro c"):
            pages = all_pages(words, CHEF)
            assert [number for page in pages for number in page] == expected
            assert [len(page) for page in pages] == [25, 16]
        everything = all_pages("ro", LEAD)
        assert [len(page) for page in everything] == [25, 25, 11]
        assert everything[2][-1] == "C-000"
