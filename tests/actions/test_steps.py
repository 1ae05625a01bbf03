"""An action that is decided is handed over with a word, given another day with a reason, or voided; its page tells."""

from datetime import date

import pytest
from sqlalchemy import select

from tests.actions.making import make_action
from tests.actions.stored import HEAD, action, record_id
from tests.actions.test_pages import ADA, BO, EVA, STALE, add, eva, path
from tests.audit.trails import entries, verdict
from tests.control.test_scale import signed_in
from tests.factories import make_unit, make_user
from tracker.accounts.queries import find_user
from tracker.actions.queries import ActionYear, action_year, standing_of
from tracker.database import db, writer
from tracker.records.models import GrantKind, Record, RecordGrant
from tracker.records.scope import EVERY_RECORD
from tracker.rules.actions import Standing

__all__ = ["eva"]
WORD = "Halva gruppen är klar, ta resten"
DAY = {"senast": "2022-04-01", "reason": "Kursen är flyttad"}


@pytest.fixture
def bo(eva):
    """Somebody else of the unit, who may take over."""
    return make_user(BO, "medarbetare", unit="Vuxen 2", name="Bo Ask")


def hand_over(visitor, to, fields=None, *, ref="Å-2022-1", status=200):
    visitor.get(path(ref, "/overlat"))
    return visitor.submit({"till": to.id, "ord": WORD} | (fields or {}), form="till", status=status)


class TestHandingOver:
    def test_the_manager_hands_it_over_with_a_word_that_is_kept(self, eva, office, bo):
        add(eva)
        eva.get(path())
        eva.click("Lämna över")
        page = eva.submit({"till": bo.id, "ord": WORD}, form="till")
        assert "Åtgärden är överlämnad till Bo Ask." in page.text
        assert "Överlämnad till Bo Ask (var Ada Alm)" in page.text
        assert WORD in page.text
        found = action("Å-2022-1")
        assert (found.responsible_id, found.responsible_name) == (bo.id, "Bo Ask")
        assert (entries()[-1].action, verdict().whole) == ("record.changed", True)
        signed_in(office, ADA).get(path(), status=404)
        assert WORD in signed_in(office, BO).get(path()).text

    def test_who_is_responsible_hands_on_what_they_have_and_no_longer_sees_it(self, eva, office, bo):
        add(eva)
        ada = signed_in(office, ADA)
        page = hand_over(ada, bo)
        assert page.heading == "Åtgärder"
        assert action("Å-2022-1").responsible_id == bo.id
        ada.get(path(), status=404)

    def test_nobody_else_hands_it_over(self, eva, office, bo):
        add(eva)
        assert signed_in(office, BO).get(path(what="/overlat"), status=404).heading == "Sidan finns inte"

    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({"till": ""}, "Välj vem som tar över."),
            ({"ord": "  "}, "Skriv något till den som tar över."),
            ({"ord": "Ring 19121212-1212"}, "Texten ser ut att innehålla ett personnummer. Skriv utan det."),
        ],
    )
    def test_without_somebody_and_a_word_it_stays_and_nothing_typed_is_lost(self, eva, bo, fields, said):
        add(eva)
        page = hand_over(eva, bo, fields, status=422)
        assert said in page.text
        assert action("Å-2022-1").responsible_id == find_user(ADA).id

    def test_only_who_may_carry_out_actions_can_be_chosen(self, eva, bo):
        make_user("las@kommun.example", "revisor", name="Rut Revisor")
        add(eva)
        page = eva.get(path(what="/overlat"))
        shown = [option.text for option in page.form("till").iter("option")]
        assert shown == ["Välj", "Bo Ask", "Eva Ek"]

    def test_two_of_one_name_are_told_apart_and_the_right_one_gets_it(self, eva, office, bo):
        other = make_user("bo2@kommun.example", "medarbetare", unit="Vuxen 3", name="Bo Ask")
        add(eva)
        page = eva.get(path(what="/overlat"))
        assert f"Bo Ask, {BO}" in [option.text for option in page.form("till").iter("option")]
        hand_over(eva, other)
        assert action("Å-2022-1").responsible_id == other.id
        file = office.folder / "again.csv"
        make_user("q@kommun.example", "kvalitet")
        lead = signed_in(office, "q@kommun.example")
        file.write_bytes(lead.get("/atgarder/export.csv").response.data)
        assert office.imports("actions", file) == "0 nya, 0 ändrade, 1 oförändrade"
        assert action("Å-2022-1").responsible_id == other.id

    def test_what_is_closed_to_somebody_is_not_given_to_them(self, eva, bo):
        add(eva)
        with writer():
            found = db.session.get_one(Record, action("Å-2022-1").record_id)
            closed = {"user_id": bo.id, "kind": GrantKind.CLOSED, "given_at": found.created_at}
            db.session.add(RecordGrant(record_id=found.id, **closed))
            db.session.commit()
        page = hand_over(eva, bo, status=422)
        assert "Åtgärden är stängd för Bo Ask. Välj någon annan." in page.text

    def test_what_has_been_carried_out_is_not_handed_over(self, eva, office, bo):
        office.imports("actions", f"{HEAD}\nÅ-1;avvikelse;A-1;Utbilda;Ada Alm;2021-04-01;;2021-05-01;\n")
        assert "Lämna över" not in eva.get(path("Å-1")).links
        assert "Åtgärden är redan genomförd." in hand_over(eva, bo, ref="Å-1", status=422).text

    def test_who_comes_second_sees_what_stands_now(self, eva, office, bo):
        add(eva)
        eva.get(path(what="/overlat"))
        hand_over(signed_in(office, ADA), bo)
        page = eva.submit({"till": find_user(EVA).id, "ord": "Till mig"}, form="till", status=422)
        assert f"{STALE}beslutad; Utbilda alla om larm; Bo Ask; senast 2022-03-01." in page.text
        assert action("Å-2022-1").responsible_id == bo.id


