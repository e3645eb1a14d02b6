"""Words of registers' pages: what the script writes, sent once with the page in the reader's language."""

from core.kit.locale import _


def words() -> dict[str, object]:
    """Return the words by the names the script knows; `%(name)s` marks what it fills in."""
    return {
        "all": _("All"),
        "clear": _("Clear all"),
        "remove": _("Take away: %(text)s"),
        "pickDay": _("choose a day"),
        "monthBefore": _("Month before"),
        "monthAfter": _("Month after"),
        "from": _("from"),
        "to": _("to"),
        "atLeast": _("≥ %(value)s"),
        "atMost": _("≤ %(value)s"),
        "saveView": _("Save view"),
        "nameView": _("Name of the view"),
        "share": _("Others see it, too"),
        "removeView": _("Remove this view"),
        "columns": _("Columns"),
        "density": _("Narrow rows"),
        "position": _("%(first)s–%(last)s of %(all)s"),
        "positionOpen": _("Rows %(first)s–%(last)s"),
        "selected": _("%(n)s selected"),
        "noneAsked": _("Nothing fits what is asked. Take a filter away."),
        "noneYet": _("Nothing here yet. Press n to add the first."),
        "find": _("Search"),
        "chooseShown": _("Choose all shown"),
        "leaveShown": _("Choose none shown"),
        "unselect": _("Let go"),
        "save": _("Save"),
        "cancel": _("Cancel"),
        "close": _("Close"),
        "create": _("New: %(what)s"),
        "edit": _("Edit: %(what)s"),
        "none": _("None"),
        "problems": _("%(n)s fields need attention."),
        "unsaved": _("What you typed is not saved. Leave it?"),
        "kept": _("What you typed before is here again."),
        "forget": _("Start afresh"),
        "changed": _("Somebody changed this meanwhile. Choose for each field what shall stand."),
        "yours": _("Yours"),
        "now": _("Stands now"),
        "reason": _("Reason"),
        "forRows": _("For %(n)s rows: %(names)s"),
        "forRow": _("For %(names)s"),
        "andMore": _("and %(n)s more"),
        "confirm": _("Prove first that it is you, then you come back here."),
        "confirmGo": _("Prove it"),
        "reveal": _("Show in full"),
        "revealed": _("What you see is noted with your reason."),
        "noAnswer": _("The server did not answer. Try again."),
        **_importing(),
        **_pictures(),
        "row": _("Row"),
        "says": _("Says"),
        "exportAs": _("Export as"),
        "exportReveal": _("Personal data in full"),
        "exportGo": _("Export"),
    }


def _pictures() -> dict[str, object]:
    """Return the words of a field for pictures."""
    return {
        "pick": _("Choose pictures"),
        "pickHint": _("JPEG or PNG, %(mb)s MB each, %(n)s at most"),
        "pickMore": _("At most %(n)s pictures."),
        "pickSent": _("ready, %(size)s"),
        "pickSending": _("being sent"),
        "pickNot": _("not taken: %(why)s"),
        "pickWrong": _("A picture is a JPEG or a PNG."),
        "pickLarge": _("A picture may have %(n)s MB."),
    }


def dropdown() -> dict[str, str]:
    """Return the words inside a dropdown."""
    return {
        "search": _("Search"),
        "clear_search": _("Clear"),
        "clear_selection": _("Clear"),
        "no_options_found": _("Nothing here"),
        "selected_count": _("{num_selected} chosen"),
        "select_all": _("Choose all"),
        "deselect_all": _("Choose none"),
    }


def _importing() -> dict[str, object]:
    """Return the words of files that are taken in."""
    return {
        "import": _("Import"),
        "importPick": _("Choose a file (XLSX or CSV)"),
        "importFirst": _("The first row names the fields, those with * are needed: %(names)s"),
        "importHeads": _("Download a template"),
        "importWrong": _("Nothing was taken over. Mend the file and choose it again."),
        "comma": _(", "),
        "importDo": _("Take over %(n)s rows"),
        "importSaid": _("%(added)s new, %(changed)s changed, %(same)s as they are, %(wrong)s wrong"),
        "importSame": _("Everything is there already."),
        "became": {"added": _("Is new"), "changed": _("Is changed"), "same": _("As it is"), "wrong": _("Wrong")},
        "importDone": _("%(n)s rows were taken over."),
        "importReport": _("Download the report"),
    }
