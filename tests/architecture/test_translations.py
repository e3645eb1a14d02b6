"""Every text a person reads is Chinese as well as English (DESIGN D14, STYLE section 8b)."""

import ast
import re

import pytest
from babel.messages.pofile import read_po

from core.kit.locale import Language, catalogues
from tests.architecture import tree

HANZI = re.compile(r"[一-鿿]")
# A language is called what its speakers call it, and so is Boshu; a plate begins with a character in every language.
OWN_NAMES = re.compile(r"中文|泊枢|江A12|江\[A-Z\]\\d\{4\}学")
# What speaks Chinese by nature: the demo city's names and the glossary's words in docstrings.
CHINESE_BY_NATURE = ("ingest/simulator", "ingest/files", "ingest/vendors/frames.py")


class TestCatalogues:
    @pytest.mark.parametrize("language", catalogues.TRANSLATED)
    def test_are_complete_and_current(self, language: Language) -> None:
        assert catalogues.complaints(language, catalogues.extract()) == []

    @pytest.mark.parametrize("language", catalogues.TRANSLATED)
    def test_do_not_shout(self, language: Language) -> None:
        with catalogues.source_of(language).open("rb") as file:
            shouted = [
                message.id for message in read_po(file, locale=language) if message.id and re.search("[!！]", str(message.string))
            ]

        assert shouted == []


class TestSource:
    def test_writes_messages_in_english(self) -> None:
        """A literal with hanzi outside a docstring is a text that nobody can translate."""
        found = []
        for path in tree.below("app.py", *tree.ROOMS):
            if path.as_posix().startswith(CHINESE_BY_NATURE):
                continue
            told = {id(node.value) for node in ast.walk(tree.parsed(path)) if isinstance(node, ast.Expr)}
            found += [
                f"{path}:{node.lineno}"
                for node in ast.walk(tree.parsed(path))
                if isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and id(node) not in told
                and HANZI.search(OWN_NAMES.sub("", node.value))
            ]

        assert found == []
