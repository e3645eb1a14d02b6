"""Days: the register of what each day is; a file brings a year, and every change has its reason."""

from typing import Final

from core.access.permissions import Permission
from core.billing import calendar
from core.billing.calendar import KINDS, DayType
from core.kit.locale import _l
from core.ui.register import Between, Chips, Choice, Field, Form, Register, Typed
from core.ui.tables import Column, Look
from core.ui.tones import Tone

TONES: Final[dict[str, Tone]] = {
    DayType.WORKING: Tone.OFF,
    DayType.WEEKEND: Tone.GOOD,
    DayType.SHORT_HOLIDAY: Tone.WATCH,
    DayType.LONG_HOLIDAY: Tone.ACT,
    DayType.SWAPPED_WORKING: Tone.INFO,
}
WEEKDAYS = {
    "1": _l("Monday"), "2": _l("Tuesday"), "3": _l("Wednesday"), "4": _l("Thursday"), "5": _l("Friday"), "6": _l("Saturday"),
    "7": _l("Sunday"),
}  # fmt: skip

DAYS = Register(
    name="billing/days",
    path="/billing/days",
    group="calendar",
    order=2,
    title=_l("Days"),
    one=_l("Day"),
    note=_l("What changes here prices what is asked later; what was priced keeps its lines"),
    view=Permission.TARIFFS_VIEW,
    relation=calendar.DAYS,
    for_all="days are the same at every site",
    given=lambda _reader: {},
    columns=(
        Column("day", _l("Day"), Look.DATE, 130),
        Column("weekday", _l("Weekday"), Look.TEXT, 120, words=WEEKDAYS),
        Column("day_type", _l("Kind of day"), Look.STATE, 160, words=KINDS, tones=TONES),
        Column("name", _l("Holiday"), Look.TEXT, 180, grows=True),
        Column("source", _l("Source"), Look.TEXT, 200, words=calendar.SOURCES),
        Column("reason", _l("Reason"), Look.TEXT, 220, grows=True),
        Column("version", _l("Version"), Look.NUMBER, 100),
        Column("published_at", _l("Published at"), Look.MOMENT, 140),
        Column("published_by", _l("Published by"), Look.TEXT, 130),
    ),
    filters=(
        Between("day", _l("Day")),
        Choice("weekday", _l("Weekday"), WEEKDAYS),
        Typed("name", _l("Holiday")),
        Typed("source", _l("Source"), is_rare=True),
        Between("published_at", _l("Published at"), is_rare=True),
    ),
    chips=Chips("day_type", KINDS),
    form=Form(calendar.Draft, add=calendar.add, change=calendar.change, needs=Permission.TARIFFS_MANAGE, fields=(
        Field("day", _l("Day"), is_fixed=True),
        Field("day_type", _l("Kind of day"), choices=KINDS),
        Field("name", _l("Holiday"), hint=_l("As it is called; empty where the day has no name.")),
        Field("name_en", _l("Holiday in English")),
        Field("reason", _l("Reason"), is_wide=True, hint=_l("The notice it stands in, or why it differs.")),
    ), load=lambda _reader, _row: {"reason": ""}),
    has_import=True,
)  # fmt: skip
