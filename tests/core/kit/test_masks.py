"""Masks: recognised by who knows it, useless to who does not."""

import pytest

from core.kit.masks import Mask, masked


class TestMasked:
    @pytest.mark.parametrize(
        ("value", "mask", "shown"),
        [
            ("江A·6D2K8", Mask.PLATE, "江A·6D2**"),
            ("江A6D2K8", Mask.PLATE, "江A6D2**"),
            ("江AD11758", Mask.PLATE, "江AD11***"),
            ("13812345678", Mask.PHONE, "138****5678"),
            ("12345", Mask.PHONE, "1****"),
            ("李雷", Mask.NAME, "李*"),
            ("王", Mask.NAME, "*"),
            ("", Mask.NAME, ""),
            (None, Mask.PLATE, None),
        ],
    )
    def test_shows_a_part(self, value: str | None, mask: Mask, shown: str | None) -> None:
        assert masked(value, mask) == shown
