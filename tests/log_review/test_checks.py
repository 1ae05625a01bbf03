"""A drawn check is graded by others than the readers, and signed; what is refused, and what stands."""

import pytest
from sqlalchemy import select, update

from tests.factories import make_user
from tests.log_review.checking import THIRD, all_authorised, draw, grade, items, refused, sign
from tests.log_review.events import at, make_record, read
from tracker import clock
from tracker.database import db
from tracker.log_review import services
from tracker.log_review.models import LogCheck, LogDrawItem
from tracker.rules.log_checks import Grade, Result
from tracker.rules.permissions import Role
from tracker.rules.trail import Action, ReadKind, TargetKind


class TestGrading:
    """Each reading is graded by somebody else than its reader."""

    def test_grades_and_comments_are_saved_and_shown(self, third, granskare, trailed):
        draw()
        trailed.clear()
        granskare.get(THIRD)
        granskare.click("Bedöm läsningar")
        one, two, three = items()
        page = granskare.submit({
            f"grade_{one.id}": "behorig", f"grade_{two.id}": "obehorig", f"comment_{two.id}": "Inget ärende.",
        })  # fmt: skip
        assert page.table("Dragna").column("Bedömning") == [
            "● Behörig Granskare",
            "■ Obehörig Granskare",
            "— Inte bedömd",
        ]
        assert page.table("Dragna").column("Kommentar") == ["–", "Inget ärende.", "–"]
        (call,) = trailed
        assert call["action"] is Action.LOG_CHECK_NOTED
        assert call["changes"] == {
            "grade_1": (None, "behorig"), "grade_2": (None, "obehorig"), "comment_2": (None, "Inget ärende.")
        }  # fmt: skip
        assert call["personal"] == {"comment_2"}
        assert three.grade is None

    def test_one_does_not_grade_ones_own(self, third, people, app):
        make_user("egen@kommun.example", Role.LOG_REVIEWER)
        draw()
        item = items()[0]
        own = db.session.scalars(select(LogDrawItem.read_id).where(LogDrawItem.id == item.id)).one()
        reader = {third[0]: "anna", third[1]: "bo", third[2]: "carin", third[3]: "bo", third[4]: "anna"}[own]
        wanted = {item.id: (Grade.AUTHORISED, "")}
        assert refused(services.grade_reads, 3, 2, wanted, people[reader], clock.now()).code == "own_reads"
        assert items()[0].grade is None

    def test_ones_own_readings_have_no_field(self, plan, granskare):
        own = read(at("2026-08-01"), 1, record_id=make_record("B-1", "Vuxen"))
        read(at("2026-08-02"), None, "export")
        draw()
        page = granskare.get(f"{THIRD}/bedom")
        mine = next(item for item in items() if item.read_id == own)
        names = {element.get("name") for element in page.tree.iter("select")}
        assert f"grade_{mine.id}" not in names
        assert len(names) == 1
        assert "Din egen läsning" in page.text

    @pytest.mark.parametrize("found", ["oklar", "obehorig"])
    def test_a_doubtful_grade_says_why(self, third, granskare, found):
        draw()
        granskare.get(f"{THIRD}/bedom")
        item = items()[0]
        page = granskare.submit({f"grade_{item.id}": found}, status=422)
        assert "Skriv vad som är oklart" in page.text
        wanted = {item.id: (Grade(found), " ")}
        assert refused(services.grade_reads, 3, 2, wanted, 1, clock.now()).code == "grade_comment"

    def test_a_personnummer_in_a_comment_is_pointed_out(self, third, granskare):
        draw()
        granskare.get(f"{THIRD}/bedom")
        item = items()[0]
        typed = {f"grade_{item.id}": "oklar", f"comment_{item.id}": "Gällde 19121212-1212"}
        page = granskare.submit(typed, status=422)
        assert "ser ut att innehålla ett personnummer" in page.text
        assert items()[0].comment is None
        granskare.submit({"keep": "y"})
        assert items()[0].comment == "Gällde 19121212-1212"

    def test_two_reviewers_see_each_others_grades_before_they_overwrite_them(self, third, granskare):
        draw()
        other = make_user("bertil@kommun.example", Role.LOG_REVIEWER)
        granskare.get(f"{THIRD}/bedom")
        item = items()[0]
        assert grade({item.id: (Grade.UNCLEAR, "Frågar chefen")}, 2, other.id) == 1
        page = granskare.submit({f"grade_{item.id}": "behorig"}, status=422)
        assert "Någon annan har ändrat" in page.text
        assert "Oklar: Frågar chefen (Bertil)" in page.text
        assert items()[0].grade == "oklar"
        granskare.submit({f"grade_{item.id}": "behorig", f"comment_{item.id}": ""})
        assert (items()[0].grade, items()[0].comment) == ("behorig", None)

    def test_grades_sent_for_an_earlier_draw_are_refused(self, third, granskare):
        draw()
        granskare.get(f"{THIRD}/bedom")
        item = items()[0]
        draw(version=2, reason="Om igen")
        page = granskare.submit({f"grade_{item.id}": "behorig"}, status=422)
        assert "Någon annan har ändrat" in page.text
        assert {found.grade for found in db.session.scalars(select(LogDrawItem))} == {None}

    def test_saving_what_stands_there_already_notes_nothing(self, third, trailed):
        draw()
        grade(all_authorised(), 2, 1)
        trailed.clear()
        assert grade(all_authorised(), 3, 1) == 0
        assert trailed == []

    def test_looking_at_drawn_readings_is_noted(self, third, granskare, noted):
        draw()
        for path in (THIRD, f"{THIRD}/bedom", f"{THIRD}/dragning/1"):
            granskare.get(path)
        assert noted == [{"kind": ReadKind.LOG, "what": "kontroll", "selection": "kontroll=3", "row_count": 3}] * 3


