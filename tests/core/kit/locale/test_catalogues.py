"""Catalogues follow the source."""

import gettext
from pathlib import Path

import pytest

from core.kit.locale import Language, catalogues

SOURCE = """
from core.kit.locale import _, _l, ngettext
_("Waived %(money)s.", money=1)
TITLE = _l("Waivers")
ngettext("%(count)s waiver", "%(count)s waivers", 2)
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for room in catalogues.ROOMS:
        (tmp_path / room).mkdir()
    (tmp_path / "pages" / "waivers.py").write_text(SOURCE)
    (tmp_path / "app.py").write_text('_("Boshu")\n')
    return tmp_path


@pytest.fixture
def folder(tmp_path: Path, project: Path) -> Path:
    found = catalogues.extract(project)
    assert catalogues.update(Language.ZH_CN, found, tmp_path) == 4
    return tmp_path


def translate(folder: Path, message: str, said: str) -> None:
    file = catalogues.source_of(Language.ZH_CN, folder)
    text = file.read_text()
    assert f'msgid "{message}"\nmsgstr ""' in text
    file.write_text(text.replace(f'msgid "{message}"\nmsgstr ""', f'msgid "{message}"\nmsgstr "{said}"'))


class TestExtract:
    def test_finds_every_call_of_the_rooms(self, project: Path) -> None:
        found = {message.id for message in catalogues.extract(project) if message.id}

        assert found == {"Waived %(money)s.", "Waivers", ("%(count)s waiver", "%(count)s waivers"), "Boshu"}


class TestUpdate:
    def test_keeps_what_is_translated_and_drops_what_is_gone(self, project: Path, folder: Path) -> None:
        translate(folder, "Waivers", "减免")
        (project / "app.py").write_text("")

        assert catalogues.update(Language.ZH_CN, catalogues.extract(project), folder) == 2

        text = catalogues.source_of(Language.ZH_CN, folder).read_text()
        assert "减免" in text
        assert 'Boshu"\nmsgstr' not in text

    def test_writes_the_same_bytes_again(self, project: Path, folder: Path) -> None:
        before = catalogues.source_of(Language.ZH_CN, folder).read_bytes()

        catalogues.update(Language.ZH_CN, catalogues.extract(project), folder)

        assert catalogues.source_of(Language.ZH_CN, folder).read_bytes() == before


class TestComplaints:
    def test_names_what_is_missing_untranslated_unused_or_filled_otherwise(self, project: Path, folder: Path) -> None:
        translate(folder, "Waivers", "减免")
        translate(folder, "Waived %(money)s.", "已减免 %(amount)s。")
        (project / "app.py").write_text('_("New")\n')

        said = catalogues.complaints(Language.ZH_CN, catalogues.extract(project), folder)

        assert said == [
            "zh_CN: not translated: '%(count)s waiver'",
            "zh_CN: missing: 'New'",
            "zh_CN: other placeholders: 'Waived %(money)s.'",
            "zh_CN: no longer used: 'Boshu'",
        ]


class TestCompile:
    def test_writes_what_gettext_reads(self, folder: Path) -> None:
        translate(folder, "Waivers", "减免")

        catalogues.compile_(Language.ZH_CN, folder)

        with catalogues.source_of(Language.ZH_CN, folder).with_suffix(".mo").open("rb") as mo:
            assert gettext.GNUTranslations(mo).gettext("Waivers") == "减免"
