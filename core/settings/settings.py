"""Settings, read once from the environment and from `.env` in the working directory; the environment wins."""

from enum import StrEnum
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from typing import Literal, Self
from zoneinfo import ZoneInfo

from pydantic import AliasChoices, Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

_PREFIX = "BOSHU_"


class Language(StrEnum):
    """The languages of the screens."""

    ZH_CN = "zh_CN"
    EN = "en"


class Settings(BaseSettings):
    """
    Everything an operator may set.

    Raises:
        pydantic.ValidationError: a value that cannot be used, with a sentence for each.
    """

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX, env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True, populate_by_name=True
    )

    # Where things are
    database_url: str | None = Field(
        None,
        validation_alias=AliasChoices("DATABASE_URL", "database_url"),
        description="PostgreSQL 15 to 18 as role boshu_app. Empty: an embedded server is started.",
    )
    owner_url: str | None = Field(
        None,
        description="The same database as the role that migrates (boshu_owner or an administrator). Empty: DATABASE_URL.",
    )
    app_password: SecretStr | None = Field(
        None, description="Password `boshu migrate` gives role boshu_app. Empty: the role keeps what it has."
    )
    mqtt_url: str | None = Field(
        None,
        validation_alias=AliasChoices("MQTT_URL", "mqtt_url"),
        description="Broker as mqtt://user:password@host:port, mqtts:// with TLS. Empty: an embedded broker is started.",
    )
    simulator_mqtt_url: str | None = Field(
        None, description="Broker account the simulator publishes with. Empty: MQTT_URL, or the embedded broker's own."
    )
    broker_sync_ms: int = Field(
        50,
        ge=0,
        le=10_000,
        description="Longest time a message the embedded broker acknowledged waits for the disk, milliseconds; "
        "0 writes each through first, at a tenth of the speed.",
    )
    data_dir: Path = Field(Path(".boshu"), description="Folder of the embedded servers and of files the product writes.")
    samples: Path | None = Field(None, description="Folder of real data sets used by tests and imports. Empty: none.")

    evidence_url: str | None = Field(
        None,
        pattern=r"^(file:///|s3://)",
        description="Where pictures of evidence are kept: `s3://bucket/prefix`, with AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and "
        "AWS_ENDPOINT_URL beside it, or `file:///folder`. Empty: folder `evidence` in the data folder.",
    )
    evidence_days: int = Field(180, ge=1, le=3_650, description="How long pictures are kept, days; their hashes stay.")

    # The city
    city_zone: str = Field("Asia/Shanghai", description="IANA time zone of the city; days and hours on screens follow it.")
    currency: str = Field("CNY", pattern="^[A-Z]{3}$", description="ISO 4217 code of all money; amounts are whole minor units.")
    language: Language = Field(Language.ZH_CN, description="Language where a reader has not chosen one: zh_CN or en.")

    # The web
    web_host: str = Field("127.0.0.1", description="Address the web process binds to; all others than loopback need what follows.")
    web_origin: str | None = Field(
        None,
        pattern=r"^https?://[^/]+$",
        description="Address people open, as https://parking.example. Empty: http on this machine alone.",
    )
    web_proxies: int = Field(
        0, ge=0, le=5, description="Reverse proxies before the web process, whose word on the visitor's address counts."
    )
    web_port: int = Field(8050, ge=0, le=65_535, description="Port of the web process; 0 takes a free one.")
    web_workers: int = Field(1, ge=1, le=64, description="Web worker processes.")
    web_threads: int = Field(64, ge=1, le=1_000, description="Threads of each web worker.")
    live_port: int = Field(
        0, ge=0, le=65_535, description="Port of the separate live process; 0: the web process serves the live stream itself."
    )
    live_threads: int = Field(500, ge=1, le=10_000, description="Threads of the live process: one for each open screen.")
    pool_size: int = Field(8, ge=1, le=200, description="Database connections a process keeps at most.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="Least level that is logged.")

    # The wall
    wall_reload_at: str | None = Field(
        None,
        pattern=r"^([01]\d|2[0-3]):[0-5]\d$",
        description="Time of day, city time, at which walls load anew, as 04:30. Empty: never.",
    )
    wall_quiet: str | None = Field(
        None,
        pattern=r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$",
        description="Hours of the day, city time, in which walls sound no alarm, as 22:00-07:00. Empty: none.",
    )

    wall_staff_names: bool = Field(
        default=False, description="Whether walls name collectors; otherwise they show staff numbers, as people pass by a wall."
    )
    kpi_targets: dict[str, float] = Field(
        default_factory=dict,
        description="Targets of rates in per cent by KPI, as JSON; what is not named keeps the dictionary's own. "
        'Example: `{"collection_rate": 95}`.',
    )

    # Ingest
    ingest_batch_max: int = Field(2_000, ge=1, le=100_000, description="Most messages in one transaction.")
    ingest_batch_ms: int = Field(50, ge=1, le=10_000, description="Longest wait for a batch to fill, milliseconds.")
    ingest_worker: int = Field(0, ge=0, description="Number of this ingest worker, from 0.")
    ingest_workers: int = Field(1, ge=1, le=256, description="How many ingest workers share the sites.")
    heartbeat_s: int = Field(10, ge=1, le=3_600, description="Heartbeat of a source as a whole, seconds.")
    late_after_s: int = Field(20, ge=1, description="Silence after which a source is called late, seconds.")
    stale_after_s: int = Field(50, ge=1, description="Silence after which its figures are hatched as stale, seconds.")
    quote_min: int = Field(2, ge=1, le=60, description="Longest time a quote is valid, minutes.")
    clock_window_s: int = Field(300, ge=1, description="Clock difference the HTTPS door accepts from a device, seconds.")

    metrics_key: SecretStr | None = Field(
        None, min_length=16, description="Key by which a monitor reads /metrics, sent as a bearer token. Empty: closed."
    )

    disk_floor_mb: int = Field(
        1_000, ge=0, le=10_000_000, description="Free space of the data folder's disk below which /readyz says no, million bytes."
    )

    # The audit and secrets
    audit_kept_months: int = Field(
        36,
        ge=7,
        le=1_200,
        description="Whole months the audit is kept; the law asks for 184 days, and for 3 years where it tells of personal data.",
    )
    audit_anchor: Path | None = Field(
        None,
        description="File the newest hash of the audit is added to, on another disk or machine. "
        "Empty: `audit.anchor` in the data folder.",
    )

    keys: Path | None = Field(
        None,
        description="File of the keys that seal secrets in the database; every machine needs the same. "
        "Empty: `secrets.keys` in the data folder, made at the first start.",
    )

    # Alarms
    overstay_after_h: int = Field(24, ge=1, le=720, description="Length of a stay from which on it is an overstay, hours.")
    area_full_pct: float = Field(
        95, gt=0, le=100, description="Occupancy of a district's streets from which on it calls its people, per cent."
    )
    evasion_after_min: int = Field(
        30,
        ge=1,
        le=1_440,
        description="Time after which a car without a plate is suspected of evasion, minutes.",
    )

    screen_drift_n: int = Field(
        3, ge=0, le=10_000, description="Places by which a guidance screen may differ from what is left before it is an alarm."
    )

    # The demo city
    demo_seed: int = Field(20_261_122, ge=0, description="Seed of the demo city; the same seed builds the same city.")
    demo_berths: int = Field(2_400, ge=40, le=200_000, description="Berths on the streets of the demo city.")
    demo_days: int = Field(35, ge=1, le=400, description="Days of history the demo city begins with.")
    demo_years: int = Field(
        2, ge=0, le=5, description="Years before these days of which the demo city has figures without facts, marked as such."
    )
    mess: float = Field(
        1.0,
        ge=0,
        le=10,
        description="Mess dial of the simulator: 0 is a perfect world, 1 the usual mess, 10 ten times as much.",
    )

    @field_validator("city_zone")
    @classmethod
    def _is_known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(f"BOSHU_CITY_ZONE must be an IANA time zone such as Asia/Shanghai, not {name!r}.") from error
        return name

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        if self.ingest_worker >= self.ingest_workers:
            raise ValueError("BOSHU_INGEST_WORKER counts from 0 and must be less than BOSHU_INGEST_WORKERS.")
        if not self.heartbeat_s <= self.late_after_s <= self.stale_after_s:
            raise ValueError("BOSHU_HEARTBEAT_S, BOSHU_LATE_AFTER_S and BOSHU_STALE_AFTER_S must not fall.")
        return self

    @property
    def is_https(self) -> bool:
        """Tell whether people open the screens by https, so that cookies may be bound to it."""
        return self.web_origin is not None and self.web_origin.startswith("https://")

    @property
    def is_production(self) -> bool:
        """Tell whether others than this machine's can reach the web process."""
        return self.web_origin is not None or not (self.web_host == "localhost" or _is_loopback(self.web_host))

    @property
    def exports_folder(self) -> Path:
        """Return the folder of the files people asked for; web and the maker of exports share it."""
        return self.data_dir / "exports"

    @property
    def anchor_file(self) -> Path:
        """Return the file the audit is anchored in."""
        return self.audit_anchor or self.data_dir / "audit.anchor"

    @property
    def key_file(self) -> Path:
        """Return the file of the keys that seal secrets."""
        return self.keys or self.data_dir / "secrets.keys"


@cache
def settings() -> Settings:
    """Return the settings of this process, read once. `settings.cache_clear()` reads them again, for tests."""
    return Settings()


def variable(field: str) -> str:
    """Return the name of the environment variable behind a field."""
    alias = Settings.model_fields[field].validation_alias
    return str(alias.choices[0]) if isinstance(alias, AliasChoices) else _PREFIX + field.upper()


def table() -> str:
    """Return all settings as a Markdown table for the README."""
    rows = [
        f"| `{variable(name)}` | {_shown(field.get_default(call_default_factory=True))} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]
    return "\n".join(["| variable | default | meaning |", "|---|---|---|", *rows])


def _shown(default: object) -> str:
    return "empty" if default is None or default == {} else f"`{default}`"


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
