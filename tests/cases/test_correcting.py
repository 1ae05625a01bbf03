"""Putting a case right: days, law, kind and unit, with a reason; what follows is worked out anew, words stay."""

from datetime import date

import pytest
from sqlalchemy import insert, select, update

from tests.actions.making import make_action
from tests.cases.making import code_id, reported, stands, step, unit_id_of
from tests.factories import PASSWORD, make_user
from tests.records.granting import version_of
from tests.support.pages import PageClient
from tracker import clock
from tracker.actions.models import ActionSource
from tracker.audit.history import list_history
from tracker.cases.correcting import correct_case
from tracker.cases.models import CaseStepTaken, Deviation
from tracker.cases.registers import COMPLAINTS, DEVIATIONS, LEX_SARAH
from tracker.cases.single import list_steps
from tracker.cases.texts import list_words
from tracker.database import db, writer
from tracker.records.codes import merge_codes
from tracker.records.models import CodeItem, CodeList, Record
from tracker.records.services import add_codes
from tracker.rules.errors import RuleViolation

DAY = date(2026, 3, 2)
pytestmark = pytest.mark.usefixtures("two_units")


@pytest.fixture
def boss():
    """The lex Sarah-ansvarig's number."""
    return make_user("ansvarig@kommun.example", "ansvarig").id


def correct(register, record_id, by, reason="Felskrivet", **said):
    """Puts a case right."""
    row = stands(register, record_id)
    with writer():
        values = {"unit_id": row["unit_id"]} | said
        done = correct_case(register, row, version_of(record_id), values, reason, by, clock.now(), clock.today())
        db.session.commit()
    return done


def refused(register, record_id, by, **said):
    """(field, message) of what a correction is refused for; nothing is written."""
    with pytest.raises(RuleViolation) as found:
        correct(register, record_id, by, **said)
    db.session.rollback()
    return found.value.field, found.value.message


def fields(page):
    """The names of the fields of a page."""
    return {element.get("name") for element in page.tree.iter() if element.tag in {"input", "select", "textarea"}}


def test_a_day_of_receipt_that_was_wrong_moves_the_target_with_it(two_units, boss):
    two_units(date(2026, 4, 30))
    record_id = reported("lex-sarah", happened_on=date(2025, 12, 29))
    step("lex-sarah", record_id, "receive", boss)
    assert correct(LEX_SARAH, record_id, boss, reported_on=date(2025, 12, 30), received_on=date(2025, 12, 31))
    row = stands(LEX_SARAH, record_id)
    assert (row["received_on"], row["target_on"]) == (date(2025, 12, 31), date(2026, 2, 28))
    assert (row["listed_on"], row["state"]) == (date(2025, 12, 31), "received")


def test_a_synpunkt_that_came_earlier_is_to_be_answered_earlier(boss):
    record_id = reported("complaints")
    assert stands(COMPLAINTS, record_id)["due_on"] == date(2026, 3, 12)
    assert correct(COMPLAINTS, record_id, boss, received_on=date(2026, 2, 25), kind="beröm")
    row = stands(COMPLAINTS, record_id)
    assert (row["received_on"], row["due_on"], row["kind"]) == (date(2026, 2, 25), date(2026, 3, 7), "beröm")


def test_the_correction_stands_in_the_history_and_in_the_trail_with_its_reason(boss):
    record_id = reported("lex-sarah", happened_on=date(2026, 2, 27))
    words = list_words(record_id)
    assert correct(LEX_SARAH, record_id, boss, happened_on=date(2026, 2, 28), law="LSS", reason="Natten till lördagen")
    last = list_steps(record_id)[-1]
    assert last.comment == (
        "Rättat: hände 27 februari 2026 → 28 februari 2026; lagrum saknades → LSS.\nNatten till lördagen"
    )
    assert (last.on_day, last.taken_by) == (DAY, "Ansvarig")
    event = list_history(record_id, with_personal=True)[0]
    assert event.reason == "Natten till lördagen"
    assert {(one.field, one.old, one.new) for one in event.changes} == {
        ("step", None, "correct"), ("happened_on", "2026-02-27", "2026-02-28"), ("law", None, "LSS")
    }  # fmt: skip
    assert list_words(record_id) == words
    assert stands(LEX_SARAH, record_id)["state"] == "reported"


