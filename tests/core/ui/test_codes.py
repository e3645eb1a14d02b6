"""A code holds its text, whatever it is, and nothing runs from it."""

import xml.etree.ElementTree as ET

import pytest

from core.ui import codes

TEXTS = ["otpauth://totp/Boshu:finance?secret=JBSWY3DPEHPK3PXP&issuer=Boshu", "泊枢", '"><script>alert(1)</script>']


@pytest.mark.parametrize("text", TEXTS)
def test_is_one_picture_told_by_its_label(text: str) -> None:
    svg = ET.fromstring(str(codes.drawn(text, label='a "code" <b>')))

    assert (svg.attrib["role"], svg.attrib["aria-label"]) == ("img", 'a "code" <b>')
    assert {part.tag.rpartition("}")[2] for part in svg.iter()} == {"svg", "path"}


@pytest.mark.parametrize("text", TEXTS)
def test_has_an_address_of_its_own(text: str) -> None:
    assert codes.address(text).startswith("data:image/svg+xml")
    assert "script" not in codes.address(text)
