"""Company information: one record, changed in a form."""

from core.access.permissions import Permission
from core.kit.locale import _l
from core.office import company
from core.ui.register import Field, Form, Kind, Register
from core.ui.tables import Column, Look

COMPANY = Register(
    name="office/company",
    path="/system/company",
    group="settings",
    order=1,
    title=_l("Company information"),
    one=_l("Company"),
    note=_l("Named on reports, bills and the driver's phone"),
    view=Permission.SETTINGS_MANAGE,
    relation=company.COMPANY,
    for_all="there is one company",
    has_export=False,
    columns=(
        Column("name", _l("Name"), Look.TEXT, 200, grows=True),
        Column("name_en", _l("Name in English"), Look.TEXT, 200),
        Column("contact", _l("Contact"), Look.TEXT, 140),
        Column("phone", _l("Phone"), Look.CODE, 150),
        Column("address", _l("Address"), Look.TEXT, 220),
        Column("tax_no", _l("Tax number"), Look.CODE, 190),
        Column("merchant_domain", _l("Domain of the merchant"), Look.CODE, 190),
        Column("changed_at", _l("Changed"), Look.MOMENT, 140),
    ),
    form=Form(company.Draft, change=company.change, needs=Permission.SETTINGS_MANAGE, fields=(
        Field("name", _l("Name")),
        Field("name_en", _l("Name in English")),
        Field("contact", _l("Contact")),
        Field("phone", _l("Phone")),
        Field("tax_no", _l("Tax number"), hint=_l("15 to 20 capital letters and digits")),
        Field("merchant_domain", _l("Domain of the merchant"), hint="pay.example.com"),
        Field("address", _l("Address"), kind=Kind.LINES, is_wide=True),
    )),
)  # fmt: skip
