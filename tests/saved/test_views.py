"""A register's filter under a name: for oneself, for a unit, and when what it names is gone."""

import pytest
from sqlalchemy import select

from tests.audit.trails import entries, verdict
from tests.cases.making import code_id, reported
from tests.factories import make_user
from tracker import clock
from tracker.accounts.models import User
from tracker.accounts.queries import find_unit
from tracker.database import db, writer
from tracker.records.codes import merge_codes
from tracker.records.models import CodeItem, CodeList
from tracker.rules.errors import RuleViolation
from tracker.rules.saved_views import MOST_OWN, is_shared_with
from tracker.saved import services
from tracker.saved.models import SavedView
from tracker.saved.queries import list_views
from tracker.saved.services import save_view

LATE = "/avvikelser?status=star-still"


def saved(visitor, address, name, unit=None, status=200):
    """Saves the list at an address as somebody does: from the register's own link."""
    visitor.get(address)
    visitor.click("Spara som vy")
    fields = {"name": name}
    if unit:
        fields["unit"] = str(find_unit(unit).id)
        db.session.rollback()
    return visitor.submit(fields, status=status)


def views():
    db.session.rollback()
    return [(one.path, one.name, one.filter) for one in db.session.scalars(select(SavedView).order_by(SavedView.id))]


def line(page):
    """The names over a register, the present one marked."""
    [nav] = [nav for nav in page.tree.iter("nav") if nav.get("aria-label") == "Vyer"] or [None]
    if nav is None:
        return []
    return [("* " if a.get("aria-current") else "") + (a.text or "") for a in nav.iter("a")]


def test_a_list_is_saved_opened_and_marked_as_the_present_one(person):
    chef = person("chef", "Vuxen")
    assert line(chef.get("/avvikelser")) == []
    page = saved(chef, LATE, "Det som står still")
    assert (page.path, "Vyn är sparad." in page.text) == (LATE, True)
    assert line(page) == ["* Det som står still", "Ändra vyer"]
    assert line(chef.get("/avvikelser")) == ["Det som står still", "Ändra vyer"]
    assert line(chef.get("/avvikelser?status=oppna")) == ["Det som står still", "Spara som vy", "Ändra vyer"]
    assert chef.click("Det som står still").path == LATE
    assert line(chef.get("/synpunkter")) == []
    assert views() == [("/avvikelser", "Det som står still", "status=star-still")]


def test_a_name_that_is_taken_too_long_or_a_personnummer_is_told_beside_the_field_and_stays(person):
    chef = person("chef", "Vuxen")
    saved(chef, LATE, "Stilla")
    for name, told in (
        ("Stilla", "Du har redan en vy med det namnet i registret."),
        ("x" * 61, "Skriv högst 60 tecken."),
        ("Hos 19121212-1212", "Skriv inga personnummer i en vy."),
        ("", "Skriv vad vyn ska heta."),
    ):
        page = saved(chef, "/avvikelser?status=oppna", name, status=422)
        assert told in page.text
        assert page.form("name").find(".//input[@name='name']").get("value", "") == name
    assert len(views()) == 1


def test_a_view_shared_with_a_unit_is_for_those_in_it_and_below(person):
    saved(person("chef", "Vuxen"), LATE, "Stilla", unit="Vuxen")
    for role, unit, seen in (("chef", "Vuxen 1", True), ("chef", "Barn", False), ("kvalitet", None, False)):
        other = person(role, unit, name=f"bo{unit}".replace(" ", "").lower())
        page = other.get("/avvikelser")
        assert ("Stilla, delad med Vuxen" in page.text) is seen
        [view_id] = db.session.scalars(select(SavedView.id))
        db.session.rollback()
        assert (other.get(f"/vyer/{view_id}", status=None).status == 200) is seen
        assert ("Stilla" in other.get("/vyer").text) is (seen or role == "kvalitet")


def test_what_is_in_sql_is_what_the_rule_says(person):
    units = ["Socialförvaltningen", "Vuxen", "Vuxen 1", "Barn"]
    owner = make_user("delar@kommun.example", "kvalitet").id
    places = {}
    with writer():
        for name in units:
            unit = find_unit(name)
            places[name] = (unit.tree_from, unit.tree_to)
            save_view("/avvikelser", name, {"status": "oppna"}, unit.id, owner, clock.now())
        save_view("/avvikelser", "egen", {"status": "oppna"}, None, owner, clock.now())
        db.session.commit()
    for held in ([], ["Vuxen"], ["Vuxen 1"], ["Barn", "Vuxen 1"], ["Socialförvaltningen"]):
        mine = [places[name] for name in held]
        expected = {name for name in units if is_shared_with(places[name], mine)}
        assert {row.name for row in list_views(owner + 1_000, mine, "/avvikelser")} == expected
        assert {row.name for row in list_views(owner, mine)} == {*units, "egen"}


