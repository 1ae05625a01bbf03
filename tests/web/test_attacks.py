"""What somebody tries who means no good, or who is merely late: each is refused, in bounded time, and told nothing."""

import threading
from datetime import UTC, date, datetime, time, timedelta

import pytest
from itsdangerous import TimestampSigner
from sqlalchemy import event, select

from tests.factories import PASSWORD, make_decisions, make_user
from tests.support.pages import PageClient
from tests.support.passwords import QUICK
from tracker import clock
from tracker.accounts import signin
from tracker.accounts.models import UserSession
from tracker.accounts.queries import find_top_unit
from tracker.accounts.services import give_role
from tracker.database import db, writer
from tracker.rules.permissions import Role
from tracker.web.access import local_target

NOW = datetime(2026, 3, 31, 9, 0, tzinfo=UTC)
EVA = "eva@kommun.example"
HOST = "192.0.2.1"
KEY = b"a key for tests"
WRONG = "fel lösenord här"


@pytest.fixture
def eva(app):
    return make_user(EVA, "handlaggare")


@pytest.fixture
def quick(monkeypatch, eva):
    """Eva's password is looked at quickly: what is tested are the tries, and thousands of them."""
    looked_at = []

    class Counting:
        def verify(self, stored, given):
            looked_at.append(given)
            return QUICK.verify(stored, given)

        def check_needs_rehash(self, _stored):
            return False

    monkeypatch.setattr(signin, "_hasher", Counting())
    return looked_at


class TestGuessing:
    """Passwords are guessed thousands of times, one after another and side by side."""

    def test_ten_thousand_guesses_one_a_second_are_looked_at_23_times(self, app, eva, quick):
        """Four are free; then one each after 2, 4, … 512 seconds, and one a quarter of an hour.

        At 0, 1, 2, 3 and 4 s; 6, 10, 18, 34, 66, 130, 258, 514 and 1 026 s; then every 900 s: 1 926 … 9 126 s.
        """
        last = 0
        with app.app_context():
            for second in range(10_000):
                now = NOW + timedelta(seconds=second)
                outcome = signin.sign_in(EVA, WRONG, HOST, now, KEY)
                assert outcome.token is None
                last = second if not outcome.wait_seconds else last
        assert len(quick) == 23
        assert last == 9_126
        assert set(quick) == {WRONG}

    def test_the_right_password_among_them_is_not_looked_at_before_its_time(self, app, eva, quick):
        for _ in range(5):
            signin.sign_in(EVA, WRONG, HOST, NOW, KEY)
        for _ in range(50):
            assert signin.sign_in(EVA, PASSWORD, HOST, NOW + timedelta(seconds=1), KEY).wait_seconds == 1
        assert PASSWORD not in quick
        assert signin.sign_in(EVA, PASSWORD, HOST, NOW + timedelta(seconds=2), KEY).token

    def test_guesses_side_by_side_are_counted_before_any_is_looked_at(self, app, eva, quick):
        outcomes = _at_once(app, 24, lambda number: signin.sign_in(EVA, f"{WRONG} {number}", HOST, NOW, KEY))
        assert len(quick) == 5, "four are free, and the fifth begins the waiting"
        assert sum(outcome.wait_seconds == 0 for outcome in outcomes) == 5
        assert not any(outcome.token for outcome in outcomes)

    def test_guesses_at_confirming_share_the_count_of_sign_in(self, client, eva, frozen_day):
        frozen_day(date(2026, 3, 31))
        client.sign_in(EVA, PASSWORD)
        frozen_day(date(2026, 3, 31), time(11, 15))
        client.get("/bekrafta")
        for _ in range(5):
            client.submit({"present": WRONG}, status=422)
        stranger = PageClient(client.app)
        assert stranger.sign_in(EVA, WRONG, status=429).response.headers["Retry-After"] == "2"


def _at_once(app, times, act):
    """What `times` threads get that all act at the same moment."""
    start, found = threading.Barrier(times), []

    def run(number):
        with app.app_context():
            start.wait(timeout=60)
            found.append(act(number))
            db.session.remove()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert len(found) == times
    return found


