"""Which settings does this installation run with? Read once from the environment; a bad one stops the start."""

import base64
import binascii
import os
import re
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Self
from urllib.parse import unquote, urlsplit

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

ROOT = Path(__file__).resolve().parent.parent
INSTANCE = ROOT / "instance"
KEY_BYTES = 32
SMTP_PORT, SMTPS_PORT = 25, 465
_ADDRESS = re.compile(r"[!-;=?A-~]+@[A-Za-z0-9.-]+")


class SettingsError(Exception):
    """A setting is missing or bad; the message is one line that names it."""


class Settings(BaseSettings):
    """The environment variables of the program, checked and frozen."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", case_sensitive=True)

    app_env: Literal["development", "production", "testing"] = Field("development", alias="APP_ENV")
    database_url: str = Field("", alias="DATABASE_URL")
    secret_key: str = Field("", alias="SECRET_KEY")
    data_encryption_key: str = Field("", alias="DATA_ENCRYPTION_KEY")
    audit_key: str = Field("", alias="AUDIT_KEY")
    base_url: str = Field("", alias="BASE_URL")
    municipality_name: str = Field("", alias="MUNICIPALITY_NAME", max_length=80)
    mail_url: str = Field("", alias="MAIL_URL")
    mail_from: str = Field("", alias="MAIL_FROM", max_length=254)
    trusted_proxies: int = Field(0, alias="TRUSTED_PROXIES", ge=0, le=5)
    action_check_months: int = Field(3, alias="ACTION_CHECK_MONTHS", ge=0, le=24)
    action_escalation_days: int = Field(14, alias="ACTION_ESCALATION_DAYS", ge=0, le=365)

    @field_validator("database_url")
    @classmethod
    def _known_engine(cls, value: str) -> str:
        if value and not value.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise ValueError("must begin with sqlite:/// or postgresql+psycopg://")
        try:
            make_url(value or "sqlite://")
        except (ArgumentError, ValueError):
            raise ValueError("is not an address that can be read") from None
        return value

    @field_validator("base_url")
    @classmethod
    def _whole_address(cls, value: str) -> str:
        try:
            parts = urlsplit(value)
            extra = parts.username or parts.password or parts.query or parts.fragment or parts.path.strip("/")
            whole = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
        except ValueError:  # a port that is no number
            whole, extra = None, None
        if value and (extra or not whole):
            raise ValueError("must be an address such as https://egenkoll.kommun.se")
        return value.rstrip("/")

    @field_validator("mail_url")
    @classmethod
    def _mail_server(cls, value: str) -> str:
        if value:
            mail_server(value)
        return value

    @field_validator("mail_from")
    @classmethod
    def _sender(cls, value: str) -> str:
        if value and not _ADDRESS.fullmatch(value):
            raise ValueError("must be an address such as egenkoll@kommun.se")
        return value

    @field_validator("data_encryption_key")
    @classmethod
    def _whole_keys(cls, value: str) -> str:
        if value:
            decode_keys(value)
        return value

    @field_validator("audit_key")
    @classmethod
    def _whole_key(cls, value: str) -> str:
        if value:
            decode_key(value)
        return value

    @model_validator(mode="after")
    def _complete_in_production(self) -> Self:
        if self.app_env == "production":
            for name in ("SECRET_KEY", "DATA_ENCRYPTION_KEY", "AUDIT_KEY", "BASE_URL"):
                if not getattr(self, name.lower()):
                    raise ValueError(f"{name} is required when APP_ENV=production")
            if len(self.secret_key) < KEY_BYTES:
                raise ValueError(f"SECRET_KEY must have at least {KEY_BYTES} characters")
        for name in ("MAIL_FROM", "BASE_URL"):
            if self.mail_url and not getattr(self, name.lower()):
                raise ValueError(f"{name} is required with MAIL_URL")
        return self

    @property
    def https(self) -> bool:
        """Whether visitors reach the program over TLS."""
        return self.base_url.startswith("https://")

    @property
    def host(self) -> str | None:
        """The host name (with port, if one is given) that requests must carry; None when BASE_URL is not set."""
        return plain_host(urlsplit(self.base_url).netloc, "https" if self.https else "http") or None


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in. `tls`: from the start; `starttls`: asked for first, and nothing is sent without it."""

    host: str
    port: int
    tls: bool = False
    starttls: bool = False
    user: str = ""
    password: str = field(default="", repr=False)


