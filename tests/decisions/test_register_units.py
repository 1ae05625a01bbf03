"""The register's filter says which units have been closed, as the administrator's lists do."""

from datetime import date

from tests.factories import PASSWORD, make_unit, make_user
from tests.support.checks import text_of
from tracker.accounts.units import close_unit
from tracker.database import db, writer
from tracker.kept import forget_everything
from tracker.rules.permissions import Role


def unit_texts(page) -> list[str]:
    (found,) = (element for element in page.tree.iter("select") if element.get("name") == "enhet")
    return [text_of(option).strip("\u2003 ") for option in found.iter("option")]


def test_a_closed_unit_is_marked_from_the_day_after_its_last(app, client, frozen_day):
    frozen_day(date(2026, 3, 1))
    make_unit("Vuxen")
    unit = make_unit("Barn")
    with writer():
        close_unit(unit, date(2026, 3, 31))
        db.session.commit()
    make_user("eva@kommun.example", Role.CASE_OFFICER)
    for day, told in (
        (date(2026, 3, 31), "Barn, avslutas 2026-03-31"),
        (date(2026, 4, 1), "Barn, avslutad 2026-03-31"),
    ):
        frozen_day(day)
        forget_everything()
        client.signed_in = False
        client.http.delete_cookie("session")
        client.page = None
        client.sign_in("eva@kommun.example", PASSWORD)
        assert unit_texts(client.get("/beslut")) == ["Alla", "Socialförvaltningen", told, "Vuxen"]
