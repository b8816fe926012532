"""Settings from the environment, read once at start.

Every setting is listed in docs/operating.md; a test compares the two.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path


class BadSetting(Exception):
    """A setting is missing or can not be used; the text says what to set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What an operator decides. Paths are absolute; empty strings mean "not set"."""

    instance: Path
    database_url: str
    secret_key: str = field(repr=False)
    password_salt: str = field(repr=False)
    tile_url: str = ""
    tile_attribution: str = ""
    osrm_url: str = ""
    valhalla_url: str = ""
    road_estimate: str = ""
    nominatim_url: str = ""
    nominatim_user_agent: str = ""
    seal_key: str = ""
    seal_cert: str = ""
    seal_passphrase: str = field(default="", repr=False)
    tender_key: str = field(default="", repr=False)
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = field(default="", repr=False)
    oidc_name: str = ""
    oidc_claim: str = ""
    smtp_url: str = field(default="", repr=False)
    mail_from: str = ""
    base_url: str = ""
    demo: bool = False
    trusted_proxies: int = 0
    cookie_secure: bool = True
    testing: bool = False

    @property
    def uses_openstreetmap(self) -> bool:
        """Whether answers from OpenStreetMap's data are shown, which its licence wants to be said."""
        return bool(self.osrm_url or self.valhalla_url or self.nominatim_url)

    def having(self, **changes: object) -> Settings:
        return replace(self, **changes)  # type: ignore[arg-type]


def from_environment(environ: Mapping[str, str] | None = None) -> Settings:
    """Read NARMAT_* variables.

    Without NARMAT_SECRET_KEY a key is made once and kept in the instance folder, readable by its owner only,
    so that a first start needs no preparation and a restart signs nobody out.
    """
    env = os.environ if environ is None else environ
    instance = Path(env.get("NARMAT_INSTANCE", "instance")).absolute()
    demo = _flag(env, "NARMAT_DEMO")
    _check_whole(env, "NARMAT_OIDC_ISSUER", "NARMAT_OIDC_CLIENT_ID", "NARMAT_OIDC_CLIENT_SECRET")
    return Settings(
        instance=instance,
        database_url=env.get("NARMAT_DATABASE_URL", "") or f"sqlite:///{instance / 'narmat.sqlite3'}",
        secret_key=env.get("NARMAT_SECRET_KEY", "") or _kept_secret(instance / "secret-key"),
        password_salt=env.get("NARMAT_PASSWORD_SALT", "") or _kept_secret(instance / "password-salt"),
        tile_url=env.get("NARMAT_TILE_URL", ""),
        tile_attribution=env.get("NARMAT_TILE_ATTRIBUTION", ""),
        osrm_url=env.get("NARMAT_OSRM_URL", ""),
        valhalla_url=env.get("NARMAT_VALHALLA_URL", ""),
        road_estimate=env.get("NARMAT_ROAD_ESTIMATE", ""),
        nominatim_url=env.get("NARMAT_NOMINATIM_URL", ""),
        nominatim_user_agent=env.get("NARMAT_NOMINATIM_USER_AGENT", ""),
        seal_key=env.get("NARMAT_SEAL_KEY", ""),
        seal_cert=env.get("NARMAT_SEAL_CERT", ""),
        seal_passphrase=env.get("NARMAT_SEAL_PASSPHRASE", ""),
        tender_key=env.get("NARMAT_TENDER_KEY", "").strip(),
        oidc_issuer=env.get("NARMAT_OIDC_ISSUER", "").rstrip("/"),
        oidc_client_id=env.get("NARMAT_OIDC_CLIENT_ID", ""),
        oidc_client_secret=env.get("NARMAT_OIDC_CLIENT_SECRET", ""),
        oidc_name=env.get("NARMAT_OIDC_NAME", ""),
        oidc_claim=env.get("NARMAT_OIDC_CLAIM", ""),
        smtp_url=env.get("NARMAT_SMTP_URL", "").strip(),
        mail_from=env.get("NARMAT_MAIL_FROM", "").strip(),
        base_url=_web_address(env, "NARMAT_BASE_URL"),
        demo=demo,
        trusted_proxies=_whole(env, "NARMAT_TRUSTED_PROXIES"),
        cookie_secure=not _flag(env, "NARMAT_PLAIN_HTTP"),
    )


def _check_whole(env: Mapping[str, str], *names: str) -> None:
    """All of these or none."""
    missing = [name for name in names if not env.get(name)]
    if missing and len(missing) < len(names):
        raise BadSetting(f"{', '.join(missing)} must be set too: {', '.join(names)} belong together.")


def environment_of(settings: Settings) -> dict[str, str]:
    """The variables that make another process of this program work with the same database in the same way."""
    return {
        "NARMAT_INSTANCE": str(settings.instance),
        "NARMAT_DATABASE_URL": settings.database_url,
        "NARMAT_SECRET_KEY": settings.secret_key,
        "NARMAT_PASSWORD_SALT": settings.password_salt,
        "NARMAT_TENDER_KEY": settings.tender_key,
        "NARMAT_SMTP_URL": settings.smtp_url,
        "NARMAT_MAIL_FROM": settings.mail_from,
        "NARMAT_BASE_URL": settings.base_url,
        "NARMAT_DEMO": str(int(settings.demo)),
    }


def _flag(env: Mapping[str, str], name: str) -> bool:
    value = env.get(name, "").strip().lower()
    if value in ("", "0", "no", "false"):
        return False
    if value in ("1", "yes", "true"):
        return True
    raise BadSetting(f"{name} is {value!r}: set it to 1 or 0.")


def _whole(env: Mapping[str, str], name: str) -> int:
    value = env.get(name, "0").strip() or "0"
    if not value.isdecimal():
        raise BadSetting(f"{name} is {value!r}: set it to a whole number, 0 or more.")
    return int(value)


def _web_address(env: Mapping[str, str], name: str) -> str:
    value = env.get(name, "").strip().rstrip("/")
    if value and not re.fullmatch(r"https?://[^/\s?#]+(/[^\s?#]*)?", value):
        raise BadSetting(
            f"{name} is {value!r}: set it to the address that people open, such as https://narmat.example.se."
        )
    return value


def _kept_secret(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as out:
        secret = secrets.token_urlsafe(48)
        out.write(secret)
    return secret
