"""Åtkomst, skyddade poster and whom a decision is about: who may do what, and that nobody helps themselves."""

from datetime import date

import pytest

from tests.decisions.lists import count_line, number_of, refs_on
from tests.decisions.running import decision
from tests.factories import PASSWORD, make_decisions, make_unit, make_user
from tests.records.granting import close, protect, user_id_of, version_of
from tests.support.overhearing import overhear
from tests.support.pages import PageClient
from tracker.accounts.models import User
from tracker.audit import reads, trail
from tracker.database import db
from tracker.rules.permissions import Role
from tracker.rules.trail import Action, ReadKind

TODAY = date(2022, 2, 15)
EVA, BO, KVA, CHEF = (f"{name}@kommun.example" for name in ("eva", "bo", "kva", "chef"))
NUMBER = "191212121212"
WHY = "Skyddade personuppgifter"


@pytest.fixture
def office(app, frozen_day):
    """Two handläggare, a quality lead and a manager of Vuxen with two decisions; signs any of them in."""
    frozen_day(TODAY)
    make_unit("Vuxen")
    make_unit("Barn")
    rows = [{"ref": "B-01", "enhet": "Vuxen", "person": NUMBER}, {"ref": "B-02", "enhet": "Vuxen"}]
    make_decisions(rows, today=TODAY)
    for email in (EVA, BO):
        make_user(email, Role.CASE_OFFICER, unit="Vuxen")
    make_user(KVA, Role.QUALITY_LEAD, unit="Vuxen")
    make_user(CHEF, Role.MANAGER, unit="Vuxen")

    def sign_in(email: str) -> PageClient:
        visitor = PageClient(app)
        visitor.sign_in(email, PASSWORD)
        return visitor

    return sign_in


@pytest.fixture
def noted(monkeypatch):
    """What the trail is told."""
    return overhear(
        monkeypatch, trail, "record", lambda action, **more: (action, more) if "record_id" in more else None
    )


@pytest.fixture
def readings(monkeypatch):
    """What is written down as read."""
    return overhear(monkeypatch, reads, "note_read", lambda kind, **more: (kind, more))


def access_of(visitor: PageClient, ref: str, status: int = 200):
    return visitor.get(f"/beslut/{number_of(ref)}/atkomst", status=status)


def does(visitor: PageClient, ref: str, step: str, person: str = "", status: int = 200):
    """Opens the page of access and does one step."""
    access_of(visitor, ref)
    fields = {"step": step, "person": str(user_id_of(person)) if person else "0", "reason": WHY}
    return visitor.submit(fields, form="step", status=status)


def test_who_protects_is_named_and_nobody_else_sees_it(office, noted):
    eva, bo = office(EVA), office(BO)
    page = does(eva, "B-01", "skydda")
    assert page.table("Namngivna").column("Person") == ["Eva"]
    assert "skyddat" in eva.get(f"/beslut/{number_of('B-01')}").text
    assert decision("B-01").mark == 1
    assert refs_on(eva.get("/beslut")) == ["B-02", "B-01"]
    assert refs_on(bo.get("/beslut")) == ["B-02"]
    assert "1 skyddad visas inte" in count_line(bo.page)
    assert "visas inte" not in count_line(eva.get("/beslut"))
    ((action, more),) = noted
    assert (action, more["reason"]) == (Action.RECORD_ACCESS_CHANGED, WHY)
    assert more["changes"] == {"access": ("ordinary", "protected"), f"named.{user_id_of(EVA)}": (False, True)}
    access_of(bo, "B-01", status=404)
    does(eva, "B-01", "hav")
    assert set(refs_on(bo.get("/beslut"))) == {"B-01", "B-02"}
    assert decision("B-01").mark == 0


def test_told_otherwise_somebody_else_is_named_and_the_protector_sees_it_no_more(office):
    eva, bo = office(EVA), office(BO)
    page = does(eva, "B-01", "skydda", BO)
    assert (page.heading, refs_on(page)) == ("Ej verkställda beslut", ["B-02"])
    assert set(refs_on(bo.get("/beslut"))) == {"B-01", "B-02"}


def test_the_last_who_is_named_cannot_be_taken_away(office):
    eva = office(EVA)
    does(eva, "B-01", "skydda")
    for step in ("ta-bort", "stang"):
        assert "Namnge någon först" in does(eva, "B-01", step, EVA, status=422).text
    does(eva, "B-01", "namnge", BO)
    assert access_of(eva, "B-01").table("Namngivna").column("Person") == ["Bo", "Eva"]
    assert does(eva, "B-01", "ta-bort", EVA).heading == "Ej verkställda beslut"
    access_of(eva, "B-01", status=404)


