"""
Registers: managed things, declared once.

A declaration gives a thing its list, its filters, its form, its actions, import and export; `page` gives it an address. What
happens on the page is the same for all: `callbacks/registers.py`.
"""

from core.ui.register.declaring import (
    Action,
    Between,
    Chips,
    Choice,
    Choices,
    Field,
    Filter,
    Form,
    Kind,
    Reader,
    Register,
    Total,
    Typed,
    View,
    everything,
    find,
)
from core.ui.register.drawing import page

__all__ = [
    "Action",
    "Between",
    "Chips",
    "Choice",
    "Choices",
    "Field",
    "Filter",
    "Form",
    "Kind",
    "Reader",
    "Register",
    "Total",
    "Typed",
    "View",
    "everything",
    "find",
    "page",
]