class TestSigning:
    """A signature needs every grade and a result that goes with them; afterwards nothing changes."""

    def test_it_is_signed_on_its_own_page(self, third, granskare, trailed):
        draw()
        grade(all_authorised(), 2, 1)
        trailed.clear()
        granskare.get(THIRD)
        page = granskare.click("Signera")
        assert page.heading == "Signera loggkontroll 3, 2026"
        page = granskare.submit({"result": "utan-anmarkning", "conclusion": "Allt väl."})
        assert "Kontrollen är signerad." in page.text
        assert "Granskare, 2026-11-23 12:00" in page.text
        assert "Innehållet är som när det signerades." in page.text
        (call,) = trailed
        assert (call["action"], call["target"]) == (Action.LOG_CHECK_SIGNED, (TargetKind.LOG_CHECK, 3))
        assert call["changes"]["result"] == (None, "utan-anmarkning")
        assert call["personal"] == {"conclusion"}

    def test_what_is_not_graded_or_does_not_fit_is_refused(self, third, granskare):
        draw()
        granskare.get(f"{THIRD}/signera")
        assert "3 läsningar är inte bedömda" in granskare.submit({"result": "utan-anmarkning"}, status=422).text
        first, *others = items()
        grade({first.id: (Grade.UNAUTHORISED, "Inget ärende")} | {o.id: (Grade.AUTHORISED, "") for o in others}, 2, 1)
        granskare.get(f"{THIRD}/signera")
        assert "bedömd som oklar eller obehörig" in granskare.submit({"result": "utan-anmarkning"}, status=422).text
        assert db.session.get(LogCheck, 3, populate_existing=True).signed_at is None
        assert "Obehörig åtkomst" in granskare.submit({"result": "obehorig-atkomst"}).text

    def test_after_signing_nothing_in_it_can_be_changed(self, third, granskare):
        draw()
        grade(all_authorised(), 2, 1)
        granskare.get(f"{THIRD}/signera")
        sign(3, 1)
        before = services.signed_digest(db.session.get(LogCheck, 3, populate_existing=True))
        first = items()[0]
        for version in (1, 2, 3, 4, 5):
            assert refused(services.draw_sample, 3, version, "Om", 1, clock.today(), clock.now()).code == "signed"
            wanted = {first.id: (Grade.UNCLEAR, "Nej")}
            assert refused(services.grade_reads, 3, version, wanted, 1, clock.now()).code == "signed"
            again = (Result.FOLLOWED_UP, "Nej", 1, clock.now())
            assert refused(services.sign_check, 3, version, *again).code == "signed"
        sent = {"version": "4", "reason": "Om", "result": "foljs-upp", f"grade_{first.id}": "oklar",
                f"comment_{first.id}": "Nej"}  # fmt: skip
        token = granskare.token()
        for step in ("dra", "bedom", "signera"):
            page = granskare.post(f"{THIRD}/{step}", sent | {"csrf_token": token}, status=422)
            assert "Kontrollen är signerad" in page.text
        check = db.session.get(LogCheck, 3, populate_existing=True)
        assert services.signed_digest(check) == before == check.digest
        assert granskare.get(THIRD).links.keys().isdisjoint({"Signera", "Bedöm läsningar", "Dra om stickprovet"})

    def test_a_change_behind_the_programs_back_is_told(self, third, granskare):
        draw()
        grade(all_authorised(), 2, 1)
        sign(3, 1)
        db.session.execute(update(LogDrawItem).where(LogDrawItem.position == 1).values(comment="Ändrad"))
        db.session.commit()
        assert "inte längre som när det signerades" in granskare.get(THIRD).text

    def test_a_signature_upon_what_somebody_changed_meanwhile_is_refused(self, third, granskare):
        draw()
        grade(all_authorised(), 2, 1)
        granskare.get(f"{THIRD}/signera")
        item = items()[0]
        grade({item.id: (Grade.AUTHORISED, "Ny kommentar")}, 3, 1)
        page = granskare.submit({"result": "utan-anmarkning"}, status=422)
        assert "Någon annan har ändrat" in page.text
        granskare.submit({"result": "utan-anmarkning"})
        assert db.session.get(LogCheck, 3, populate_existing=True).version == 5
