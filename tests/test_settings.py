"""Settings: a bad one stops the start with one line that names it, and local keys are made once and kept."""

import base64
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.databases import SETTING_NAMES, TEST_KEY
from tests.support.server import clean_environment
from tracker.settings import (
    MailServer,
    Settings,
    SettingsError,
    decode_key,
    decode_keys,
    load_settings,
    mail_server,
    new_key,
)
from tracker.vault import Vault, VaultError

ROOT = Path(__file__).parent.parent
KEYS = ("secret_key", "data_encryption_key", "audit_key")
SHORT_KEY = base64.urlsafe_b64encode(b"sexton tecken!!!").decode()
OTHER_KEY = base64.urlsafe_b64encode(b"fedcba9876543210fedcba9876543210").decode()
PRODUCTION = {
    "APP_ENV": "production",
    "SECRET_KEY": TEST_KEY,
    "DATA_ENCRYPTION_KEY": TEST_KEY,
    "AUDIT_KEY": OTHER_KEY,
    "BASE_URL": "https://egenkoll.kommun.example",
}


@pytest.fixture
def environment(monkeypatch):
    """Sets the environment to exactly these settings."""
    for name in SETTING_NAMES:
        monkeypatch.delenv(name, raising=False)

    def set_to(**given: str) -> None:
        for name, value in given.items():
            monkeypatch.setenv(name, value)

    return set_to


def refused(folder: Path) -> str:
    """What is said when the settings do not hold."""
    with pytest.raises(SettingsError) as error:
        load_settings(folder)
    said = str(error.value)
    assert said.strip()
    assert "\n" not in said
    return said


class TestBad:
    """A setting that cannot be used is named."""

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("APP_ENV", "prod"), ("APP_ENV", ""), ("APP_ENV", "Production"),
            ("DATABASE_URL", "mysql://host/db"), ("DATABASE_URL", "postgresql://host/db"), ("DATABASE_URL", "fil.db"),
            ("DATABASE_URL", "postgresql+psycopg://user@host:port/db"),
            ("DATA_ENCRYPTION_KEY", "kort"), ("DATA_ENCRYPTION_KEY", SHORT_KEY), ("DATA_ENCRYPTION_KEY", TEST_KEY[:-4]),
            ("DATA_ENCRYPTION_KEY", TEST_KEY + TEST_KEY), ("DATA_ENCRYPTION_KEY", "å" * 44),
            ("AUDIT_KEY", "kort"), ("AUDIT_KEY", SHORT_KEY), ("AUDIT_KEY", "!" * 44),
            ("BASE_URL", "egenkoll.kommun.example"), ("BASE_URL", "ftp://kommun.example"), ("BASE_URL", "https://"),
            ("BASE_URL", "https://kommun.example/egenkoll"), ("BASE_URL", "https://kommun.example?a=1"),
            ("BASE_URL", "https://eva:ord@kommun.example"), ("BASE_URL", "https://kommun.example:port"),
            ("BASE_URL", "https://kommun.example:99999"), ("BASE_URL", "http://[::1"), ("BASE_URL", "https://k.example/#a"),
            ("MUNICIPALITY_NAME", "x" * 81),
            ("MAIL_URL", "post.kommun.example"), ("MAIL_URL", "http://post.kommun.example"), ("MAIL_URL", "smtp://"),
            ("MAIL_URL", "smtp://post:port"), ("MAIL_URL", "smtp://post/x"), ("MAIL_URL", "smtp://post?starttls=no"),
            ("MAIL_FROM", "egenkoll"), ("MAIL_FROM", "a@b\nBcc: c@d"), ("MAIL_FROM", "egenkoll@kommun.example "),
            ("TRUSTED_PROXIES", "en"), ("TRUSTED_PROXIES", "-1"), ("TRUSTED_PROXIES", "6"), ("TRUSTED_PROXIES", "1.5"),
        ],
    )  # fmt: skip
    def test_a_bad_setting_is_named_in_one_line(self, environment, tmp_path, name, value):
        environment(**{name: value})
        assert refused(tmp_path).startswith(f"{name} ")

    @pytest.mark.parametrize("name", ["SECRET_KEY", "DATA_ENCRYPTION_KEY", "AUDIT_KEY"])
    def test_a_bad_key_is_named_but_not_told(self, environment, tmp_path, name):
        value = "hemlig nyckel"
        environment(**PRODUCTION | {name: value})
        said = refused(tmp_path)
        assert said.startswith(f"{name} ")
        assert "hemlig" not in said

    @pytest.mark.parametrize(
        "url", ["http://localhost:8000", "https://egenkoll.kommun.example/", "https://kommun.example:8443"]
    )
    def test_a_whole_address_is_taken(self, environment, tmp_path, url):
        environment(BASE_URL=url)
        found = load_settings(tmp_path)
        assert found.base_url == url.rstrip("/")
        assert found.https is url.startswith("https")

    @pytest.mark.parametrize("lacking", ["MAIL_FROM", "BASE_URL"])
    def test_a_mail_server_needs_a_sender_and_an_address_for_its_links(self, environment, tmp_path, lacking):
        given = {"MAIL_URL": "smtp://post.kommun.example", "MAIL_FROM": "egenkoll@kommun.example",
                 "BASE_URL": "https://kommun.example"}  # fmt: skip
        environment(**given | {lacking: ""})
        assert refused(tmp_path) == f"{lacking} is required with MAIL_URL"

    @pytest.mark.parametrize(
        ("url", "server"),
        [
            ("smtp://post", MailServer("post", 25)),
            ("smtp://post:2525?starttls=yes", MailServer("post", 2525, starttls=True)),
            ("smtp://eva:l%40s@post:587", MailServer("post", 587, starttls=True, user="eva", password="l@s")),
            ("smtps://eva:ord@post", MailServer("post", 465, tls=True, user="eva", password="ord")),
        ],
    )
    def test_a_mail_server_is_read_and_a_password_never_goes_in_the_clear(self, url, server):
        assert mail_server(url) == server
        assert "ord" not in repr(server)

    def test_nothing_set_is_development_with_a_local_database(self, environment, tmp_path):
        found = load_settings(tmp_path)
        assert (found.app_env, found.base_url, found.host, found.trusted_proxies) == ("development", "", None, 0)
        assert found.database_url == f"sqlite:///{tmp_path / 'egenkoll.sqlite'}"