class TestSignIns:
    """Tokens are the program's own, one for each sign-in, and end when they end."""

    def test_two_sign_ins_at_once_are_two_and_end_one_by_one(self, app, eva, quick):
        first, second = _at_once(app, 2, lambda _: signin.sign_in(EVA, PASSWORD, HOST, NOW, KEY).token)
        assert first
        assert second
        assert first != second
        db.session.rollback()
        (number, user_id), (other, _) = signin.session_of(first), signin.session_of(second)
        assert number != other
        signin.sign_out(number, user_id, NOW)
        db.session.commit()
        open_ones = select(UserSession.id).where(UserSession.ended_at.is_(None))
        assert list(db.session.scalars(open_ones)) == [other]

    def test_what_tries_are_counted_under_is_locked_in_one_order_so_that_two_sign_ins_never_wait_for_each_other(
        self, app, quick
    ):
        locked, orders = [], set()

        def note(_connection, _cursor, statement, parameters, *_):
            if "sign_in_throttle" in statement and not statement.startswith("SELECT"):
                values = parameters.values() if isinstance(parameters, dict) else parameters
                bare = (getattr(value, "obj", value) for value in values)  # PostgreSQL's driver wraps them
                locked.extend(bytes(value) for value in bare if isinstance(value, bytes | memoryview))

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            for number in range(8):
                keys = signin._keys(f"eva{number}@kommun.example", f"192.0.2.{number}", KEY)
                assert signin._count_try(keys, NOW) == 0
                locked.clear()
                with writer():
                    signin._forget(keys, NOW)
                    db.session.commit()
                assert locked == sorted(key for key, _ in keys)
                orders.add(keys[0][0] < keys[1][0])
        finally:
            event.remove(db.engine, "before_cursor_execute", note)
        assert orders == {True, False}

    def test_a_cookie_that_was_planted_before_sign_in_is_worth_nothing_after_it(self, app, client, eva):
        thief = PageClient(app)
        thief.get("/logga-in")
        planted, token = thief.http.get_cookie("egenkoll").value, thief.token()
        client.http.set_cookie("egenkoll", planted)
        client.get("/logga-in")
        client.sign_in(EVA, PASSWORD)
        assert client.http.get_cookie("egenkoll").value != planted
        assert thief.get("/").path.startswith("/logga-in")
        client.get("/konto")
        page = client.post("/logga-ut", {"csrf_token": token}, status=400)
        assert page.heading == "Sidan har varit öppen för länge"

    def test_a_form_token_of_an_earlier_sign_in_is_worth_nothing_in_the_next(self, client, eva):
        client.sign_in(EVA, PASSWORD)
        client.get("/konto")
        token = client.token()
        client.sign_out()
        client.sign_in(EVA, PASSWORD)
        client.get("/konto")
        fields = {"csrf_token": token, "present": PASSWORD, "password": "nio granar i snö", "again": "nio granar i snö"}
        client.post("/konto", fields, status=400)
        assert PageClient(client.app).sign_in(EVA, PASSWORD).path == "/"

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_a_copied_cookie_neither_opens_nor_sends_after_sign_out(self, app, client, eva, method):
        client.sign_in(EVA, PASSWORD)
        client.get("/konto")
        thief = PageClient(app)
        thief.http.set_cookie("egenkoll", client.http.get_cookie("egenkoll").value)
        thief.get("/konto")
        client.sign_out()
        if method == "get":
            assert thief.get("/konto").path.startswith("/logga-in")
        else:
            fields = {"present": PASSWORD, "password": "nio granar i snö", "again": "nio granar i snö"}
            assert thief.submit(fields).path == "/logga-in"
            assert PageClient(app).sign_in(EVA, PASSWORD).path == "/"

    def test_the_cookie_after_sign_out_opens_nothing(self, app, client, eva):
        client.sign_in(EVA, PASSWORD)
        client.sign_out()
        assert client.get("/konto").path.startswith("/logga-in")
        assert client.get("/utkast/1/ta-bort", status=405).heading == "Så kan sidan inte användas"

    def test_a_form_left_open_for_an_hour_is_refused(self, client, eva, monkeypatch):
        client.get("/logga-in")
        later = TimestampSigner("key").get_timestamp() + 61 * 60
        monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _signer: later)
        page = client.submit({"email": EVA, "password": PASSWORD}, status=400)
        assert page.heading == "Sidan har varit öppen för länge"
        assert "inget är sparat" in page.text
        assert PASSWORD not in page.response.text


