"""Component ids: written once beside the callbacks that use them, as `<domain>-<noun>-<part>`."""


class Ids:
    """
    The ids of one page.

    `Ids("callbacks.insight.wall").stage` is `"insight-wall-stage"`.
    """

    __slots__ = ("_prefix",)

    def __init__(self, module: str) -> None:
        """Take the name of the module below its room."""
        self._prefix = "-".join(module.split(".")[1:]).replace("_", "-")

    def __getattr__(self, part: str) -> str:
        """Return the id of one part."""
        if part.startswith("_"):
            raise AttributeError(part)
        return f"{self._prefix}-{part.replace('_', '-')}"