def test_a_closing_holds_for_every_page_and_the_closed_cannot_undo_it(office, noted):
    eva, chef = office(EVA), office(CHEF)
    assert refs_on(chef.get("/beslut")) == ["B-02", "B-01"]
    does(eva, "B-01", "stang", CHEF)
    assert refs_on(chef.get("/beslut")) == ["B-02"]
    chef.get(f"/beslut/{number_of('B-01')}", status=404)
    assert noted[-1][1]["changes"] == {f"closed.{user_id_of(CHEF)}": (False, True)}
    does(eva, "B-01", "stang", BO)
    bo = office(BO)
    access_of(bo, "B-01", status=404)
    bo.post(f"/beslut/{number_of('B-01')}/atkomst", {"step": "ta-bort", "person": str(user_id_of(BO)), "reason": WHY,
                                                    "version": "9"}, status=404)  # fmt: skip
    assert "Ta bort stängningen först" in does(eva, "B-01", "namnge", BO, status=422).text
    does(eva, "B-01", "ta-bort", BO)
    assert set(refs_on(bo.get("/beslut"))) == {"B-01", "B-02"}


def test_an_officer_can_tell_of_their_own_bias_but_not_take_it_back(office):
    eva = office(EVA)
    assert refs_on(does(eva, "B-01", "stang", EVA)) == ["B-02"]
    access_of(eva, "B-01", status=404)


def test_the_quality_lead_sees_where_protected_ones_are_and_names_others_but_not_themselves(office):
    protect("B-01", EVA)
    kva = office(KVA)
    page = kva.get("/beslut/skyddade")
    assert page.table("Skyddade").rows == [[f"Post {number_of('B-01')}", "Vuxen", "1"]]
    assert "B-01" not in page.text
    page = kva.click(f"Post {number_of('B-01')}")
    assert "B-01" not in page.text
    assert does(kva, "B-01", "namnge", KVA, status=422).text.count("Du kan inte ge dig själv en post") == 2
    kva.get(f"/beslut/{number_of('B-01')}", status=404)
    does(kva, "B-01", "hav", status=422)
    assert decision("B-01").mark == 1
    does(kva, "B-01", "namnge", BO)
    assert set(refs_on(office(BO).get("/beslut"))) == {"B-01", "B-02"}


def test_a_record_that_nobody_sees_any_more_stands_out(office):
    protect("B-01", EVA)
    db.session.query(User).filter_by(email=EVA).update({"active": False})
    db.session.commit()
    assert office(KVA).get("/beslut/skyddade").table("Skyddade").column("Namngivna") == ["■ Ingen"]


def test_what_is_closed_to_the_quality_lead_or_lies_elsewhere_is_not_among_the_protected(office, app):
    protect("B-01", EVA)
    make_user("barn@kommun.example", Role.QUALITY_LEAD, unit="Barn")
    assert "Ingen post är skyddad" in office("barn@kommun.example").get("/beslut/skyddade").text
    access_of(office("barn@kommun.example"), "B-01", status=404)
    close("B-01", KVA)
    kva = office(KVA)
    assert "Ingen post är skyddad" in kva.get("/beslut/skyddade").text
    access_of(kva, "B-01", status=404)


def test_an_old_page_of_access_is_refused(office):
    eva = office(EVA)
    access_of(eva, "B-01")
    make_decisions([{"ref": "B-01", "utforare": "Filens AB"}], today=TODAY)
    page = eva.submit({"step": "skydda", "reason": WHY}, form="step", status=409)
    assert "Någon annan har ändrat beslutet" in page.text
    assert (decision("B-01").mark, version_of(number_of("B-01"))) == (0, 2)


@pytest.mark.parametrize("step", ["namnge", "stang", "ta-bort"])
def test_a_step_about_nobody_is_refused_beside_the_field(office, step):
    assert "Välj vem det gäller." in does(office(EVA), "B-01", step, status=422).text


def test_whom_a_decision_is_about_is_shown_to_those_who_may_know_after_it_is_noted(office, readings):
    eva = office(EVA)
    page = eva.get(f"/beslut/{number_of('B-01')}")
    assert NUMBER not in page.response.text
    assert readings == [(ReadKind.RECORD, {"record_id": number_of("B-01"), "all_read": True})]
    assert NUMBER in eva.click("Visa vem beslutet gäller").text
    assert readings[1:] == [(ReadKind.IDENTITY, {"record_id": number_of("B-01")})]
    assert "Visa vem beslutet gäller" not in office(CHEF).get(f"/beslut/{number_of('B-01')}").links
    office(KVA).get(f"/beslut/{number_of('B-01')}/person", status=403)


def test_what_cannot_be_logged_is_not_shown(office, monkeypatch):
    def refuse(*_args, **_more):
        raise RuntimeError("the trail does not answer")

    eva = office(EVA)
    monkeypatch.setattr(reads, "note_read", refuse)
    for path in (f"/beslut/{number_of('B-01')}", f"/beslut/{number_of('B-01')}/person"):
        with pytest.raises(RuntimeError):
            eva.get(path)


def test_what_is_closed_or_protected_is_noted_as_read_by_nobody(office, readings):
    protect("B-01", BO)
    eva = office(EVA)
    for what in ("", "/person"):
        eva.get(f"/beslut/{number_of('B-01')}{what}", status=404)
    assert readings == []
