"""Units and users come in from files: all rows or none, again as an update, and by no way around a rule."""

from datetime import date

import pytest
from sqlalchemy import select

from tests.decisions.running import run, snapshot
from tests.factories import LONG_AGO, make_unit, make_user
from tests.support.pages import PageClient
from tracker.accounts.models import AdminRequest, Installation, RoleAssignment, User
from tracker.accounts.queries import find_unit, list_units
from tracker.accounts.units import rename_unit
from tracker.database import db

TODAY = date(2026, 3, 31)
ADA, BO, EVA = "ada@kommun.example", "bo@kommun.example", "eva@kommun.example"
SOMEBODY = "19121212-1212"  # Skatteverket's published test number


@pytest.fixture
def imports(app, tmp_path, frozen_day):
    """Runs an import on 31 March 2026: gives what the command said. A refusal has left everything as it was."""
    frozen_day(TODAY)

    def work(kind: str, text: str, *options: str, code: int = 0):
        file = tmp_path / f"{kind}.csv"
        file.write_text(text)
        before = snapshot()
        ran = run(app, "import", kind, file, *options)
        assert ran.code == code, ran.err
        if code:
            assert snapshot() == before
        db.session.rollback()
        return ran

    return work


def drawn() -> list[str]:
    db.session.rollback()
    return ["  " * unit.depth + unit.name for unit in list_units()]


def roles_of(email: str) -> list[tuple[str, str, date, date | None]]:
    db.session.rollback()
    user = db.session.scalars(select(User).where(User.email == email)).one()
    names = {unit.id: unit.name for unit in list_units()}
    rows = db.session.scalars(
        select(RoleAssignment).where(RoleAssignment.user_id == user.id).order_by(RoleAssignment.id)
    )
    return [(row.role, names[row.unit_id], row.from_on, row.to_on) for row in rows]


UNITS = "enhet;over;giltig_till\nVuxen 1;Vuxen;\nVuxen;Socialförvaltningen;\nBarn;;2026-12-31\nSocialförvaltningen;;\n"


class TestUnits:
    """The organisation, in any order of rows."""

    def test_parents_may_stand_later_and_again_changes_nothing(self, imports):
        assert imports("units", UNITS).last == "4 nya, 0 ändrade, 0 oförändrade"
        assert drawn() == ["Socialförvaltningen", "  Barn", "  Vuxen", "    Vuxen 1"]
        assert find_unit("Barn").valid_until == date(2026, 12, 31)
        assert imports("units", UNITS).last == "0 nya, 0 ändrade, 4 oförändrade"

    def test_the_only_row_without_over_is_the_top_of_an_empty_tree(self, imports):
        imports("units", "enhet;over\nVuxen;Omsorgsförvaltningen\nOmsorgsförvaltningen;\n")
        assert drawn() == ["Omsorgsförvaltningen", "  Vuxen"]

    def test_an_empty_cell_leaves_and_a_hyphen_clears(self, imports):
        imports("units", UNITS)
        assert (
            imports("units", "enhet;over;giltig_till\nVuxen 1;;\nBarn;;-\n").last == "0 nya, 1 ändrade, 1 oförändrade"
        )
        assert find_unit("Barn").valid_until is None
        assert imports("units", "enhet;over\nVuxen 1;-\n").last == "0 nya, 1 ändrade, 0 oförändrade"
        assert drawn() == ["Socialförvaltningen", "  Barn", "  Vuxen", "  Vuxen 1"]

    def test_two_units_change_places(self, imports):
        imports("units", UNITS)
        imports("units", "enhet;over\nVuxen;Vuxen 1\nVuxen 1;Socialförvaltningen\n")
        assert drawn() == ["Socialförvaltningen", "  Barn", "  Vuxen 1", "    Vuxen"]

    def test_an_old_name_means_the_unit_that_had_it(self, imports):
        imports("units", UNITS)
        rename_unit(find_unit("Vuxen 1"), "Vuxen nord", TODAY)
        db.session.commit()
        assert imports("units", "enhet;over\nVuxen 1;-\n").last == "0 nya, 1 ändrade, 0 oförändrade"
        assert "  Vuxen nord" in drawn()

    def test_a_dry_run_saves_nothing(self, imports):
        before = snapshot()
        assert imports("units", UNITS, "--dry-run").last == (
            "Provkörning, inget sparat: 4 nya, 0 ändrade, 0 oförändrade"
        )
        assert snapshot() == before

    @pytest.mark.parametrize(
        ("rows", "told"),
        [
            ("A;B;\nB;A;\n", "rad 2, kolumn over: enheten skulle ligga under sig själv. Rätta raderna."),
            ("A;A;\n", "rad 2, kolumn over: enheten skulle ligga under sig själv. Rätta raderna."),
            ("Vuxen;Vuxen 1;\n", "rad 2, kolumn over: enheten skulle ligga under sig själv. Rätta raderna."),
            ("A;Finns inte;\n", "rad 2, kolumn over: enheten är okänd eller utanför det du har tillgång till."),
            ("A;;i morgon\n", 'rad 2, kolumn giltig_till: "i morgon" är inget datum som går att läsa.'),
            (";Vuxen;\n", "rad 2, kolumn enhet: saknas. Skriv enhetens namn."),
            ("A;;\nA;;\n", "rad 3, kolumn enhet: samma enhet står redan på rad 2. Ta bort en av dem."),
            (f"Boende {SOMEBODY};;\n", "rad 2, kolumn enhet: ser ut att innehålla ett personnummer."),
            ("Vuxen;;2026-01-31\n", "Vuxen 1 skulle gälla längre än Vuxen, som ligger över."),
            ("Socialförvaltningen;Vuxen;\n", "rad 2, kolumn over: den översta enheten kan inte ligga under en annan."),
        ],
    )
    def test_what_is_wrong_is_told_with_its_place(self, imports, rows, told):
        imports("units", UNITS)
        ran = imports("units", f"enhet;over;giltig_till\n{rows}", code=1)
        assert told in ran.err
        assert ran.errors[-1] == "Inget har lästs in."
        assert SOMEBODY not in ran.err

    def test_in_somebodys_name_within_their_part_only(self, imports):
        imports("units", UNITS)
        make_user(BO, "admin", unit="Vuxen")
        make_user(EVA, "chef")
        assert "ingen roll som får" in imports("units", "enhet\nA\n", "--by", EVA, code=1).err
        imports("units", "enhet;over\nA;\nB;Vuxen 1\n", "--by", BO)
        assert drawn() == ["Socialförvaltningen", "  Barn", "  Vuxen", "    A", "    Vuxen 1", "      B"]
        for rows in ("Barn;;-\n", "C;Barn;\n", "Vuxen;Barn;\n", "Vuxen 1;Socialförvaltningen;\n"):
            imports("units", f"enhet;over;giltig_till\n{rows}", "--by", BO, code=1)