class TestRoles:
    """A role is over when its last day is."""

    def test_a_role_ends_at_midnight_although_roles_are_kept_for_ten_seconds(self, client, frozen_day):
        user = make_user("vikarie@kommun.example")
        make_decisions([{"ref": "B-01"}])
        give_role(user, Role.CASE_OFFICER, find_top_unit(), clock.now(), date(2026, 1, 1), date(2026, 6, 30))
        db.session.commit()
        frozen_day(date(2026, 6, 30), time(21, 59, 58))
        client.sign_in(user.email, PASSWORD)
        assert "B-01" in client.get("/beslut").text
        frozen_day(date(2026, 7, 1), time(0))
        assert client.get("/beslut", status=403).heading == "Du har inte tillgång till sidan"
        assert client.get("/").heading == "Översikt", "the sign-in itself still holds"


class TestAddresses:
    """Where one is led, and by which name the program is called."""

    @pytest.mark.parametrize(
        "target",
        ["/\r\nSet-Cookie: a=b", "/\x7f/evil.example", "/\x00", "/\\/evil.example", "/ok\\evil", "////evil.example",
         "https:/evil.example", "https:evil.example", "HTTPS://evil.example", "data:text/html,x", "?next=/", "#a", " /",
         "\t//evil.example", "\u2028//evil.example"],
    )  # fmt: skip
    def test_targets_that_browsers_would_read_otherwise_are_none(self, target):
        assert local_target(target) is None

    @pytest.mark.parametrize("path", ["/logga-in", "/bekrafta"])
    @pytest.mark.parametrize(
        "target",
        ["//evil.example", "/%5C%5Cevil.example", "/%0A/evil.example", "https:evil.example", "%20//evil.example"],
    )
    def test_whoever_has_signed_in_is_never_led_away(self, client, eva, path, target):
        client.sign_in(EVA, PASSWORD)
        assert client.get(f"{path}?next={target}", status=303, follow=False).response.location == "/"

    @pytest.mark.parametrize(
        "after", ["//evil.example", "https://evil.example", "%5C", "%0d%0aSet-Cookie:a=b", "x" * 900]
    )
    def test_a_place_in_a_list_that_is_not_ours_is_its_beginning(self, client, eva, after):
        make_decisions([{"ref": "B-01"}])
        client.sign_in(EVA, PASSWORD)
        page = client.get(f"/beslut?efter={after}")
        assert "B-01" in page.text
        assert "evil" not in page.response.text

    @pytest.mark.parametrize("header", ["X-Forwarded-Host", "X-Host", "X-Forwarded-Server", "Forwarded"])
    def test_a_host_that_a_visitor_writes_beside_the_real_one_is_not_believed(self, client, eva, header):
        given = "host=evil.example" if header == "Forwarded" else "evil.example"
        page = client.get("/beslut", status=303, follow=False, headers={header: given})
        assert page.response.location == "/logga-in?next=/beslut"
        assert "evil" not in client.get("/logga-in", headers={header: given}).response.text

    def test_a_typed_code_stands_in_no_address(self, client, eva):
        client.get("/engangskod")
        page = client.post("/engangskod", {"code": "min-hemliga-kod"}, status=303, follow=False)
        assert page.response.location == "/engangskod/valj"
        assert "min-hemliga-kod" not in client.get("/engangskod/valj", status=404).response.text
        client.get("/engangskod/valj", status=404)