def test_what_is_as_it_was_writes_nothing(boss):
    record_id = reported("deviations")
    before = version_of(record_id)
    assert correct(DEVIATIONS, record_id, boss) is False
    assert version_of(record_id) == before
    assert db.session.scalars(select(CaseStepTaken).filter_by(record_id=record_id)).all() == []


def test_days_that_cannot_be_are_refused_at_their_fields(boss):
    record_id = reported("lex-sarah")
    step("lex-sarah", record_id, "receive", boss)
    assert refused(LEX_SARAH, record_id, boss, happened_on=date(2026, 3, 3)) == (
        "handelsedatum", "2026-03-03 ligger i framtiden. Rätta dagen."
    )  # fmt: skip
    assert refused(LEX_SARAH, record_id, boss, received_on=date(2026, 3, 1))[0] == "mottagen"  # before it was reported
    assert refused(LEX_SARAH, record_id, boss, received_on=None) == ("mottagen", "Skriv dagen som 2026-03-31.")
    assert refused(LEX_SARAH, record_id, boss, reason=" ")[0] == "reason"
    assert refused(LEX_SARAH, record_id, boss, reason="Hon är 19121212-1212")[0] == "reason"
    assert refused(LEX_SARAH, record_id, boss, unit_id=None)[0] == "enhet"
    assert stands(LEX_SARAH, record_id)["received_on"] == DAY


def test_a_case_does_not_come_after_what_has_been_done_with_it(two_units, boss):
    record_id = reported("lex-sarah")
    step("lex-sarah", record_id, "receive", boss)
    step("lex-sarah", record_id, "tell_reporter", boss, comment="Tack")
    two_units(date(2026, 3, 9))
    assert refused(LEX_SARAH, record_id, boss, received_on=date(2026, 3, 3)) == (
        "mottagen", "2026-03-03 ligger efter 2026-03-02, då nästa steg togs. Rätta dagen."
    )  # fmt: skip


def test_what_no_step_has_set_is_not_set_here(boss):
    record_id = reported("lex-sarah")
    assert correct(LEX_SARAH, record_id, boss, decided_on=DAY, closed_on=DAY, state="closed", ref="LS-1") is False
    row = stands(LEX_SARAH, record_id)
    assert (row["decided_on"], row["closed_on"], row["state"]) == (None, None, "reported")


def test_a_report_that_came_to_the_wrong_unit_goes_to_the_right_one_and_out_of_sight(person):
    record_id = reported("deviations", "Vuxen")
    chef, _ = person("chef", "Vuxen")
    other, _ = person("chef", "Barn", name="bo")
    other.get(f"/avvikelser/{record_id}", status=404)
    other.get(f"/avvikelser/{record_id}/ratta", status=404)
    chef.get(f"/avvikelser/{record_id}")
    chef.click("Rätta uppgifter")
    page = chef.submit({"enhet": str(unit_id_of("Barn")), "reason": "Hände hos Barn"}, form="version", status=None)
    assert page.heading == "Avvikelser"
    assert "Ärendet är flyttat till en enhet som du inte arbetar med." in page.text
    chef.get(f"/avvikelser/{record_id}", status=404)
    assert "enhet Vuxen → Barn." in other.get(f"/avvikelser/{record_id}").text
    assert db.session.get_one(Record, record_id).unit_id == unit_id_of("Barn")


def test_a_case_that_was_an_avvikelse_moves_in_both_registers(boss):
    record_id = reported("deviations", "Vuxen")
    chef_id = make_user("chef@kommun.example", "chef").id
    step("deviations", record_id, "make_lex_sarah", chef_id, comment="Blev utan hjälp")
    assert correct(LEX_SARAH, record_id, boss, unit_id=unit_id_of("Barn"))
    assert stands(DEVIATIONS, record_id)["unit_id"] == stands(LEX_SARAH, record_id)["unit_id"] == unit_id_of("Barn")


def test_the_page_keeps_what_was_typed_beside_what_is_wrong_and_tells_of_another_who_was_first(person, boss):
    record_id = reported("complaints", "Vuxen")
    chef, _ = person("chef", "Vuxen")
    chef.get(f"/synpunkter/{record_id}/ratta")
    page = chef.submit({"mottagen": "2026-03-03", "reason": "Brevet"}, form="version", status=422)
    assert "2026-03-03 ligger i framtiden. Rätta dagen." in page.text
    correct(COMPLAINTS, record_id, boss, kind="beröm")
    page = chef.submit({"mottagen": "2026-02-27", "reason": "Brevet"}, form="version", status=422)
    assert "Någon annan har ändrat ärendet sedan du öppnade sidan." in page.text
    page = chef.submit({"mottagen": "2026-02-27", "reason": "Brevet"}, form="version", status=None)
    assert page.heading.startswith("Synpunkt")
    assert stands(COMPLAINTS, record_id)["due_on"] == date(2026, 3, 9)


