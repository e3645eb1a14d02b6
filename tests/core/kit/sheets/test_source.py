"""Source: the database turns values into cells, as Python would."""

import csv
import io
from collections.abc import Iterable

import pytest

from core.kit.db import Tx
from core.kit.listing import AtHand, Relation
from core.kit.locale import Language, use
from core.kit.masks import Mask, masked
from core.kit.sheets.sheet import Column
from core.kit.sheets.source import Source
from tests.core.kit.sheets.lists import AT_HAND, COLUMNS, RELATION, a_list, payloads

BOTH = pytest.mark.parametrize("relation", [RELATION, AT_HAND], ids=["by the database", "at hand"])


def differing(one: Iterable[object], other: Iterable[object]) -> list[tuple[object, object]]:
    """Return the first few pairs that are not equal."""
    pairs = zip(list(one), list(other), strict=True)  # one after the other: they share a connection
    return [pair for pair in pairs if pair[0] != pair[1]][:3]


def written(source: Source) -> bytes:
    """Return all rows as lines of CSV."""
    return b"".join(block.data for block in source.blocks())


class TestSource:
    def test_reads_the_same_cells_from_the_database_and_at_hand(self, tx: Tx) -> None:
        texts = ["plain", *payloads()]

        for language in Language:
            with use(language):
                by_database, at_hand = a_list(tx, texts), a_list(tx, texts, relation=AT_HAND)

                assert differing(by_database.rows(), at_hand.rows()) == []
                assert written(by_database) == written(at_hand)
                assert by_database.totals() == at_hand.totals()

    @BOTH
    def test_writes_no_line_that_begins_a_formula(self, tx: Tx, relation: Relation | AtHand) -> None:
        name = (Column("name", "Name"),)

        text = written(a_list(tx, payloads(), relation=relation, columns=name)).decode()

        rows = list(csv.reader(io.StringIO(text, newline="")))
        assert len(rows) == 200
        assert all(cell.startswith("'") for (cell,) in rows)

    def test_masks_as_python_does(self, tx: Tx) -> None:
        texts = ["京A·6D200", "粤B12345", "A1", "A", "", "13812345678", "1234567", "12345678", "李四", "Wang Wu"]

        for mask in Mask:
            column = (Column("name", "Name", personal=mask),)

            assert [cell for (cell,) in a_list(tx, texts, columns=column).rows()] == [masked(text, mask) for text in texts]

    def test_shows_english_names_to_english_readers_alone(self, tx: Tx) -> None:
        name = (Column("name", "Name", english="name_en"),)

        with use(Language.EN):
            assert [cell for (cell,) in a_list(tx, ["一路", "二路"], columns=name).rows()] == ["一路", "Road two"]
        with use(Language.ZH_CN):
            assert [cell for (cell,) in a_list(tx, ["一路", "二路"], columns=name).rows()] == ["一路", "二路"]

    def test_adds_up_in_fen(self, tx: Tx) -> None:
        assert a_list(tx, ["a"] * 6).totals() == {"paid_fen": sum(n * 125 - 300 for n in range(1, 7)), "stay_min": 7 * (21 - 5)}
        assert len(COLUMNS) == 11
