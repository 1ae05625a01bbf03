"""The year's plan: what is planned, by whom, what is late, and who reaches it."""

from datetime import date

import pytest
from sqlalchemy import select

from tests.factories import PASSWORD, make_unit, make_user
from tests.log_review.checking import all_authorised, draw, grade, refused, sign, wish
from tests.log_review.events import unit_id
from tests.support.pages import PageClient
from tracker import clock
from tracker.accounts.queries import find_top_unit
from tracker.database import db, writer
from tracker.log_review import services
from tracker.log_review.checks import list_checks, list_draws
from tracker.log_review.models import LogPlan
from tracker.rules.log_checks import SampleBy
from tracker.rules.permissions import Role
from tracker.rules.trail import Action, TargetKind


class TestPlan:
    """What is planned, by whom, and what is refused."""

    def test_a_plan_makes_the_checks_of_its_year(self, plan):
        assert [(c.number, c.from_on, c.to_on, c.due_on) for c in list_checks([plan.id])] == [
            (1, date(2026, 1, 1), date(2026, 3, 31), date(2026, 4, 30)),
            (2, date(2026, 4, 1), date(2026, 6, 30), date(2026, 7, 30)),
            (3, date(2026, 7, 1), date(2026, 9, 30), date(2026, 10, 30)),
            (4, date(2026, 10, 1), date(2026, 12, 31), date(2027, 1, 31)),
        ]

    def test_each_check_is_noted_as_planned(self, reviewer, trailed):
        services.plan_checks(wish(reviewer.id), clock.today(), clock.now())
        assert [(call["action"], call["target"]) for call in trailed] == [
            (Action.LOG_CHECK_PLANNED, (TargetKind.LOG_CHECK, number)) for number in (1, 2, 3, 4)
        ]
        assert trailed[0]["changes"]["due_on"] == (None, date(2026, 4, 30))
        assert trailed[0]["changes"]["kinds"] == (None, "record export")

    def test_one_year_and_unit_has_one_plan(self, plan, reviewer):
        assert refused(services.plan_checks, wish(reviewer.id), clock.today(), clock.now()).code == "plan_taken"
        with writer():
            other = wish(reviewer.id, unit_id=make_unit("Vuxen").id)
            assert services.plan_checks(other, clock.today(), clock.now()).id
            db.session.commit()

    @pytest.mark.parametrize(
        ("others", "code"),
        [({"checks": 5}, "checks"), ({"year": 1999}, "check_year"), ({"amount": 0}, "number"), ({"kinds": ()}, "kinds"),
         ({"sample_by": SampleBy.SHARE, "amount": 101}, "share"), ({"reviewer_id": 999}, "reviewer")],
    )  # fmt: skip
    def test_a_plan_that_makes_no_sense_is_refused(self, reviewer, others, code):
        assert refused(services.plan_checks, wish(reviewer.id, **others), clock.today(), clock.now()).code == code

    def test_who_reviews_a_part_cannot_be_given_the_whole(self, reviewer):
        part = make_user("del@kommun.example", Role.LOG_REVIEWER, unit="Vuxen")
        assert refused(services.plan_checks, wish(part.id), clock.today(), clock.now()).code == "reviewer"
        with writer():
            assert services.plan_checks(wish(part.id, unit_id=unit_id("Vuxen")), clock.today(), clock.now()).id
            db.session.commit()

    def test_a_plan_is_made_on_its_page(self, app, reviewer):
        visitor = PageClient(app)
        visitor.sign_in(reviewer.email, PASSWORD)
        assert "Ingen plan för 2026" in visitor.get("/logg/kontroller").text
        page = visitor.click("Lägg upp årets plan")
        page = visitor.submit({"amount": "0", "kinds": []}, form="amount", status=422)
        page = visitor.post("/logg/kontroller/plan", {
            "year": "2026", "unit": find_top_unit().id, "checks": "12", "sample_by": "andel", "amount": "5",
            "kinds": ["record", "identity"], "reviewer": reviewer.id,
        })  # fmt: skip
        assert page.heading == "Loggkontroller 2026"
        assert len(page.table("Kontroller").rows) == 12
        assert page.table("Planer").rows[0][:5] == [
            "Socialförvaltningen", "12", "5 procent av läsningarna", "öppnade posten, såg identiteten", "Granskare"
        ]  # fmt: skip

    def test_a_changed_plan_holds_for_what_is_not_drawn(self, granskare, third, trailed):
        draw()
        trailed.clear()
        granskare.get("/logg/kontroller")
        granskare.click("Ändra planen för Socialförvaltningen")
        page = granskare.submit({"amount": "5", "kinds": "record"})
        assert page.heading == "Loggkontroller 2026"
        assert [call["target"][1] for call in trailed] == [1, 2, 4]
        assert trailed[0]["changes"]["amount"] == (3, 5)
        assert db.session.get(LogPlan, 1, populate_existing=True).version == 2
        assert list_draws(3)[0].sample_size == 3

    def test_two_who_change_one_plan_do_not_overwrite_each_other_unseen(self, granskare, plan):
        granskare.get("/logg/kontroller/plan/1")
        with writer():
            services.change_plan(plan, wish(1, amount=7), 1, clock.today())
            db.session.commit()
        page = granskare.submit({"amount": "9"}, status=422)
        assert "Någon annan har ändrat" in page.text
        assert "Nu: 7 läsningar" in page.text
        granskare.submit({"amount": "9", "kinds": "record"})
        assert db.session.get(LogPlan, plan.id, populate_existing=True).amount == 9


