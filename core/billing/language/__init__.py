"""
The rule language: what a tariff says, as small parts that compose, read from YAML or JSON and refused where it leaves a gap.

Words: a *tariff* has *plans*, a plan *bands* of the day with a *charge* each; *settings* say how the text is read. A *fault*
is a place and a sentence.
"""

from core.billing.language.checks import list_faults
from core.billing.language.compiling import compile_tariff
from core.billing.language.faults import Fault, NotATariff, sentence_of
from core.billing.language.tariff import Tariff
from core.billing.language.texts import read_value, read_yaml, write_value, write_yaml

__all__ = [
    "Fault",
    "NotATariff",
    "Tariff",
    "compile_tariff",
    "list_faults",
    "read_value",
    "read_yaml",
    "sentence_of",
    "write_value",
    "write_yaml",
]