class TestProduction:
    """Production makes up nothing of its own but the place of its database."""

    @pytest.mark.parametrize("name", ["SECRET_KEY", "DATA_ENCRYPTION_KEY", "AUDIT_KEY", "BASE_URL"])
    @pytest.mark.parametrize("value", [None, ""])
    def test_each_required_setting_that_is_missing_is_named(self, environment, tmp_path, name, value):
        environment(**{key: given for key, given in PRODUCTION.items() if key != name})
        if value is not None:
            environment(**{name: value})
        assert refused(tmp_path) == f"{name} is required when APP_ENV=production"
        assert list(tmp_path.iterdir()) == [], "no key is made where one is required"

    @pytest.mark.parametrize("length", [1, 31])
    def test_a_short_secret_key_is_refused(self, environment, tmp_path, length):
        environment(**PRODUCTION | {"SECRET_KEY": "x" * length})
        assert refused(tmp_path) == "SECRET_KEY must have at least 32 characters"

    def test_with_all_of_them_it_starts_and_keeps_them_as_given(self, environment, tmp_path):
        environment(**PRODUCTION)
        found = load_settings(tmp_path)
        assert (found.secret_key, found.data_encryption_key, found.audit_key) == (TEST_KEY, TEST_KEY, OTHER_KEY)
        assert (found.https, found.host) == (True, "egenkoll.kommun.example")
        assert list(tmp_path.iterdir()) == []


class TestLocalKeys:
    """Outside production keys are made on first need and kept."""

    def test_they_are_made_once_for_their_owner_alone_and_kept(self, environment, tmp_path):
        folder = tmp_path / "instance"
        first = load_settings(folder)
        files = {path.name: path for path in folder.iterdir()}
        assert set(files) == {f"{name}.key" for name in KEYS}
        for name in KEYS:
            path = files[f"{name}.key"]
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
            assert path.read_text().strip() == getattr(first, name)
            assert len(decode_key(getattr(first, name))) == 32
        again = load_settings(folder)
        assert [getattr(again, name) for name in KEYS] == [getattr(first, name) for name in KEYS]

    def test_no_two_keys_are_equal(self, environment, tmp_path):
        keys = [getattr(load_settings(tmp_path / place), name) for place in ("a", "b") for name in KEYS]
        assert len(set(keys)) == 6
        assert new_key() != new_key()

    def test_a_key_that_is_set_is_taken_and_not_stored(self, environment, tmp_path):
        environment(DATA_ENCRYPTION_KEY=OTHER_KEY)
        assert load_settings(tmp_path).data_encryption_key == OTHER_KEY
        assert not (tmp_path / "data_encryption_key.key").exists()

    @pytest.mark.parametrize("name", KEYS)
    @pytest.mark.parametrize("content", ["", "\n", "trasig\n"])
    def test_a_broken_file_stops_the_start_and_is_left_as_it_is(self, environment, tmp_path, name, content):
        """A new key in its place would close everything that the old one has sealed."""
        path = tmp_path / f"{name}.key"
        path.write_text(content)
        assert refused(tmp_path).startswith(f"{name.upper()} ")
        assert path.read_text() == content

    def test_a_setting_cannot_be_changed_afterwards(self, environment, tmp_path):
        from pydantic import ValidationError

        with pytest.raises(ValidationError):
            load_settings(tmp_path).secret_key = "annan"


