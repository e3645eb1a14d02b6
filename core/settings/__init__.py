"""Say what an operator may set: every setting has a name, a default and a help sentence."""

from core.settings.settings import Language, Settings, settings, table

__all__ = ["Language", "Settings", "settings", "table"]
