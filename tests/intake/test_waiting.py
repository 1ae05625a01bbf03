"""What waits between the steps: sealed, for one sign-in, for an hour, and gone when it is done with."""

import io
from datetime import date, time

import pytest
from flask import request
from sqlalchemy import func, select, update

from tests.audit.test_keys import NEW_KEY
from tests.decisions.test_import_identities import stored_bytes
from tests.intake.conftest import TODAY
from tests.intake.walking import ADDRESS, read_text, save, send_file, send_large
from tests.support import databases
from tests.support.pages import PageClient
from tracker import clock
from tracker.accounts.models import RoleAssignment
from tracker.audit.rotation import rotate
from tracker.database import db, writer
from tracker.intake import waiting
from tracker.intake.models import WaitingImport, WaitingPiece
from tracker.kept import forget_everything
from tracker.settings import decode_keys
from tracker.vault import vault
from tracker.web import uploads

TEXT = "ref;insats;beslutsdatum;person\nA;Hemlig insats;2021-01-07;191212121212\n"


def count(model):
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model))


def test_nothing_of_the_file_or_the_choices_lies_in_plain_text(app, handler):
    send_file(handler, TEXT.replace("person", "Hemlig rubrik").encode(), "Hemlig lista.csv")
    handler.submit({}, form="head_row")
    handler.submit({}, form="kolumn_0")
    held = stored_bytes(app)
    for text in ("191212121212", "Hemlig insats", "Hemlig lista", "Hemlig rubrik"):
        assert text.encode() not in held
    assert b"Kontaktperson" in held, "the search itself works"


def test_a_file_is_kept_in_pieces_and_put_together_again(handler, monkeypatch):
    monkeypatch.setattr(waiting, "PIECE_BYTES", 10)
    send_file(handler, TEXT.encode(), "a.csv")
    assert count(WaitingPiece) == len(TEXT) // 10 + 1
    assert "Hemlig insats" in handler.get(f"{ADDRESS}/tabell").text


def test_a_piece_of_another_file_is_noticed(handler, sign_in, app):
    other = sign_in("eva@kommun.example")
    send_file(handler, TEXT.encode(), "a.csv")
    send_file(other, b"ref;insats;beslutsdatum\nB;Annan;2021-01-07\n", "b.csv")
    with writer():
        first, second = db.session.scalars(select(WaitingPiece.id).order_by(WaitingPiece.id)).all()
        mine = db.session.get(WaitingPiece, first).session_id
        theirs = db.session.get(WaitingPiece, second).session_id
        for piece, session_id, number in ((second, mine, 7), (first, theirs, 8)):
            db.session.execute(
                update(WaitingPiece).where(WaitingPiece.id == piece).values(session_id=session_id, number=number)
            )
        db.session.commit()
    page = handler.get(f"{ADDRESS}/tabell")
    assert page.heading == "Ingen fil väntar"
    assert "Annan" not in page.text


def test_after_an_hour_it_is_not_found_and_swept_away(handler, frozen_day):
    send_file(handler, TEXT.encode(), "a.csv")
    frozen_day(TODAY, time(11, 59, 59))
    assert handler.get(f"{ADDRESS}/tabell").heading == "Var står tabellen?"
    assert waiting.clean_waiting(clock.now()) == 0
    frozen_day(TODAY, time(12))
    assert handler.get(f"{ADDRESS}/tabell").heading == "Ingen fil väntar"
    assert waiting.clean_waiting(clock.now()) == 1
    assert (count(WaitingImport), count(WaitingPiece)) == (0, 0)


def test_what_a_sign_in_that_has_ended_has_left_is_swept_away_before(handler):
    send_file(handler, TEXT.encode(), "a.csv")
    handler.sign_out()
    assert waiting.clean_waiting(clock.now()) == 1
    assert count(WaitingPiece) == 0


def test_it_is_gone_as_soon_as_it_is_saved_or_cancelled(handler):
    read_text(handler, TEXT)
    save(handler)
    assert (count(WaitingImport), count(WaitingPiece)) == (0, 0)
    send_file(handler, TEXT.encode(), "a.csv")
    assert count(WaitingPiece) == 1
    assert "Filen är borta och inget är sparat." in handler.post(f"{ADDRESS}/avbryt").text
    assert (count(WaitingImport), count(WaitingPiece)) == (0, 0)


def test_a_new_key_seals_what_waits_anew(handler):
    send_file(handler, TEXT.encode(), "a.csv")
    try:
        vault.configure(decode_keys(f"{NEW_KEY},{databases.TEST_KEY}"))
        rotate(clock.now())
        vault.configure(decode_keys(NEW_KEY))
        assert "Hemlig insats" in handler.get(f"{ADDRESS}/tabell").text
    finally:
        vault.configure(decode_keys(databases.TEST_KEY))


class TestHowLargeItMayBe:
    @pytest.fixture
    def large(self):
        return b"ref;insats;beslutsdatum\n" + b"A;x;2021-01-07\n" * 100_000  # 1.5 MB

    def test_more_than_a_forms_megabyte_is_taken_here_from_those_who_may(self, handler, large):
        handler.get(ADDRESS)
        assert send_large(handler, ADDRESS, large).heading == "Var står tabellen?"

    def test_not_from_others_and_not_elsewhere(self, app, handler, sign_in, large):
        for visitor, path in ((sign_in("chef@kommun.example", "chef"), "/konto"), (PageClient(app), "/logga-in")):
            visitor.get(path)
            assert send_large(visitor, ADDRESS, large, status=413).heading == "Filen är för stor"
        handler.get(ADDRESS)
        assert send_large(handler, "/konto", large, status=413).heading == "Filen är för stor"

    def test_more_than_the_limit_is_refused(self, app, handler, large, monkeypatch):
        monkeypatch.setattr(app.view_functions["decisions.intake_file"], uploads.ATTRIBUTE, 1_000_000)
        handler.get(ADDRESS)
        assert send_large(handler, ADDRESS, large, status=413).heading == "Filen är för stor"

    def test_it_is_held_in_memory_while_it_comes_in(self, app, large):
        body = (
            b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n' + large + b"\r\n--x--\r\n"
        )
        with app.test_request_context(
            ADDRESS, method="POST", input_stream=io.BytesIO(body), content_length=len(body),
            content_type="multipart/form-data; boundary=x",
        ):  # fmt: skip
            request.max_content_length = 10_000_000
            assert type(request.files["file"].stream) is io.BytesIO


def test_who_loses_the_role_cannot_go_on(app, handler):
    read_text(handler, TEXT)
    with writer():
        db.session.execute(update(RoleAssignment).values(to_on=date(2022, 2, 14)))
        db.session.commit()
    forget_everything()
    page = handler.submit({}, form="seen", status=403)
    assert page.heading == "Du har inte tillgång till sidan"
    assert count(WaitingImport) == 1, "it waits for nobody, until it is swept away"
