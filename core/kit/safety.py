"""
Safety: a configuration that others than this machine's people can reach must not be open.

There is no warning: a process refuses to start, and names everything that is wrong at once.
"""

import os
import stat
import sys
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from typing import Final
from urllib.parse import SplitResult, parse_qs, urlsplit

from core.kit.errors import Refused
from core.kit.locale import _
from core.kit.secrets import Keys
from core.settings.settings import Settings, variable

EX_CONFIG: Final = 78
"""How a process ends that refuses its configuration; the word is sysexits.h's."""
FEWEST: Final = 16
"""Letters of a password between machines."""
_KNOWN: Final = frozenset(
    {"changeme", "change-me", "secret", "password", "postgres", "boshu", "admin", "public", "guest", "example", "test", "mosquitto"}
)
_MIGHTY: Final = frozenset({"postgres", "boshu_owner"})
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_SURE: Final = frozenset({"require", "verify-ca", "verify-full"})
_FLOOR: Final = {"dash": (4, 4, 1), "flask": (3, 1, 3)}
"""Versions below have holes that are known."""
_NOT_OURS: Final = ("DASH_", "FLASK_")


class Unsafe(Refused):
    """The configuration is open; the sentence names every fault."""


def require(now: Settings, environment: Mapping[str, str] = os.environ) -> None:
    """
    Check a configuration that others can reach; one of this machine alone may be as it likes.

    Raises:
        Unsafe: it is not safe.
    """
    if now.is_production and (found := faults(now, environment)):
        raise Unsafe("\n".join([_("This configuration is not safe, so nothing was started:"), *(f"- {fault}" for fault in found)]))


def faults(now: Settings, environment: Mapping[str, str]) -> list[str]:
    """Return a sentence for everything that is not safe."""
    return [
        *_of_the_web(now),
        *_of_the_database(now),
        *_of_the_broker(now),
        *_of_secrets(now),
        *_of_files(now),
        *_of_evidence(now, environment),
        *_of_the_process(now, environment),
    ]


def _of_the_web(now: Settings) -> Iterator[str]:
    if now.web_origin is None:
        yield _("BOSHU_WEB_ORIGIN does not say by which address people open the screens.")
    elif not now.is_https:
        yield _("BOSHU_WEB_ORIGIN is not https: passwords and cookies would go in the open.")
    if now.web_proxies == 0:
        yield _("BOSHU_WEB_PROXIES is 0: without the proxy's word every visitor has the proxy's address.")


def _of_the_database(now: Settings) -> Iterator[str]:
    if now.database_url is None:
        yield _("DATABASE_URL is empty: the embedded server is for demonstrations.")
        return
    url = urlsplit(now.database_url)
    if url.username in _MIGHTY:
        yield _("DATABASE_URL connects as %(role)s, who could change the ledger.", role=url.username)
    if url.hostname not in _LOOPBACK and parse_qs(url.query).get("sslmode", [""])[0] not in _SURE:
        yield _("DATABASE_URL leaves this machine without sslmode=require or stronger.")


def _of_the_broker(now: Settings) -> Iterator[str]:
    if now.mqtt_url is None:
        yield _("MQTT_URL is empty: the embedded broker is for demonstrations.")
        return
    url = urlsplit(now.mqtt_url)
    if not url.username:
        yield _("MQTT_URL names no user: the broker would be open to everybody.")
    if url.scheme != "mqtts" and url.hostname not in _LOOPBACK:
        yield _("MQTT_URL leaves this machine without TLS; write mqtts://.")


def _of_secrets(now: Settings) -> Iterator[str]:
    """Yield what is wrong with the passwords between machines."""
    secrets = {
        variable("database_url"): _password(now.database_url),
        variable("mqtt_url"): _password(now.mqtt_url),
        variable("app_password"): now.app_password.get_secret_value() if now.app_password else None,
        variable("metrics_key"): now.metrics_key.get_secret_value() if now.metrics_key else None,
    }
    for name, secret in secrets.items():
        if secret is None:
            continue
        if not secret:
            yield _("%(name)s has no password.", name=name)
        elif secret.lower() in _KNOWN:
            yield _("The password in %(name)s is one that everybody tries.", name=name)
        elif len(secret) < FEWEST:
            yield _("The password in %(name)s has fewer than %(n)s characters.", name=name, n=FEWEST)
    if secrets[variable("database_url")] and secrets[variable("database_url")] == secrets[variable("mqtt_url")]:
        yield _("Database and broker have the same password.")


def _of_files(now: Settings) -> Iterator[str]:
    if now.audit_anchor is None:
        yield _("BOSHU_AUDIT_ANCHOR is empty: who rules the database could cut the audit unseen.")
    elif now.audit_anchor.resolve().is_relative_to(now.data_dir.resolve()):
        yield _("BOSHU_AUDIT_ANCHOR lies in the data folder: put it on another disk or machine.")
    if now.data_dir.exists() and now.data_dir.stat().st_mode & stat.S_IRWXO:
        yield _("The data folder is open to every account of this machine.")
    if Keys(now.key_file).is_open_to_others:
        yield _("The file of keys is open to other accounts of this machine.")


def _of_evidence(now: Settings, environment: Mapping[str, str]) -> Iterator[str]:
    url = urlsplit(environment.get("AWS_ENDPOINT_URL", ""))
    if (now.evidence_url or "").startswith("s3:") and url.scheme == "http" and url.hostname not in _LOOPBACK:
        yield _("AWS_ENDPOINT_URL leaves this machine without TLS; write https://.")


def _of_the_process(now: Settings, environment: Mapping[str, str]) -> Iterator[str]:
    for name in sorted(environment):
        if name.startswith(_NOT_OURS):
            yield _("The variable %(name)s changes how pages are served; remove it.", name=name)
    if now.log_level == "DEBUG":
        yield _("BOSHU_LOG_LEVEL is DEBUG: libraries would log what they are given.")
    if sys.flags.optimize:
        yield _("Python runs with -O, which leaves out checks.")
    for package, floor in _FLOOR.items():
        if tuple(int(part) for part in version(package).split(".")[:3] if part.isdigit()) < floor:
            yield _(
                "%(package)s is older than %(floor)s, which has a known hole.", package=package, floor=".".join(map(str, floor))
            )


def _password(url: str | None) -> str | None:
    """Return the password in a URL, empty where there is none; None without a URL."""
    if url is None:
        return None
    parts: SplitResult = urlsplit(url)
    return parts.password or ""
