"""
Write the configuration of mosquitto that production and tests share.

The default configuration drops messages silently once 1,000 wait; this one keeps all of them. mosquitto writes its
queue once a second, so a broker killed while ingest is away may lose that second, which the gap detection shows.
"""

import base64
import hashlib
import secrets
from pathlib import Path
from typing import Final

from core.kit.broker_accounts import MAX_PAYLOAD, Accounts
from core.kit.embedded import LOOPBACK, write_secret

_ROUNDS: Final = 101
"""Rounds of PBKDF2-SHA512 that mosquitto_passwd takes; the passwords are long and random."""
_QUEUED_BYTES: Final = 4_294_967_296


def write_configuration(
    folder: Path,
    accounts: Accounts,
    *,
    port: int,
    host: str = LOOPBACK,
    run_as: str = "mosquitto",
    tls: tuple[Path, Path] | None = None,
) -> Path:
    """
    Write `mosquitto.conf`, `acl` and `passwd` into a folder; return the path of the first.

    `run_as` is the account mosquitto takes when it is started by root; it must be able to read the folder.
    `tls` is certificate and key of the server.
    """
    folder = folder.resolve()
    (folder / "store").mkdir(parents=True, exist_ok=True)
    write_secret(folder / "passwd", "".join(f"{user}:{_hashed(account.password)}\n" for user, account in accounts.items()))
    write_secret(folder / "acl", "\n".join(_rights(user, accounts) for user in accounts))
    secure = f"certfile {tls[0]}\nkeyfile {tls[1]}\n" if tls else ""
    text = f"""# Settings of the broker that the product relies on; `boshu check` looks whether they hold.
per_listener_settings false
user {run_as}
listener {port} {host}
{secure}set_tcp_nodelay true
allow_anonymous false
password_file {folder / "passwd"}
acl_file {folder / "acl"}
# A slow or absent consumer loses nothing: no bound on what waits but the disk's.
max_inflight_messages 0
max_queued_messages 0
max_queued_bytes {_QUEUED_BYTES}
max_packet_size {MAX_PAYLOAD + 1024}
persistent_client_expiration 30d
# The queue is on disk within a second.
persistence true
persistence_location {folder / "store"}/
autosave_interval 1
"""
    write_secret(folder / "mosquitto.conf", text)
    return folder / "mosquitto.conf"


def _rights(user: str, accounts: Accounts) -> str:
    account = accounts[user]
    write = [f"topic write {topic}" for topic in account.publish]
    read = [f"topic read {topic}" for topic in account.subscribe]
    return "\n".join([f"user {user}", *write, *read, ""])


def _hashed(password: str) -> str:
    """Return a password as mosquitto 2 keeps it: $7$rounds$salt$hash."""
    salt = secrets.token_bytes(12)
    digest = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, _ROUNDS)
    return f"$7${_ROUNDS}${base64.b64encode(salt).decode()}${base64.b64encode(digest).decode()}"
