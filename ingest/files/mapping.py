"""Mappings: YAML files that say what the columns of another system's files mean. Shipped ones stand in `maps`."""

import re
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Annotated, ClassVar, Final, Literal, Self, TypeVar
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
    if form in {"unix", "iso"}:
        return form
    told = datetime(2001, 2, 3, 16, 5, tzinfo=UTC)
    if datetime.strptime(f"{told:{form}} +0000", f"{form} %z") != told:
        raise ValueError(f"{form} does not tell day, hour and minute")
    return form


Pattern = Annotated[str, AfterValidator(_pattern)]
Form = Annotated[str, AfterValidator(_time)]
M = TypeVar("M", bound="FileMap")


class Twice(StrEnum):
    """What to make of a local time that the clocks showed twice when they were put back."""

    FIRST = "first"
    SECOND = "second"
    ORDER = "order"
    REFUSE = "refuse"


class Part(BaseModel):
    """A part of a mapping: no key that is not known, no change after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Column(Part):
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


class ColumnSet(Part):
    """The columns of one kind of file, each by what it means."""

    def named(self) -> dict[str, Column]:
        """Return the columns that the mapping has, by what they mean."""
        return {name: column for name in type(self).model_fields if isinstance(column := getattr(self, name), Column)}


class Columns(ColumnSet):
    """The columns that are read. Without `cost` no claim comes into being; without `plate` no vehicle."""

    entered: Column
    left: Column
    cost: Column | None = None
    status: Column | None = None
    plate: Column | None = None
    colour: Column | None = None


class Status(Part):
    """What a value of the status column says of a stay: A both ends seen, B one end inferred, C both."""

    quality: Literal["A", "B", "C"]
    note: str | None = Field(None, max_length=80)


class AreaMap(Part):
    """The city, district or street a site lies in."""

    level: Literal["city", "district", "street"]
    name: str
    name_en: str


class OwnerMap(Part):
    """The organisation the sites belong to."""

    code: str
    name: str
    name_en: str


class SiteMap(Part):
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


class FileMap(Part):
    """
    What every mapping says: how lines are cut, how times are told, whose the sites are.

    Several `encodings` and `times` are tried in order; a time is a form of strptime, `unix` seconds or `iso` with its
    offset. Local times are those of `zone`, the zone of the sites, or of `told_in`; `twice` says what becomes of one that
    came twice.
    """

    KIND: ClassVar[str]
    kind: str
    encodings: tuple[Annotated[str, AfterValidator(_encoding)], ...] = Field(("utf-8-sig",), min_length=1)
    compression: Literal["auto", "none", "gzip"] = "auto"
    delimiter: str = Field(",", min_length=1, max_length=1)
    has_header: bool = True
    zone: Annotated[str, AfterValidator(_zone)]
    told_in: Annotated[str, AfterValidator(_zone)] | None = None
    times: tuple[Form, ...] = Field(("iso",), min_length=1)
    twice: Twice = Twice.FIRST
    areas: dict[str, AreaMap]
    owner: OwnerMap

    @property
    def columns_read(self) -> dict[str, Column]:
        """Return the columns that are read, by what they mean."""
        raise NotImplementedError

    @model_validator(mode="after")
    def _has_places(self) -> Self:
        if not self.has_header and any(column.position is None for column in self.columns_read.values()):
            raise ValueError("without a header every column needs a position")
        return self

    @cached_property
    def time_zone(self) -> ZoneInfo:
        """Return the zone of the sites."""
        return ZoneInfo(self.zone)

    @cached_property
    def told_zone(self) -> ZoneInfo:
        """Return the zone of the times in the files."""
        return ZoneInfo(self.told_in or self.zone)


class StayMap(FileMap):
    """
    How files of stays are read.

    `file_name` is a pattern whose first group names one of `sites`. Amounts are decimal yuan or whole fen.
    `longest_days` bounds what is believed to be one stay.
    """

    KIND = "stays"
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
    sites: dict[str, SiteMap]

    @property
    def columns_read(self) -> dict[str, Column]:
        """Return the columns that are read, by what they mean."""
        return self.columns.named()

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if re.compile(self.file_name).groups < 1:
            raise ValueError("file_name needs a group that names the site")
        if self.columns.status is not None and not self.statuses:
            raise ValueError("a status column needs statuses that say what its values mean")
        must_describe(self.areas, self.sites)
        return self

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


def must_describe(areas: dict[str, AreaMap], sites: dict[str, SiteMap]) -> None:
    """
    Check that every site lies in an area that is described.

    Raises:
        ValueError: some do not.
    """
    if strays := {site.area for site in sites.values()} - areas.keys():
        raise ValueError(f"areas that are not described: {', '.join(sorted(strays))}")


def load(name: str, wanted: type[M]) -> M:
    """
    Read a mapping of one kind: the name of a shipped one, or the path of a YAML file.

    Raises:
        NoMapping: no such mapping, one of another kind, or what is wrong with it, in sentences.
    """
    shipped = MAPS / f"{name}.yaml"
    path = shipped if shipped.is_file() and shipped.parent == MAPS else Path(name)
    try:
        told = yaml.safe_load(path.read_text("utf-8"))
        if isinstance(told, dict) and told.get("kind") != wanted.KIND:
            raise NoMapping(
                _(
                    "The mapping %(name)s is for %(found)s, not for %(wanted)s.",
                    name=name,
                    found=told.get("kind"),
                    wanted=wanted.KIND,
                )
            )
        return wanted.model_validate(told)
    except OSError as error:
        names = ", ".join(sorted(path.stem for path in MAPS.glob("*.yaml")))
        raise NoMapping(_("There is no mapping %(name)s. Shipped ones: %(names)s.", name=name, names=names)) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise NoMapping(_("The mapping %(name)s is no YAML in UTF-8: %(reason)s", name=name, reason=error)) from error
    except ValidationError as error:
        reasons = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
        raise NoMapping(_("The mapping %(name)s cannot be used: %(reason)s", name=name, reason=reasons)) from error