def test_a_shared_view_opens_nothing_that_the_reader_may_not_open(person):
    officer = person("ansvarig")
    saved(officer, "/lex-sarah?bedomning=allvarligt", "Allvarliga", unit="Socialförvaltningen")
    [view_id] = db.session.scalars(select(SavedView.id))
    db.session.rollback()
    handler = person("handlaggare", "Barn")
    handler.get(f"/vyer/{view_id}", status=404)
    assert "Allvarliga" not in handler.get("/vyer").text
    handler.get("/vyer/ny?register=/lex-sarah&bedomning=allvarligt", status=404)
    handler.get("/vyer/ny?register=/logg", status=404)
    reader = person("chef", "Barn")
    assert reader.get(f"/vyer/{view_id}").heading == "Lex Sarah"


def test_only_the_owner_changes_a_view_and_the_owner_or_who_manages_the_unit_removes_it(person):
    owner, below = person("chef", "Vuxen 1"), person("medarbetare", "Vuxen 1", name="rut")
    saved(owner, "/atgarder?lista=forsenade", "Sena", unit="Vuxen 1")
    [view_id] = db.session.scalars(select(SavedView.id))
    db.session.rollback()
    below.get(f"/vyer/{view_id}/andra", status=404)
    assert "Ta bort" not in below.get("/vyer").text
    owner.get(f"/vyer/{view_id}/andra")
    assert "Vyn är ändrad." in owner.submit({"name": "Sena här", "unit": "0"}).text
    assert "Sena" not in below.get("/vyer").text
    owner.get(f"/vyer/{view_id}/andra")
    owner.submit({"unit": str(find_unit("Vuxen 1").id)})
    above, beside = person("chef", "Vuxen", name="olle"), person("chef", "Barn", name="bo")
    assert "Andra vyer i dina enheter" not in beside.get("/vyer").text
    token = beside.get("/vyer/ny?register=/avvikelser&status=oppna")
    assert token.heading == "Spara listan som vy"
    beside.post(f"/vyer/{view_id}/ta-bort", status=404)
    page = above.get("/vyer")
    assert "Sena här" in page.text
    page = above.post(f"/vyer/{view_id}/ta-bort")
    assert "Vyn Sena här är borttagen." in page.text
    assert views() == []
    told = [entry.action for entry in entries() if entry.action.startswith("view.")]
    assert told == ["view.saved", "view.changed", "view.changed", "view.removed"]
    assert verdict().whole


def test_an_entry_that_has_been_merged_is_followed_and_one_that_is_gone_is_told_of(person):
    reported("deviations", "Vuxen")
    fall, other = code_id(CodeList.DEVIATION_CATEGORY, "Fall"), code_id(CodeList.DEVIATION_CATEGORY, "Läkemedel")
    db.session.rollback()
    lead = person("kvalitet")
    saved(lead, f"/avvikelser?kategori={fall}", "Fall")
    with writer():
        merge_codes(db.session.get_one(CodeItem, fall), db.session.get_one(CodeItem, other))
        db.session.commit()
    lead.get("/avvikelser")
    page = lead.click("Fall")
    assert page.path == f"/avvikelser?kategori={other}"
    assert "Fall räknas numera som Läkemedel. Vyn Fall följer med." in page.text
    [view] = db.session.scalars(select(SavedView))
    with writer():
        view.filter = "kategori=987654&status=oppna"
        db.session.commit()
    page = lead.get(f"/vyer/{view.id}")
    assert page.path == "/avvikelser?status=oppna"
    assert "Vyn Fall valde en kategori som inte finns längre. Listan visas utan det valet." in page.text


@pytest.mark.parametrize("value", ["²", "fall", "9" * 30, "0"])
def test_an_entry_that_is_no_number_of_a_row_is_told_of_as_one_that_is_gone(person, value):
    lead = person("kvalitet")
    lead.get(f"/vyer/ny?register=/avvikelser&kategori={value}&status=oppna")
    page = lead.submit({"name": "Fall"})
    assert page.path == "/avvikelser?status=oppna"
    assert "Vyn Fall valde en kategori som inte finns längre. Listan visas utan det valet." in page.text


