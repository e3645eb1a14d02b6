"""The company: one, said by whoever may, and checked where it can be."""

from dataclasses import asdict

import pytest
from pydantic import ValidationError

from core.kit.db import Tx
from core.kit.errors import Changed
from core.kit.listing import Asked
from core.office import company
from core.office.company import COMPANY, Draft
from tests.core.orders.till import MORNING

SAID = {"name": "江州停车", "name_en": "Jiangzhou Parking", "contact": "Duty desk", "phone": "0250-1234567",
        "address": "1 Demo Road", "tax_no": "91320000DEMO00000X", "merchant_domain": "pay.example.org"}  # fmt: skip


class TestCompany:
    def test_is_empty_until_somebody_says_it(self, tx: Tx) -> None:
        assert set(asdict(company.get(tx)).values()) == {""}

    def test_is_what_was_said_last(self, tx: Tx) -> None:
        (row,) = COMPANY.rows(tx, Asked())
        company.change(tx, row["company_id"], Draft.model_validate(SAID), version=row["version"], at=MORNING)

        assert asdict(company.get(tx)) == SAID
        with pytest.raises(Changed):
            company.change(tx, row["company_id"], Draft.model_validate(SAID), version=row["version"], at=MORNING)

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("name", " "),
            ("phone", "call me"),
            ("tax_no", "12"),
            ("merchant_domain", "https://pay.example.org/"),
            ("merchant_domain", "x"),
        ],
    )
    def test_takes_nothing_that_cannot_be(self, field: str, value: str) -> None:
        with pytest.raises(ValidationError):
            Draft.model_validate(SAID | {field: value})
