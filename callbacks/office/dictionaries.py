"""Dictionaries: the register of the words that forms offer."""

from core.access.permissions import Permission
from core.kit.locale import _l
from core.office import dictionaries
from core.office.dictionaries import Dictionary
from core.ui import tones
from core.ui.register import Action, Chips, Choice, Field, Form, Register, Typed, View
from core.ui.tables import Column, Look

NAMES = {dictionary.value: dictionary.label for dictionary in Dictionary}
STATES = {"used": _l("Offered"), "ended": _l("Ended")}

DICTIONARIES = Register(
    name="office/dictionaries",
    path="/system/dictionaries",
    group="settings",
    order=3,
    title=_l("Dictionaries"),
    one=_l("Word"),
    note=_l("What forms offer to choose from"),
    view=Permission.SETTINGS_MANAGE,
    relation=dictionaries.WORDS,
    for_all="words are the same at every site",
    columns=(
        Column("dictionary", _l("Dictionary"), Look.TEXT, 200, words=NAMES),
        Column("code", _l("Code"), Look.CODE, 150),
        Column("name", _l("Word"), Look.TEXT, 200, grows=True),
        Column("position", _l("Position"), Look.NUMBER, 100),
        Column("is_built_in", _l("Of the product"), Look.SWITCH, 130),
        Column("state", _l("State"), Look.STATE, 110, words=STATES, tones=tones.LIFE),
    ),
    filters=(Choice("dictionary", _l("Dictionary"), NAMES), Typed("name", _l("Word"))),
    chips=Chips("state", STATES),
    views=tuple(View(name, label, {"dictionary": name}) for name, label in NAMES.items()),
    form=Form(dictionaries.Draft, add=dictionaries.add, change=dictionaries.change, needs=Permission.SETTINGS_MANAGE,
        known_by=("code", "dictionary"), fields=(
        Field("dictionary", _l("Dictionary"), choices=NAMES, is_fixed=True),
        Field("code", _l("Code"), hint=_l("Small letters, digits, hyphens"), is_fixed=True),
        Field("name", _l("Word")),
        Field("name_en", _l("Word in English")),
        Field("position", _l("Position"), hint=_l("Smaller ones come first.")),
    )),
    actions=(
        Action("end", _l("End"), dictionaries.end, Permission.SETTINGS_MANAGE, is_for_many=True,
               when=lambda row: row["state"] == "used",
               says=_l("It is offered no longer; where it was chosen it stays.")),
        Action("use_again", _l("Offer again"), dictionaries.use_again, Permission.SETTINGS_MANAGE, is_for_many=True,
               when=lambda row: row["state"] == "ended"),
    ),
    has_import=True,
)  # fmt: skip