def test_who_looks_after_a_unit_sees_and_removes_no_view_of_a_register_that_they_may_not_open(person):
    saved(person("kvalitet"), "/avvikelser?status=oppna", "Öppna i Vuxen", "Vuxen")
    [view_id] = db.session.scalars(select(SavedView.id))
    db.session.rollback()
    lead = person("internkontroll", name="ivar")
    assert "Öppna i Vuxen" not in lead.get("/vyer").text
    lead.get("/vyer/ny?register=/risker&lista=netto")
    lead.post(f"/vyer/{view_id}/ta-bort", status=404)
    assert views() == [("/avvikelser", "Öppna i Vuxen", "status=oppna")]


def test_no_more_than_fifty_are_saved(person):
    chef = person("chef", "Vuxen")
    owner = db.session.scalars(select(User.id).where(User.email == "anna.chef@kommun.example")).one()
    db.session.rollback()
    with writer():
        for number in range(MOST_OWN):
            save_view("/beslut", f"Vy {number}", {"status": "oppna"}, None, owner, clock.now())
        db.session.commit()
    page = saved(chef, LATE, "En till", status=422)
    assert "Du har redan 50 vyer. Ta bort någon som du inte använder." in page.text


@pytest.mark.parametrize(
    ("role", "address"),
    [
        ("handlaggare", "/beslut?status=over-tre-manader"), ("kvalitet", "/synpunkter?status=oppna"),
        ("internkontroll", "/risker?ar=2026&lista=netto"),
        ("internkontroll", "/internkontroll/2026/moment?utfall=forsenat"), ("chef", "/atgarder?lista=forsenade"),
        ("ansvarig", "/lex-sarah?status=utreds"), ("kvalitet", "/garantier/forhandsbedomning?manad=2026-03"),
    ],
)  # fmt: skip
def test_every_register_has_its_views(person, role, address):
    page = saved(person(role), address, "Min vy")
    assert (page.path, line(page)[0]) == (address, "* Min vy")


@pytest.mark.parametrize(
    ("role", "address", "told"),
    [
        ("kvalitet", "/avvikelser?status=finns-inte&kategori=x", "status, kategori"),
        ("handlaggare", "/beslut?status=oppna&tidigast=2026-13-01", "status, tre månader tidigast"),
        ("kvalitet", "/garantier/forhandsbedomning?lage=x", "läge"),
        ("internkontroll", "/internkontroll/2026/moment?utfall=x", "utfall"),
    ],
)
def test_a_filter_that_means_nothing_is_told_of_and_never_silently_everything(person, role, address, told):
    visitor = person(role)
    page = visitor.get(address)
    assert f"Listan visas utan en del av filtret, som inte finns: {told}. Välj på nytt i filtret." in page.text
    assert "Listan visas utan en del" not in visitor.get(address.partition("?")[0]).text


def test_of_two_who_save_one_name_at_once_the_second_is_told(person, monkeypatch):
    chef = person("chef", "Vuxen")
    saved(chef, LATE, "Stilla")
    owner = db.session.scalars(select(User.id).where(User.email == "anna.chef@kommun.example")).one()
    db.session.rollback()
    monkeypatch.setattr(services, "is_taken", lambda *_: False)  # as it was when the other had not committed
    with writer(), pytest.raises(RuleViolation) as refused:
        save_view("/avvikelser", "Stilla", {"status": "oppna"}, None, owner, clock.now())
    assert refused.value.code == "name_taken"
    db.session.rollback()
    assert views() == [("/avvikelser", "Stilla", "status=star-still")]


def test_ones_own_view_can_be_removed_when_the_register_is_no_longer_ones_own(person):
    officer = person("ansvarig")
    saved(officer, "/lex-sarah?bedomning=allvarligt", "Allvarliga")
    [view] = db.session.scalars(select(SavedView))
    with writer():
        view.path, view.filter = "/risker", "lista=netto"  # a register that the role does not open
        db.session.commit()
    page = officer.get("/vyer")
    assert ("Allvarliga" in page.text, "Allvarliga" in page.links) == (True, False)
    officer.get("/vyer/ny?register=/lex-sarah&bedomning=allvarligt")
    officer.post(f"/vyer/{view.id}/ta-bort")
    assert views() == []


def test_the_list_of_what_is_notified_by_lex_maria_is_saved_as_that_list(person):
    page = saved(person("chef", "Vuxen"), "/avvikelser?lexmaria=ja", "Lex Maria")
    assert page.path == "/avvikelser?lexmaria=ja"
    assert line(page) == ["* Lex Maria", "Ändra vyer"]
