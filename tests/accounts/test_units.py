"""Units are renamed, moved and closed, and everything that was counted on them still is."""

from contextvars import Context
from datetime import UTC, date, datetime
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from tests.accounts.forms import field_error, field_value
from tests.factories import PASSWORD, make_decisions, make_unit, make_user
from tests.support.pages import PageClient
from tracker.accounts.models import Installation, UnitName, UnitTree
from tracker.accounts.queries import find_unit, list_units, unit_places
from tracker.accounts.reader import EVERYTHING, reader_by_email
from tracker.accounts.services import create_units, give_role
from tracker.accounts.units import close_unit, move_unit, rename_unit, reopen_unit
from tracker.database import db
from tracker.reports.quarter import quarter_figures
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Permission, Role
from tracker.rules.quarters import Period, Quarter

DAY = date(2026, 3, 31)
NOW = datetime(2026, 3, 31, 9, 0, tzinfo=UTC)
ADA, BO = "ada@kommun.example", "bo@kommun.example"
UNSAFE = "Namnet ser ut att innehålla ett personnummer. Skriv ett namn utan personuppgifter."
SOMEBODY = "19121212-1212"  # Skatteverket's published test number


@pytest.fixture
def tree(app, frozen_day) -> None:
    """Socialförvaltningen over Barn (Barn 1) and Vuxen (Vuxen 1, Vuxen 2), on 31 March 2026."""
    frozen_day(DAY)
    for name, above in (("Barn", None), ("Barn 1", "Barn"), ("Vuxen", None), ("Vuxen 1", "Vuxen"),
                        ("Vuxen 2", "Vuxen")):  # fmt: skip
        make_unit(name, above)


@pytest.fixture
def admin(tree, client):
    """Ada, who is an administrator of all units."""
    client.sign_in(make_user(ADA, "admin", name="Ada Berg").email, PASSWORD)
    return client


def drawn() -> list[str]:
    """The tree, indented by two per level."""
    db.session.rollback()
    return ["  " * unit.depth + unit.name for unit in list_units()]


def number(name: str) -> int:
    db.session.rollback()
    return find_unit(name).id


def refused(change, *arguments) -> RuleViolation:
    with pytest.raises(RuleViolation) as caught:
        change(*arguments)
    db.session.rollback()
    return caught.value


