"""Code lists change, and what was chosen before keeps its meaning in lists, figures and files."""

import json
from datetime import date

import pytest
from sqlalchemy import select

from tests.accounts.forms import field_error
from tests.accounts.test_units import at_once
from tests.factories import PASSWORD, make_decisions, make_unit, make_user
from tests.support.overhearing import overhear
from tests.support.pages import PageClient
from tracker.accounts.reader import EVERYTHING
from tracker.audit import trail
from tracker.audit.chain import trail_keys
from tracker.audit.models import AuditEntry, AuditPart
from tracker.database import db, writer
from tracker.decisions.models import Decision, DecisionClock
from tracker.records import codes
from tracker.records.models import CodeItem, CodeList
from tracker.records.queries import list_code_rows, list_codes, offered_codes
from tracker.records.services import code_ids
from tracker.reports.quarter import quarter_figures
from tracker.rules.errors import RuleViolation
from tracker.rules.quarters import Period, Quarter
from tracker.rules.trail import Action

TODAY = date(2026, 3, 31)
ADA = "ada@kommun.example"
SOMEBODY = "19121212-1212"  # Skatteverket's published test number


@pytest.fixture
def decisions(app, frozen_day):
    """Two decisions on Kontaktperson and one on "Kontakt pers.", closed for two reasons, on 31 March 2026."""
    frozen_day(TODAY)
    make_decisions(
        [
            {"ref": "B-1", "insats": "Kontaktperson"},
            {"ref": "B-2", "insats": "Kontaktperson", "avslutad": "2021-09-01", "avslutsorsak": "Flyttat"},
            {"ref": "B-3", "insats": "Kontakt pers.", "avslutad": "2021-09-01", "avslutsorsak": "Har flyttat"},
            {"ref": "B-3", "insats": "Kontakt pers.", "avbrottsdatum": "2021-04-01", "skal": "Personalbrist"},
        ],
        today=TODAY,
    )


def item(label: str, code_list: CodeList = CodeList.INTERVENTION) -> CodeItem:
    db.session.rollback()
    return db.session.scalars(select(CodeItem).where(CodeItem.list == code_list, CodeItem.label == label)).one()


def labels(code_list: CodeList = CodeList.INTERVENTION) -> list[str]:
    db.session.rollback()
    return [choice.label for choice in list_codes(code_list)]


def interventions() -> dict[str, int]:
    """ref → the intervention of the decision, which is that of its clocks."""
    db.session.rollback()
    found = dict(db.session.execute(select(Decision.ref, Decision.intervention_id)).all())
    for ref, intervention_id in db.session.execute(select(DecisionClock.ref, DecisionClock.intervention_id)):
        assert found[ref] == intervention_id
    return found


def refused(change, *arguments, **others) -> str:
    with pytest.raises(RuleViolation) as caught:
        change(*arguments, **others)
    db.session.rollback()
    return caught.value.code


