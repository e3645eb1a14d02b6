"""
Speak the reader's language. Message ids are English sentences; the catalogue beside this file holds the Chinese.

`_("Waived %(money)s.", money=…)` is translated when it runs, `_l(…)` when it is shown, which is what titles and labels
defined at import time need.
"""

from core.kit.locale.words import Lazy, Text, _, _l, current, negotiate, ngettext, use
from core.settings import Language

__all__ = ["Language", "Lazy", "Text", "_", "_l", "current", "negotiate", "ngettext", "use"]