class TestRename:
    """A new name; the old one is kept, found and understood."""

    def test_the_old_name_is_kept_with_its_last_day(self, tree):
        before = db.session.get_one(UnitTree, 1).version
        assert rename_unit(find_unit("Barn"), " Unga ", DAY)
        db.session.commit()
        assert drawn() == ["Socialförvaltningen", "  Unga", "    Barn 1", "  Vuxen", "    Vuxen 1", "    Vuxen 2"]
        assert db.session.get_one(UnitTree, 1).version > before
        former = db.session.scalars(select(UnitName)).one()
        assert (former.name, former.until_on) == ("Barn", DAY)

    def test_siblings_are_put_in_order_by_their_new_names(self, tree):
        rename_unit(find_unit("Barn"), "Äldre barn", DAY)
        db.session.commit()
        assert [unit.name for unit in list_units() if unit.depth == 1] == ["Vuxen", "Äldre barn"]

    @pytest.mark.parametrize(
        ("name", "told"),
        [
            ("", "Skriv enhetens namn med högst 120 tecken."),
            ("x" * 121, "Skriv enhetens namn med högst 120 tecken."),
            ("Vuxen", "Det finns redan en enhet som heter Vuxen."),
            (f"Boende {SOMEBODY}", UNSAFE),
        ],
    )
    def test_a_name_that_cannot_be_used_is_refused(self, tree, name, told):
        assert refused(rename_unit, find_unit("Barn"), name, DAY).message == told
        assert "  Barn" in drawn()

    def test_a_personnummer_is_refused_when_a_unit_is_made(self, tree):
        assert refused(create_units, [f"Boende {SOMEBODY}"], find_unit("Barn")).code == "unit_person"

    def test_the_page_tells_the_old_name_and_the_search_finds_it(self, admin):
        admin.get(f"/admin/enheter/{number('Barn')}")
        page = admin.submit({"enhet": "Unga"}, form="Spara namnet")
        assert (page.heading, "Hette Barn till 2026-03-31." in page.text) == ("Unga", True)
        page = admin.get("/admin/enheter?q=barn")
        assert "Unga, under Socialförvaltningen, hette Barn till 2026-03-31" in page.text
        assert "2 enheter" in page.text

    def test_a_file_that_says_the_old_name_still_means_the_unit(self, tree):
        rename_unit(find_unit("Vuxen 1"), "Vuxen nord", DAY)
        db.session.commit()
        make_decisions([{"ref": "B-01", "enhet": "Vuxen 1"}])
        assert "Vuxen 1" not in [unit.name for unit in list_units()]
        assert unit_places()["Vuxen 1"] == unit_places()["Vuxen nord"]

    def test_a_name_that_two_units_have_had_means_neither(self, tree):
        rename_unit(find_unit("Vuxen 1"), "Vuxen nord", DAY)
        rename_unit(find_unit("Vuxen 2"), "Vuxen 1", DAY)
        rename_unit(find_unit("Vuxen 1"), "Vuxen syd", DAY)
        db.session.commit()
        assert "Vuxen 1" not in unit_places()
        assert unit_places()["Vuxen 2"] == unit_places()["Vuxen syd"]

    def test_a_name_changed_meanwhile_is_told_and_nothing_is_lost(self, app, admin):
        make_user(BO, "admin")
        other = PageClient(app)
        other.sign_in(BO, PASSWORD)
        barn = number("Barn")
        for visitor in (admin, other):
            visitor.get(f"/admin/enheter/{barn}")
        other.submit({"enhet": "Barn och unga"}, form="Spara namnet")
        page = admin.submit({"enhet": "Ungdom"}, form="Spara namnet", status=422)
        assert field_error(page, "enhet") == (
            "Någon annan har ändrat det medan sidan var öppen. Nu heter enheten Barn och unga. "
            "Kontrollera och spara igen."
        )
        assert field_value(page, "enhet") == "Ungdom"
        assert admin.submit({"enhet": "Ungdom"}, form="Spara namnet").heading == "Ungdom"


class TestMove:
    """A unit lies below another, with all that is below it; reach follows at once."""

    def test_all_below_it_comes_along_and_roles_reach_it_from_above(self, tree):
        make_user(BO, "chef", unit="Barn")
        assert move_unit(find_unit("Vuxen"), find_unit("Barn"), DAY)
        db.session.commit()
        assert drawn() == [
            "Socialförvaltningen", "  Barn", "    Barn 1", "    Vuxen", "      Vuxen 1", "      Vuxen 2",
        ]  # fmt: skip
        assert reader_by_email(BO, DAY).reach(Permission.READ_DECISIONS).covers(find_unit("Vuxen 2").tree_from)

    @pytest.mark.parametrize(
        ("unit", "parent", "code"),
        [
            ("Vuxen", "Vuxen", "unit_circle"),
            ("Vuxen", "Vuxen 1", "unit_circle"),
            ("Socialförvaltningen", "Barn", "unit_top"),
        ],
    )
    def test_not_below_itself_and_never_the_top(self, tree, unit, parent, code):
        assert refused(move_unit, find_unit(unit), find_unit(parent), DAY).code == code

    def test_not_below_a_unit_that_is_closed(self, tree):
        close_unit(find_unit("Barn 1"), DAY)
        db.session.commit()
        assert refused(move_unit, find_unit("Vuxen 1"), find_unit("Barn 1"), DAY).code == "unit_closed"

    def test_a_move_opens_no_identities_where_two_administrators_are_needed(self, tree):
        make_user(BO, "handlaggare", unit="Barn", name="Bo Ås")
        db.session.get_one(Installation, 1).second_administrator = True
        db.session.commit()
        told = refused(move_unit, find_unit("Vuxen 1"), find_unit("Barn"), DAY)
        assert told.code == "unit_identities"
        assert "Bo Ås" in told.message
        assert move_unit(find_unit("Barn 1"), find_unit("Vuxen"), DAY)  # that only takes from Bo

    def test_the_page_offers_no_place_below_the_unit_itself(self, admin):
        page = admin.get(f"/admin/enheter/{number('Vuxen')}")
        (chosen,) = (element for element in page.tree.iter("select") if element.get("name") == "over")
        assert ["".join(option.itertext()).strip() for option in chosen] == ["Socialförvaltningen", "Barn", "Barn 1"]
        page = admin.submit({"over": number("Barn")}, form="Flytta enheten")
        assert "Under Barn" in page.text