class TestMerge:
    """Two entries that mean the same become one."""

    def test_every_row_is_moved_and_files_may_go_on_saying_it(self, decisions):
        target = item("Kontaktperson").id
        assert codes.count_uses(item("Kontakt pers.")) == [(1, "beslut"), (2, "klockor")]
        assert codes.merge_codes(item("Kontakt pers."), item("Kontaktperson")) == 3
        db.session.commit()
        assert set(interventions().values()) == {target}
        assert labels() == ["Kontaktperson"]
        assert list_code_rows(CodeList.INTERVENTION)[0].also == ("Kontakt pers.",)
        make_decisions([{"ref": "B-4", "insats": "Kontakt pers."}])
        assert interventions()["B-4"] == target
        assert labels() == ["Kontaktperson"]

    def test_what_was_merged_before_comes_along(self, decisions):
        codes.add_by_hand(CodeList.INTERVENTION, ["Stödperson"])
        db.session.commit()
        for label, into in (("Kontakt pers.", "Kontaktperson"), ("Kontaktperson", "Stödperson")):
            codes.merge_codes(item(label), item(into))
            db.session.commit()
        assert set(code_ids(CodeList.INTERVENTION).values()) == {item("Stödperson").id}

    def test_the_figures_stand_together_afterwards(self, decisions):
        period = Period.of(Quarter(2021, 4))
        before = quarter_figures(period, EVERYTHING)
        codes.merge_codes(item("Kontakt pers."), item("Kontaktperson"))
        db.session.commit()
        after = quarter_figures(period, EVERYTHING)
        assert (after.counts, after.days) == (before.counts, before.days)
        assert {group.intervention for group in after.groups} == {"Kontaktperson"}

    def test_a_reason_for_delay_is_found_by_its_other_name_and_by_its_code(self, decisions):
        target = item("Övrigt", CodeList.DELAY_REASON).id
        codes.merge_codes(item("Personalbrist", CodeList.DELAY_REASON), item("Övrigt", CodeList.DELAY_REASON))
        db.session.commit()
        make_decisions([{"ref": "B-5", "skal": "personalbrist"}, {"ref": "B-6", "skal": "PERSONAL"}])
        reasons = dict(db.session.execute(select(DecisionClock.ref, DecisionClock.delay_reason_id)).all())
        assert [reasons[ref] for ref in ("B-3", "B-5", "B-6")] == [target] * 3

    def test_a_closing_reason_kept_as_text_is_moved_too(self, decisions):
        codes.add_by_hand(CodeList.CLOSE_REASON, ["Har flyttat"])
        db.session.commit()
        rows = codes.merge_codes(item("Har flyttat", CodeList.CLOSE_REASON), item("Flyttat", CodeList.CLOSE_REASON))
        db.session.commit()
        assert rows == 1
        make_decisions([{"ref": "B-7", "avslutad": "2021-09-01", "avslutsorsak": "Har flyttat"}])
        texts = db.session.scalars(select(DecisionClock.close_reason).where(DecisionClock.closed_on.is_not(None))).all()
        assert texts == ["Flyttat"] * 3

    def test_it_is_one_entry_in_the_trail(self, decisions, monkeypatch):
        noted = overhear(monkeypatch, trail, "record", lambda action, **what: (action, what["changes"]))
        into = item("Kontaktperson").id
        codes.merge_codes(item("Kontakt pers."), item("Kontaktperson"))
        changes = {"merged_into_id": (None, into), "label": ("Kontakt pers.", "Kontaktperson"), "rows": (None, 3)}
        ((action, told),) = noted
        assert (action, {name: told[name] for name in changes}) == ("code.merged", changes)
        assert set(told) - set(changes) == {"digest"}

    def test_not_with_itself_another_list_or_what_is_merged(self, decisions):
        one, other = item("Kontakt pers.").id, item("Kontaktperson").id
        get = db.session.get_one
        assert refused(codes.merge_codes, get(CodeItem, one), get(CodeItem, one)) == "code_merge"
        assert refused(codes.merge_codes, get(CodeItem, one), item("Flyttat", CodeList.CLOSE_REASON)) == "code_merge"
        codes.merge_codes(get(CodeItem, one), get(CodeItem, other))
        db.session.commit()
        assert refused(codes.merge_codes, get(CodeItem, other), get(CodeItem, one)) == "code_merge"


def test_a_merge_and_an_import_at_once_leave_no_row_behind(app, decisions):
    one, other = item("Kontakt pers.").id, item("Kontaktperson").id

    def merge():
        with app.app_context(), writer():
            codes.merge_codes(db.session.get_one(CodeItem, one), db.session.get_one(CodeItem, other))
            db.session.commit()
        return "merged"

    def bring_in():
        with app.app_context():
            make_decisions([{"ref": f"C-{n}", "insats": "Kontakt pers."} for n in range(300)])
        return "imported"

    assert at_once(app, merge, bring_in) == ["merged", "imported"]
    assert set(interventions().values()) == {other}