class TestStart:
    """The program itself, started as in use."""

    @pytest.mark.parametrize(
        ("given", "said"),
        [
            ({"APP_ENV": "production"}, "Inställningsfel: SECRET_KEY is required when APP_ENV=production\n"),
            ({"DATABASE_URL": "mysql://host/db"},
             "Inställningsfel: DATABASE_URL must begin with sqlite:/// or postgresql+psycopg://\n"),
        ],
    )  # fmt: skip
    def test_a_bad_setting_ends_it_with_one_line_on_standard_error(self, given, said):
        ran = subprocess.run(
            [sys.executable, "-c", "from tracker.factory import create_app; create_app()"],
            cwd=ROOT, env=clean_environment(**given), capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
        assert (ran.returncode, ran.stdout, ran.stderr) == (1, "", said)


class TestVault:
    """What one key has sealed, no other opens."""

    PLAIN = "19121212-1212"

    def vault(self, key: str) -> Vault:
        made = Vault()
        made.configure(decode_keys(key))
        return made

    def test_the_key_opens_what_it_has_sealed_and_nothing_shows(self):
        sealed = self.vault(TEST_KEY).encrypt(self.PLAIN, 7, "decision.person")
        assert self.vault(TEST_KEY).decrypt(sealed, 7, "decision.person") == self.PLAIN
        assert b"1212" not in sealed
        assert sealed != self.vault(TEST_KEY).encrypt(self.PLAIN, 7, "decision.person"), "equal texts look unlike"

    def test_another_key_opens_nothing_and_says_nothing_of_it(self):
        sealed = self.vault(TEST_KEY).encrypt(self.PLAIN, 7, "decision.person")
        with pytest.raises(VaultError) as error:
            self.vault(OTHER_KEY).decrypt(sealed, 7, "decision.person")
        assert "1212" not in str(error.value)

    def test_another_key_opens_nothing_even_if_it_passes_for_the_right_one(self):
        sealed = self.vault(TEST_KEY).encrypt(self.PLAIN, 7, "decision.person")
        other = self.vault(OTHER_KEY)
        own = other.encrypt("x", 7, "decision.person")
        with pytest.raises(VaultError):
            other.decrypt(own[:5] + sealed[5:], 7, "decision.person")

    @pytest.mark.parametrize(("record_id", "field"), [(8, "decision.person"), (7, "case.person"), (77, "")])
    def test_a_value_that_was_moved_does_not_open(self, record_id, field):
        sealed = self.vault(TEST_KEY).encrypt(self.PLAIN, 7, "decision.person")
        with pytest.raises(VaultError):
            self.vault(TEST_KEY).decrypt(sealed, record_id, field)

    def test_a_damaged_value_does_not_open(self):
        vault = self.vault(TEST_KEY)
        sealed = vault.encrypt(self.PLAIN, 7, "decision.person")
        for place in range(len(sealed)):
            damaged = bytearray(sealed)
            damaged[place] ^= 1
            with pytest.raises(VaultError):
                vault.decrypt(bytes(damaged), 7, "decision.person")

    @pytest.mark.parametrize("length", [0, 1, 5, 10, 17, 20, 32])
    def test_a_value_that_was_cut_off_does_not_open(self, length):
        vault = self.vault(TEST_KEY)
        with pytest.raises(VaultError):
            vault.decrypt(vault.encrypt(self.PLAIN, 7, "decision.person")[:length], 7, "decision.person")

    def test_the_search_hash_follows_the_key(self):
        one, other = self.vault(TEST_KEY), self.vault(OTHER_KEY)
        assert one.search_hash(self.PLAIN) == self.vault(TEST_KEY).search_hash(self.PLAIN)
        assert one.search_hash(self.PLAIN) != other.search_hash(self.PLAIN)
        assert len(one.search_hash(self.PLAIN)) == 32
        assert one.search_hash(self.PLAIN) != one.search_hash("19121212-1213")

    def test_a_new_key_seals_and_the_old_one_still_opens(self):
        old, both = self.vault(TEST_KEY), self.vault(f"{OTHER_KEY},{TEST_KEY}")
        sealed = old.encrypt(self.PLAIN, 7, "decision.person")
        assert both.decrypt(sealed, 7, "decision.person") == self.PLAIN
        fresh = both.encrypt(self.PLAIN, 7, "decision.person")
        assert self.vault(OTHER_KEY).decrypt(fresh, 7, "decision.person") == self.PLAIN
        assert fresh.startswith(both.present_head)
        assert not sealed.startswith(both.present_head)

    def test_a_person_is_found_under_either_key(self):
        old, both = self.vault(TEST_KEY), self.vault(f"{OTHER_KEY},{TEST_KEY}")
        hashes = both.search_hashes(self.PLAIN)
        assert hashes == (self.vault(OTHER_KEY).search_hash(self.PLAIN), old.search_hash(self.PLAIN))
        assert both.search_hash(self.PLAIN) == hashes[0]

    def test_without_a_key_nothing_is_sealed_opened_or_hashed(self):
        for use in (lambda: Vault().encrypt("x", 1, "f"), lambda: Vault().decrypt(b"x", 1, "f"),
                    lambda: Vault().search_hash("x")):  # fmt: skip
            with pytest.raises(VaultError):
                use()


def test_every_setting_has_a_name_in_capitals():
    assert set(SETTING_NAMES) == {field.alias for field in Settings.model_fields.values()}
    assert all(name == name.upper() for name in SETTING_NAMES)
