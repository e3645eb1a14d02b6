"""
Words: what each part of a tariff is called, what to write there, and what its choices mean, for whoever fills it in.

Every field of every part stands here; a test counts them. What can be told from the model (how long, how many, whether it is
needed) is not said again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from core.billing.language import parts, tariff
from core.kit.locale import Text, _l


class Look(StrEnum):
    """How a text is typed; other looks follow from the type of a field."""

    PLAIN = "plain"
    NAME = "name"
    CLOCK = "clock"
    MONTH_DAY = "month_day"
    ANSWER = "answer"
    """What an attribute must be; how it is typed follows from the attribute."""


@dataclass(frozen=True, slots=True)
class Said:
    """
    What is said about one field.

    Args:
        label: what people call it.
        hint: what stands below it.
        choices: what may be chosen, by its value in the tariff.
        of: the declared names that may be chosen: `vehicles`, `zones`, `day_types`, `attributes`, or `bands` of the plan.
        offers: names that are often typed.
        look: how a text is typed.
    """

    label: Text
    hint: Text = ""
    choices: Mapping[str, Text] = field(default_factory=dict)
    of: str = ""
    offers: tuple[str, ...] = ()
    look: Look = Look.PLAIN


@dataclass(frozen=True, slots=True)
class Spoken:
    """What is said about one part: what one of them is called, its fields, and whether it fits into a line."""

    one: Text
    fields: Mapping[str, Said]
    is_row: bool = False


WHEN: Final = Said(_l("Only for"), _l("Without a condition it holds for every stay."))
EACH: Final[Mapping[str, Text]] = {
    "stay": _l("the whole stay"),
    "period": _l("each period"),
    "day": _l("each calendar day"),
    "visit": _l("each visit of a band"),
    "hours": _l("so many hours from entry"),
}
OF: Final[Mapping[str, Text]] = {"elapsed": _l("all minutes since entry"), "charged": _l("only minutes that are charged")}
WEEKDAYS: Final[Mapping[str, Text]] = {
    "mon": _l("Mon"), "tue": _l("Tue"), "wed": _l("Wed"), "thu": _l("Thu"), "fri": _l("Fri"), "sat": _l("Sat"), "sun": _l("Sun"),
}  # fmt: skip
KINDS: Final[Mapping[str, Text]] = {
    "units": _l("By units of time"),
    "steps": _l("By a table of totals"),
    "entry": _l("Once for each visit"),
    "cheapest": _l("The cheapest of several"),
    "free": _l("Free of charge"),
    "not_allowed": _l("Nobody may park"),
    "flag": _l("Yes or no"),
    "count": _l("A number"),
    "one_of": _l("One of some words"),
}
"""Kinds of charges and of attributes."""

_SPAN: Final[Mapping[str, Said]] = {
    "start": Said(_l("From the time"), look=Look.CLOCK),
    "end": Said(_l("To the time"), look=Look.CLOCK),
}
_NAME: Final = Said(_l("Name"), _l("Letters, digits and _ + . -; it stands on receipts and in cases."), look=Look.NAME)

PARTS: Final[Mapping[type[parts.Part], Spoken]] = {
    parts.Season: Spoken(_l("Season"), {
        "first": Said(_l("First day"), _l("Month and day, such as 11-15."), look=Look.MONTH_DAY),
        "last": Said(_l("Last day"), look=Look.MONTH_DAY),
    }, is_row=True),
    parts.Days: Spoken(_l("Days"), {
        "types": Said(_l("Kinds of days"), of="day_types"),
        "weekdays": Said(_l("Weekdays"), choices=WEEKDAYS),
        "season": Said(_l("Season")),
    }),
    parts.Span: Spoken(_l("Clock times"), _SPAN, is_row=True),
    parts.Asked: Spoken(_l("Attribute"), {
        "attribute": Said(_l("Attribute"), of="attributes"),
        "is_": Said(_l("Is"), look=Look.ANSWER),
        "at_least": Said(_l("At least")),
        "below": Said(_l("Below")),
    }, is_row=True),
    parts.When: Spoken(_l("Condition"), {
        "vehicles": Said(_l("Classes of vehicles"), of="vehicles"),
        "zones": Said(_l("Classes of zones"), of="zones"),
        "attributes": Said(_l("Attributes")),
        "entry": Said(_l("Time of entry")),
        "entry_days": Said(_l("Days of entry")),
    }),
    parts.Tier: Spoken(_l("Tier"), {
        "for_min": Said(_l("Lasts for"), _l("Every tier but the last says for how long.")),
        "unit_min": Said(_l("Unit of time")),
        "price_fen": Said(_l("Price of a unit")),
    }, is_row=True),
    parts.Units: Spoken(_l("Units of time"), {
        "rounding": Said(_l("A unit that is begun"), choices={
            "up": _l("costs a whole one"), "down": _l("costs nothing until it is full"), "nearest": _l("whichever is nearer"),
            "exact": _l("costs its exact share"),
        }),
        "tolerance_min": Said(_l("Tolerance"), _l("So much of a unit is forgiven before it counts.")),
        "tiers": Said(_l("Tiers"), _l("One after the other; the last goes on for ever.")),
    }),
    parts.Step: Spoken(_l("Step"), {
        "up_to_min": Said(_l("Up to")),
        "total_fen": Said(_l("Total")),
    }, is_row=True),
    parts.Steps: Spoken(_l("Table of totals"), {
        "steps": Said(_l("Steps"), _l("What a stay of up to so long costs in all.")),
        "beyond_total_fen": Said(_l("Longer stays: one total")),
        "beyond": Said(_l("Longer stays: by units")),
    }),
    parts.Entry: Spoken(_l("Once for each visit"), {
        "price_fen": Said(_l("Price of the visit"), _l("Per entry, per night, or a flat evening.")),
    }),
    parts.Nothing: Spoken(_l("Free of charge"), {}),
    parts.Forbidden: Spoken(_l("Nobody may park"), {}),
    parts.Cheapest: Spoken(_l("The cheapest of several"), {"of": Said(_l("Of these"))}),
    parts.Window: Spoken(_l("Clock time"), {
        **_SPAN,
        "days": Said(_l("Only on some days"), _l("Without them it holds every day.")),
    }, is_row=True),
    parts.Band: Spoken(_l("Band of the day"), {
        "name": _NAME,
        "windows": Said(_l("Clock times"), _l("Over midnight where the first is later; a whole day is 00:00 to 24:00.")),
        "charge": Said(_l("What it costs")),
    }),
    parts.Free: Spoken(_l("Free time"), {
        "name": _NAME,
        "when": WHEN,
        "minutes": Said(_l("How long")),
        "kind": Said(_l("What a longer stay pays"), choices={
            "threshold": _l("everything, from its beginning"), "deduct": _l("only what comes after the free time"),
        }),
        "bound": Said(_l("A stay of exactly so long"), choices={"inclusive": _l("is free"), "exclusive": _l("is not free")}),
        "of": Said(_l("It counts"), choices=OF),
        "each": Said(_l("It is given for"), choices={name: EACH[name] for name in ("stay", "period", "day")}),
        "frequency": Said(_l("A vehicle gets it"), choices={
            "every_stay": _l("at every stay"), "once_a_day": _l("once a day, in all sites of a group"),
        }),
        "counts_for_tiers": Said(_l("Free minutes move the stay on through the tiers")),
    }),
    parts.Cap: Spoken(_l("Cap"), {
        "when": WHEN,
        "per": Said(_l("The most for"), choices=EACH),
        "hours": Said(_l("Hours from entry")),
        "limits_fen": Said(_l("Limit in money"), _l("Of several the first holds for the first time, the last from then on.")),
        "limits_billed_min": Said(_l("Limit in billed time")),
        "bands": Said(_l("Only these bands"), of="bands"),
        "days": Said(_l("Only on some days")),
    }),
    parts.Factor: Spoken(_l("Surcharge or discount"), {
        "name": _NAME,
        "when": WHEN,
        "percent": Said(_l("Per cent of the price"), _l("200 is double, 80 is a fifth off, 0 is free.")),
        "times": Said(_l("As many times as"), _l("A number that the tariff asks for, such as spaces."), of="attributes"),
        "applies": Said(_l("It applies"), choices={"before_caps": _l("before the caps"), "after_caps": _l("after the caps")}),
    }),
    parts.Period: Spoken(_l("Period"), {
        "hours": Said(_l("Every so many hours from entry")),
        "clock": Said(_l("Every day at"), look=Look.CLOCK),
        "days": Said(_l("Only on some days")),
        "full_fen": Said(_l("A full period costs")),
        "plan_again": Said(_l("The plan is chosen again"), _l("Who stays is priced from then on as somebody who comes then.")),
    }),
    parts.MaxStay: Spoken(_l("Longest stay"), {
        "minutes": Said(_l("How long")),
        "then": Said(_l("What follows"), choices={
            "stop": _l("it costs no more"), "charge_on": _l("it costs on, and is told"), "penalty": _l("it costs extra"),
        }),
        "penalty": Said(_l("Extra charge")),
    }),
    parts.Idle: Spoken(_l("After charging ended"), {
        "grace_min": Said(_l("Time to drive away")),
        "charge": Said(_l("What it costs then")),
        "cap_fen": Said(_l("At most")),
    }),
    parts.Flag: Spoken(_l("Yes or no"), {"absent": Said(_l("When nobody says"))}),
    parts.Count: Spoken(_l("A number"), {"absent": Said(_l("When nobody says"))}),
    parts.OneOf: Spoken(_l("One of some words"), {
        "values": Said(_l("Words")),
        "absent": Said(_l("When nobody says"), look=Look.NAME),
    }),
    tariff.Title: Spoken(_l("Name"), {"zh": Said(_l("Chinese")), "en": Said(_l("English"))}, is_row=True),
    tariff.MoneyRounding: Spoken(_l("Rounding of money"), {
        "to_fen": Said(_l("To whole"), choices={"1": "0.01", "10": "0.10", "50": "0.50", "100": "1.00", "1000": "10.00"}),
        "mode": Said(_l("How"), choices={"half_up": _l("half counts up"), "up": _l("always up"), "down": _l("always down")}),
        "at": Said(_l("Where"), choices={"line": _l("each line"), "total": _l("the total")}),
    }, is_row=True),
    tariff.Settings: Spoken(_l("Readings"), {
        "day_type_by": Said(_l("Whose kind of day"), choices={
            "minute": _l("of each minute"), "entry": _l("of the entry"), "exit": _l("of the exit"),
        }),
        "overnight": Said(_l("After midnight in a window over midnight"), choices={
            "own_day": _l("the morning's own"), "evening_day": _l("the evening's"),
        }),
        "units_at_band_edge": Said(_l("A unit in progress where a band ends"), choices={
            "cut": _l("is cut"), "finish": _l("is finished"), "carry": _l("is carried on"),
        }),
        "units_at_midnight": Said(_l("Units at midnight"), choices={"cut": _l("are counted anew"), "run_on": _l("run on")}),
        "tiers_again": Said(_l("The first tier comes again"), choices={
            "never": _l("never"), "each_visit": _l("at each visit of a band"), "each_day": _l("each day"),
        }),
        "tier_clock": Said(_l("What moves a stay through the tiers"), choices={
            "elapsed": _l("time elapsed"), "charged": _l("time charged, in all bands"),
            "charged_in_band": _l("time charged, in this band"), "billed_in_band": _l("time billed, in this band"),
        }),
        "before_window": Said(_l("Coming before the charged hours"), choices={
            "from_window": _l("charged from their beginning"), "from_entry": _l("charged from entry"),
        }),
        "leaving_on_edge": Said(_l("Leaving at the instant a band begins"), choices={
            "half_open": _l("does not open it"), "closed": _l("opens it"),
        }),
        "money": Said(_l("Rounding of money")),
    }),
    tariff.Plan: Spoken(_l("Plan"), {
        "name": _NAME,
        "when": Said(_l("Only for"), _l("The first plan whose condition is met prices a stay; the last has none.")),
        "bands": Said(_l("Bands of the day"), _l("Together they cover every minute once.")),
        "free": Said(_l("Free times")),
        "caps": Said(_l("Caps")),
        "factors": Said(_l("Surcharges and discounts")),
        "minimum_fen": Said(_l("At least")),
        "max_stay": Said(_l("Longest stay")),
        "period": Said(_l("All begins again"), _l("After so many hours, or at a time of day.")),
        "idle": Said(_l("After charging ended")),
        "time_zone": Said(_l("Time zone")),
        "settings": Said(_l("Readings of its own"), _l("Only what this plan reads differently.")),
    }),
    tariff.AfterPayment: Spoken(_l("After payment"), {
        "grace_min": Said(_l("Time to drive out")),
        "policy": Said(_l("Who stays longer"), choices={
            "re_quote_from_entry": _l("pays for the whole stay, less what was paid"),
            "extend_by_unit": _l("pays by further units"), "new_stay": _l("begins a new stay"),
        }),
        "unit_min": Said(_l("Unit of time")),
        "unit_fen": Said(_l("Price of a unit")),
    }),
    tariff.Passes: Spoken(_l("Passes"), {
        "edge": Said(_l("Of a stay that a pass covers in part"), choices={
            "uncovered_minutes_only": _l("the rest is charged"), "whole_stay_charged": _l("all is charged"),
            "whole_stay_covered": _l("nothing is charged"),
        }),
        "free_time": Said(_l("Free time of the rest"), choices={"holds": _l("holds"), "does_not_hold": _l("does not hold")}),
    }),
    tariff.Coupons: Spoken(_l("Coupons"), {
        "order": Said(_l("Order of the kinds"), _l("Which kind counts first."), choices={
            "minutes": _l("minutes"), "percent": _l("per cent"), "amount": _l("amount"),
        }),
        "minutes_from": Said(_l("Minutes are taken off"), choices={"head": _l("the beginning"), "tail": _l("the end")}),
        "stack": Said(_l("How many count"), choices={
            "one": _l("only one"), "one_a_group": _l("one of each group"), "all": _l("all of them"),
        }),
        "floor_fen": Said(_l("To be paid at least")),
    }),
    tariff.NoReturn: Spoken(_l("No return"), {
        "minutes": Said(_l("For so long")),
        "then": Said(_l("Who comes back"), choices={"tell": _l("is reported"), "no_free_time": _l("gets no free time")}),
    }),
    tariff.Tariff: Spoken(_l("Tariff"), {
        "code": Said(_l("Code"), _l("It stays for ever: versions of one tariff have one code."), look=Look.NAME),
        "title": Said(_l("Name")),
        "vehicles": Said(_l("Classes of vehicles"), offers=("small", "large", "motor", "other")),
        "day_types": Said(_l("Kinds of days"), offers=("workday", "weekend", "holiday")),
        "zones": Said(_l("Classes of zones"), _l("Where prices differ by place."), offers=("class1", "class2", "class3")),
        "attributes": Said(_l("Attributes asked for"), _l("What else a price may depend on, such as patient or spaces.")),
        "seconds": Said(_l("Seconds of entry and exit"), choices={"kept": _l("count"), "cut_off": _l("are cut off")}),
        "time_zone": Said(_l("Time zone")),
        "currency": Said(_l("Currency")),
        "plans": Said(_l("Plans")),
        "settings": Said(_l("Readings")),
        "after_payment": Said(_l("After payment")),
        "passes": Said(_l("Passes")),
        "coupons": Said(_l("Coupons")),
        "on_change": Said(_l("A new version begins during a stay"), choices={
            "pin_at_entry": _l("the version of the entry holds"), "split_at_change": _l("each holds for its time"),
            "cheaper_of_both": _l("the cheaper one holds"),
        }),
        "nested": Said(_l("Time in an inner lot"), choices={
            "additive": _l("costs in both"), "exclusive": _l("costs in the inner one alone"),
            "outer_paused": _l("pauses the outer one"),
        }),
        "no_return": Said(_l("No return")),
    }),
}  # fmt: skip
"""What is said about each part, its fields in the order in which they are asked."""

CHAPTERS: Final[tuple[tuple[str, Text, Text, tuple[str, ...]], ...]] = (
    ("head", _l("Head"), _l("What is priced, and in which money"), (
        "code", "title", "vehicles", "day_types", "zones", "seconds", "time_zone", "currency", "attributes",
    )),
    ("plans", _l("Plans"), _l("The first whose condition is met prices a stay"), ("plans",)),
    ("readings", _l("Readings"), _l("What the text leaves open is asked here; nothing is assumed"), ("settings",)),
    ("terms", _l("Around the stay"), _l("Payment before leaving, passes, coupons, new versions"), (
        "after_payment", "passes", "coupons", "on_change", "nested", "no_return",
    )),
)  # fmt: skip
"""Chapters of a tariff: name, title, what it is about, and the fields that stand there."""


def name_of(path: str) -> str:
    """Return what people call the part that a path leads to, and which of its kind: "Tiers 1" of `….charge.tiers.0`."""
    *_before, name, last = ("", *path.split("."))
    field, number = (name, f" {int(last) + 1}") if last.isdigit() else (last, "")
    label = next((str(spoken.fields[field].label) for spoken in PARTS.values() if field in spoken.fields), field)
    return f"{label}{number}"
