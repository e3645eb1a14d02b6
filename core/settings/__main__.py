"""Print the table of settings for the README: `python -m core.settings`."""

from core.settings.settings import table

print(table())
