"""Tones of states."""

import importlib
import pkgutil

import callbacks
from core.ui import register as registers
from core.ui.tables import Look


class TestTones:
    def test_are_given_to_every_state_of_every_register(self) -> None:
        for module in pkgutil.walk_packages(callbacks.__path__, "callbacks."):
            importlib.import_module(module.name)
        bare = [
            f"{register.name}: {column.field} {state}"
            for register in registers.everything()
            if register.name.split("/")[0] != "library"  # of other tests
            for column in register.columns
            if column.look is Look.STATE
            for state in column.words or {}
            if state not in (column.tones or {})
        ]

        assert bare == []
