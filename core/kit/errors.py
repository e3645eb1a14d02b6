"""Name the failures the product expects. There are two; everything else is a bug and is never caught."""


class Refused(Exception):
    """
    Say no to a person in one sentence that is shown as it stands.

    Domains derive from it: `class NothingToWaive(Refused)`.
    """

    def __init__(self, message: str) -> None:
        """Keep the sentence, already in the reader's language."""
        super().__init__(message)
        self.message = message


class Unavailable(Exception):
    """
    Say that the outside world did not answer: database, broker, partner.

    Whoever catches it tries again or marks the page stale; nothing was committed.
    """

    def __init__(self, message: str) -> None:
        """Keep what did not answer, for the log and the stale mark."""
        super().__init__(message)
        self.message = message