class TestChange:
    """Texts, days and order."""

    def test_a_new_text_stands_everywhere_and_the_old_one_is_understood(self, decisions):
        number = item("Kontaktperson").id
        codes.change_code(item("Kontaktperson"), "Kontaktperson SoL", None, None)
        db.session.commit()
        make_decisions([{"ref": "B-8", "insats": "Kontaktperson"}])
        assert interventions()["B-8"] == number
        assert set(labels()) == {"Kontaktperson SoL", "Kontakt pers."}
        codes.change_code(item("Kontaktperson SoL"), "Kontaktperson", None, None)  # and back again
        db.session.commit()
        assert code_ids(CodeList.INTERVENTION)["Kontaktperson SoL"] == number

    def test_an_expired_one_is_not_offered_and_stays_in_lists_and_files(self, decisions):
        codes.change_code(item("Kontaktperson"), "Kontaktperson", date(2020, 1, 1), TODAY)
        db.session.commit()

        def offered(day: date) -> set[str]:
            return {choice.label for choice in offered_codes(CodeList.INTERVENTION, day)}

        assert "Kontaktperson" in offered(TODAY)
        assert "Kontaktperson" not in offered(date(2026, 4, 1))
        assert "Kontaktperson" not in offered(date(2019, 12, 31))
        assert "Kontaktperson" in offered(date(2020, 1, 1))
        assert "Kontaktperson" in labels()
        make_decisions([{"ref": "B-9", "insats": "Kontaktperson"}])

    def test_the_order_is_changed_by_one_place_and_stops_at_the_ends(self, app):
        assert labels(CodeList.CLOSE_REASON)[:2] == ["Återtagen", "Behovet har upphört"]
        assert codes.move_code(item("Behovet har upphört", CodeList.CLOSE_REASON), up=True)
        assert not codes.move_code(
            db.session.scalars(select(CodeItem).where(CodeItem.label == "Behovet har upphört")).one(), up=True
        )
        db.session.commit()
        assert labels(CodeList.CLOSE_REASON)[:2] == ["Behovet har upphört", "Återtagen"]

    @pytest.mark.parametrize(
        ("label", "code"),
        [
            ("", "code_label"),
            ("x" * 201, "code_label"),
            ("Kontakt pers.", "code_taken"),
            (f"Stöd till {SOMEBODY}", "code_person"),
        ],
    )
    def test_a_text_that_cannot_be_used_is_refused(self, decisions, label, code):
        assert refused(codes.change_code, item("Kontaktperson"), label, None, None) == code
        if label:
            assert refused(codes.add_by_hand, CodeList.INTERVENTION, [label]) == code

    def test_days_the_wrong_way_round_are_refused(self, decisions):
        assert refused(codes.change_code, item("Kontaktperson"), "K", TODAY, date(2026, 3, 30)) == "code_days"


