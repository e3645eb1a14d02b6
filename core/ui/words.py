"""Words the live pages' script puts together with figures: sent once with the page, in the reader's language."""

from core.kit.locale import _


def wall() -> dict[str, object]:
    """Return the words of the wall by the names its script knows; `%(name)s` marks what the script fills in."""
    return {
        "title": _("%(city)s Parking Command"),
        "product": _("Parking command center"),
        "unknown": _("not known"),
        "loading": _("Loading"),
        "empty": _("No data yet"),
        "affected": _("%(n)s devices"),
        "fresh": _("Live · %(span)s ago"),
        "late": _("%(source)s %(span)s ago"),
        "silent": _("%(source)s never heard"),
        "lost": _("Server lost %(span)s, attempt %(attempt)s"),
        "noNews": _("No data for %(span)s"),
        "until": _("Data to %(at)s"),
        "ago": _("%(span)s ago"),
        "lateTile": _("to %(at)s"),
        "gap": _("%(source)s: no data since %(at)s"),
        "stillLive": _("%(sources)s still live"),
        "comma": _(", "),
        "versus": {
            "hour": _("vs last %(day)s, same time"),
            "day": _("vs last %(day)s"),
            "points": _("pts vs last %(day)s"),
        },
        "peak": _("peak %(pct)s%%", pct="%(pct)s"),
        "hours": _("%(hour)sh"),
        "free": _("%(pct)s%% %(free)s left", pct="%(pct)s", free="%(free)s"),
        "load": "%(pct)s%",
        "full": _("%(pct)s%% full", pct="%(pct)s"),
        "waiting": _("unacknowledged"),
        "seen": _("acknowledged"),
        "turn": "%(n)s/%(of)s",
        "upto": {"min": _("≤%(n)sm"), "h": _("≤%(n)sh"), "over": _(">%(n)sh")},
        "median": _("median %(n)s min"),
        "month": _("%(month)s 1–%(day)s, CNY"),
        "months": _months(),
        "large": _("M"),
        "signedIn": _("%(n)s / %(of)s signed in now"),
        "duties": {"on_duty": _("on duty"), "absent": _("absent"), "off": _("off duty")},
        "noShift": _("no shift now"),
        "open": _("%(n)s open"),
        "calm": _("No open alarms"),
        "calmNow": _("Nothing in the last ten minutes"),
        "payments": _("%(n)s payments"),
        "target": _("target %(pct)s%%", pct="%(pct)s"),
        "bills": _bills(),
        "badMoment": _("This moment cannot be shown: %(why)s"),
        "urgent": _("P1 urgent"),
        "sources": {name: source(name) for name in ("magnet", "video", "gate", "handheld", "payment", "database")},
        "channels": _channels(),
        "rules": _rules(),
        "kinds": _kinds(),
        "units": {"s": _("%(n)s s"), "min": _("%(n)s min"), "h": _("%(n)s h"), "d": _("%(n)s d")},
        "short": {"s": _("s"), "min": _("min"), "h": _("h"), "d": _("d")},
        "days": [_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun")],
        "weekdays": [_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday")],
        "meaning": _meaning(),
    }


def desk() -> dict[str, object]:
    """Return the words of every page of the desk by the names its script knows."""
    return {
        "city": _("%(city)s Parking"),
        "product": _("Parking command center"),
        "search": _("Berth, plate, device, order"),
        "loading": _("Loading"),
        "empty": _("No data yet"),
        "fresh": _("Data %(span)s ago"),
        "late": _("%(source)s %(span)s ago"),
        "lost": _("Server lost %(span)s, attempt %(attempt)s"),
        "stale": _("No fresh data: what you see may be old"),
        "nothingFound": _("Nothing found"),
        "typeMore": _("Nothing found so far; a plate takes more letters"),
        "sources": {name: source(name) for name in ("magnet", "video", "gate", "handheld", "payment", "database")},
        "units": {"s": _("%(n)s s"), "min": _("%(n)s min"), "h": _("%(n)s h"), "d": _("%(n)s d")},
        "short": {"s": _("s"), "min": _("min"), "h": _("h"), "d": _("d")},
        "files": _files(),
    }


def _files() -> dict[str, object]:
    """Return the words that tell how far files are."""
    return {
        "all": _("My exports"),
        "rows": _("%(n)s of %(of)s rows"),
        "ready": _("Ready · %(n)s rows"),
        "download": _("Download"),
        "cancel": _("Cancel"),
        "close": _("Close"),
        "states": {
            "waiting": _("Waiting"),
            "running": _("Being made"),
            "done": _("Ready"),
            "failed": _("Failed"),
            "cancelled": _("Cancelled"),
        },
    }


def dispatch() -> dict[str, object]:
    """Return the words of the dispatch map by the names its script knows."""
    return {
        "states": berth_states(),
        "flags": berth_flags(),
        "events": _events(),
        "rules": _rules(),
        "noData": _("No data for %(span)s"),
        "lookingBack": _("Looking back"),
        "replay": _("Replay"),
        "pause": _("Pause"),
        "grouped": _("%(first)s–%(last)s · %(n)s berths %(state)s"),
        "lotFree": _("%(n)s left"),
        "replayFails": _("The last day cannot be read."),
        "live": _("live"),
        "ago": _("%(span)s ago"),
        "lengths": {
            "d": _("%(d)s d %(h)s h"),
            "h": _("%(h)s h %(min)s min"),
            "min": _("%(min)s min %(s)s s"),
            "s": _("%(n)s s"),
        },
    }


def berth_states() -> dict[str, str]:
    """Return what people call the states of a berth."""
    return {
        "occupied": _("Occupied"),
        "free": _("Free"),
        "reserved": _("Reserved"),
        "fault": _("Fault"),
        "offline": _("Offline"),
        "unknown": _("Unknown"),
    }


def berth_flags() -> dict[str, str]:
    """Return what people call the reasons to look at a berth."""
    return {
        "overstay": _("Overstay"),
        "evasion": _("Evasion?"),
        "low_battery": _("Low battery"),
        "disagree": _("Mismatch"),
    }


def _events() -> dict[str, str]:
    """Tell the live events; `%(money)s` is an amount in yuan."""
    return {
        "occupied": _("taken"),
        "freed": _("freed"),
        "plate": _("plate read"),
        "in": _("entered"),
        "out": _("left the lot"),
        "paid": _("paid %(money)s"),
        "alarm": _("alarm"),
        "cleared": _("alarm over"),
        "command": _("command sent"),
    }


def source(name: str) -> str:
    """Return what people call a source of data."""
    return {
        "magnet": _("Sensors"),
        "video": _("Video"),
        "gate": _("Gates"),
        "handheld": _("Handhelds"),
        "payment": _("Payments"),
        "database": _("Database"),
    }[name]


def _channels() -> dict[str, str]:
    return {
        "wechat": _("WeChat"),
        "alipay": _("Alipay"),
        "unionpay": _("UnionPay"),
        "etc": _("ETC"),
        "wallet": _("Balance"),
        "cash": _("Cash"),
    }


def _rules() -> dict[str, str]:
    """Name the alarm rules, for the map and the banner."""
    return {
        "gateway_silent": _("gateway offline"),
        "sensors_offline": _("sensors offline"),
        "overstay": _("parked too long"),
        "evasion": _("suspected evasion"),
        "unknown_device": _("unknown device"),
        "dead_letters": _("messages refused"),
        "area_full": _("district full"),
        "screen_drift": _("guidance screen differs"),
        "cloned_plate": _("cloned plate suspected"),
        "blocked_vehicle": _("blocked vehicle"),
        "watched_vehicle": _("watched vehicle"),
        "guessing": _("passwords guessed"),
        "evidence_damaged": _("pictures damaged"),
        "calendar_unknown": _("calendar lacks days"),
    }


def _months() -> list[str]:
    return [_("Jan"), _("Feb"), _("Mar"), _("Apr"), _("May"), _("Jun"), _("Jul"), _("Aug"), _("Sep"), _("Oct"), _("Nov"), _("Dec")]


def _bills() -> dict[str, str]:
    """Name the sums of the month as one bill after the other."""
    return {
        "receivable": _("Receivable"),
        "received": _("Received"),
        "arrears": _("Arrears"),
        "recovered": _("Recovered"),
        "discount": _("Relief"),
        "refund": _("Refunds"),
    }


def _kinds() -> dict[str, str]:
    """Tell the ticker's events; `%(money)s` is an amount in yuan, `%(span)s` a length of time."""
    return {
        "departed": _("left, due %(money)s"),
        "free": _("left, nothing due"),
        "paid": _("paid %(money)s"),
        "overstay": _("overstay %(span)s"),
        "gateway_silent": _("gateway offline"),
        "sensors_offline": _("sensors offline"),
        "evasion": _("suspected evasion"),
        "unknown_device": _("unknown device"),
        "dead_letters": _("messages refused"),
    }


def _meaning() -> dict[str, str]:
    """Name the lines of a definition."""
    return {
        "formula": _("Formula"),
        "clock": _("Clock"),
        "unit": _("Unit"),
        "sources": _("Sources"),
        "version": _("Version"),
        "as_of": _("Data time"),
    }


def drawing() -> dict[str, object]:
    """Return the words of the field in which a place is drawn on the map."""
    return {
        "line": _("Line"),
        "area": _("Area of a lot"),
        "point": _("Point"),
        "next": _("Next piece"),
        "undo": _("Take back"),
        "clear": _("Clear"),
        "closer": _("Closer"),
        "farther": _("Farther"),
        "none": _("Nothing drawn"),
        "n": _("%(n)s corners"),
        "length": _("%(m)s m"),
        "corners": _("Corners as text: longitude, latitude"),
        "hint": _("A click adds a corner, dragging moves it, a right click or Delete takes it away."),
    }
