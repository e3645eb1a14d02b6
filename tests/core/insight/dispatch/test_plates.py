"""Plates are masked so that nobody can be named."""

import pytest

from core.insight.dispatch import plates


class TestMasked:
    @pytest.mark.parametrize(
        ("plate", "shown"),
        [
            ("江A8K312", "江A·8K3**"),
            ("江AD12345", "江A·D12***"),
            ("B8K312", "B8K3**"),
            ("AB12", "AB**"),
            ("江A1", "江**"),
            ("江A", "江*"),
        ],
    )
    def test_hides_the_end(self, plate: str, shown: str) -> None:
        assert plates.masked(plate) == shown

    def test_knows_that_nobody_has_read_it(self) -> None:
        assert plates.masked_or_none(None) is None