def test_only_who_decides_puts_a_lex_sarah_case_right(person):
    record_id = reported("lex-sarah", "Vuxen")
    for role in ("chef", "utredare", "kvalitet"):
        visitor, _ = person(role, "Vuxen")
        visitor.get(f"/lex-sarah/{record_id}/ratta", status=403)
    ansvarig, _ = person("ansvarig")
    page = ansvarig.get(f"/lex-sarah/{record_id}/ratta")
    assert "Rapportens egna ord ändras aldrig." in page.text
    assert fields(page) >= {
        "handelsedatum", "uppmarksammad", "rapporterad", "lagrum", "enhet", "reason"
    }  # fmt: skip
    assert fields(page).isdisjoint({"mottagen", "avslutad", "typ"})


def test_what_became_a_lex_sarah_report_is_not_put_right_as_an_avvikelse(person):
    chef, chef_id = person("chef", "Vuxen")
    record_id = reported("deviations", "Vuxen")
    step("deviations", record_id, "make_lex_sarah", chef_id, comment="Blev utan hjälp")
    page = chef.get(f"/avvikelser/{record_id}/ratta", status=404)
    assert page.heading == "Sidan finns inte"


def test_two_visitors_of_different_units_keep_apart(app):
    record_id = reported("complaints", "Barn")
    make_user("chef@kommun.example", "chef", unit="Vuxen")
    visitor = PageClient(app)
    visitor.sign_in("chef@kommun.example", PASSWORD)
    visitor.post(f"/synpunkter/{record_id}/ratta", {"version": "1", "reason": "Nej"}, status=404)
    assert stands(COMPLAINTS, record_id)["kind"] == "klagomål"


def test_a_category_and_a_cause_that_are_merged_take_their_avvikelser_along():
    record_id = reported("deviations")
    fall, cause = code_id(CodeList.DEVIATION_CATEGORY, "Fall"), code_id(CodeList.DEVIATION_CAUSE, "Samverkan")
    with writer():
        db.session.execute(update(Deviation).values(category_id=fall, cause_id=cause))
        more = add_codes(CodeList.DEVIATION_CATEGORY, ["Fall i trapp"]) | add_codes(CodeList.DEVIATION_CAUSE, ["Annan"])
        db.session.commit()
    for label, into in (("Fall", more["Fall i trapp"]), ("Samverkan", more["Annan"])):
        kind = CodeList.DEVIATION_CATEGORY if label == "Fall" else CodeList.DEVIATION_CAUSE
        source = db.session.get_one(CodeItem, code_id(kind, label))
        with writer():
            assert merge_codes(source, db.session.get_one(CodeItem, into)) == 1
            db.session.commit()
    row = stands(DEVIATIONS, record_id)
    assert (row["category_id"], row["cause_id"]) == (more["Fall i trapp"], more["Annan"])


def test_its_actions_go_along_to_the_right_unit_but_those_of_others_stay(person):
    record_id, other = reported("deviations", "Vuxen"), reported("deviations", "Vuxen")
    alone, shared = make_action(record_id, text="Byt larmen"), make_action(record_id, text="Gå igenom rutinen")
    with writer():
        db.session.execute(insert(ActionSource).values(action_id=shared, record_id=other))
        db.session.commit()
    old, old_id = person("chef", "Vuxen")
    new, _ = person("chef", "Barn", name="bo")
    correct(DEVIATIONS, record_id, old_id, unit_id=unit_id_of("Barn"))
    assert "Byt larmen" not in old.get("/atgarder?lista=alla").text
    old.get(f"/atgarder/{alone}", status=404)
    assert "Byt larmen" in new.get(f"/avvikelser/{record_id}").text
    assert new.get(f"/atgarder/{alone}").status == 200
    assert db.session.get_one(Record, shared).unit_id == unit_id_of("Vuxen")
    event = list_history(alone, with_personal=True)[0]
    assert [one.field for one in event.changes] == ["unit_id"]
