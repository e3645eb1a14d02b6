"""Seamless payment of sites: into which accounts, in which order."""

from core.access.permissions import Permission
from core.kit.locale import _l
from core.office import accounts, site_channels
from core.office.accounts import Channel
from core.ui import tones
from core.ui.register import Action, Choice, Field, Form, Register, Typed
from core.ui.tables import Column, Look

CHANNELS = {channel.value: channel.label for channel in Channel}
STATES = {"on": _l("Switched on"), "off": _l("Off"), "ended": _l("Ended")}

SITE_CHANNELS = Register(
    name="office/site_channels",
    path="/system/site-channels",
    group="settings",
    order=5,
    title=_l("Seamless payment"),
    one=_l("Account of a site"),
    note=_l("The first that answers takes the money"),
    view=Permission.SECRETS_MANAGE,
    relation=site_channels.SITE_CHANNELS,
    columns=(
        Column("site", _l("Site"), Look.TEXT, 220, grows=True, beside="site_name"),
        Column("priority", _l("Place in the order"), Look.NUMBER, 130),
        Column("channel", _l("Channel"), Look.TEXT, 140, words=CHANNELS),
        Column("account", _l("Account"), Look.TEXT, 180),
        Column("state", _l("State"), Look.STATE, 120, words=STATES, tones=tones.LIFE),
    ),
    filters=(Typed("site", _l("Site")), Choice("channel", _l("Channel"), CHANNELS), Choice("state", _l("State"), STATES)),
    form=Form(site_channels.Draft, add=site_channels.add, change=site_channels.change, needs=Permission.SECRETS_MANAGE, fields=(
        Field("site_id", _l("Site"), choices=lambda reader: site_channels.list_sites(reader.tx, sites=reader.sites), is_fixed=True),
        Field("account_id", _l("Account"), choices=lambda reader: accounts.list_choices(reader.tx), is_fixed=True),
        Field("priority", _l("Place in the order"), hint=_l("1 is asked first.")),
    )),
    actions=(
        Action("remove", _l("Remove"), site_channels.remove, Permission.SECRETS_MANAGE, asks_reason=True, is_for_many=True,
               says=_l("The site is paid into this account no longer.")),
    ),
)  # fmt: skip