def mail_server(text: str) -> MailServer:
    """The server that an address names: `smtp://host`, `smtps://user:password@host:465`.

    A password is never sent in the clear: with one, `smtp` begins with STARTTLS, as it does with `?starttls=yes`.
    Raises ValueError when it cannot be read.
    """
    try:
        parts = urlsplit(text)
        known = parts.scheme in {"smtp", "smtps"} and parts.query in {"", "starttls=yes"} and not parts.path.strip("/")
        if not known or not parts.hostname or parts.fragment or parts.port == 0 or not text.isprintable():
            raise ValueError
        tls, user = parts.scheme == "smtps", unquote(parts.username or "")
        port = parts.port or (SMTPS_PORT if tls else SMTP_PORT)
    except ValueError:  # also a port that is no number
        raise ValueError("must be an address such as smtp://post.kommun.se:25") from None
    starttls = not tls and bool(user or parts.query)
    return MailServer(parts.hostname, port, tls, starttls, user, unquote(parts.password or ""))


def plain_host(host: str, scheme: str) -> str:
    """A host as hosts are compared: small letters, without the port that goes without saying."""
    return host.lower().removesuffix(":443" if scheme == "https" else ":80")


def decode_key(text: str) -> bytes:
    """The 32 bytes behind a URL-safe base64 text. Raises ValueError when it is anything else."""
    try:
        key = base64.b64decode(text, altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        key = b""
    if len(key) != KEY_BYTES:
        raise ValueError("must be 32 bytes in URL-safe base64")
    return key


def decode_keys(text: str) -> list[bytes]:
    """The keys in a text that holds one, or the present one and earlier ones with a comma between."""
    return [decode_key(part.strip()) for part in text.split(",")]


def new_key() -> str:
    """A fresh random key of 32 bytes, in URL-safe base64."""
    return base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def _kept_key(folder: Path, name: str) -> str:
    """The key in the folder's file, made on first need and readable by its owner only."""
    path = folder / name
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{name}.{os.getpid()}")
        descriptor = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(new_key() + "\n")
        try:
            os.link(temporary, path)  # fails if another process was first: its key stands
        except FileExistsError:
            pass
        finally:
            temporary.unlink()
    return path.read_text().strip()


def load_settings(instance: Path = INSTANCE) -> Settings:
    """Settings from the environment, with local keys and the local database filled in outside production.

    Raises SettingsError with one line that names the setting.
    """
    try:
        settings = Settings()
        if settings.app_env == "production":
            return (
                settings
                if settings.database_url
                else settings.model_copy(update={"database_url": f"sqlite:///{instance / 'egenkoll.sqlite'}"})
            )
        found = {
            name: getattr(settings, name) or _kept_key(instance, f"{name}.key")
            for name in ("secret_key", "data_encryption_key", "audit_key")
        }
        for name in (name for name in found if not getattr(settings, name)):
            try:
                decode_keys(found[name]) if name == "data_encryption_key" else decode_key(found[name])
            except ValueError as error:
                raise SettingsError(f"{name.upper()} in instance/{name}.key {error}") from error
        instance.mkdir(parents=True, exist_ok=True)
        database_url = settings.database_url or f"sqlite:///{instance / 'egenkoll.sqlite'}"
        return settings.model_copy(update={**found, "database_url": database_url})
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else ""
        raise SettingsError(f"{name} {first['msg'].removeprefix('Value error, ')}".strip()) from error
