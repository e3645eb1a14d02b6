"""Name the failures the product expects. There are two; everything else is a bug and is never caught."""

from core.kit.locale import _


class Refused(Exception):
    """
    Say no to a person in one sentence that is shown as it stands.

    Domains derive from it: `class NothingToWaive(Refused)`.
    """

    def __init__(self, message: str, *, field: str = "") -> None:
        """Keep the sentence, already in the reader's language, and the field of a form it belongs to, if it is one field's."""
        super().__init__(message)
        self.message = message
        self.field = field


class Changed(Refused):
    """Somebody else changed the thing meanwhile: the version that was read is no longer the current one."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(_("Somebody changed this meanwhile."))


class Unavailable(Exception):
    """
    Say that the outside world did not answer: database, broker, partner.

    Whoever catches it tries again or marks the page stale; nothing was committed.
    """

    def __init__(self, message: str) -> None:
        """Keep what did not answer, for the log and the stale mark."""
        super().__init__(message)
        self.message = message
