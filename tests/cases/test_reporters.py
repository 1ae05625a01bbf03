"""Who is shown who reported: who receives the report by one role, and its utredare; two roles do not add up to it."""

from datetime import date

import pytest

from tests.cases.making import REPORTER, reported, step, unit_id_of
from tests.factories import LONG_AGO, PASSWORD, make_unit, make_user
from tests.support.pages import PageClient
from tracker import clock
from tracker.accounts.services import ensure_top_unit, give_role
from tracker.cases.mas import set_mas
from tracker.database import db, writer
from tracker.rules.permissions import Role

NAME = "Rut Rapportör"
PATHS = {"deviations": "/avvikelser", "lex-sarah": "/lex-sarah", "complaints": "/synpunkter"}


@pytest.fixture
def seen(app, frozen_day):
    """Whether somebody with some (role, unit) is shown who reported a case of Vuxen, on 2 March 2026."""
    frozen_day(date(2026, 3, 2))
    for unit in ("Vuxen", "Barn"):
        unit_id_of(unit)
    by = make_user(REPORTER, "medarbetare", name=NAME).id
    cases = {}

    def look(kind, *roles, mail="anna@kommun.example"):
        columns = {"law_area": "HSL"} if kind == "deviations" else {}
        cases[kind] = cases.get(kind) or reported(kind, "Vuxen", by=by, **columns)
        held_by(mail, *roles)
        page = visitor(app, mail).get(f"{PATHS[kind]}/{cases[kind]}")
        assert (NAME in page.text) != ("Rapporterad avVisas inte" in page.text)
        return NAME in page.text

    look.cases = cases
    return look


def held_by(mail, *roles):
    """A user who holds each role for its unit (None: the whole house)."""
    user = make_user(mail)
    with writer():
        for role, unit in roles:
            give_role(user, Role(role), make_unit(unit) if unit else ensure_top_unit(), clock.now(), LONG_AGO)
        db.session.commit()
    return user.id


def visitor(app, mail):
    """Somebody signed in."""
    client = PageClient(app)
    client.sign_in(mail, PASSWORD)
    return client


@pytest.mark.parametrize(
    ("kind", "roles", "shown"),
    [
        ("deviations", [("chef", "Vuxen")], True),
        ("deviations", [("kvalitet", None)], False),
        ("deviations", [("kvalitet", None), ("utredare", None)], False),
        ("deviations", [("kvalitet", None), ("chef", "Barn")], False),
        ("deviations", [("kvalitet", None), ("chef", "Vuxen")], True),
        ("deviations", [("ansvarig", None)], False),
        ("lex-sarah", [("ansvarig", None)], True),
        ("lex-sarah", [("kvalitet", None)], False),
        ("lex-sarah", [("kvalitet", None), ("utredare", None)], False),
        ("lex-sarah", [("kvalitet", None), ("chef", "Vuxen")], False),
        ("complaints", [("chef", "Vuxen")], True),
        ("complaints", [("kvalitet", None), ("utredare", None)], False),
    ],
)
def test_the_role_that_receives_a_report_is_shown_who_made_it(seen, kind, roles, shown):
    assert seen(kind, *roles) is shown


def test_a_mas_who_is_an_utredare_as_well_is_not_shown_those_of_other_units(app, seen):
    mas = held_by("mas@kommun.example", ("chef", "Barn"), ("utredare", None))
    admin = make_user("admin@kommun.example", "admin").id
    with writer():
        set_mas({mas}, admin, clock.now())
        db.session.commit()
    assert seen("deviations", ("chef", "Vuxen")) is True
    page = visitor(app, "mas@kommun.example").get(f"/avvikelser/{seen.cases['deviations']}")
    assert (NAME in page.text, "Rapporterad avVisas inte" in page.text) == (False, True)


def test_an_utredare_is_shown_who_reported_the_case_that_they_have(app, seen):
    assert seen("lex-sarah", ("ansvarig", None)) is True
    record_id, lead = seen.cases["lex-sarah"], held_by("ulla@kommun.example", ("utredare", None), ("kvalitet", None))
    assert NAME not in visitor(app, "ulla@kommun.example").get(f"/lex-sarah/{record_id}").text
    officer = make_user("beslutar@kommun.example", "ansvarig").id
    step("lex-sarah", record_id, "receive", officer)
    step("lex-sarah", record_id, "assign", officer, investigator_id=lead)
    assert NAME in visitor(app, "ulla@kommun.example").get(f"/lex-sarah/{record_id}").text
