"""Mappings: YAML files that say what the columns of another system's files mean. Shipped ones stand in `maps`."""

import re
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Annotated, Final, Literal, Self
from zoneinfo import ZoneInfo

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from core.kit.errors import Refused
from core.kit.locale import _

MAPS: Final = Path(__file__).parent / "maps"


class NoMapping(Refused):
    """There is no mapping of that name, or it cannot be used."""


class NoSite(Refused):
    """The name of a file does not tell which site its rows belong to."""


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"{text} is no regular expression: {error}") from error
    return text


def _encoding(name: str) -> str:
    try:
        "".encode(name)
    except LookupError as error:
        raise ValueError(f"{name} is no encoding") from error
    return name


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"{name} is no IANA time zone") from error
    return name


def _time(form: str) -> str:
    """Refuse a form that does not tell the whole instant: what strptime makes up would be taken for a fact."""
    told = datetime(2001, 2, 3, 16, 5, tzinfo=UTC)
    if datetime.strptime(f"{told:{form}} +0000", f"{form} %z") != told:
        raise ValueError(f"{form} does not tell day, hour and minute")
    return form


Pattern = Annotated[str, AfterValidator(_pattern)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Column(_Part):
    """Where a value stands: under a header that matches a pattern, or at a position counted from 1."""

    header: Pattern | None = None
    position: int | None = Field(None, ge=1, le=1_000)

    @model_validator(mode="after")
    def _has_one_place(self) -> Self:
        if (self.header is None) == (self.position is None):
            raise ValueError("a column is found by its header or by its position, by one of the two")
        return self

    def place(self, header: list[str]) -> int | None:
        """Return the index of the column, None where the header has none or several such columns."""
        if self.position is not None:
            return self.position - 1
        found = [index for index, name in enumerate(header) if re.search(self.header or "", name.strip(), re.IGNORECASE)]
        return found[0] if len(found) == 1 else None


class Columns(_Part):
    """The columns that are read. Without `cost` no claim comes into being; without `plate` no vehicle."""

    entered: Column
    left: Column
    cost: Column | None = None
    status: Column | None = None
    plate: Column | None = None
    colour: Column | None = None

    def named(self) -> dict[str, Column]:
        """Return the columns that the mapping has, by what they mean."""
        return {name: column for name in type(self).model_fields if (column := getattr(self, name)) is not None}


class Status(_Part):
    """What a value of the status column says of a stay: A both ends seen, B one end inferred, C both."""

    quality: Literal["A", "B", "C"]
    note: str | None = Field(None, max_length=80)


class AreaMap(_Part):
    """The city, district or street a site lies in."""

    level: Literal["city", "district", "street"]
    name: str
    name_en: str


class OwnerMap(_Part):
    """The organisation the sites belong to."""

    code: str
    name: str
    name_en: str


class SiteMap(_Part):
    """A site as it is made where it is missing. An unknown capacity is left out; coordinates are WGS-84 degrees."""

    code: str = Field(pattern=r"^[A-Za-z0-9_-]{1,40}$")
    name: str
    name_en: str
    area: str
    kind: Literal["on_street", "off_street"] = "off_street"
    opened_on: date
    capacity: int | None = Field(None, ge=0)
    lon: float | None = Field(None, ge=-180, le=180)
    lat: float | None = Field(None, ge=-90, le=90)


class StayMap(_Part):
    """
    How files of stays are read.

    `file_name` is a pattern whose first group names one of `sites`; several `encodings` and `times` are tried in order.
    Times are local to `zone`, amounts decimal yuan. `longest_days` bounds what is believed to be one stay.
    """

    kind: Literal["stays"]
    encodings: tuple[Annotated[str, AfterValidator(_encoding)], ...] = Field(min_length=1)
    compression: Literal["auto", "none", "gzip"] = "auto"
    delimiter: str = Field(",", min_length=1, max_length=1)
    has_header: bool = True
    zone: Annotated[str, AfterValidator(_zone)]
    times: tuple[Annotated[str, AfterValidator(_time)], ...] = Field(min_length=1)
    money: Literal["yuan", "fen"] = "yuan"
    columns: Columns
    statuses: dict[str, Status] = Field(default_factory=dict)
    colours: dict[str, Literal["blue", "yellow", "green", "yellow_green", "white", "black", "unknown"]] = Field(
        default_factory=dict
    )
    quality: Literal["A", "B", "C"] = "A"
    vehicle_class: Literal["small", "large", "motor", "other"] = "small"
    longest_days: int = Field(400, ge=1, le=4_000)
    file_name: Pattern
    areas: dict[str, AreaMap]
    owner: OwnerMap
    sites: dict[str, SiteMap]

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if re.compile(self.file_name).groups < 1:
            raise ValueError("file_name needs a group that names the site")
        if self.columns.status is not None and not self.statuses:
            raise ValueError("a status column needs statuses that say what its values mean")
        if not self.has_header and any(column.position is None for column in self.columns.named().values()):
            raise ValueError("without a header every column needs a position")
        if strays := {site.area for site in self.sites.values()} - self.areas.keys():
            raise ValueError(f"areas that are not described: {', '.join(sorted(strays))}")
        return self

    @cached_property
    def time_zone(self) -> ZoneInfo:
        """Return the zone of the times in the files."""
        return ZoneInfo(self.zone)

    def site_of(self, path: Path) -> SiteMap:
        """
        Return the site a file belongs to, by the file's name.

        Raises:
            NoSite: the name tells none, or one that is not described.
        """
        found = re.search(self.file_name, path.name)
        site = self.sites.get(found[1]) if found else None
        if site is None:
            raise NoSite(_("The file name %(name)s tells no site of this mapping.", name=path.name))
        return site


def load(name: str) -> StayMap:
    """
    Read a mapping: the name of a shipped one, or the path of a YAML file.

    Raises:
        NoMapping: no such mapping, or what is wrong with it, in sentences.
    """
    shipped = MAPS / f"{name}.yaml"
    path = shipped if shipped.is_file() and shipped.parent == MAPS else Path(name)
    try:
        return StayMap.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except OSError as error:
        names = ", ".join(sorted(path.stem for path in MAPS.glob("*.yaml")))
        raise NoMapping(_("There is no mapping %(name)s. Shipped ones: %(names)s.", name=name, names=names)) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise NoMapping(_("The mapping %(name)s is no YAML in UTF-8: %(reason)s", name=name, reason=error)) from error
    except ValidationError as error:
        reasons = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
        raise NoMapping(_("The mapping %(name)s cannot be used: %(reason)s", name=name, reason=reasons)) from error