class TestYear:
    """Planned, to do, late, done."""

    @pytest.mark.parametrize(
        ("day", "marks"),
        [
            (date(2026, 9, 30), ["■ Försenad", "■ Försenad", "— Planerad", "— Planerad"]),
            (date(2026, 10, 1), ["■ Försenad", "■ Försenad", "● Att göra", "— Planerad"]),
            (date(2026, 10, 30), ["■ Försenad", "■ Försenad", "● Att göra", "— Planerad"]),
            (date(2026, 10, 31), ["■ Försenad", "■ Försenad", "■ Försenad", "— Planerad"]),
            (date(2027, 2, 1), ["■ Försenad", "■ Försenad", "■ Försenad", "■ Försenad"]),
        ],
    )
    def test_a_check_is_late_from_the_day_after_its_day(self, app, plan, frozen_day, day, marks):
        frozen_day(day)
        visitor = PageClient(app)
        visitor.sign_in("granskare@kommun.example", PASSWORD)
        page = visitor.get("/logg/kontroller?ar=2026")
        assert page.table("Kontroller").column("Läge") == marks

    def test_a_signed_check_is_done(self, granskare, third):
        draw()
        grade(all_authorised(), 2, 1)
        sign(3, 1)
        page = granskare.get("/logg/kontroller")
        assert page.table("Kontroller").column("Läge")[2] == "✓ Klar"

    @pytest.mark.parametrize("year", ["x", "0", "1999", "99999", "-1"])
    def test_a_year_that_is_none_shows_the_present(self, granskare, year):
        assert granskare.get(f"/logg/kontroller?ar={year}").heading == "Loggkontroller 2026"


class TestReach:
    """Plans and checks of units outside are not found."""

    def test_who_reviews_a_part_finds_neither_the_plan_nor_the_checks_of_the_whole(self, third, sign_in):
        draw()
        visitor = sign_in("Vuxen", "del@kommun.example")
        assert "Ingen plan för 2026" in visitor.get("/logg/kontroller").text
        for path in ("plan/1", "3", "3/dra", "3/bedom", "3/signera", "3/dragning/1", "999999"):
            assert visitor.get(f"/logg/kontroller/{path}", status=404).heading == "Sidan finns inte"
        visitor.get("/logg/kontroller/plan")
        token = visitor.token()
        for path in ("plan/1", "3/dra", "3/bedom", "3/signera"):
            visitor.post(f"/logg/kontroller/{path}", {"version": "2", "csrf_token": token}, status=404)
        assert list_draws(3)[0].number == len(list_draws(3)) == 1

    def test_who_reviews_a_part_plans_for_that_part_only(self, plan, sign_in):
        visitor = sign_in("Vuxen", "del@kommun.example")
        page = visitor.get("/logg/kontroller/plan")
        (units,) = (element for element in page.tree.iter("select") if element.get("name") == "unit")
        assert ["".join(option.itertext()).strip() for option in units.iter("option")] == ["Vuxen"]
        visitor.post("/logg/kontroller/plan", {
            "year": "2026", "unit": find_top_unit().id, "checks": "4", "sample_by": "antal", "amount": "5",
            "kinds": "record", "reviewer": 1,
        }, status=422)  # fmt: skip
        assert len(list(db.session.scalars(select(LogPlan)))) == 1