class TestClose:
    """A closed unit takes nothing new and keeps what it has."""

    def test_units_below_go_first(self, tree):
        told = refused(close_unit, find_unit("Vuxen"), DAY)
        assert told.message == "Avsluta eller flytta först det som ligger under: Vuxen 1, Vuxen 2."
        for name in ("Vuxen 1", "Vuxen 2", "Vuxen"):
            assert close_unit(find_unit(name), DAY)
        assert refused(close_unit, find_unit("Socialförvaltningen"), DAY).code == "unit_top"

    def test_it_is_opened_again_from_above(self, tree):
        for name in ("Barn 1", "Barn"):
            close_unit(find_unit(name), DAY)
        db.session.commit()
        assert refused(reopen_unit, find_unit("Barn 1")).message == "Barn är avslutad. Öppna den först."
        assert reopen_unit(find_unit("Barn"))
        assert reopen_unit(find_unit("Barn 1"))
        assert find_unit("Barn 1").valid_until is None

    def test_nothing_is_made_below_it_and_no_role_begins_there_after_its_last_day(self, tree):
        close_unit(find_unit("Barn 1"), DAY)
        db.session.commit()
        assert refused(create_units, ["Barn 1 natt"], find_unit("Barn 1")).code == "unit_closed"
        user = make_user(BO)
        give_role(user, Role.MANAGER, find_unit("Barn 1"), NOW, DAY)
        assert refused(give_role, user, Role.MANAGER, find_unit("Barn 1"), NOW, date(2026, 4, 1)).code == "unit_closed"

    def test_it_is_marked_in_the_list_and_not_offered_the_day_after(self, admin, frozen_day):
        admin.get(f"/admin/enheter/{number('Barn 1')}")
        page = admin.submit({"valid_until": "2026-03-31"}, form="Spara sista dagen")
        assert "Under Barn, avslutas 2026-03-31" in page.text
        assert "Barn 1" in admin.get("/admin/anvandare/ny").text
        frozen_day(date(2026, 4, 1))
        admin.signed_in = False
        admin.get("/logga-in")
        admin.sign_in(ADA, PASSWORD)
        assert "Barn 1, avslutad 2026-03-31" in admin.get("/admin/enheter").text
        assert "Barn 1" not in admin.get("/admin/anvandare/ny").text
        assert "Barn 1" in admin.get(f"/admin/enheter/{number('Barn')}").text
        admin.get(f"/admin/enheter/{number('Barn 1')}")
        assert "är öppen igen" in admin.submit({}, form="Öppna enheten igen").text


def test_last_years_figures_stand_through_rename_move_and_close(tree):
    make_decisions(
        [
            {"ref": "B-1", "enhet": "Barn 1", "beslutsdatum": "2025-01-07"},
            {"ref": "V-1", "enhet": "Vuxen 1", "beslutsdatum": "2025-02-07", "verkstalld": "2025-11-02"},
            {"ref": "V-2", "enhet": "Vuxen 2", "beslutsdatum": "2025-03-07"},
        ],
        today=DAY,
    )
    period = Period.of(Quarter(2025, 4))

    def figures():
        db.session.commit()
        found = quarter_figures(period, EVERYTHING)
        return found.counts, found.groups, found.days

    before = figures()
    assert sum(before[0]) == 3
    rename_unit(find_unit("Vuxen 1"), "Vuxen nord", DAY)
    assert figures() == before
    move_unit(find_unit("Vuxen nord"), find_unit("Barn"), DAY)
    assert figures() == before
    close_unit(find_unit("Vuxen nord"), DAY)
    assert figures() == before
    make_user(BO, "chef", unit="Barn")
    reach = reader_by_email(BO, DAY).reach(Permission.READ_QUARTER_DRAFT)
    assert sum(quarter_figures(period, reach).counts) == 2