class TestWhoHasLeft:
    def test_it_is_told_and_the_manager_hands_it_on(self, eva, office, bo):
        add(eva)
        assert "har slutat" not in eva.get(path()).text
        with writer():
            find_user(ADA).active = False
            db.session.commit()
        page = eva.get(path())
        assert "Ada Alm har slutat, eller får inte längre utföra åtgärder." in page.text
        eva.click("Lämna över åtgärden till någon annan")
        page = eva.submit({"till": bo.id, "ord": WORD}, form="till")
        assert "har slutat" not in page.text
        assert action("Å-2022-1").responsible_id == bo.id


class TestAnotherDay:
    def test_it_is_given_with_a_reason_that_is_kept(self, eva):
        add(eva)
        eva.get(path())
        eva.click("Ge ny dag")
        page = eva.submit(DAY, form="senast")
        assert "Klar senast 2022-04-01 (var 2022-03-01)" in page.text
        assert "Kursen är flyttad" in page.text
        found = action("Å-2022-1")
        assert (found.due_on, found.listed_on) == (date(2022, 4, 1), date(2022, 4, 1))
        assert verdict().whole

    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({"reason": ""}, "Skriv varför dagen ändras."),
            ({"senast": ""}, "Skriv dagen som gäller nu."),
            ({"senast": "2022-02-14"}, "2022-02-14 har redan varit. Skriv en dag som kommer."),
            ({"senast": "2022-03-01"}, "2022-03-01 är redan sista dagen. Skriv en annan dag."),
        ],
    )
    def test_what_is_wrong_is_told(self, eva, fields, said):
        add(eva)
        eva.get(path(what="/ny-dag"))
        assert said in eva.submit(DAY | fields, form="senast", status=422).text
        assert action("Å-2022-1").due_on == date(2022, 3, 1)

    def test_today_is_a_day_that_can_still_be_met(self, eva):
        add(eva)
        eva.get(path(what="/ny-dag"))
        eva.submit(DAY | {"senast": "2022-02-15"}, form="senast")
        assert action("Å-2022-1").due_on == date(2022, 2, 15)

    def test_who_is_responsible_alone_does_not_give_it(self, eva, office):
        add(eva)
        page = signed_in(office, ADA).get(path(what="/ny-dag"), status=403)
        assert page.heading == "Du har inte tillgång till sidan"

    def test_once_decided_the_plain_page_changes_neither_day_nor_owner(self, eva):
        add(eva)
        page = eva.get(path(what="/andra"))
        names = {element.get("name") for element in page.form("beskrivning").iter() if element.get("name")}
        assert names == {"csrf_token", "version", "beskrivning", "beslutad"}
        eva.submit({"beskrivning": "Utbilda"}, form="beskrivning")
        found = action("Å-2022-1")
        assert (found.text, found.responsible_name, found.due_on) == ("Utbilda", "Ada Alm", date(2022, 3, 1))

    def test_a_proposal_is_written_freely(self, eva):
        add(eva, {"beslutad": ""})
        eva.get(path(what="/andra"))
        eva.submit({"ansvarig": "Eva Ek", "senast": "2022-05-01"}, form="beskrivning")
        assert (action("Å-2022-1").responsible_name, action("Å-2022-1").due_on) == ("Eva Ek", date(2022, 5, 1))