class TestPages:
    """What the administrator of all units sees and does."""

    @pytest.fixture
    def admin(self, decisions, client):
        client.sign_in(make_user(ADA, "admin").email, PASSWORD)
        return client

    def test_the_lists_and_what_can_be_chosen(self, admin):
        assert admin.get("/admin/kodlistor").table().rows == [
            ["Insatser", "2"], ["Skäl till dröjsmålet", "14"], ["Avslutsorsaker", "8"],
            ["Kategorier av avvikelser", "11"], ["Orsaksområden för avvikelser", "9"],
        ]  # fmt: skip
        admin.get("/admin/kodlistor/finns-inte", status=404)

    def test_several_are_added_at_once(self, admin):
        admin.get("/admin/kodlistor/insatser")
        page = admin.submit({"labels": "Boendestöd\n\nBoendestöd\n Ledsagning "})
        assert page.table("Insatser").column("Text") == ["Kontaktperson", "Kontakt pers.", "Boendestöd", "Ledsagning"]
        page = admin.submit({"labels": "Ny\nBoendestöd"}, form="labels", status=422)
        assert "Boendestöd finns redan i listan." in page.text
        assert "Ny" not in labels()

    def test_a_merge_says_first_what_it_touches(self, admin):
        admin.get("/admin/kodlistor/insatser")
        page = admin.click("Slå ihop Kontakt pers.")
        assert "Kontakt pers. används av 1 beslut och 2 klockor." in page.text
        page = admin.submit({"into": item("Kontaktperson").id})
        assert "Kontakt pers. räknas nu som Kontaktperson. 3 rader är ändrade." in page.text
        assert page.table("Insatser").column("Text") == ["Kontaktperson Hit räknas också: Kontakt pers."]

    def test_the_order_and_the_text_are_changed_on_the_page(self, admin):
        admin.get("/admin/kodlistor/insatser")
        page = admin.post(f"/admin/kodlistor/insatser/{item('Kontakt pers.').id}/upp")
        assert page.table("Insatser").column("Text") == ["Kontakt pers.", "Kontaktperson"]
        admin.click("Ändra Kontaktperson")
        page = admin.submit({"label": "Kontakt pers."}, status=422)
        assert field_error(page, "label") == (
            "Kontakt pers. finns redan i listan. Slå ihop dem om de betyder samma sak."
        )
        page = admin.submit({"label": "Kontakt", "valid_until": "2026-03-30"})
        assert page.table("Insatser").rows[1][1] == "till 2026-03-30, går inte att välja i dag"

    def test_a_text_changed_meanwhile_is_told(self, app, admin):
        other = PageClient(app)
        other.sign_in(make_user("bo@kommun.example", "admin").email, PASSWORD)
        path = f"/admin/kodlistor/insatser/{item('Kontaktperson').id}"
        for visitor in (admin, other):
            visitor.get(path)
        other.submit({"label": "Kontaktperson SoL"})
        page = admin.submit({"label": "Kontaktperson LSS"}, status=422)
        assert "Nu står Kontaktperson SoL." in field_error(page, "label")

    def test_an_administrator_of_a_part_reads_and_changes_nothing(self, app, decisions):
        make_unit("Vuxen")
        visitor = PageClient(app)
        visitor.sign_in(make_user("cia@kommun.example", "admin", unit="Vuxen").email, PASSWORD)
        assert "Listan ändras av den som är administratör" in visitor.get("/admin/kodlistor/insatser").text
        visitor.post("/admin/kodlistor/insatser", {"labels": "Ny"}, status=403)
        visitor.get("/admin/kodlistor")
        visitor.post(f"/admin/kodlistor/insatser/{item('Kontaktperson').id}/ned", status=403)
        assert labels() == ["Kontaktperson", "Kontakt pers."]


def bulk_changes() -> list[dict[str, list[object]]]:
    """What the entries on code lists say of the rows that they changed."""
    rows = db.session.scalars(
        select(AuditPart.open_values)
        .join(AuditEntry, AuditEntry.id == AuditPart.entry_id)
        .where(AuditEntry.action.in_([Action.CODES_MERGED, Action.CODE_CHANGED]))
        .order_by(AuditPart.id)
    )
    return [{name: pair for name, pair in json.loads(row).items() if name in {"rows", "digest"}} for row in rows]


def keys(model, *refs: str) -> str:
    key = Decision.record_id if model is Decision else DecisionClock.id
    return ",".join(str(number) for number in sorted(db.session.scalars(select(key).where(model.ref.in_(refs)))))


def keyed(text: str) -> str:
    return trail_keys.digest(text).hex()


def test_a_merge_leaves_a_keyed_digest_over_each_row_with_old_and_new(decisions):
    old, new = item("Kontakt pers.").id, item("Kontaktperson").id
    codes.merge_codes(item("Kontakt pers."), item("Kontaktperson"))
    db.session.commit()
    text = (
        f"decision.intervention_id [{old}, {new}] {keys(Decision, 'B-3')}\n"
        f"decision_clock.intervention_id [{old}, {new}] {keys(DecisionClock, 'B-3')}"
    )
    assert bulk_changes() == [{"rows": [None, 3], "digest": [None, keyed(text)]}]


def test_a_new_text_that_rows_hold_leaves_a_digest_too_and_one_that_none_holds_does_not(decisions):
    codes.change_code(item("Flyttat", CodeList.CLOSE_REASON), "Har flyttat bort", None, None)
    db.session.commit()
    codes.change_code(item("Kontaktperson"), "Kontaktpersoner", None, None)
    db.session.commit()
    text = f'decision_clock.close_reason ["Flyttat", "Har flyttat bort"] {keys(DecisionClock, "B-2")}'
    assert bulk_changes() == [{"rows": [None, 1], "digest": [None, keyed(text)]}, {}]