def test_a_closed_unit_can_still_be_filtered_on_in_the_register(app, tree, client):
    make_decisions([{"ref": "B-1", "enhet": "Barn 1"}, {"ref": "V-1", "enhet": "Vuxen 1"}])
    close_unit(find_unit("Barn 1"), date(2025, 12, 31))
    db.session.commit()
    make_user(BO, "kvalitet")
    client.sign_in(BO, PASSWORD)
    assert client.get(f"/beslut?enhet={number('Barn 1')}").table().column("Beslut") == ["B-1"]


class TestSubtree:
    """An administrator of a part of the tree changes that part and nothing else."""

    @pytest.fixture
    def bo(self, app, tree):
        visitor = PageClient(app)
        visitor.sign_in(make_user(BO, "admin", unit="Vuxen").email, PASSWORD)
        return visitor

    def test_sees_and_makes_units_below_the_own_only(self, bo):
        page = bo.get("/admin/enheter")
        assert "Vuxen 1" in page.text
        assert "Barn" not in page.text.replace("Barn- och", "")
        bo.get(f"/admin/enheter/{number('Barn')}", status=404)
        bo.get("/admin/enheter/ny")
        page = bo.post("/admin/enheter/ny", {"enhet": "Ny", "over": number("Barn")}, status=422)
        assert field_error(page, "over") == "Välj ett av alternativen i listan."
        page = bo.post("/admin/enheter/ny", {"enhet": "Vuxen 3\n\n Vuxen 4 ", "over": number("Vuxen")})
        assert "Vuxen 3, Vuxen 4 ligger nu under Vuxen." in page.text

    def test_renames_the_own_unit_and_moves_neither_it_nor_anything_out(self, bo):
        page = bo.get(f"/admin/enheter/{number('Vuxen')}")
        assert "Flytta enheten" not in page.text
        bo.post(f"/admin/enheter/{number('Vuxen')}/flytta", {"over": number("Vuxen 1"), "seen": "1"}, status=422)
        bo.get(f"/admin/enheter/{number('Vuxen 1')}")
        bo.submit({"over": number("Vuxen 2")}, form="Flytta enheten")
        bo.post(f"/admin/enheter/{number('Vuxen 1')}/flytta", {"over": number("Barn")}, status=422)
        bo.post(f"/admin/enheter/{number('Barn')}/namn", {"enhet": "X", "seen": "Barn"}, status=404)
        assert drawn() == ["Socialförvaltningen", "  Barn", "    Barn 1", "  Vuxen", "    Vuxen 2", "      Vuxen 1"]


def at_once(app, *works) -> list[str]:
    """Runs each piece of work in a thread of its own, begun together; gives what each answered."""
    barrier, answers = Barrier(len(works)), [""] * len(works)

    def run(place, work):
        barrier.wait()
        answers[place] = Context().run(work)

    db.session.commit()
    threads = [Thread(target=run, args=(place, work)) for place, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    db.session.rollback()
    db.engine.dispose()  # the threads' connections are no use to the next test
    return answers


def test_two_administrators_who_move_units_into_each_other_do_not_make_a_circle(app, tree):
    ids = {name: number(name) for name in ("Barn", "Vuxen")}
    visitors = []
    for email in (ADA, BO):
        visitor = PageClient(app)
        visitor.sign_in(make_user(email, "admin").email, PASSWORD)
        visitors.append(visitor)
    for visitor, name in zip(visitors, ids, strict=True):
        visitor.get(f"/admin/enheter/{ids[name]}")

    def move(visitor, name, under):
        token, top = visitor.token(), str(number("Socialförvaltningen"))

        def work():
            data = {"over": ids[under], "seen": top, "csrf_token": token}
            return visitor.http.post(f"/admin/enheter/{ids[name]}/flytta", data=data).status_code

        return work

    answers = at_once(app, move(visitors[0], "Barn", "Vuxen"), move(visitors[1], "Vuxen", "Barn"))
    assert sorted(answers) == [303, 422]
    found = drawn()
    assert len(found) == 6
    assert ("    Vuxen" in found) != ("    Barn" in found)