class TestVoiding:
    def test_it_leaves_lists_figures_and_its_case_with_a_reason(self, eva):
        add(eva)
        other = make_action(record_id("deviation", "A-1"))
        assert action_year(2022, date(2022, 12, 31), EVERY_RECORD) == ActionYear(completed=0, open=2, overdue=2)
        eva.get(path())
        eva.click("Makulera")
        page = eva.submit({"reason": "Dubblett"}, form="reason")
        assert "Åtgärden Å-2022-1 är makulerad." in page.text
        assert page.table("Åtgärder").column("Nummer") == ["Å-2022-2"]
        assert action_year(2022, date(2022, 12, 31), EVERY_RECORD) == ActionYear(completed=0, open=1, overdue=1)
        assert standing_of(record_id("deviation", "A-1")) == Standing(open=1)
        eva.get(path(), status=404)
        eva.get(f"/atgarder/{other}")
        assert (entries()[-1].action, verdict().whole) == ("record.voided", True)

    def test_a_reason_is_asked_for(self, eva):
        add(eva)
        eva.get(path(what="/makulera"))
        assert "Skriv varför." in eva.submit({"reason": ""}, form="reason", status=422).text
        assert db.session.scalars(select(Record.voided_at).where(Record.kind == "action")).all() == [None]

    def test_another_units_manager_does_not(self, eva, office):
        make_unit("Vuxen 9")
        make_user(BO, "chef", unit="Vuxen 9")
        add(eva)
        bo = signed_in(office, BO)
        answers = [bo.get(path(what=what), status=404).heading for what in ("/makulera", "/overlat", "/ny-dag")]
        assert answers == ["Sidan finns inte"] * 3


class TestTheTimeline:
    def test_all_that_happened_is_told_the_newest_first(self, eva, office, bo):
        add(eva, {"beslutad": ""})
        eva.get(path(what="/andra"))
        eva.submit({"beslutad": "2022-02-15"}, form="beskrivning")
        ada = signed_in(office, ADA)
        ada.get(path(what="/lage"))
        ada.submit({"anteckning": "Halva gruppen är klar", "genomford": "2022-02-15"}, form="anteckning")
        eva.get(path(what="/effekt"))
        page = eva.submit({"effekt": "uppnådd"}, form="effekt")
        told = ["Uppföljd: uppnådd", "Genomförd den 2022-02-15", "Beslutad den 2022-02-15", "Upplagd"]
        places = [page.text.rindex(words) for words in told]
        assert places == sorted(places)
        assert page.text.index("Uppföljd: uppnådd") < page.text.index("Halva gruppen är klar")

    def test_what_it_belongs_to_is_not_named(self, eva, office):
        office.imports("actions", f"{HEAD}\nÅ-1;avvikelse;A-1;Utbilda;;2021-04-01;;;\n")
        office.imports("actions", f"{HEAD}\nÅ-1;lex-sarah;1948;;;;;;\n")
        page = eva.get(path("Å-1"))
        assert "Inläst från fil. Hör till annat" in page.text
        assert "1948" not in page.text
