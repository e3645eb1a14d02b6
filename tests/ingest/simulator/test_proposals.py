"""The desk of tariffs of the demo city: cases that hold, a version that waits, a draft; nothing of it prices anything."""

from datetime import UTC, datetime

from core.billing import golden_cases, tariffs
from core.kit.db import Database
from core.kit.listing import Asked
from ingest.simulator import city, logins

AT = datetime(2026, 11, 20, 6, 32, tzinfo=UTC)


def test_the_desk_begins_with_cases_a_version_and_a_draft(own_database: Database) -> None:
    city.build(own_database, seed=7, berths=120, at=AT)

    for _start in range(2):
        logins.open_accounts(own_database, at=AT)

    with own_database.transaction() as tx:
        assert tariffs.TARIFFS.count_by(tx, "state", Asked(), at=AT) == {"live": 4, "checked": 1, "draft": 1}
        assert golden_cases.CASES.count_by(tx, "state", Asked()) == {"used": 14}
        waiting = [row for row in tariffs.TARIFFS.rows(tx, Asked(), at=AT) if row["state"] == "checked"]
        assert [(row["code"], row["number"], row["made_by"], row["has_effect"]) for row in waiting] == [
            ("street-outer", 2, "江州财务", False)
        ]