USERS = (
    "epost;namn;roll;enhet;fran;till\n"
    f"{EVA};Eva Ek;chef;Vuxen;;\n"
    f"{EVA};Eva Ek;handlaggare;Vuxen 1;2026-01-01;2026-12-31\n"
    f"{BO};Bo Ås;medarbetare;;2026-04-01;\n"
)


class TestUsers:
    """People with their roles, several rows each."""

    @pytest.fixture(autouse=True)
    def units(self, imports):
        imports("units", UNITS)

    def test_new_ones_get_their_roles_and_a_link_that_works(self, app, imports):
        ran = imports("users", USERS)
        assert ran.last == "3 nya, 0 ändrade, 0 oförändrade"
        assert roles_of(EVA) == [
            ("chef", "Vuxen", TODAY, None),
            ("handlaggare", "Vuxen 1", date(2026, 1, 1), date(2026, 12, 31)),
        ]
        assert roles_of(BO) == [("medarbetare", "Socialförvaltningen", date(2026, 4, 1), None)]
        links = dict(line.split() for line in ran.out.splitlines()[:-1])
        assert set(links) == {EVA, BO}
        assert PageClient(app).get(links[EVA]).heading == "Välj lösenord"

    def test_again_changes_nothing_and_makes_no_new_links(self, imports):
        imports("users", USERS)
        ran = imports("users", USERS)
        assert ran.out == "0 nya, 0 ändrade, 3 oförändrade\n"
        assert len(roles_of(EVA)) == 2

    def test_a_later_file_changes_names_and_last_days(self, imports):
        imports("users", USERS)
        later = f"epost;namn;roll;enhet;till\n{EVA};Eva Eke;chef;Vuxen;2026-06-30\n{BO};;medarbetare;;\n"
        assert imports("users", later).last == "0 nya, 1 ändrade, 1 oförändrade"
        assert roles_of(EVA)[0] == ("chef", "Vuxen", TODAY, date(2026, 6, 30))
        assert imports("users", f"epost;namn;roll;enhet;till\n{EVA};;chef;Vuxen;-\n").last.startswith(
            "0 nya, 1 ändrade"
        )
        assert roles_of(EVA)[0] == ("chef", "Vuxen", TODAY, None)

    def test_an_unknown_unit_is_made_under_the_top_on_the_command_line(self, imports):
        assert "ny enhet: Natt" in imports("users", f"epost;namn;roll;enhet\n{BO};Bo;chef;Natt\n").err
        assert "  Natt" in drawn()

    def test_a_dry_run_saves_nothing_and_prints_no_link(self, imports):
        before = snapshot()
        ran = imports("users", USERS, "--dry-run")
        assert ran.out == "Provkörning, inget sparat: 3 nya, 0 ändrade, 0 oförändrade\n"
        assert snapshot() == before

    @pytest.mark.parametrize(
        ("rows", "told"),
        [
            (f"{BO};Bo;kung;;;\n", "rad 2, kolumn roll: \"kung\" går inte att välja."),
            (f"{BO};;chef;;;\n", "rad 2, kolumn namn: saknas. Skriv personens namn."),
            (f"{BO};Bo;;;;\n", "rad 2, kolumn roll: saknas. Skriv vilken roll personen ska ha."),
            ("bo;Bo;chef;;;\n", "rad 2, kolumn epost: Skriv en e-postadress, som namn@kommun.se."),
            (f"{BO};Bo;chef;;2026-05-01;2026-04-30\n", "rad 2, kolumn till: Slutdagen måste vara samma dag"),
            (f"{BO};Bo;chef;;;\n{BO};Bosse;revisor;;;\n", "rad 3, kolumn namn: rad 2 säger ett annat namn."),
            (f"{BO};Bo;chef;;;\n{BO};Bo;chef;;;\n", "rad 3, kolumn roll: samma person, roll och enhet står redan"),
            (f"{BO};Bo {SOMEBODY};chef;;;\n", "rad 2, kolumn namn: ser ut att innehålla ett personnummer."),
            (f"{BO};Bo;chef;Natt {SOMEBODY};;\n", "rad 2, kolumn enhet: ser ut att innehålla ett personnummer."),
            (f"{BO};Bo;chef;;-;\n", "rad 2, kolumn fran: kan inte tömmas. Skriv vad som gäller."),
        ],
    )  # fmt: skip
    def test_what_is_wrong_is_told_with_its_place_and_nobody_is_made(self, imports, rows, told):
        ran = imports("users", f"epost;namn;roll;enhet;fran;till\n{rows}", code=1)
        assert told in ran.err
        assert SOMEBODY not in ran.err

    def test_in_an_administrators_name_not_their_own_roles_and_not_beyond_their_part(self, imports):
        make_user(ADA, "admin", unit="Vuxen")
        make_user("top@kommun.example", "chef")
        head = "epost;namn;roll;enhet\n"
        imports("users", f"{head}{BO};Bo;chef;Vuxen 1\n", "--by", ADA)
        for row, told in (
            (f"{ADA};Ada;chef;Vuxen 1", "Du kan inte ändra dina egna roller."),
            (f"{BO};Bo;chef;Barn", "enheten är okänd eller utanför"),
            (f"{BO};Bo;chef;Natt", "enheten är okänd eller utanför"),
            ("top@kommun.example;T;chef;Vuxen", "utanför det du har tillgång till"),
        ):
            assert told in imports("users", f"{head}{row}\n", "--by", ADA, code=1).err

    def test_a_role_with_identities_is_asked_for_in_an_administrators_name_and_given_on_the_command_line(self, imports):
        make_user(ADA, "admin")
        make_user("cia@kommun.example", "admin")
        db.session.get_one(Installation, 1).second_administrator = True
        db.session.commit()
        text = f"epost;namn;roll;enhet\n{EVA};Eva;handlaggare;Vuxen\n"
        ran = imports("users", text, "--by", ADA)
        assert "rad 2: rollen är begärd och väntar på en annan administratör." in ran.err
        assert roles_of(EVA) == []
        assert imports("users", text, "--by", ADA).last == "0 nya, 0 ändrade, 1 oförändrade"
        assert len(db.session.scalars(select(AdminRequest.id)).all()) == 1
        imports("users", text)
        assert roles_of(EVA) == [("handlaggare", "Vuxen", TODAY, None)]

    def test_the_last_administrator_is_not_ended_by_a_file(self, imports):
        make_user(ADA, "admin")
        row = f"epost;namn;roll;enhet;till\n{ADA};Ada;admin;Socialförvaltningen;2026-04-30\n"
        assert "Det behövs en administratör för alla enheter." in imports("users", row, code=1).err
        assert roles_of(ADA) == [("admin", "Socialförvaltningen", LONG_AGO, None)]


def test_a_user_may_be_made_for_a_unit_with_a_former_name(imports):
    imports("units", UNITS)
    rename_unit(make_unit("Vuxen 1"), "Vuxen nord", TODAY)
    db.session.commit()
    imports("users", f"epost;namn;roll;enhet\n{BO};Bo;chef;Vuxen 1\n")
    assert roles_of(BO) == [("chef", "Vuxen nord", TODAY, None)]
